//! Output and input of terminals: every byte once, in order.

use crate::support::{Box, attach, attach_at, ended, read_until, take_snapshot, type_line};
use claude_web::protocol::TerminalServerMessage;
use claude_web::sessions::TerminalOutput;

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
