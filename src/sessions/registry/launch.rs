//! From a request to a running session: check everything, then start the child.

use super::history::{self, Before};
use super::{Inner, SessionActor, handle};
use crate::claude::environment::{EnvPolicy, child_env};
use crate::claude::launch::{ChatLaunch, Conversation, chat_args, terminal_args};
use crate::claude::trust::RuleFiles;
use crate::claude::trusted::TrustPlace;
use crate::paths::Confined;
use crate::protocol::{
    ChatEvent, CreateSession, PermissionMode, Session, SessionId, SessionKind, SessionState, TerminalProgram, UnixMs,
};
use crate::sessions::chat::{self, ChatSettings};
use crate::sessions::child::{Child, Program, SESSION_MARK};
use crate::sessions::core::{Core, clean_title};
use crate::sessions::replay::now_ms;
use crate::sessions::terminal::{self, TerminalSettings};
use crate::sessions::trust::RuleMemory;
use crate::sessions::{SessionError, SessionHandle};
use std::ffi::OsString;
use std::io;
use std::sync::Arc;
use uuid::Uuid;

/// Size of a terminal whose viewer did not say.
const COLS: u16 = 80;
const ROWS: u16 = 24;
const SIZE_RANGE: std::ops::RangeInclusive<u16> = 2..=500;

/// A request that passed every check.
#[derive(Debug)]
pub(super) struct Plan {
    request: CreateSession,
    cwd: Confined,
    program: Option<TerminalProgram>,
    path: std::path::PathBuf,
    title: Option<String>,
}

impl Plan {
    /// The conversation this goes on with; a fork only reads it.
    pub(super) fn resumes(&self) -> Option<Uuid> {
        self.request.resume.filter(|_| !self.request.fork)
    }
}

impl Inner {
    /// Checks a request without changing anything (but for a trust answer).
    pub(super) fn plan(&self, request: CreateSession) -> Result<Plan, SessionError> {
        let title = request.title.as_deref().map(clean_title).transpose()?;
        let program = match request.kind {
            SessionKind::Chat => None,
            SessionKind::Terminal => Some(request.program.unwrap_or_default()),
        };
        self.check_fields(&request)?;
        let cwd = self.root.directory(&request.cwd)?;
        let path = match program {
            Some(TerminalProgram::Shell) => self.config.shell.clone(),
            Some(TerminalProgram::Claude) | None => self.claude.path()?,
        };
        // Claude's own terminal UI asks by itself; headless it runs a project's hooks and servers without asking.
        if request.kind == SessionKind::Chat {
            self.trust.check(&self.root, cwd.relative(), request.trust.as_deref())?;
        }
        Ok(Plan { cwd, program, path, title, request })
    }

    fn check_fields(&self, request: &CreateSession) -> Result<(), SessionError> {
        let invalid = |message: String| Err(SessionError::Invalid { message });
        if request.permission_mode == Some(PermissionMode::BypassPermissions) && !self.config.allow_bypass {
            return invalid("mode bypassPermissions needs a server started with --allow-bypass".to_owned());
        }
        for size in [request.cols, request.rows].into_iter().flatten() {
            if !SIZE_RANGE.contains(&size) {
                return invalid(format!("a terminal has 2 to 500 columns and rows; {size} was asked for"));
            }
        }
        if request.fork && request.resume.is_none() {
            return invalid("`fork` needs `resume`".to_owned());
        }
        if request.resume_at.is_some() && request.resume.is_none() {
            return invalid("`resume_at` needs `resume`".to_owned());
        }
        if request.resume_at.is_some() && request.kind != SessionKind::Chat {
            return invalid("only a chat can go back to a message (`resume_at`)".to_owned());
        }
        Ok(())
    }

    /// Starts the child and the session's tasks.
    pub(super) async fn launch(&self, plan: Plan) -> Result<SessionHandle, SessionError> {
        let id = SessionId(Uuid::new_v4());
        let mut summary = summary(id, &plan);
        let list = Arc::clone(&self.list);
        let hurry = self.hurry.child_token();
        let program = self.program(id, &plan);
        let before = self.before(&plan, &program).await?;
        let title = plan.title.is_none().then_some(before.title).flatten();
        let titled = plan.title.is_some() || title.is_some();
        summary.title = title.unwrap_or(summary.title);
        summary.context = before.context;
        let core = Core::new(summary, titled, self.config.limits.stderr_bytes, list, hurry);
        let started = match plan.request.kind {
            SessionKind::Chat => self.launch_chat(&core, program, plan, &before.events).await,
            SessionKind::Terminal => self.launch_terminal(&core, program, plan).await,
        };
        let actor = started.map_err(|error| SessionError::StartFailed { reason: error.to_string() })?;
        Ok(handle(core, actor))
    }

    /// What was said so far in the conversation that goes on.
    async fn before(&self, plan: &Plan, program: &Program) -> Result<Before, SessionError> {
        let request = &plan.request;
        let Some(conversation) = request.resume.filter(|_| request.kind == SessionKind::Chat) else {
            return Ok(Before::default());
        };
        let wanted = history::Wanted {
            conversation,
            at: request.resume_at,
            forked: request.fork,
            cwd: self.root.path().join(plan.cwd.relative()),
            bytes_max: (self.config.limits.chat_log_bytes / 2).min(history::BYTES_MAX),
        };
        history::before(wanted, &program.env, &self.tracker).await
    }

    async fn launch_chat(
        &self,
        core: &Arc<Core>,
        program: Program,
        plan: Plan,
        before: &[(UnixMs, ChatEvent)],
    ) -> io::Result<SessionActor> {
        let directory = self.root.path().join(plan.cwd.relative());
        let trust_place = TrustPlace::new(&program.env, directory.clone());
        let rules = RuleMemory { answers: Arc::clone(&self.trust), files: RuleFiles::new(&program.env, directory) };
        let (child, pipes) = Child::with_pipes(&self.guard_program, program, plan.cwd.into_fd(), &self.tracker).await?;
        core.update(|session| session.pid = Some(child.pid()));
        let settings = ChatSettings {
            allow_bypass: self.config.allow_bypass,
            log_bytes: self.config.limits.chat_log_bytes,
            line_bytes: self.config.limits.line_bytes,
            term_grace: self.config.limits.term_grace,
            trust_place,
            rules,
        };
        Ok(SessionActor::Chat(chat::start(Arc::clone(core), child, pipes, settings, before, &self.tracker)))
    }

    async fn launch_terminal(&self, core: &Arc<Core>, program: Program, plan: Plan) -> io::Result<SessionActor> {
        let settings = TerminalSettings {
            cols: plan.request.cols.unwrap_or(COLS),
            rows: plan.request.rows.unwrap_or(ROWS),
            ring_bytes: self.config.limits.terminal_ring_bytes,
            unacknowledged_bytes: self.config.limits.unacknowledged_bytes,
            reattach_hold: self.config.limits.reattach_hold,
            term_grace: self.config.limits.term_grace,
        };
        let (pty, tty) = terminal::open(settings.cols, settings.rows)?;
        let child = Child::in_terminal(&self.guard_program, program, plan.cwd.into_fd(), tty, &self.tracker).await?;
        core.update(|session| session.pid = Some(child.pid()));
        Ok(SessionActor::Terminal(terminal::start(Arc::clone(core), child, pty, &settings, &self.tracker)?))
    }

    fn program(&self, id: SessionId, plan: &Plan) -> Program {
        let request = &plan.request;
        let conversation = match request.resume {
            Some(resume) => Conversation::Resume { id: resume, fork: request.fork, at: request.resume_at },
            None => Conversation::New(id.0),
        };
        let launch = ChatLaunch {
            conversation,
            model: request.model.as_ref(),
            permission_mode: request.permission_mode,
            effort: request.effort,
            allow_bypass: self.config.allow_bypass,
        };
        let args = match plan.program {
            None => chat_args(&launch),
            Some(TerminalProgram::Claude) => terminal_args(&launch),
            Some(TerminalProgram::Shell) => Vec::new(),
        };
        Program { path: plan.path.clone(), args, env: self.child_environment(id, plan) }
    }

    fn child_environment(&self, id: SessionId, plan: &Plan) -> Vec<(OsString, OsString)> {
        let policy = EnvPolicy { clean: self.config.clean_env, allow: self.config.env.clone() };
        let mut env = child_env(self.environment.iter().cloned(), &policy, plan.request.kind);
        let mut set = |name: &str, value: OsString| {
            env.retain(|(known, _)| known != name);
            env.push((name.into(), value));
        };
        set(SESSION_MARK, id.to_string().into());
        for (name, value) in self.server_mark.variables() {
            set(name, value);
        }
        // Shells take the logical path from here; the directory itself is entered by descriptor.
        set("PWD", self.root.path().join(plan.cwd.relative()).into());
        if let Some(dir) = &self.config.claude_config_dir {
            set("CLAUDE_CONFIG_DIR", dir.into());
        }
        env
    }
}

fn summary(id: SessionId, plan: &Plan) -> Session {
    let now = now_ms();
    let request = &plan.request;
    let directory = plan.cwd.relative().rsplit('/').next().filter(|name| *name != ".").unwrap_or("root directory");
    let claude_session_id = match (plan.program, request.resume, request.fork) {
        (Some(TerminalProgram::Shell), ..) | (_, Some(_), true) => None,
        (_, Some(resume), false) => Some(resume.to_string()),
        (_, None, _) => Some(id.to_string()),
    };
    Session {
        id,
        kind: request.kind,
        program: plan.program,
        title: plan.title.clone().unwrap_or_else(|| directory.to_owned()),
        cwd: plan.cwd.relative().to_owned(),
        state: SessionState::Starting,
        state_since: now,
        model: request.model.clone(),
        permission_mode: request.permission_mode.map(|mode| mode.as_str().to_owned()),
        effort: request.effort,
        claude_session_id,
        pid: None,
        keep: request.keep,
        viewers: 0,
        created_at: now,
        last_activity_at: now,
        cost_usd: None,
        context: None,
        last_line: None,
        warnings: 0,
        pending: Vec::new(),
        end: None,
    }
}
