//! Many at once: starts, ends, and the moments between.

use crate::support::{ended, request, shell_request, with_fake_claude};
use claude_web::protocol::{EndReason, SessionKind};
use claude_web::sessions::SessionError;
use std::time::Duration;
use tokio_util::task::TaskTracker;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_resumed_twice_at_once_is_opened_once() {
    let there = with_fake_claude(|_| {});
    for round in 0..10 {
        let mut resume = request(SessionKind::Chat);
        resume.resume = Some(format!("3c2f9a9e-8a2f-4f0e-9d5e-0d6a1f6f2b{round:02}").parse().expect("uuid"));
        let starts: Vec<_> = (0..4)
            .map(|_| {
                let (registry, resume) = (there.registry.clone(), resume.clone());
                TaskTracker::new().spawn(async move { registry.create(resume, "t").await })
            })
            .collect();
        let mut open = Vec::new();
        for start in starts {
            match start.await.expect("no panic") {
                Ok(session) => open.push(session.id),
                Err(error) => assert!(matches!(error, SessionError::Invalid { .. }), "{error:?}"),
            }
        }
        assert_eq!(open.len(), 1, "round {round}");
        there.registry.get(open[0]).expect("listed").kill("t").await;
        // Now it may be opened again.
        let again = there.registry.create(resume, "t").await.expect("resumes");
        there.registry.get(again.id).expect("listed").kill("t").await;
    }
}

/// Descriptors of this process that are pipes, sockets or terminals, and guards it owns.
fn owned() -> (usize, usize) {
    let fds = std::fs::read_dir("/proc/self/fd").expect("fds").flatten();
    let fds = fds.filter_map(|fd| std::fs::read_link(fd.path()).ok());
    let fds = fds
        .filter(|to| to.to_str().is_some_and(|to| ["pipe:", "socket:", "/dev/pt"].iter().any(|k| to.starts_with(k))));
    let me = std::process::id().to_string();
    let guards = crate::support::running("__guard").into_iter().filter(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)) == Some(me.as_str())
    });
    (fds.count(), guards.count())
}

/// `CLAUDE_WEB_FULL=1` starts and stops a thousand.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_started_and_stopped_in_batches_leave_nothing() {
    let full = std::env::var_os("CLAUDE_WEB_FULL").is_some();
    let there = with_fake_claude(|config| {
        config.max_sessions = 50;
        config.limits.starts_burst = 10_000;
        config.limits.term_grace = Duration::from_millis(300);
    });
    let batch = || async {
        let starts: Vec<_> = (0..20)
            .map(|n| {
                let registry = there.registry.clone();
                TaskTracker::new().spawn(async move {
                    let wanted = if n % 2 == 0 { request(SessionKind::Chat) } else { shell_request() };
                    let session = registry.create(wanted, "t").await.expect("start");
                    let handle = registry.get(session.id).expect("listed");
                    // Some are killed before they are ready, some after.
                    tokio::time::sleep(Duration::from_millis(n * 3 % 40)).await;
                    assert_eq!(handle.kill("t").await.end.expect("end").reason, EndReason::Killed);
                })
            })
            .collect();
        for start in starts {
            start.await.expect("no panic");
        }
    };
    batch().await;
    let before = owned();
    for _ in 0..if full { 50 } else { 4 } {
        batch().await;
    }
    // Other tests of this process open some, too; what leaks would be hundreds.
    crate::support::eventually("descriptors and guards are back", || {
        let now = owned();
        (now.0 <= before.0 + 40 && now.1 <= before.1 + 12).then_some(())
    })
    .await;
    assert!(there.registry.sessions().len() <= 50 + 50, "ended sessions are forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_in_the_middle_of_starts_leaves_nothing_running() {
    for round in 0..5 {
        let there = with_fake_claude(|_| {});
        let starts: Vec<_> = (0..6)
            .map(|_| {
                let registry = there.registry.clone();
                TaskTracker::new().spawn(async move { registry.create(shell_request(), "t").await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(round * 2)).await;
        let hurry = tokio_util::sync::CancellationToken::new();
        hurry.cancel();
        let begun = std::time::Instant::now();
        there.registry.shutdown(hurry).await;
        assert!(begun.elapsed() < Duration::from_secs(1), "in a hurry: {:?}", begun.elapsed());
        for start in starts {
            match start.await.expect("no panic") {
                Ok(session) => {
                    let handle = there.registry.get(session.id).expect("listed");
                    let end = handle.summary().end.expect("ended when the shutdown returned");
                    assert_eq!(end.reason, EndReason::Shutdown);
                }
                Err(error) => assert!(matches!(error, SessionError::ShuttingDown), "{error:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_grace_counts_from_the_last_of_two_viewers_and_a_short_visit_begins_it_anew() {
    let there = crate::support::Box::with(|config| config.disconnect_grace = Duration::from_secs(2));
    let mut wanted = shell_request();
    wanted.keep = false;
    let session = there.registry.create(wanted, "t").await.expect("start");
    let handle = there.registry.get(session.id).expect("listed");
    let (one, two) = (handle.view(), handle.view());
    drop(one);
    tokio::time::sleep(Duration::from_millis(2600)).await;
    assert!(handle.summary().end.is_none(), "the other viewer counts");
    drop(two);
    // Visits shorter than a tick of the keeper, each before the grace is over.
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(1300)).await;
        drop(handle.view());
        assert!(handle.summary().end.is_none(), "a visit begins the grace anew");
    }
    assert_eq!(ended(&handle).await.end.expect("end").reason, EndReason::Disconnected);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_grace_a_session_still_waits_for_its_first_viewer() {
    let there = crate::support::Box::with(|config| config.disconnect_grace = Duration::ZERO);
    let mut wanted = shell_request();
    wanted.keep = false;
    let session = there.registry.create(wanted, "t").await.expect("start");
    let handle = there.registry.get(session.id).expect("listed");
    // A browser needs a moment from the answer to its first frame.
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(handle.summary().end.is_none(), "nobody could have come yet");
    let viewer = handle.view();
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(viewer);
    let left = std::time::Instant::now();
    assert_eq!(ended(&handle).await.end.expect("end").reason, EndReason::Disconnected);
    assert!(left.elapsed() < Duration::from_secs(3));
}
