//! config.toml.

use super::{ConfigError, Directories, Settings};
use std::io;
use std::path::Path;

/// Reads config.toml. One that is not there says nothing, unless CLAUDE_WEB_CONFIG names it.
pub fn load(directories: &Directories) -> Result<Settings, ConfigError> {
    let Some(path) = directories.config_file() else { return Ok(Settings::default()) };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !directories.config_file_is_named() => {
            return Ok(Settings::default());
        }
        Err(error) => {
            return Err(ConfigError::new(
                format!("cannot read {}: {error}", path.display()),
                "make the file readable, or point CLAUDE_WEB_CONFIG somewhere else",
            ));
        }
    };
    let settings = parse(&text, path)?;
    Ok(settings.anchored(path.parent().unwrap_or(Path::new("/")), directories.home()))
}

fn parse(text: &str, path: &Path) -> Result<Settings, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        // In this file they are keys; the word `field` is serde's.
        let wrong = error.message().trim().replace("unknown field", "unknown key").replace('\n', " ");
        ConfigError::new(
            format!("cannot use {}, line {line}: {wrong}", path.display()),
            "correct the file; its keys are the flags of `claude-web serve` without the dashes in front",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::{OnDisconnect, Period};
    use super::*;
    use std::time::Duration;

    fn parsed(text: &str) -> Result<Settings, String> {
        parse(text, Path::new("/etc/config.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_says_what_a_flag_can_say() {
        let settings = parsed(
            "root = \"~/code\"\nport = 9000\nlan = true\nbind = [\"10.0.0.1\"]\non-disconnect = \"finish\"\nidle-timeout = 0\n",
        )
        .unwrap()
        .anchored(Path::new("/etc"), Some(Path::new("/home/ada")));
        assert_eq!(settings.root.as_deref(), Some(Path::new("/home/ada/code")));
        assert_eq!(settings.on_disconnect, Some(OnDisconnect::Finish));
        assert_eq!(settings.idle_timeout, Some(Period(Duration::ZERO)));
    }

    #[test]
    fn what_cannot_be_used_names_file_line_and_key() {
        for (text, wanted) in [
            ("port = 1\nprot = 2\n", "line 2: unknown key `prot`"),
            ("port = 99999\n", "line 1: invalid value: integer `99999`"),
            ("lan = \"yes\"\n", "line 1: invalid type"),
            ("host = [\"a:1\"]\n", "line 1: a host is a name"),
            ("idle-timeout = 30\n", "line 1: a length of time"),
            ("on-disconnect = \"explode\"\n", "line 1: unknown variant `explode`"),
            ("max-sessions = 0\n", "line 1: invalid value"),
            ("[serve]\nport = 1\n", "line 1: unknown key `serve`"),
            ("port = \n", "line 1: "),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.starts_with("cannot use /etc/config.toml, ") && error.contains(wanted), "{text:?}: {error}");
        }
    }
}
