//! Where background tasks write what they print.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;

/// Tasks remembered per session; older ones are only in the conversation.
const REMEMBERED: usize = 1024;

/// The files of one session's tasks, as the CLI named them.
#[derive(Debug, Default)]
pub(super) struct TaskFiles {
    paths: HashMap<String, PathBuf>,
    order: VecDeque<String>,
}

impl TaskFiles {
    /// The CLI said where this task writes. The first word stays: a task does not move.
    pub(super) fn remember(&mut self, task_id: &str, path: PathBuf) {
        if task_id.is_empty() || self.paths.contains_key(task_id) {
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

    pub(super) fn path(&self, task_id: &str) -> Option<PathBuf> {
        self.paths.get(task_id).cloned()
    }
}
