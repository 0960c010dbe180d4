//! The first frame of a socket proves who is there.

use super::Close;
use super::link::{Incoming, Link, text};
use crate::auth::Principal;
use crate::protocol::{ErrorCode, EventsClientMessage, EventsServerMessage};
use crate::web::context::{Caller, Context};

/// A token and a label fit easily; more is not read from someone unknown.
pub(super) const FIRST_FRAME_BYTES_MAX: usize = 4 * 1024;

/// Waits for the credential and answers `auth_ok`. The owner, on the control socket, needs none.
pub(super) async fn sign_in(context: &Context, caller: &Caller, link: &mut Link) -> Result<Principal, Close> {
    let principal = match &caller.principal {
        Some(principal) => principal.clone(),
        None => {
            let patience = context.config().limits.socket_auth;
            let first = tokio::time::timeout(patience, link.incoming.next())
                .await
                .map_err(|_| Close::policy("no credential in time"))?;
            let Incoming::Text(first) = first else { return Err(Close::policy("the first frame must be auth")) };
            // The first frame is the same on every socket.
            let Ok(EventsClientMessage::Auth { token, device }) = serde_json::from_str(&first) else {
                return Err(Close::policy("the first frame must be auth"));
            };
            let known = context.log_in(&token, &caller.peer).map_err(|error| match error.code() {
                ErrorCode::RateLimited => Close::policy("too many failed logins"),
                _ => Close::SIGNED_OUT,
            })?;
            known.labelled(device.as_deref())
        }
    };
    let welcome = EventsServerMessage::AuthOk { principal: principal.name().to_owned() };
    link.send(text(&welcome)).await.map_err(|()| Close::policy("gone"))?;
    Ok(principal)
}
