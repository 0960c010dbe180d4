//! `claude-web serve` with its own defaults, except for how many of everything there may be.

use crate::process;
use claude_web::config::{Config, Directories, Settings, Surroundings, resolve};
use claude_web::server::{self, Ready, Signals};
use std::path::Path;

pub(crate) fn run(directory: &Path) -> anyhow::Result<()> {
    let root = directory.join("root");
    std::fs::create_dir_all(&root)?;
    let settings = Settings {
        root: Some(root),
        port: Some(0),
        data_dir: Some(directory.join("data")),
        // Without arguments this program is what runs in the terminals.
        shell: Some(std::env::current_exe()?),
        max_sessions: std::num::NonZeroUsize::new(200),
        ..Settings::default()
    };
    let around = Surroundings { current_dir: directory.to_owned(), shell: None, directories: Directories::from_env() };
    let mut config: Config = resolve(settings, &around)?.config;
    config.limits.starts_burst = 10_000;
    config.limits.requests_per_minute = 100_000;
    config.limits.connections_per_address = config.limits.connections;
    let say = |ready: &Ready| process::say(&format!("{}\n", serde_json::json!(ready)));
    server::runtime()?.block_on(server::run(config, say, Signals::default()))
}
