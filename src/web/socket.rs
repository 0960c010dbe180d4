//! The sockets: upgrade, first frame, then one loop per kind.

mod auth;
mod budget;
mod chat;
mod events;
mod link;
mod terminal;
mod upgrade;

pub(super) use chat::chat;
pub(super) use events::events;
pub(super) use terminal::terminal;

use super::context::{Caller, Context};
use http::HeaderMap;
use hyper::upgrade::OnUpgrade;

/// A request for a socket, admitted by the gate.
pub(super) struct Arrival {
    pub(super) context: Context,
    pub(super) caller: Caller,
    pub(super) headers: HeaderMap,
    pub(super) on_upgrade: Option<OnUpgrade>,
}

/// Why the server ends a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Close {
    code: u16,
    reason: &'static str,
}

impl Close {
    const PROTOCOL: Self = Self { code: 1002, reason: "protocol error" };
    const NOT_UTF8: Self = Self { code: 1007, reason: "text is not UTF-8" };
    const TOO_BIG: Self = Self { code: 1009, reason: "message too big" };
    const RESTARTING: Self = Self { code: 1012, reason: "server is stopping" };
    const SIGNED_OUT: Self = Self { code: 4401, reason: "sign in again" };
    const NO_SESSION: Self = Self { code: 4404, reason: "no such session" };

    const fn policy(reason: &'static str) -> Self {
        Self { code: 1008, reason }
    }
}
