//! Nothing outlives its session.

use crate::support::{Box, attach, ended, eventually, read_until, running, shell_request, type_line};
use claude_web::protocol::EndReason;

/// A number no other test sleeps for.
fn mark(seed: u32) -> String {
    format!("{}.{seed}", 100_000 + std::process::id() % 10_000)
}

/// Starts processes that leave their session and group, lose their parent, and ignore every polite signal.
async fn hostile_descendants(handle: &claude_web::sessions::SessionHandle, mark: &str) {
    let mut viewer = attach(handle, "hostile");
    for line in [
        format!("(trap '' TERM HUP INT; setsid sh -c \"trap '' TERM HUP INT; sleep {mark} & sleep {mark}\" &) &"),
        format!(
            "setsid setsid sh -c \"trap '' TERM HUP; (sleep {mark} &) ; sleep {mark}\" >/dev/null 2>&1 </dev/null &"
        ),
        format!("nohup sleep {mark} >/dev/null 2>&1 &"),
        "echo spawned-$((40+2))".to_owned(),
    ] {
        type_line(&viewer, &line).await;
    }
    read_until(&mut viewer.output, "spawned-42").await;
    eventually("five sleepers run", || (running(&format!("sleep\0{mark}")).len() >= 5).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_returns_when_even_hostile_descendants_are_gone() {
    let there = Box::new();
    let handle = there.shell().await;
    let mark = mark(1);
    hostile_descendants(&handle, &mark).await;
    let session = handle.kill("test").await;
    assert_eq!(running(&format!("sleep\0{mark}")), Vec::<u32>::new());
    assert_eq!(session.end.expect("end").reason, EndReason::Killed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_leaves_behind_ends_with_it() {
    let there = Box::new();
    let handle = there.shell().await;
    let mark = mark(2);
    hostile_descendants(&handle, &mark).await;
    let viewer = attach(&handle, "leave");
    type_line(&viewer, "exit 3").await;
    let session = ended(&handle).await;
    let end = session.end.expect("end");
    assert_eq!((end.reason, end.code), (EndReason::Crashed, Some(3)));
    assert_eq!(running(&format!("sleep\0{mark}")), Vec::<u32>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_guard_leaves_nothing_behind() {
    let there = Box::new();
    let handle = there.shell().await;
    let mark = mark(3);
    hostile_descendants(&handle, &mark).await;
    let shell = handle.summary().pid.expect("pid");
    let stat = std::fs::read_to_string(format!("/proc/{shell}/stat")).expect("stat");
    let guard = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)).expect("parent").to_owned();
    assert!(std::process::Command::new("kill").args(["-KILL", &guard]).status().expect("kill").success());
    let session = ended(&handle).await;
    assert_eq!(running(&format!("sleep\0{mark}")), Vec::<u32>::new());
    assert_eq!(session.end.expect("end").reason, EndReason::Crashed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_cannot_run_says_why() {
    let there = Box::with(|config| config.shell = "/nonexistent/shell".into());
    let handle = there.shell().await;
    let end = ended(&handle).await.end.expect("end");
    assert_eq!((end.reason, end.code), (EndReason::FailedToStart, Some(127)));
    assert!(end.stderr_tail.join(" ").contains("/nonexistent/shell"), "{:?}", end.stderr_tail);
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_ends_every_session_and_refuses_new_ones() {
    let there = Box::new();
    let (one, two) = (there.shell().await, there.shell().await);
    there.registry.shutdown(tokio_util::sync::CancellationToken::new()).await;
    for handle in [one, two] {
        assert_eq!(handle.summary().end.expect("end").reason, EndReason::Shutdown);
    }
    assert!(there.registry.create(shell_request(), "test").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_viewer_a_session_ends_after_the_grace_and_with_keep_it_stays() {
    let there = Box::with(|config| config.disconnect_grace = std::time::Duration::from_millis(500));
    let kept = there.shell().await;
    let mut request = shell_request();
    request.keep = false;
    let session = there.registry.create(request, "test").await.expect("start");
    let left = there.registry.get(session.id).expect("listed");
    let viewer = left.view();
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    assert!(left.summary().end.is_none(), "a viewer keeps it");
    drop(viewer);
    assert_eq!(ended(&left).await.end.expect("end").reason, EndReason::Disconnected);
    assert!(kept.summary().end.is_none());
    kept.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_child_gets_no_descriptors_but_its_own_and_default_signals() {
    let there = Box::new();
    let handle = there.shell().await;
    let mut viewer = attach(&handle, "fds");
    // A shell blocks signals for the moment in which it starts a program, so it is looked at a little later.
    type_line(
        &viewer,
        "ls /proc/$$/fd >fds; tr <fds '\\n' ' '; echo; (sleep 0.2; grep -E 'Sig(Ign|Blk)' /proc/$$/status); ps -o sid= -p $$; echo $$ do''ne",
    )
    .await;
    let seen = read_until(&mut viewer.output, "done").await;
    // A shell holds its three, and some of its own for terminal, pipes and redirections.
    let fds: Vec<u32> = seen
        .lines()
        .find_map(|line| {
            let numbers: Option<Vec<u32>> =
                line.trim_start_matches("# ").split_whitespace().map(|word| word.parse().ok()).collect();
            numbers.filter(|numbers| numbers.len() > 1 && numbers.contains(&0))
        })
        .unwrap_or_else(|| panic!("no descriptors in {seen:?}"));
    assert!(fds.iter().all(|fd| *fd <= 3 || [10, 11, 255].contains(fd)), "{fds:?}");
    assert!(seen.contains("SigBlk:\t0000000000000000"), "{seen}");
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_list_open_is_there_and_only_the_idle_timeout_goes_on() {
    let there = Box::with(|config| config.disconnect_grace = std::time::Duration::from_millis(300));
    let mut request = shell_request();
    request.keep = false;
    let session = there.registry.create(request, "test").await.expect("start");
    let handle = there.registry.get(session.id).expect("listed");
    let list = there.registry.follow();
    drop(handle.view());
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert!(handle.summary().end.is_none(), "the list is open");
    drop(list);
    assert_eq!(ended(&handle).await.end.expect("end").reason, EndReason::Disconnected);
}
