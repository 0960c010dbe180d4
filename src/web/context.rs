//! What handlers work with, and who they work for.

use super::ApiError;
use crate::auth::{Names, Principal, Rates, RetryAfter, Slot, Slots, Tokens};
use crate::config::Config;
use crate::paths::{Finder, Root};
use crate::sessions::Registry;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What the composition root hands to the web.
#[derive(Debug)]
pub struct Parts {
    /// Limits and policies.
    pub config: Arc<Config>,
    /// The root, for directory listings.
    pub root: Root,
    /// All sessions.
    pub registry: Registry,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Names this server answers to.
    pub names: Arc<Names>,
    /// Owner of every task.
    pub tracker: TaskTracker,
    /// Cancelled when sockets must go.
    pub closing: CancellationToken,
}

/// Shared by everything under `web`; cheap to clone.
#[derive(Debug, Clone)]
pub struct Context {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    parts: Parts,
    started: Instant,
    failed_logins: Rates<IpAddr>,
    requests: Rates<u64>,
    unauthenticated_sockets: Slots,
    finder: Arc<Finder>,
}

/// Where a connection comes from.
#[derive(Debug, Clone)]
pub enum Peer {
    /// Through TLS; the slot counts the connection until the last use of it is over.
    Network {
        /// The other end.
        address: IpAddr,
        /// The connection's place.
        slot: Arc<Slot>,
    },
    /// Through the control socket, with the peer's user checked.
    Control,
}

/// Who makes a request; put into its extensions by the gate.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// None only on public routes and before a socket's first frame.
    pub(super) principal: Option<Principal>,
    pub(super) peer: Peer,
}

impl Context {
    pub(super) fn new(parts: Parts) -> Self {
        let limits = &parts.config.limits;
        let shared = Shared {
            started: Instant::now(),
            failed_logins: Rates::per_minute(limits.failed_logins_per_minute),
            requests: Rates::per_minute(limits.requests_per_minute),
            unauthenticated_sockets: Slots::new(limits.unauthenticated_sockets_per_address, limits.connections),
            finder: Arc::default(),
            parts,
        };
        Self { shared: Arc::new(shared) }
    }

    pub(super) fn config(&self) -> &Config {
        &self.shared.parts.config
    }

    pub(super) fn root(&self) -> &Root {
        &self.shared.parts.root
    }

    pub(super) fn finder(&self) -> Arc<Finder> {
        Arc::clone(&self.shared.finder)
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.shared.parts.registry
    }

    pub(super) fn tokens(&self) -> &Tokens {
        &self.shared.parts.tokens
    }

    pub(super) fn names(&self) -> &Names {
        &self.shared.parts.names
    }

    pub(super) fn tracker(&self) -> &TaskTracker {
        &self.shared.parts.tracker
    }

    pub(super) fn closing(&self) -> &CancellationToken {
        &self.shared.parts.closing
    }

    pub(super) fn started(&self) -> Instant {
        self.shared.started
    }

    pub(super) fn unauthenticated_sockets(&self) -> &Slots {
        &self.shared.unauthenticated_sockets
    }

    /// Checks a token. A wrong one costs its address something; a good one is never locked out.
    pub(super) fn log_in(&self, token: &str, peer: &Peer) -> Result<Principal, ApiError> {
        if let Some(principal) = self.tokens().check(token) {
            return Ok(principal);
        }
        match peer {
            Peer::Control => Err(ApiError::unauthenticated()),
            Peer::Network { address, .. } => match self.shared.failed_logins.take_address(*address) {
                Ok(()) => {
                    tracing::warn!(%address, "a wrong access token was refused");
                    Err(ApiError::unauthenticated())
                }
                Err(RetryAfter(wait)) => Err(ApiError::rate_limited("too many failed logins", wait)),
            },
        }
    }

    /// Counts a request of `principal`; the owner's are not counted.
    pub(super) fn count_request(&self, principal: &Principal) -> Result<(), ApiError> {
        let Some(number) = principal.token() else { return Ok(()) };
        self.shared
            .requests
            .take(&number)
            .map_err(|RetryAfter(wait)| ApiError::rate_limited("too many requests with this access token", wait))
    }
}

impl Caller {
    /// The principal that the gate has proved for a route that needs one.
    pub(super) fn proved(&self) -> Result<&Principal, ApiError> {
        self.principal.as_ref().ok_or_else(ApiError::unauthenticated)
    }
}
