//! What a viewer of a terminal is shown who was not there all the time.

use crate::support::{Box, attach, attach_at, ended, eventually, read_until, take_snapshot, type_line};
use claude_web::protocol::TerminalServerMessage;
use claude_web::sessions::{Model, ModelSettings, TerminalOutput, TerminalViewer};
use std::time::Duration;

/// Colours, a region, a title, moves and wide characters; more than the ring keeps, and again and again the same.
const FLOOD: &str = r#"stty -echo; printf '\033]2;flooded\007'; i=0; while [ $i -lt 6000 ]; do
i=$((i+1)); printf '\033[3%dm%d \033[1;4mbold\033[0m %080d\r\n\033[2;9Hthere \344\270\255\033[9;1H' $((i%8)) $i $i; done; printf 'all-%d' 3
"#;

fn settings(config: &mut claude_web::config::Config) {
    config.limits.terminal_ring_bytes = 256 << 10;
    config.limits.unacknowledged_bytes = 64 << 10;
}

/// The screen of one who draws what it is sent, as the page does.
struct Drawn {
    viewer: TerminalViewer,
    model: Model,
    offset: u64,
    skips: usize,
    last: Vec<u8>,
}

impl Drawn {
    async fn new(handle: &claude_web::sessions::SessionHandle, name: &str) -> Self {
        let (mut viewer, attached) = attach_at(handle, name, None, 0);
        let (snapshot, offset) = take_snapshot(&mut viewer, &attached).await;
        let TerminalServerMessage::Attached { cols, rows, .. } = attached else { panic!("{attached:?}") };
        let mut drawn = Self { viewer, model: model(cols, rows), offset, skips: 0, last: Vec::new() };
        drawn.model.feed(&snapshot);
        drawn
    }

    /// Draws on until the output ends with `wanted`; `pause` between frames.
    async fn until(&mut self, wanted: &str, pause: Duration) {
        let reading = async {
            while !self.last.windows(wanted.len()).any(|window| window == wanted.as_bytes()) {
                match self.viewer.output.next().await.expect("output goes on") {
                    TerminalOutput::Bytes(bytes) => {
                        self.draw(&bytes);
                        self.offset += bytes.len() as u64;
                    }
                    TerminalOutput::Control(skipped @ TerminalServerMessage::Skipped { cols, rows, .. }) => {
                        self.skips += 1;
                        let (snapshot, offset) = take_snapshot(&mut self.viewer, &skipped).await;
                        assert!(offset > self.offset, "it goes ahead");
                        (self.model, self.offset) = (model(cols, rows), offset);
                        self.draw(&snapshot);
                    }
                    TerminalOutput::Control(TerminalServerMessage::Resized { cols, rows, .. }) => {
                        self.model.resize(cols, rows);
                    }
                    TerminalOutput::Control(_) => {}
                }
                tokio::time::sleep(pause).await;
                self.viewer.input.ack(self.offset).expect("ack");
            }
        };
        tokio::time::timeout(crate::support::PATIENCE, reading).await.expect("in time");
    }

    fn draw(&mut self, bytes: &[u8]) {
        self.model.feed(bytes);
        let kept = self.last.len().saturating_sub(64);
        self.last.drain(..kept);
        self.last.extend_from_slice(bytes);
    }
}

fn model(cols: u16, rows: u16) -> Model {
    Model::new(cols, rows, &ModelSettings::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_after_the_ring_has_moved_on_or_falls_behind_is_shown_what_one_sees_who_was_there_all_the_time() {
    let there = Box::with(settings);
    let handle = there.shell().await;
    let mut always = Drawn::new(&handle, "always").await;
    let mut slow = Drawn::new(&handle, "slow").await;
    type_line(&always.viewer, FLOOD).await;
    let quick = always.until("all-3", Duration::ZERO);
    let lagging = slow.until("all-3", Duration::from_millis(60));
    tokio::join!(quick, lagging);
    let mut late = Drawn::new(&handle, "late").await;
    type_line(&always.viewer, "printf '\\033[5;5Hend-%d' 4").await;
    for viewer in [&mut always, &mut slow, &mut late] {
        viewer.until("end-4", Duration::ZERO).await;
    }
    assert_eq!(always.skips, 0, "who keeps up skips nothing");
    assert!(slow.skips > 0, "who does not is moved ahead");
    let wanted = String::from_utf8_lossy(&always.model.snapshot()).into_owned();
    assert!(wanted.contains("bold") && wanted.contains("中"), "{wanted}");
    assert_eq!(String::from_utf8_lossy(&slow.model.snapshot()), wanted);
    assert_eq!(String::from_utf8_lossy(&late.model.snapshot()), wanted);
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_of_the_program_is_answered_once_with_no_viewer_and_with_several() {
    let there = Box::new();
    let handle = there.shell().await;
    let viewer = attach(&handle, "one");
    // It asks when nobody is there, and once more when three are.
    let ask = r#"stty raw -echo; sleep 0.3; for n in 1 2; do printf '\033[3;7H\033[6n'; sleep 0.5;
a=$(timeout --foreground 0.2 cat | tr '\033' '^'); echo "$a" >> answers; done; stty sane; echo asked-$((1+1))"#;
    type_line(&viewer, ask).await;
    drop(viewer);
    tokio::time::sleep(Duration::from_millis(600)).await;
    let mut viewers = [attach(&handle, "one"), attach(&handle, "two"), attach(&handle, "three")];
    for viewer in &mut viewers {
        read_until(&mut viewer.output, "asked-2").await;
    }
    let answers = std::fs::read_to_string(there.root().join("answers")).expect("answers");
    assert_eq!(answers.lines().collect::<Vec<_>>(), ["^[3;7R", "^[3;7R"]);
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_the_last_line_and_viewers_learn_the_title() {
    let there = Box::new();
    let handle = there.shell().await;
    let mut viewer = attach(&handle, "one");
    type_line(&viewer, r"PS1=; clear; printf '\033]2;my title\007above\n\033[7mlast %d line\033[0m\n\n' 1").await;
    eventually("the last line shows", || (handle.summary().last_line.as_deref() == Some("last 1 line")).then_some(()))
        .await;
    loop {
        let output = viewer.output.next().await.expect("goes on");
        if matches!(&output, TerminalOutput::Control(TerminalServerMessage::Title { title }) if title == "my title") {
            break;
        }
    }
    let mut late = attach(&handle, "two");
    let mut titles = 0;
    while let Ok(Some(output)) = tokio::time::timeout(Duration::from_millis(300), late.output.next()).await {
        titles += usize::from(matches!(output, TerminalOutput::Control(TerminalServerMessage::Title { .. })));
    }
    assert_eq!(titles, 1, "who comes later is told once");
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_size_is_told_where_in_the_output_it_was_set_also_to_who_comes_back() {
    let there = Box::new();
    let handle = there.shell().await;
    let (mut viewer, attached) = attach_at(&handle, "one", None, 0);
    let (_, start) = take_snapshot(&mut viewer, &attached).await;
    let TerminalServerMessage::Attached { epoch, .. } = attached else { panic!("{attached:?}") };
    type_line(&viewer, "stty -echo; sh -c \"trap 'stty size' WINCH; echo rea''dy; while :; do sleep 0.05; done\"")
        .await;
    read_until(&mut viewer.output, "ready").await;
    for (cols, rows) in [(91, 31), (92, 32), (93, 33)] {
        viewer.input.resize(cols, rows);
        read_until(&mut viewer.output, &format!("{rows} {cols}")).await;
    }
    drop(viewer);
    let (mut again, _) = attach_at(&handle, "one", Some((epoch, start)), 0);
    let mut told = Vec::new();
    let mut text = String::new();
    while !text.contains("33 93") {
        match again.output.next().await.expect("goes on") {
            TerminalOutput::Bytes(bytes) => text.push_str(&String::from_utf8_lossy(&bytes)),
            TerminalOutput::Control(TerminalServerMessage::Resized { cols, rows, .. }) => {
                let size = format!("{rows} {cols}");
                assert!(!text.contains(&size), "{size} was told after {text:?}");
                told.push(size);
            }
            TerminalOutput::Control(_) => {}
        }
    }
    assert_eq!(told, ["31 91", "32 92", "33 93"]);
    handle.kill("test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_not_let_run_far_ahead_of_the_only_viewer() {
    let there = Box::with(|config| config.limits.unacknowledged_bytes = 64 << 10);
    let handle = there.shell().await;
    let mut viewer = attach(&handle, "slow");
    type_line(&viewer, "stty -echo; i=0; while :; do printf '%04096d' $i; i=$((i+1)); echo $i > count; done").await;
    read_until(&mut viewer.output, "00000000").await;
    let count = || {
        let text = std::fs::read_to_string(there.root().join("count")).unwrap_or_default();
        text.trim().parse::<u64>().unwrap_or(0)
    };
    let mut before = 0;
    eventually("the program waits", || {
        std::thread::sleep(Duration::from_millis(300));
        let now = count();
        (std::mem::replace(&mut before, now) == now && now > 0).then_some(())
    })
    .await;
    assert!(before * 4096 < 512 << 10, "{before} blocks were printed for a viewer that has drawn nothing");
    drop(viewer);
    handle.kill("test").await;
    ended(&handle).await;
}
