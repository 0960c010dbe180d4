//! Proof that a credential was checked.

use tokio_util::sync::CancellationToken;

/// Longest device label kept, in characters.
const LABEL_CHARS_MAX: usize = 64;

/// Someone whose credential was good; only `auth` makes one from a token.
#[derive(Debug, Clone)]
pub struct Principal {
    name: String,
    /// None for the owner: whoever may open the control socket.
    token: Option<u64>,
    ended: CancellationToken,
}

impl Principal {
    /// The user of this machine, through the control socket.
    pub fn owner() -> Self {
        Self { name: "this computer".to_owned(), token: None, ended: CancellationToken::new() }
    }

    pub(super) fn of_token(number: u64, ended: CancellationToken) -> Self {
        Self { name: "access token".to_owned(), token: Some(number), ended }
    }

    /// The same principal under the label a client gave itself; control characters are dropped.
    pub fn labelled(mut self, label: Option<&str>) -> Self {
        let clean: String = label.unwrap_or_default().chars().filter(|c| !is_deceptive(*c)).collect();
        let clean: String = clean.trim().chars().take(LABEL_CHARS_MAX).collect();
        if !clean.is_empty() {
            self.name = clean;
        }
        self
    }

    /// The name shown to others.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of the access token; none for the owner.
    pub fn token(&self) -> Option<u64> {
        self.token
    }

    /// Cancelled once the credential no longer counts.
    pub fn ended(&self) -> &CancellationToken {
        &self.ended
    }
}

/// Characters that would let a label look like something else in a list: controls and direction overrides.
fn is_deceptive(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_harmless() {
        let name = |label: Option<&str>| Principal::owner().labelled(label).name().to_owned();
        assert_eq!(name(None), "this computer");
        assert_eq!(name(Some("  ")), "this computer");
        assert_eq!(name(Some("Chrome on\nLinux\u{202e}")), "Chrome onLinux");
        assert_eq!(name(Some(&"x".repeat(100))).len(), LABEL_CHARS_MAX);
    }
}
