//! Newtyped ids. Those that come from clients are checked while they are parsed, so a value of one of
//! these types is always well-formed.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A session of this server. For new chats it is also Claude's own session id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for SessionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self)
    }
}

/// Names one run of a replay log; a different epoch means that earlier cursors say nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct Epoch(pub String);

/// What one text field of a client may hold before it is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{what} must be 1 to {max} characters of A-Z a-z 0-9 and {punctuation}")]
pub struct InvalidId {
    what: &'static str,
    max: usize,
    punctuation: &'static str,
}

macro_rules! checked_text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $punctuation:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(type = "string"))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let allowed = |c: char| c.is_ascii_alphanumeric() || $punctuation.contains(c);
                // A leading dash could be read as a flag by a program the value is handed to.
                let well_formed =
                    !text.is_empty() && text.len() <= $max && !text.starts_with('-') && text.chars().all(allowed);
                if well_formed {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { what: $what, max: $max, punctuation: $punctuation })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked_text_id! {
    /// Chosen by a client for one command; the command runs once however often it is sent.
    ClientId, "client_id", 64, "-_."
}
checked_text_id! {
    /// One open approval, question or plan; made by the CLI.
    PromptId, "request_id", 128, "-_.:"
}
checked_text_id! {
    /// Names one stream of terminal input, so that a reconnect neither drops nor repeats a key.
    InputId, "input_id", 64, "-_."
}
checked_text_id! {
    /// A model alias or full model id, as `claude --model` takes it.
    ModelName, "model", 128, "-_.:@/[]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_could_become_a_flag_or_leave_its_token_is_no_model_name() {
        for bad in ["", "-p", "--settings={}", "a b", "a\nb", "a=b", "a,b", "a\0", "ö", &"x".repeat(129)] {
            assert!(bad.parse::<ModelName>().is_err(), "{bad:?}");
        }
        for good in ["opus", "sonnet[1m]", "claude-opus-4-8", "us.anthropic.claude-3:0", "vertex/claude@2025"] {
            assert!(good.parse::<ModelName>().is_ok(), "{good:?}");
        }
    }

    #[test]
    fn a_session_id_is_a_uuid_and_nothing_else() {
        for bad in ["", "--resume", "../../x", "a/b", "123", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"] {
            assert!(bad.parse::<SessionId>().is_err(), "{bad:?}");
        }
    }
}
