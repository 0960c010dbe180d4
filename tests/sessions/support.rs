//! A registry over a temporary root, and a look at the process table.

use claude_web::config::{Config, Limits, OnDisconnect};
use claude_web::paths::Root;
use claude_web::protocol::{CreateSession, Session, SessionKind, SessionState, TerminalProgram};
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
) -> (TerminalViewer, claude_web::protocol::TerminalServerMessage) {
    let (epoch, offset) = cursor.map_or((None, None), |(epoch, offset)| (Some(epoch), Some(offset)));
    let attach = AttachTerminal { epoch, offset, input_id: input_id.parse().expect("id"), input_offset };
    handle.terminal().expect("terminal").attach(attach, "test")
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
