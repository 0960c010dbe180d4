//! Ends sessions nobody needs: without a viewer for the grace, or idle for too long.
//!
//! Whoever has the list open is there, too: approvals are answered from it. Only the idle timeout goes on then.
//!
//! Absence is counted in ticks rather than read off a clock, so that a server that was suspended or stopped does not
//! count its own sleep as the viewers' absence.

use super::core::Core;
use crate::config::{Config, OnDisconnect};
use crate::protocol::{EndReason, SessionId, SessionState};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Ticks are at most this long, and short enough for a tenth of the grace.
const TICK_MAX: Duration = Duration::from_secs(1);
const TICK_MIN: Duration = Duration::from_millis(50);
/// A session that nobody has seen yet waits at least this long: a browser opens its socket only after it was told that
/// the session runs.
const FIRST_VISIT: Duration = Duration::from_secs(10);

/// How long each session has been without viewers.
#[derive(Debug, Default)]
struct Absence {
    absent: Duration,
    idle: Duration,
    last_activity_at: u64,
    visits: u64,
}

/// What to do with a session now.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Stay,
    End(EndReason),
}

/// Watches `live` sessions until dropped.
pub(crate) async fn keep(config: Arc<Config>, live: impl Fn() -> Vec<Arc<Core>>, watchers: &AtomicUsize) {
    let period = (config.disconnect_grace / 10).clamp(TICK_MIN, TICK_MAX);
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut absences: HashMap<SessionId, Absence> = HashMap::new();
    let mut last = Instant::now();
    loop {
        ticks.tick().await;
        let now = Instant::now();
        // A tick that took much longer than it should was a sleep of ours.
        let passed = now.duration_since(last).min(period * 3);
        last = now;
        let sessions = live();
        let watched = watchers.load(Ordering::Relaxed) > 0;
        absences.retain(|id, _| sessions.iter().any(|core| core.id == *id));
        for core in sessions {
            let absence = absences.entry(core.id).or_default();
            if let Verdict::End(reason) = judge(&config, &core, absence, passed, watched) {
                tracing::info!(session = %core.id, ?reason, "nobody needs it");
                core.stop(reason);
            }
        }
    }
}

fn judge(config: &Config, core: &Core, absence: &mut Absence, passed: Duration, watched: bool) -> Verdict {
    let (viewers, keep, state, activity) =
        core.look(|session| (session.viewers, session.keep, session.state, session.last_activity_at));
    let visits = core.visits();
    if viewers > 0 || visits != absence.visits || core.stop_reason().is_some() {
        *absence = Absence { last_activity_at: activity, visits, ..Absence::default() };
        return Verdict::Stay;
    }
    absence.absent = if watched { Duration::ZERO } else { absence.absent + passed };
    let busy = state != SessionState::Idle && activity != absence.last_activity_at;
    absence.idle = if busy { Duration::ZERO } else { absence.idle + passed };
    absence.last_activity_at = activity;
    if absence.idle >= config.idle_timeout && !config.idle_timeout.is_zero() {
        return Verdict::End(EndReason::IdleTimeout);
    }
    let waits_for_turn = config.on_disconnect == OnDisconnect::Finish && state == SessionState::Working;
    let kept = keep || config.on_disconnect == OnDisconnect::Keep || waits_for_turn;
    let grace = if visits == 0 { config.disconnect_grace.max(FIRST_VISIT) } else { config.disconnect_grace };
    if !kept && absence.absent >= grace {
        return Verdict::End(EndReason::Disconnected);
    }
    Verdict::Stay
}
