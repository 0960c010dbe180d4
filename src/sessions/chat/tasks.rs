//! Where background tasks write what they print.

use std::collections::{HashMap, VecDeque};
use std::path::{Component, Path, PathBuf};

/// Tasks remembered per session; older ones are only in the conversation.
const REMEMBERED: usize = 1024;

/// Conversations of one session remembered; `/clear` begins another.
const CONVERSATIONS: usize = 16;

/// The files of one session's tasks, as the CLI named them.
#[derive(Debug, Default)]
pub(super) struct TaskFiles {
    /// Ids of the conversations this session had; their tasks write below directories named so.
    conversations: VecDeque<String>,
    paths: HashMap<String, PathBuf>,
    order: VecDeque<String>,
}

impl TaskFiles {
    /// The session now speaks in this conversation.
    pub(super) fn conversation(&mut self, id: &str) {
        // Every turn says it again.
        if self.conversations.iter().any(|known| known == id) {
            return;
        }
        if self.conversations.len() == CONVERSATIONS {
            self.conversations.pop_front();
        }
        self.conversations.push_back(id.to_owned());
    }

    /// The CLI said where this task writes. The first word stays: a task does not move. What it says may stand in the
    /// output of a tool, so only the place where the CLI keeps such files is taken for one.
    pub(super) fn remember(&mut self, task_id: &str, path: PathBuf) {
        if self.paths.contains_key(task_id) || !self.is_task_file(task_id, &path) {
            return;
        }
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.paths.remove(&oldest);
        }
        self.order.push_back(task_id.to_owned());
        self.paths.insert(task_id.to_owned(), path);
    }

    /// Whether this is `…/claude-<uid>/<directory>/<conversation>/tasks/<task>.output` of a conversation of ours.
    fn is_task_file(&self, task_id: &str, path: &Path) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if task_id.is_empty() || task_id.len() > 64 || !task_id.chars().all(plain) {
            return false;
        }
        let mut names = Vec::new();
        for component in path.components() {
            match component {
                Component::RootDir => {}
                Component::Normal(name) => names.push(name.to_str().unwrap_or_default()),
                _ => return false,
            }
        }
        let Some([owner, _, conversation, "tasks", file]) = names.last_chunk::<5>() else { return false };
        path.is_absolute()
            && owner
                .strip_prefix("claude-")
                .is_some_and(|uid| !uid.is_empty() && uid.chars().all(|c| c.is_ascii_digit()))
            && self.conversations.iter().any(|known| known == conversation)
            && file.strip_suffix(".output") == Some(task_id)
    }

    pub(super) fn path(&self, task_id: &str) -> Option<PathBuf> {
        self.paths.get(task_id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_the_cli_keeps_for_tasks_of_this_session_are_taken() {
        let mut files = TaskFiles::default();
        files.conversation("s1");
        let good = "/tmp/claude-0/-w-proj7/s1/tasks/b7.output";
        for bad in [
            "/etc/passwd",
            "/tmp/claude-0/-w-proj7/s2/tasks/b7.output",
            "/tmp/claude-0/-w-proj7/s1/tasks/b8.output",
            "/tmp/claude-0/-w-proj7/s1/tasks/../tasks/b7.output",
            "/tmp/claude-x/-w-proj7/s1/tasks/b7.output",
            "/tmp/claude-/-w-proj7/s1/tasks/b7.output",
            "/home/me/s1/tasks/b7.output",
            "tmp/claude-0/-w-proj7/s1/tasks/b7.output",
            "",
        ] {
            files.remember("b7", bad.into());
            assert_eq!(files.path("b7"), None, "{bad}");
        }
        files.remember("b7", good.into());
        assert_eq!(files.path("b7"), Some(good.into()));
        files.remember("../b7", "/tmp/claude-0/-w/s1/tasks/../b7.output".into());
        assert_eq!(files.path("../b7"), None);
    }

    #[test]
    fn a_conversation_named_again_pushes_no_other_out() {
        let mut files = TaskFiles::default();
        files.conversation("s1");
        for _ in 0..=CONVERSATIONS {
            files.conversation("s2");
        }
        files.remember("b7", "/tmp/claude-0/-w/s1/tasks/b7.output".into());
        assert!(files.path("b7").is_some());
    }

    #[test]
    fn old_tasks_are_forgotten() {
        let mut files = TaskFiles::default();
        files.conversation("s1");
        for n in 0..=REMEMBERED {
            files.remember(&n.to_string(), format!("/tmp/claude-0/-w/s1/tasks/{n}.output").into());
        }
        assert_eq!((files.path("0"), files.paths.len()), (None, REMEMBERED));
        assert!(files.path("1").is_some());
    }
}
