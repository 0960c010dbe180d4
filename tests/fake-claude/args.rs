//! Arguments, in both spellings: `--flag=value` and `--flag value`.

pub(crate) struct Args(Vec<String>);

impl Args {
    pub(crate) fn from_env() -> Self {
        Self(std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect())
    }

    pub(crate) fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|arg| arg == flag)
    }

    pub(crate) fn value(&self, flag: &str) -> Option<&str> {
        self.0.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix(flag)? {
            "" => self.0.get(at + 1).map(String::as_str),
            rest => rest.strip_prefix('='),
        })
    }
}
