//! Names that are checked while they are read, so that a value of one of these types is always well-formed.

use serde::Deserialize;
use std::net::IpAddr;
use std::str::FromStr;

/// A host name or address this server is reached by; lower case, no port, no brackets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostName(String);

impl HostName {
    /// The name.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Text that is no host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a host is a name such as box.example.net or an address, without scheme, port or wildcard")]
pub struct InvalidHost;

impl FromStr for HostName {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self(address.to_string()));
        }
        let label = |label: &str| {
            let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            (1..=63).contains(&label.len())
                && label.bytes().all(inner)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // Browsers read a name that ends in digits as an address (`127.1`), so it would never be sent as written.
        let ends_in_digits = text.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        if text.len() <= 253 && text.split('.').all(label) && !ends_in_digits {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(InvalidHost)
        }
    }
}

impl TryFrom<String> for HostName {
    type Error = InvalidHost;

    fn try_from(text: String) -> Result<Self, InvalidHost> {
        text.parse()
    }
}

/// The name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct VariableName(String);

impl VariableName {
    /// The name.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Text that is no name of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a variable is letters, digits and _, without a value; the value comes from the environment")]
pub struct InvalidVariable;

impl FromStr for VariableName {
    type Err = InvalidVariable;

    fn from_str(text: &str) -> Result<Self, InvalidVariable> {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let named = !text.is_empty() && text.bytes().all(inner) && !text.as_bytes()[0].is_ascii_digit();
        if named { Ok(Self(text.to_owned())) } else { Err(InvalidVariable) }
    }
}

impl TryFrom<String> for VariableName {
    type Error = InvalidVariable;

    fn try_from(text: String) -> Result<Self, InvalidVariable> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_or_addresses_and_nothing_else() {
        for (text, name) in
            [("Box.Example.NET", "box.example.net"), ("10.0.0.1", "10.0.0.1"), ("::1", "::1"), ("my_box", "my_box")]
        {
            assert_eq!(text.parse(), Ok(HostName(name.to_owned())), "{text}");
        }
        for bad in ["", ".", "a..b", "*.example.net", "https://a", "a:8443", "-a", "a b", "a/b", "127.1", "ö", "[::1]"]
        {
            assert_eq!(bad.parse::<HostName>(), Err(InvalidHost), "{bad:?}");
        }
    }

    #[test]
    fn a_variable_is_named_and_not_given_a_value() {
        assert!("JAVA_HOME".parse::<VariableName>().is_ok());
        for bad in ["", "A=b", "1A", "A B", "A-B", "A\0", "*"] {
            assert_eq!(bad.parse::<VariableName>(), Err(InvalidVariable), "{bad:?}");
        }
    }
}
