//! Access tokens: 256 random bits, handed out once, kept only as SHA-256.

use super::Principal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::sync::Mutex;
use subtle::ConstantTimeEq;
use tokio_util::sync::CancellationToken;

/// How many tokens may be live at once.
pub const LIVE_TOKENS_MAX: usize = 32;

/// Length of a token as text: 32 bytes in base64url without padding.
const TOKEN_CHARS: usize = 43;

/// No token is silently taken from anyone to make room.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{LIVE_TOKENS_MAX} access tokens are live, the limit; replace them all with `claude-web token new --replace`")]
pub struct TooManyTokens;

/// The live access tokens.
#[derive(Debug, Default)]
pub struct Tokens {
    live: Mutex<Live>,
}

#[derive(Debug, Default)]
struct Live {
    next_number: u64,
    tokens: Vec<Token>,
}

#[derive(Debug)]
struct Token {
    number: u64,
    digest: [u8; 32],
    ended: CancellationToken,
}

impl Tokens {
    /// No tokens yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new token beside the others.
    pub fn issue(&self) -> Result<String, TooManyTokens> {
        let mut live = self.lock();
        if live.tokens.len() >= LIVE_TOKENS_MAX {
            return Err(TooManyTokens);
        }
        Ok(live.issue())
    }

    /// A new token instead of the others; their sockets and requests end.
    pub fn replace_all(&self) -> String {
        let mut live = self.lock();
        for token in live.tokens.drain(..) {
            token.ended.cancel();
        }
        live.issue()
    }

    /// Whose token this is. Looks at every live token whatever it finds, so that time tells nothing.
    pub fn check(&self, token: &str) -> Option<Principal> {
        let digest = digest_of(token);
        let well_formed = token.len() == TOKEN_CHARS;
        let live = self.lock();
        let mut found = None;
        for candidate in &live.tokens {
            if bool::from(candidate.digest.ct_eq(&digest)) && well_formed {
                found = Some(candidate);
            }
        }
        found.map(|token| Principal::of_token(token.number, token.ended.clone()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Live {
    fn issue(&mut self) -> String {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret).expect("the operating system has a random source");
        let text = URL_SAFE_NO_PAD.encode(secret);
        let number = self.next_number;
        self.next_number += 1;
        self.tokens.push(Token { number, digest: digest_of(&text), ended: CancellationToken::new() });
        text
    }
}

fn digest_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_token_is_known() {
        let tokens = Tokens::new();
        assert!(tokens.check("").is_none(), "no token is live yet");
        let token = tokens.issue().expect("first");
        assert_eq!(token.len(), TOKEN_CHARS);
        assert!(tokens.check(&token).is_some());
        let mut last_changed = token.clone();
        last_changed.pop();
        last_changed.push(if token.ends_with('A') { 'B' } else { 'A' });
        for wrong in ["", "x", &token[1..], &format!("{token}="), &format!(" {token}"), &last_changed] {
            assert!(tokens.check(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn replaced_tokens_end_at_once() {
        let tokens = Tokens::new();
        let first = tokens.issue().expect("first");
        let principal = tokens.check(&first).expect("known");
        let second = tokens.replace_all();
        assert!(principal.ended().is_cancelled());
        assert!(tokens.check(&first).is_none());
        assert!(!tokens.check(&second).expect("known").ended().is_cancelled());
    }

    #[test]
    fn the_33rd_token_is_refused_and_none_is_evicted() {
        let tokens = Tokens::new();
        let first = tokens.issue().expect("first");
        for _ in 1..LIVE_TOKENS_MAX {
            tokens.issue().expect("room");
        }
        assert_eq!(tokens.issue(), Err(TooManyTokens));
        assert!(tokens.check(&first).is_some());
    }

    #[test]
    fn tokens_are_kept_only_as_digests() {
        let tokens = Tokens::new();
        let token = tokens.issue().expect("first");
        assert!(!format!("{tokens:?}").contains(&token));
    }
}
