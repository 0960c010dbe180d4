//! Output and input of terminals: every byte once, in order.

use crate::support::{
    Box, PATIENCE, attach, attach_at, ended, read_until, request, shell_request, take_snapshot, type_line,
};
use claude_web::protocol::{CreateSession, RecordingState, SessionKind, TerminalServerMessage};
use claude_web::sessions::{SessionError, TerminalOutput};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_runs_in_its_directory_takes_input_and_follows_a_resize() {
    let there = Box::new();
    let handle = there.shell().await;
    let mut viewer = attach(&handle, "one");
    viewer.input.resize(101, 33);
    type_line(&viewer, "sleep 0.2; stty size; pwd; tty; echo $TERM; echo end-$((1+1))").await;
    let seen = read_until(&mut viewer.output, "end-2").await;
    assert!(seen.contains("33 101"), "{seen}");
    assert!(seen.contains(there.root().canonicalize().expect("root").to_str().expect("utf-8")), "{seen}");
    assert!(seen.contains("/dev/pts/") && seen.contains("xterm-256color"), "{seen}");
    type_line(&viewer, "exit").await;
    ended(&handle).await;
    let mut last = None;
    while let Some(output) = viewer.output.next().await {
        last = Some(output);
    }
    assert!(
        matches!(last, Some(TerminalOutput::Control(TerminalServerMessage::Exit { code: Some(0), .. }))),
        "{last:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_that_is_cut_off_again_and_again_misses_no_byte_and_gets_none_twice() {
    let there = Box::with(|config| config.limits.terminal_ring_bytes = 256 << 10);
    let handle = there.shell().await;
    let (mut viewer, attached) = attach_at(&handle, "phone", None, 0);
    let (_, mut next) = take_snapshot(&mut viewer, &attached).await;
    let TerminalServerMessage::Attached { epoch, resumed: false, driver: true, .. } = attached else {
        panic!("{attached:?}")
    };
    type_line(&viewer, "stty -echo; seq -f line-%.0f 1 400000; echo all-$((2+1))").await;
    let mut seen = Vec::new();
    let mut cuts = 0;
    while !String::from_utf8_lossy(&seen[seen.len().saturating_sub(200)..]).contains("all-3") {
        match viewer.output.next().await.expect("output goes on") {
            TerminalOutput::Bytes(bytes) => {
                seen.extend_from_slice(&bytes);
                next += bytes.len() as u64;
            }
            TerminalOutput::Control(TerminalServerMessage::InputAck { .. } | TerminalServerMessage::Title { .. }) => {
                continue;
            }
            TerminalOutput::Control(other) => panic!("{other:?}"),
        }
        if seen.len() % 3 == 0 {
            viewer.input.ack(next).expect("ack");
        } else {
            cuts += 1;
            drop(viewer);
            let (again, attached) = attach_at(&handle, "phone", Some((epoch.clone(), next)), 0);
            assert!(matches!(attached, TerminalServerMessage::Attached { resumed: true, .. }), "{attached:?}");
            viewer = again;
        }
    }
    assert!(cuts > 10, "{cuts} cuts");
    let text = String::from_utf8_lossy(&seen);
    let mut lines = text.lines().map(|line| line.trim_start_matches("# ")).filter(|line| line.starts_with("line-"));
    for n in 1..=400_000 {
        assert_eq!(lines.next(), Some(format!("line-{n}").as_str()));
    }
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn input_is_taken_once_across_reconnects() {
    let there = Box::new();
    let handle = there.shell().await;
    let (mut viewer, _) = attach_at(&handle, "laptop", None, 0);
    let first = "stty -echo; echo ready-$((1+1)); cat";
    type_line(&viewer, first).await;
    read_until(&mut viewer.output, "ready-2").await;
    let sent = b"one\ntwo\n";
    viewer.input.bytes(sent[..].into()).await.expect("input");
    let (mut again, attached) = attach_at(&handle, "laptop", None, 0);
    let TerminalServerMessage::Attached { input_offset, .. } = attached else { panic!("{attached:?}") };
    assert_eq!(input_offset, (first.len() + 1 + sent.len()) as u64, "what was queued need not be sent again");
    assert!(viewer.input.bytes("late\n".into()).await.is_err(), "the older connection is stale");
    assert!(viewer.output.next().await.is_none());
    again.input.bytes("three\n".into()).await.expect("input");
    let seen = read_until(&mut again.output, "three").await;
    assert_eq!((seen.matches("one").count(), seen.matches("two").count(), seen.matches("late").count()), (1, 1, 0));
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_driver_sets_the_size_until_another_takes_over() {
    let there = Box::new();
    let handle = there.shell().await;
    let (mut desk, _) = attach_at(&handle, "desk", None, 0);
    desk.input.resize(120, 40);
    let (mut phone, attached) = attach_at(&handle, "phone", None, 0);
    let TerminalServerMessage::Attached { driver: false, mut cols, .. } = attached else { panic!("{attached:?}") };
    // The size is there, or on its way.
    while cols != 120 {
        let output = phone.output.next().await.expect("goes on");
        if let TerminalOutput::Control(TerminalServerMessage::Resized { cols: now, rows, driver, .. }) = output {
            assert_eq!((now, rows, driver), (120, 40, false));
            cols = now;
        }
    }
    phone.input.resize(40, 20);
    type_line(&desk, "sleep 0.3; stty size").await;
    read_until(&mut desk.output, "40 120").await;
    phone.input.drive();
    phone.input.resize(40, 20);
    type_line(&desk, "sleep 0.3; stty size").await;
    read_until(&mut desk.output, "20 40").await;
    phone.input.resize(0, 65535);
    type_line(&desk, "sleep 0.3; stty size").await;
    read_until(&mut desk.output, "500 2").await;
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_that_acknowledges_the_future_is_refused() {
    let there = Box::new();
    let handle = there.shell().await;
    let viewer = attach(&handle, "liar");
    assert!(viewer.input.ack(1 << 40).is_err());
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_terminal_lets_go_of_a_driver_that_has_left() {
    let there = Box::with(|config| config.limits.reattach_hold = std::time::Duration::from_millis(200));
    let handle = there.shell().await;
    let (mut desk, _) = attach_at(&handle, "desk", None, 0);
    desk.input.resize(120, 40);
    read_until(&mut desk.output, "#").await;
    drop(desk);
    // Nothing is printed meanwhile.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    let (mut phone, attached) = attach_at(&handle, "phone", None, 0);
    assert!(matches!(attached, TerminalServerMessage::Attached { driver: true, .. }), "{attached:?}");
    phone.input.resize(40, 20);
    type_line(&phone, "sleep 0.3; stty size").await;
    read_until(&mut phone.output, "20 40").await;
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_that_stops_reading_holds_the_program_back_and_finds_every_byte_when_it_returns() {
    let there = Box::with(|config| {
        config.limits.terminal_ring_bytes = 256 << 10;
        config.limits.unacknowledged_bytes = 64 << 10;
    });
    let handle = there.shell().await;
    let (mut viewer, attached) = attach_at(&handle, "slow", None, 0);
    let (_, mut next) = take_snapshot(&mut viewer, &attached).await;
    let TerminalServerMessage::Attached { epoch, .. } = attached else { panic!("{attached:?}") };
    type_line(&viewer, "stty -echo; yes 0123456789abcdef").await;
    for stall in 0..12 {
        // Each time it stops at another place of the ring's chunks, until the ring is full.
        let stop_at = next + 300_000 + stall * 7_000;
        let (again, attached) = attach_at(&handle, "slow", Some((epoch.clone(), next)), 0);
        assert!(matches!(attached, TerminalServerMessage::Attached { resumed: true, .. }), "{stall}: {attached:?}");
        viewer = again;
        while next < stop_at {
            next = read_on(&mut viewer, next).await.expect("goes on");
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    // The end of the program must not push out what the viewer has not read either.
    handle.kill("test").await;
    while let Some(offset) = read_on(&mut viewer, next).await {
        next = offset;
    }
}

/// Takes what comes next and acknowledges it; gives the offset after it, none at the end.
async fn read_on(viewer: &mut claude_web::sessions::TerminalViewer, next: u64) -> Option<u64> {
    let next = match viewer.output.next().await? {
        TerminalOutput::Bytes(bytes) => next + bytes.len() as u64,
        TerminalOutput::Control(TerminalServerMessage::Skipped { offset, .. }) => panic!("skipped {next} to {offset}"),
        TerminalOutput::Control(_) => next,
    };
    viewer.input.ack(next).expect("ack");
    Some(next)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_input_offset_at_the_edge_of_numbers_hurts_nobody() {
    let there = Box::new();
    let handle = there.shell().await;
    let (mut viewer, _) = attach_at(&handle, "edge", None, u64::MAX);
    for _ in 0..3 {
        let _ = viewer.input.bytes("echo sti''ll\n".into()).await;
    }
    drop(viewer);
    viewer = attach(&handle, "other");
    type_line(&viewer, "echo ali''ve").await;
    read_until(&mut viewer.output, "alive").await;
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_that_reads_in_bursts_is_waited_for_up_to_the_last_byte_of_the_ring() {
    let there = Box::with(|config| {
        config.limits.terminal_ring_bytes = 320 << 10;
        config.limits.unacknowledged_bytes = 1 << 20;
    });
    let handle = there.shell().await;
    let (mut viewer, attached) = attach_at(&handle, "slow", None, 0);
    let (_, mut offset) = take_snapshot(&mut viewer, &attached).await;
    type_line(&viewer, "stty -echo; yes 0123456789abcdef | head -c 8000000; echo; echo all-$((2+1))").await;
    let mut last = Vec::new();
    while !String::from_utf8_lossy(&last).contains("all-3") {
        // Long enough for the program to fill everything it may fill.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        for _ in 0..4 {
            match tokio::time::timeout(std::time::Duration::from_millis(50), viewer.output.next()).await {
                Ok(Some(TerminalOutput::Bytes(bytes))) => {
                    offset += bytes.len() as u64;
                    last = bytes.to_vec();
                }
                Ok(Some(TerminalOutput::Control(
                    TerminalServerMessage::InputAck { .. } | TerminalServerMessage::Title { .. },
                )))
                | Err(_) => {}
                other => panic!("{other:?} at {offset}"),
            }
        }
        viewer.input.ack(offset).expect("ack");
    }
    assert!(offset > 8_000_000);
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_replays_to_the_same_bytes() {
    let there = Box::new();
    let request = CreateSession { record: true, ..shell_request() };
    let session = there.registry.create(request, "test").await.expect("starts");
    let handle = there.registry.get(session.id).expect("listed");
    let (mut viewer, attached) = attach_at(&handle, "one", None, 0);
    let (_, mut offset) = take_snapshot(&mut viewer, &attached).await;
    let before = usize::try_from(offset).expect("fits");
    type_line(
        &viewer,
        "stty -echo; sh -c \"trap 'stty size; exit' WINCH; echo rea''dy; while :; do sleep 0.05; done\"",
    )
    .await;
    read_until_counted(&mut viewer, &mut offset, "ready").await;
    viewer.input.resize(90, 20);
    type_line(&viewer, "seq 1 20000; printf 'é漢\\033[31m%s\\n' end; exit").await;
    let from = usize::try_from(offset).expect("fits") - before;
    let mut seen = Vec::new();
    loop {
        match viewer.output.next().await.expect("up to the exit") {
            TerminalOutput::Bytes(bytes) => {
                seen.extend_from_slice(&bytes);
                offset += bytes.len() as u64;
                viewer.input.ack(offset).expect("ack");
            }
            TerminalOutput::Control(TerminalServerMessage::Exit { .. }) => break,
            TerminalOutput::Control(_) => {}
        }
    }
    ended(&handle).await;
    let complete = || handle.summary().recording.is_some_and(|recording| recording.state == RecordingState::Complete);
    let end = Instant::now() + PATIENCE;
    while !complete() {
        assert!(Instant::now() < end, "{:?}", handle.summary().recording);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (path, bytes) = handle.terminal().expect("a terminal").recording().expect("recorded");
    let text = std::fs::read_to_string(path).expect("the file");
    assert_eq!(text.len() as u64, bytes);
    let events: Vec<serde_json::Value> =
        text.lines().skip(1).map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let output = events.iter().filter(|event| event[1] == "o").filter_map(|event| event[2].as_str());
    assert!(output.collect::<String>().as_bytes()[before + from..] == seen, "other bytes than a viewer saw");
    let resized: Vec<_> = events.iter().filter(|event| event[1] == "r").map(|event| &event[2]).collect();
    assert_eq!(resized, ["90x20"]);
    let at = |found: &dyn Fn(&serde_json::Value) -> bool| events.iter().position(found).expect("it is there");
    let told = at(&|event| event[1] == "r");
    let drawn = at(&|event| event[2].as_str().is_some_and(|text| text.contains("20 90")));
    assert!(told < drawn, "the size comes before what was printed for it");
}

/// Reads until the output has `wanted`, and counts what came.
async fn read_until_counted(viewer: &mut claude_web::sessions::TerminalViewer, offset: &mut u64, wanted: &str) {
    let mut seen = String::new();
    while !seen.contains(wanted) {
        if let TerminalOutput::Bytes(bytes) = viewer.output.next().await.expect("output goes on") {
            seen.push_str(&String::from_utf8_lossy(&bytes));
            *offset += bytes.len() as u64;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_whose_recording_cannot_begin_runs_and_says_so() {
    let there = Box::new();
    std::fs::write(there.dir.path().join("data/recordings"), "no directory").expect("write");
    let request = CreateSession { record: true, ..shell_request() };
    let session = there.registry.create(request, "test").await.expect("starts");
    let handle = there.registry.get(session.id).expect("listed");
    let recording = handle.summary().recording.expect("it says what became of it");
    assert_eq!(recording.state, RecordingState::Stopped);
    assert!(recording.note.is_some_and(|note| note.contains("could not be started")));
    let mut viewer = attach(&handle, "one");
    type_line(&viewer, "echo ali''ve").await;
    read_until(&mut viewer.output, "alive").await;
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_somebody_else_holds_open_ends_all_the_same() {
    let there = Box::new();
    let handle = there.shell().await;
    let mut viewer = attach(&handle, "one");
    type_line(&viewer, "stty -echo; echo at $(tty) n''ow").await;
    let seen = read_until(&mut viewer.output, " now").await;
    let tty = seen.split("at /dev/").last().and_then(|rest| rest.split(' ').next()).expect("a path");
    let no_terminal_of_ours = rustix::fs::OFlags::NOCTTY.bits().cast_signed();
    let mut options = std::fs::File::options();
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, no_terminal_of_ours);
    let mut held = options.write(true).open(format!("/dev/{tty}")).expect("open");
    handle.kill("test").await;
    ended(&handle).await;
    // What is written there now is nobody's, and does not bring the session back.
    let _ = std::io::Write::write_all(&mut held, b"late\r\n");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut late = attach(&handle, "late");
    loop {
        match tokio::time::timeout(PATIENCE, late.output.next()).await.expect("in time").expect("up to the exit") {
            TerminalOutput::Control(TerminalServerMessage::Exit { .. }) => break,
            TerminalOutput::Bytes(bytes) => assert!(!bytes.windows(4).any(|window| window == b"late")),
            TerminalOutput::Control(_) => {}
        }
    }
    tokio::time::timeout(PATIENCE, there.registry.shutdown(tokio_util::sync::CancellationToken::new()))
        .await
        .expect("the server can stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_terminal_that_asked_for_it_is_recorded() {
    let there = Box::new();
    let handle = there.shell().await;
    assert!(handle.summary().recording.is_none());
    assert!(handle.terminal().expect("a terminal").recording().is_none());
    assert!(!there.dir.path().join("data/recordings").exists());
    let chat = CreateSession { record: true, ..request(SessionKind::Chat) };
    assert!(matches!(there.registry.create(chat, "test").await, Err(SessionError::Invalid { .. })));
}
