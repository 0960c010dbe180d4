//! A registry over a temporary root, and a look at the process table.

use claude_web::config::{Config, Limits, OnDisconnect};
use claude_web::paths::Root;
use claude_web::protocol::{CreateSession, Session, SessionKind, SessionState, TerminalProgram, TerminalServerMessage};
use claude_web::sessions::{
    AttachTerminal, Registry, SessionHandle, Settings, TerminalOutput, TerminalReader, TerminalViewer,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Nothing here takes this long unless it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Box {
    pub registry: Registry,
    pub dir: tempfile::TempDir,
}

impl Box {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("tempdir");
        let root = dir.path().join("root");
        let data = dir.path().join("data");
        std::fs::create_dir_all(&root).expect("root");
        std::fs::create_dir_all(&data).expect("data");
        let mut config = config(&root, &data);
        change(&mut config);
        let registry = Registry::new(Settings {
            root: Root::open(&config.root).expect("root"),
            config: Arc::new(config),
            guard_program: PathBuf::from(env!("CARGO_BIN_EXE_claude-web")),
        });
        Self { registry, dir }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("root")
    }

    pub(crate) async fn shell(&self) -> SessionHandle {
        let session = self.registry.create(shell_request(), "test").await.expect("start a shell");
        self.registry.get(session.id).expect("listed")
    }
}

pub(crate) fn shell_request() -> CreateSession {
    CreateSession { program: Some(TerminalProgram::Shell), ..request(SessionKind::Terminal) }
}

pub(crate) fn request(kind: SessionKind) -> CreateSession {
    CreateSession {
        kind,
        cwd: ".".into(),
        title: None,
        model: None,
        permission_mode: None,
        effort: None,
        resume: None,
        resume_at: None,
        fork: false,
        keep: true,
        program: None,
        cols: None,
        rows: None,
        trust: None,
    }
}

fn config(root: &Path, data: &Path) -> Config {
    Config {
        root: root.to_owned(),
        port: 0,
        lan: false,
        bind: vec![],
        hosts: vec![],
        tls: None,
        claude: None,
        claude_config_dir: None,
        shell: "/bin/sh".into(),
        data_dir: data.to_owned(),
        runtime_dir: data.to_owned(),
        max_sessions: 20,
        on_disconnect: OnDisconnect::Kill,
        disconnect_grace: Duration::from_secs(60),
        idle_timeout: Duration::from_secs(1800),
        allow_bypass: false,
        clean_env: false,
        env: vec![],
        limits: Limits { term_grace: Duration::from_millis(300), starts_burst: 1000, ..Limits::default() },
    }
}

pub(crate) fn attach(handle: &SessionHandle, input_id: &str) -> TerminalViewer {
    attach_at(handle, input_id, None, 0).0
}

pub(crate) fn attach_at(
    handle: &SessionHandle,
    input_id: &str,
    cursor: Option<(claude_web::protocol::Epoch, u64)>,
    input_offset: u64,
) -> (TerminalViewer, TerminalServerMessage) {
    let (epoch, offset) = cursor.map_or((None, None), |(epoch, offset)| (Some(epoch), Some(offset)));
    let attach = AttachTerminal { epoch, offset, input_id: input_id.parse().expect("id"), input_offset };
    handle.terminal().expect("terminal").attach(attach, "test")
}

/// Takes the snapshot that comes first, and says so; gives it and the offset at which the stream goes on.
pub(crate) async fn take_snapshot(viewer: &mut TerminalViewer, started: &TerminalServerMessage) -> (Vec<u8>, u64) {
    let (TerminalServerMessage::Attached { offset, snapshot_bytes, .. }
    | TerminalServerMessage::Skipped { offset, snapshot_bytes, .. }) = *started
    else {
        panic!("{started:?}")
    };
    let mut snapshot = Vec::new();
    while (snapshot.len() as u64) < snapshot_bytes {
        match viewer.output.next().await.expect("the snapshot") {
            TerminalOutput::Bytes(bytes) => snapshot.extend_from_slice(&bytes),
            TerminalOutput::Control(TerminalServerMessage::Title { .. } | TerminalServerMessage::InputAck { .. }) => {}
            TerminalOutput::Control(other) => panic!("{other:?} within a snapshot"),
        }
    }
    assert_eq!(snapshot.len() as u64, snapshot_bytes, "nothing of the stream comes in the same frame");
    viewer.input.ack(offset).expect("ack");
    (snapshot, offset)
}

pub(crate) async fn type_line(viewer: &TerminalViewer, line: &str) {
    viewer.input.bytes(format!("{line}\n").into()).await.expect("input");
}

/// Reads until `wanted` appeared in the output.
pub(crate) async fn read_until(reader: &mut TerminalReader, wanted: &str) -> String {
    let mut seen = String::new();
    let reading = async {
        while let Some(output) = reader.next().await {
            if let TerminalOutput::Bytes(bytes) = output {
                seen.push_str(&String::from_utf8_lossy(&bytes));
                if seen.contains(wanted) {
                    return;
                }
            }
        }
        panic!("the output ended without {wanted:?}: {seen:?}");
    };
    if tokio::time::timeout(PATIENCE, reading).await.is_err() {
        panic!("no {wanted:?} in {seen:?}");
    }
    seen
}

pub(crate) async fn ended(handle: &SessionHandle) -> Session {
    eventually("the session ends", || {
        let summary = handle.summary();
        (summary.state == SessionState::Ended).then_some(summary)
    })
    .await
}

pub(crate) async fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Living processes whose command line contains `mark`.
pub(crate) fn running(mark: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("/proc").flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(line) = std::fs::read(format!("/proc/{pid}/cmdline")) else { continue };
        if String::from_utf8_lossy(&line).contains(mark) && pid != std::process::id() {
            found.push(pid);
        }
    }
    found
}

/// A box whose `claude` is the fake one.
pub(crate) fn with_fake_claude(change: impl FnOnce(&mut Config)) -> Box {
    Box::with(|config| {
        config.claude = Some(env!("CARGO_BIN_EXE_fake-claude").into());
        change(config);
    })
}

/// A box whose `claude` is the fake one, started with variables of its own.
pub(crate) fn with_fake_claude_env(variables: &[(&str, &str)]) -> Box {
    let set: String = variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    with_claude_script(&format!("{set}exec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_fake-claude")))
}

/// A box whose `claude` is a shell script.
pub(crate) fn with_claude_script(script: &str) -> Box {
    with_claude_script_and(script, |_| {})
}

/// The same, with settings of its own.
pub(crate) fn with_claude_script_and(script: &str, change: impl FnOnce(&mut Config)) -> Box {
    Box::with(|config| {
        change(config);
        use std::os::unix::fs::PermissionsExt;
        let file = config.data_dir.join("claude");
        std::fs::write(&file, format!("#!/bin/sh\n{script}")).expect("write");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("chmod");
        config.claude = Some(file);
    })
}

/// A chat with what its log said, folded as a browser would.
pub(crate) struct Talk {
    pub handle: SessionHandle,
    pub chat: claude_web::sessions::Chat,
    pub reader: claude_web::sessions::ChatReader,
    pub events: Vec<serde_json::Value>,
    /// Events before this were looked at.
    looked_at: usize,
    commands: u32,
    /// Came when the beginning was gone. What is said again to it drives more of the old out.
    late: bool,
}

impl Talk {
    pub(crate) async fn start(there: &Box) -> Self {
        Self::with(there, request(SessionKind::Chat)).await
    }

    pub(crate) async fn with(there: &Box, request: CreateSession) -> Self {
        let session = there.registry.create(request, "test").await.expect("start a chat");
        let handle = there.registry.get(session.id).expect("listed");
        let chat = handle.chat().expect("chat");
        let reader = chat.read(None, None);
        Self { handle, chat, reader, events: Vec::new(), looked_at: 0, commands: 0, late: false }
    }

    pub(crate) fn next_id(&mut self) -> claude_web::protocol::ClientId {
        self.commands += 1;
        format!("c{}", self.commands).parse().expect("id")
    }

    pub(crate) async fn act(
        &mut self,
        action: claude_web::sessions::ChatAction,
    ) -> Result<claude_web::protocol::AckStatus, claude_web::sessions::SessionError> {
        let id = self.next_id();
        self.chat.command(id, action, "tester").await
    }

    /// A new socket that goes on where the old one was.
    pub(crate) fn reconnect(&mut self) {
        self.reader = self.chat.read(Some(self.reader.epoch()), Some(self.events.len() as u64));
        assert!(self.reader.resumed());
    }

    /// A socket that has nothing yet; the beginning must be gone.
    pub(crate) async fn read_from_the_beginning_kept(&mut self) {
        self.reader = self.chat.read(None, None);
        self.events.clear();
        self.looked_at = 0;
        self.late = true;
        let first = self.reader.next().await;
        assert!(matches!(first, Some(claude_web::sessions::ChatOutput::Gap { .. })), "{first:?}");
    }

    pub(crate) async fn say(&mut self, text: &str) {
        let content = vec![claude_web::protocol::Content::Text { text: text.into() }];
        self.act(claude_web::sessions::ChatAction::Send { content, when: claude_web::protocol::SendWhen::Steer })
            .await
            .expect("send");
    }

    pub(crate) async fn answer(
        &mut self,
        request_id: &str,
        decision: serde_json::Value,
    ) -> Result<claude_web::protocol::AckStatus, claude_web::sessions::SessionError> {
        let decision = serde_json::from_value(decision).expect("decision");
        let request_id = request_id.parse().expect("id");
        self.act(claude_web::sessions::ChatAction::Answer { request_id, decision }).await
    }

    /// Reads on until an event satisfies `wanted`; gives it. The next search begins behind it.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let reading = async {
            loop {
                if let Some(at) = self.events[self.looked_at..].iter().position(&wanted) {
                    self.looked_at += at + 1;
                    return Some(self.events[self.looked_at - 1].clone());
                }
                self.looked_at = self.events.len();
                match self.reader.next().await? {
                    claude_web::sessions::ChatOutput::Events(frames) => {
                        self.events.extend(frames.iter().map(|frame| {
                            let frame: serde_json::Value = serde_json::from_slice(frame).expect("json");
                            frame["event"].clone()
                        }));
                    }
                    claude_web::sessions::ChatOutput::Gap { .. } if self.late => {}
                    claude_web::sessions::ChatOutput::Gap { oldest } => panic!("gap before {oldest}"),
                }
            }
        };
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(Some(found)) => found,
            Ok(None) => panic!("the log ended without it: {:#?}", self.events),
            Err(_) => panic!("in vain: {:#?}", self.events),
        }
    }

    pub(crate) async fn until_type(&mut self, kind: &str) -> serde_json::Value {
        self.until(|event| event["type"] == kind).await
    }

    pub(crate) async fn until_state(&mut self, state: &str) {
        self.until(|event| event["type"] == "state" && event["state"] == state).await;
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        let blocks = self.events.iter().filter(|event| event["type"] == "message");
        blocks.filter_map(|event| event["block"]["text"].as_str().map(str::to_owned)).collect()
    }

    pub(crate) fn count(&self, kind: &str) -> usize {
        self.events.iter().filter(|event| event["type"] == kind).count()
    }
}
