//! The measures, in the order in which they run. Each is bounded in time.

use crate::client::Viewer;
use crate::process;
use crate::program::STOPPED;
use crate::subject::Subject;
use crate::table::{self, Aim, median, short};
use crate::text::Kind;
use anyhow::Context as _;
use futures_util::future::join_all;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

const MB: u64 = 1_000_000;
const MIB: f64 = 1_048_576.0;
/// No measure takes longer.
const PATIENCE: Duration = Duration::from_secs(120);
/// How fast a page draws a flood.
const DRAWN_PER_SECOND: u64 = 10 * MB;

/// What was asked for on the command line.
struct Options<'a> {
    only: Vec<&'a str>,
    repeats: usize,
    keys: usize,
    idle_sockets: usize,
    flood_bytes: u64,
    carried_bytes: u64,
    /// Take the best sample instead of the one in the middle: others use this machine, too.
    best: bool,
}

struct Bench<'a> {
    options: Options<'a>,
    /// Comparisons first, ours last.
    subjects: Vec<Subject>,
    aims: Vec<Aim>,
}

pub(crate) fn run(directory: &Path, words: &[&str]) -> anyhow::Result<()> {
    let (quick, best) = (words.contains(&"--quick"), words.contains(&"--best"));
    let options = Options {
        only: words.iter().copied().filter(|word| !word.starts_with("--")).collect(),
        repeats: if best {
            15
        } else if quick {
            1
        } else {
            3
        },
        keys: if quick { 500 } else { 2_000 },
        idle_sockets: 1_000,
        flood_bytes: if quick { 200 * MB } else { 1_000 * MB },
        // Small samples fit between what others do.
        carried_bytes: if best { 25 * MB } else { 100 * MB },
        best,
    };
    let (tls, plain) = Subject::ours(&directory.join("ours"))?;
    let subjects = [Some(Subject::forwarder()?), Subject::ttyd()?, plain, Some(tls)];
    let mut bench = Bench { options, subjects: subjects.into_iter().flatten().collect(), aims: Vec::new() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(bench.all())?;
    table::print_aims(&bench.aims);
    Ok(())
}

impl Bench<'_> {
    async fn all(&mut self) -> anyhow::Result<()> {
        let fresh = process::rss_bytes(self.tls().pid())?;
        if self.wants("sockets") {
            self.idle_sockets().await?;
        }
        if self.wants("throughput") {
            self.throughput().await?;
        }
        if self.wants("echo") {
            self.echo().await?;
        }
        if self.wants("interrupt") {
            self.interrupt().await?;
        }
        if self.wants("stalled") {
            self.stalled().await?;
        }
        if self.wants("viewers") {
            self.viewers(50).await?;
        }
        if self.wants("terminals") {
            self.terminals(fresh).await?;
        }
        Ok(())
    }

    fn wants(&self, measure: &str) -> bool {
        self.options.only.is_empty() || self.options.only.contains(&measure)
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.subjects.iter().position(|subject| subject.name == name)
    }

    fn tls(&self) -> Subject {
        self.subjects[self.subjects.len() - 1].clone()
    }

    /// How fast 100 MB come to one viewer, and what they cost the server.
    async fn throughput(&mut self) -> anyhow::Result<()> {
        let bytes = self.options.carried_bytes;
        let columns = self.subjects.len() + 1;
        let mut rows = vec![vec![String::new()], vec![String::new()]];
        rows[0].extend(["bare PTY loop"].into_iter().chain(self.subjects.iter().map(|s| s.name)).map(str::to_owned));
        rows[1].extend((0..columns).map(|_| "MB/s · CPU-s".to_owned()));
        for kind in Kind::ALL {
            let mut speeds = vec![Vec::new(); columns];
            let mut costs = vec![Vec::new(); columns];
            for _ in 0..self.options.repeats {
                let (speed, cost) = bare_loop(kind, bytes)?;
                speeds[0].push(speed);
                costs[0].push(cost);
                for (at, subject) in self.subjects.iter().enumerate() {
                    let (speed, cost) = carry(subject, kind, bytes).await.context(subject.name)?;
                    speeds[at + 1].push(speed);
                    costs[at + 1].push(cost);
                }
            }
            let best = self.options.best;
            let choose = |values: Vec<f64>, most: fn(f64, f64) -> f64| {
                if best { values.into_iter().reduce(most).unwrap_or(f64::NAN) } else { median(values) }
            };
            let scale = 100.0 * MB as f64 / bytes as f64;
            let speeds: Vec<f64> = speeds.into_iter().map(|speeds| choose(speeds, f64::max)).collect();
            let costs: Vec<f64> = costs.into_iter().map(|costs| choose(costs, f64::min) * scale).collect();
            let mut row = vec![format!("100 MB, {}", kind.name())];
            row.extend(speeds.iter().zip(&costs).map(|(speed, cost)| format!("{} · {cost:.2}", short(*speed))));
            rows.push(row);
            self.judge_throughput(kind, &speeds, &costs);
        }
        table::print("Throughput to one viewer, and CPU seconds of the server for it", &rows);
        Ok(())
    }

    fn judge_throughput(&mut self, kind: Kind, speeds: &[f64], costs: &[f64]) {
        let at = |name: &str| self.named(name).map(|at| at + 1);
        let (plain, ttyd, tls) = (at("ours"), at("ttyd"), speeds.len() - 1);
        let name = kind.name();
        let mut aims = Vec::new();
        match plain {
            Some(plain) => {
                aims.push(Aim::least(&format!("{name}: no TLS / bare loop"), speeds[plain] / speeds[0], 0.9))
            }
            None => aims.push(Aim::unknown(&format!("{name}: no TLS / bare loop"), "≥ 0.9", "not built in")),
        }
        match (plain, ttyd) {
            (Some(plain), Some(ttyd)) => {
                aims.push(Aim::least(&format!("{name}: no TLS / ttyd"), speeds[plain] / speeds[ttyd], 1.3));
                aims.push(Aim::least(&format!("{name}: TLS / ttyd"), speeds[tls] / speeds[ttyd], 1.15));
                let what = format!("{name}: CPU without TLS / ttyd's");
                aims.push(Aim::most(&what, costs[plain] / costs[ttyd], 1.0, ""));
            }
            _ => {
                // Known from one run on such a machine: ttyd beside a bare loop.
                let ttyd = speeds[0] * if kind == Kind::Plain { 52.0 / 80.0 } else { 58.0 / 84.0 };
                let known = |seen: f64| format!("no ttyd; {} by its known share", short(seen));
                if let Some(plain) = plain {
                    let what = format!("{name}: no TLS / ttyd");
                    aims.push(Aim::unknown(&what, "≥ 1.3", &known(speeds[plain] / ttyd)));
                }
                aims.push(Aim::unknown(&format!("{name}: TLS / ttyd"), "≥ 1.15", &known(speeds[tls] / ttyd)));
            }
        }
        self.aims.extend(aims);
    }

    /// How long a key takes to be seen.
    async fn echo(&mut self) -> anyhow::Result<()> {
        let mut rows = vec![vec![String::new()]];
        rows[0].extend(self.subjects.iter().map(|subject| subject.name.to_owned()));
        let mut ttyd = None;
        for (title, flood) in [("idle", None), ("beside a flood", Some(0)), ("beside 10 MB/s", Some(DRAWN_PER_SECOND))]
        {
            let mut row = vec![format!("{title}, p50 / p99 / most")];
            for subject in &self.subjects {
                let [p50, p99, most] = echoes(subject, &self.options, flood).await.context(subject.name)?;
                row.push(format!("{p50:.2} / {p99:.2} / {most:.1}"));
                if subject.name == "ttyd" && flood.is_none() {
                    ttyd = Some((p50, p99));
                }
                if !subject.is_ours() || flood == Some(DRAWN_PER_SECOND) {
                    continue;
                }
                let name = subject.name;
                if flood.is_some() {
                    self.aims.push(Aim::most(&format!("echo beside a flood, p99 ({name})"), p99, 1.0, " ms"));
                } else if let Some((their_p50, their_p99)) = ttyd {
                    self.aims.push(Aim::most(&format!("echo p50 / ttyd's ({name})"), p50 / their_p50, 1.3, ""));
                    self.aims.push(Aim::most(&format!("echo p99 / ttyd's ({name})"), p99 / their_p99, 1.0, ""));
                } else {
                    // Known from one run on such a machine.
                    self.aims.push(Aim::most(&format!("echo p50, ttyd's is 0.12 ({name})"), p50, 0.16, " ms"));
                    self.aims.push(Aim::most(&format!("echo p99, ttyd's is 0.34 ({name})"), p99, 0.34, " ms"));
                }
            }
            rows.push(row);
        }
        table::print(&format!("Echo of {} keys, ms", self.options.keys), &rows);
        Ok(())
    }

    /// How long Ctrl-C takes to show while a page draws a flood.
    async fn interrupt(&mut self) -> anyhow::Result<()> {
        let mut rows = vec![vec![String::new()], vec!["median / most".to_owned()]];
        for subject in self.subjects.clone() {
            let mut times = Vec::new();
            for _ in 0..self.options.repeats.max(2) {
                times.push(interrupted(&subject).await.context(subject.name)?);
            }
            let most = times.iter().copied().fold(0.0, f64::max);
            let median = median(times);
            rows[0].push(subject.name.to_owned());
            let word = |ms: f64| if ms.is_finite() { format!("{ms:.0} ms") } else { "over 5 s".to_owned() };
            rows[1].push(format!("{} / {}", word(median), word(most)));
            if subject.is_ours() {
                self.aims.push(Aim::most(&format!("Ctrl-C in a flood ({})", subject.name), median, 150.0, " ms"));
            }
        }
        table::print("Ctrl-C while the page draws a flood at 10 MB/s", &rows);
        Ok(())
    }

    /// What a viewer that takes nothing costs while another takes a flood.
    async fn stalled(&mut self) -> anyhow::Result<()> {
        let subject = self.tls();
        let id = subject.start_terminal().await?;
        let mut reader = subject.view(&id).await?;
        reader.until_ready().await?;
        // What one reader costs is not what this is about.
        flood(&mut reader, 100 * MB).await?;
        let before = process::rss_bytes(subject.pid())?;
        let stalled = subject.view(&id).await?;
        let watched = watch_rss(subject.pid());
        let start = Instant::now();
        timeout(PATIENCE, flood(&mut reader, self.options.flood_bytes))
            .await
            .context("a stalled viewer stalls all")??;
        let seconds = start.elapsed().as_secs_f64();
        let growth = (watched.most()?.saturating_sub(before)) as f64 / MIB;
        let speed = self.options.flood_bytes as f64 / 1e6 / seconds;
        let rows = [
            vec![format!("{} MB beside a viewer that takes nothing", self.options.flood_bytes / MB)],
            vec![format!(
                "RSS {} MiB before, {} more at most; {speed:.0} MB/s",
                short(before as f64 / MIB),
                short(growth)
            )],
        ];
        table::print("A stalled viewer", &[rows.concat()]);
        self.aims.push(Aim::most("RSS growth with a stalled viewer", growth, 8.0, " MiB"));
        drop(stalled);
        subject.end(reader).await
    }

    /// Whether all viewers of one session get all of it.
    async fn viewers(&mut self, count: usize) -> anyhow::Result<()> {
        const BYTES: u64 = 10 * MB;
        let subject = self.tls();
        let mut rows = Vec::new();
        for (title, rate) in [("1 MB/s", MB), ("a flood", 0)] {
            let id = subject.start_terminal().await?;
            let mut viewers = Vec::new();
            for _ in 0..count {
                let mut viewer = subject.view(&id).await?;
                viewer.until_ready().await?;
                viewers.push(viewer);
            }
            let cpu = process::cpu_seconds(subject.pid())?;
            let start = Instant::now();
            viewers[0].order(&format!("text plain {BYTES} {rate}")).await?;
            let shown = Kind::Plain.shown(BYTES);
            let taken = viewers.iter_mut().map(|viewer| timeout(PATIENCE, viewer.take(shown)));
            let done = join_all(taken).await.into_iter().filter(|taken| matches!(taken, Ok(Ok(())))).count();
            let seconds = start.elapsed().as_secs_f64();
            let skipped = viewers.iter().filter(|viewer| viewer.skipped > 0).count();
            rows.push(vec![
                format!("10 MB, {title}"),
                format!("{done} complete, {skipped} of them skipped"),
                format!("{seconds:.1} s"),
                format!("CPU {:.2} s", process::cpu_seconds(subject.pid())? - cpu),
            ]);
            // In a flood the slower ones are moved ahead; otherwise nobody misses a byte.
            let complete = if rate == 0 { done } else { done - skipped };
            self.aims.push(Aim::all(&format!("{count} viewers of one session, {title}"), complete, count));
            let last = viewers.pop().context("viewers")?;
            drop(viewers);
            subject.end(last).await?;
        }
        table::print(&format!("{count} viewers of one session"), &rows);
        Ok(())
    }

    /// Many terminals at once, each at 1 MB/s for ten seconds.
    async fn terminals(&mut self, fresh: u64) -> anyhow::Result<()> {
        const BYTES: u64 = 10 * MB;
        let titles =
            ["terminals", "server", "complete", "seconds (10 at best)", "CPU-s", "RSS, MiB", "a terminal, KiB"];
        let mut rows = vec![titles.map(str::to_owned).to_vec()];
        let forwarder = self.subjects[0].clone();
        let rivals = self.named("ttyd").map(|at| self.subjects[at].clone());
        for count in [1, 10, 100] {
            for subject in [Some(forwarder.clone()), rivals.clone(), Some(self.tls())].into_iter().flatten() {
                let before = process::rss_bytes(subject.pid())?;
                let mut viewers = Vec::new();
                for _ in 0..count {
                    viewers.push(subject.open().await?);
                }
                let cpu = process::cpu_seconds(subject.pid())?;
                let start = Instant::now();
                for viewer in &mut viewers {
                    viewer.order(&format!("text plain {BYTES} {MB}")).await?;
                }
                let shown = Kind::Plain.shown(BYTES);
                let taken = viewers.iter_mut().map(|viewer| timeout(PATIENCE, viewer.take(shown)));
                let done = join_all(taken).await.into_iter().filter(|taken| matches!(taken, Ok(Ok(())))).count();
                let seconds = start.elapsed().as_secs_f64();
                let rss = process::rss_bytes(subject.pid())?;
                rows.push(vec![
                    count.to_string(),
                    subject.name.to_owned(),
                    done.to_string(),
                    format!("{seconds:.1}"),
                    format!("{:.2}", process::cpu_seconds(subject.pid())? - cpu),
                    short(rss as f64 / MIB),
                    short(rss.saturating_sub(before) as f64 / 1024.0 / count as f64),
                ]);
                if subject.is_ours() {
                    let skipped = viewers.iter().filter(|viewer| viewer.skipped > 0).count();
                    self.aims.push(Aim::all(&format!("{count} terminals at 1 MB/s"), done - skipped, count));
                }
                for viewer in viewers {
                    subject.end(viewer).await?;
                }
            }
        }
        rows.push(vec!["none, fresh".to_owned(), self.tls().name.to_owned()]);
        let last = rows.len() - 1;
        rows[last].extend(["", "", "", &short(fresh as f64 / MIB)].map(str::to_owned));
        table::print("Terminals at 1 MB/s each, one viewer each", &rows);
        Ok(())
    }

    /// What a socket costs on which nothing happens.
    async fn idle_sockets(&mut self) -> anyhow::Result<()> {
        let subject = self.tls();
        let count = self.options.idle_sockets;
        let mut rows = Vec::new();
        let id = subject.start_terminal().await?;
        let first = subject.view(&id).await?;
        for title in ["list", "terminal"] {
            let before = process::rss_bytes(subject.pid())?;
            let mut sockets = Vec::new();
            for _ in 0..count {
                sockets.push(if title == "list" { subject.events().await? } else { subject.view(&id).await? });
            }
            sleep(Duration::from_secs(1)).await;
            let each = process::rss_bytes(subject.pid())?.saturating_sub(before) as f64 / 1024.0 / count as f64;
            rows.push(vec![format!("{count} sockets of kind {title}"), format!("{} KiB each", short(each))]);
            self.aims.push(Aim::most(&format!("idle socket, {title}"), each, 25.0, " KiB"));
            drop(sockets);
            sleep(Duration::from_secs(2)).await;
        }
        table::print("Idle sockets over TLS, signed in; RSS", &rows);
        subject.end(first).await
    }
}

/// MB/s and CPU seconds of a bare loop.
fn bare_loop(kind: Kind, bytes: u64) -> anyhow::Result<(f64, f64)> {
    let (_process, line) = process::Process::start(&mut process::own(&["pty-loop", kind.name(), &bytes.to_string()])?)?;
    let figures: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [speed, cost] = figures[..] else { anyhow::bail!("no figures: {line}") };
    Ok((speed, cost))
}

/// The same through a server.
async fn carry(subject: &Subject, kind: Kind, bytes: u64) -> anyhow::Result<(f64, f64)> {
    let mut viewer = subject.open().await?;
    let shown = kind.shown(bytes);
    let cpu = process::cpu_seconds(subject.pid())?;
    let start = Instant::now();
    viewer.order(&format!("text {} {bytes} 0", kind.name())).await?;
    timeout(PATIENCE, viewer.take(shown)).await.context("too slow")??;
    let seconds = start.elapsed().as_secs_f64();
    let cpu = process::cpu_seconds(subject.pid())? - cpu;
    anyhow::ensure!(viewer.skipped == 0, "the only viewer was skipped ahead");
    subject.end(viewer).await?;
    Ok((shown as f64 / 1e6 / seconds, cpu))
}

async fn flood(viewer: &mut Viewer, bytes: u64) -> anyhow::Result<()> {
    viewer.order(&format!("text plain {bytes} 0")).await?;
    viewer.take(Kind::Plain.shown(bytes)).await
}

/// Median, 99th percentile and most of the echo's latency in ms, while another terminal prints at `flood` bytes a
/// second (0: as fast as it goes).
async fn echoes(subject: &Subject, options: &Options<'_>, flood: Option<u64>) -> anyhow::Result<[f64; 3]> {
    let stop = Arc::new(AtomicBool::new(false));
    let flooding = flood.map(|rate| flood_apart(subject.clone(), rate, Arc::clone(&stop)));
    let mut viewer = subject.open().await?;
    viewer.order("echo").await?;
    sleep(Duration::from_millis(300)).await;
    let keys = options.keys;
    let mut times = Vec::with_capacity(keys);
    let typed = async {
        for _ in 0..keys {
            times.push(viewer.echo().await?.as_secs_f64() * 1e3);
            sleep(Duration::from_millis(2)).await;
        }
        anyhow::Ok(())
    };
    let typed = timeout(PATIENCE, typed).await;
    stop.store(true, Ordering::Relaxed);
    subject.end(viewer).await?;
    if let Some(flooding) = flooding {
        flooding.join().map_err(|_| anyhow::anyhow!("the flood's thread panicked"))??;
    }
    typed.context("too slow")??;
    let batch = if options.best { keys / 10 } else { keys };
    let figures = times.chunks_exact_mut(batch).map(|times| {
        times.sort_by(f64::total_cmp);
        [times[batch / 2], times[batch * 99 / 100], times[batch - 1]]
    });
    figures.min_by(|one, other| one[1].total_cmp(&other[1])).context("keys")
}

/// A flood and its viewer on a thread of its own.
fn flood_apart(subject: Subject, rate: u64, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<anyhow::Result<()>> {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut viewer = subject.open().await?;
            viewer.order(&format!("text plain 0 {rate}")).await?;
            while !stop.load(Ordering::Relaxed) {
                viewer.next().await?;
                viewer.drawn(0).await?;
            }
            subject.end(viewer).await
        })
    })
}

/// Milliseconds from Ctrl-C to the screen that shows it; infinite when it takes longer than anyone waits.
async fn interrupted(subject: &Subject) -> anyhow::Result<f64> {
    let mut viewer = subject.open().await?;
    viewer.order("text plain 0 0").await?;
    let now = Instant::now();
    viewer.draw(DRAWN_PER_SECOND, now + Duration::from_secs(2), b"\0").await?;
    let start = Instant::now();
    viewer.send(b"\x03").await?;
    let seen = viewer.draw(DRAWN_PER_SECOND, start + Duration::from_secs(5), STOPPED).await?;
    let ms = if seen { start.elapsed().as_secs_f64() * 1e3 } else { f64::INFINITY };
    subject.end(viewer).await?;
    Ok(ms)
}

/// Looks at a process's memory until asked.
struct Watched {
    thread: std::thread::JoinHandle<u64>,
    stop: Arc<AtomicBool>,
}

fn watch_rss(pid: u32) -> Watched {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let thread = std::thread::spawn(move || {
        let mut most = 0;
        while !stopped.load(Ordering::Relaxed) {
            most = most.max(process::rss_bytes(pid).unwrap_or(0));
            std::thread::sleep(Duration::from_millis(20));
        }
        most
    });
    Watched { thread, stop }
}

impl Watched {
    fn most(self) -> anyhow::Result<u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the watching thread panicked"))
    }
}
