//! From what was written to what it means here. Nothing is created or changed.

use super::{
    Config, ConfigError, Directories, HostName, Limits, LogFormat, LogLevel, NEVER, OnDisconnect, Settings, TlsFiles,
    VariableName,
};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PORT_DEFAULT: u16 = 8443;
const MAX_SESSIONS_DEFAULT: usize = 20;
const DISCONNECT_GRACE_DEFAULT: Duration = Duration::from_secs(60);
const IDLE_TIMEOUT_DEFAULT: Duration = Duration::from_secs(30 * 60);
/// What fits into `sockaddr_un` with its NUL on macOS, the shortest of the systems we run on.
const SOCKET_PATH_BYTES_MAX: usize = 103;

/// What the settings are read against.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Where relative paths of flags and variables start.
    pub current_dir: PathBuf,
    /// $SHELL.
    pub shell: Option<PathBuf>,
    /// The user's directories.
    pub directories: Directories,
}

impl Surroundings {
    /// Those of this process.
    pub fn from_env() -> Result<Self, ConfigError> {
        let current_dir = std::env::current_dir().map_err(|error| {
            ConfigError::new(format!("cannot tell the current directory: {error}"), "change to a directory that exists")
        })?;
        let shell = std::env::var_os("SHELL").map(PathBuf::from);
        Ok(Self { current_dir, shell, directories: Directories::from_env() })
    }
}

/// How `serve` speaks to whoever started it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presentation {
    /// One line of JSON on stdout, nothing for people.
    pub json: bool,
    /// A QR code: always, never, or where it is of use.
    pub qr: Option<bool>,
    /// Open the page in a browser.
    pub open: bool,
    /// How much is logged.
    pub log_level: LogLevel,
    /// How a log line looks.
    pub log_format: LogFormat,
}

/// Everything `serve` needs.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// For the server.
    pub config: Config,
    /// For the command line.
    pub presentation: Presentation,
}

/// What `settings` mean in these surroundings, or what is wrong with them.
pub fn resolve(settings: Settings, around: &Surroundings) -> Result<Resolved, ConfigError> {
    // A tilde on the command line is the shell's business; one that is left is part of a name.
    let settings = settings.anchored(&around.current_dir, None);
    let given = settings.data_dir.as_deref();
    let no_home =
        || ConfigError::new("cannot tell where to keep data: there is no home directory", "name one with --data-dir");
    let data_dir = around.directories.data_dir(given).ok_or_else(no_home)?;
    let runtime_dir = around.directories.runtime_dirs(given).into_iter().next().ok_or_else(no_home)?;
    let presentation = Presentation {
        json: settings.json.unwrap_or(false),
        qr: settings.no_qr.map(|no_qr| !no_qr),
        open: settings.open.unwrap_or(false),
        log_level: settings.log_level.unwrap_or_default(),
        log_format: settings.log_format.unwrap_or_default(),
    };
    let config = Config {
        root: root(settings.root.as_deref().unwrap_or(&around.current_dir))?,
        port: settings.port.unwrap_or(PORT_DEFAULT),
        lan: settings.lan.unwrap_or(false),
        bind: settings.bind.unwrap_or_default(),
        hosts: settings.host.unwrap_or_default().into_iter().map(HostName::into_string).collect(),
        tls: tls(settings.tls_cert, settings.tls_key)?,
        claude: settings.claude,
        claude_config_dir: settings.claude_config_dir,
        shell: shell(settings.shell, around.shell.as_deref())?,
        data_dir,
        runtime_dir,
        max_sessions: settings.max_sessions.map_or(MAX_SESSIONS_DEFAULT, usize::from),
        on_disconnect: settings.on_disconnect.unwrap_or(OnDisconnect::Kill),
        disconnect_grace: settings.disconnect_grace.map_or(DISCONNECT_GRACE_DEFAULT, |period| period.0),
        idle_timeout: match settings.idle_timeout.map(|period| period.0) {
            None => IDLE_TIMEOUT_DEFAULT,
            Some(Duration::ZERO) => NEVER,
            Some(timeout) => timeout,
        },
        allow_bypass: settings.allow_bypass.unwrap_or(false),
        clean_env: settings.clean_env.unwrap_or(false),
        env: settings.env.unwrap_or_default().into_iter().map(VariableName::into_string).collect(),
        limits: Limits::default(),
    };
    socket_fits(&config.control_socket())?;
    Ok(Resolved { config, presentation })
}

fn root(path: &Path) -> Result<PathBuf, ConfigError> {
    let refused = |why: String| {
        let message = format!("cannot use {} as the root directory: {why}", path.display());
        ConfigError::new(message, "name an existing directory with --root")
    };
    let root = path.canonicalize().map_err(|error| refused(said(&error)))?;
    if !root.is_dir() {
        return Err(refused("it is not a directory".to_owned()));
    }
    std::fs::read_dir(&root).map_err(|error| refused(said(&error)))?;
    Ok(root)
}

fn tls(cert: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<TlsFiles>, ConfigError> {
    match (cert, key) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(ConfigError::new("tls-cert is given without tls-key", "give both, or neither")),
        (None, Some(_)) => Err(ConfigError::new("tls-key is given without tls-cert", "give both, or neither")),
    }
}

/// A shell that was asked for has to work; one that is only $SHELL gives way to /bin/sh.
fn shell(given: Option<PathBuf>, from_env: Option<&Path>) -> Result<PathBuf, ConfigError> {
    let runs = |path: &Path| {
        path.is_absolute()
            && path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    match given {
        Some(path) if runs(&path) => Ok(path),
        Some(path) => Err(ConfigError::new(
            format!("cannot use {} as the shell: it is not an executable file", path.display()),
            "name a shell by its path with --shell",
        )),
        None => Ok(from_env.filter(|path| runs(path)).unwrap_or(Path::new("/bin/sh")).to_owned()),
    }
}

fn socket_fits(socket: &Path) -> Result<(), ConfigError> {
    let bytes = socket.as_os_str().len();
    if bytes <= SOCKET_PATH_BYTES_MAX {
        return Ok(());
    }
    let socket = socket.display();
    Err(ConfigError::new(
        format!("cannot put the control socket at {socket}: its path has {bytes} bytes, {SOCKET_PATH_BYTES_MAX} fit"),
        "choose a shorter --data-dir",
    ))
}

fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::NotADirectory => "it is not a directory".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
