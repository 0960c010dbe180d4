//! The events socket: the list of sessions, live.

use super::link::{Incoming, Outgoing, Pace, Source, error, malformed, text};
use super::{Arrival, upgrade};
use crate::protocol::{ErrorCode, EventsClientMessage, EventsServerMessage};
use crate::sessions::ListCursor;
use crate::web::ApiError;
use tokio_tungstenite::tungstenite::Message;
use warp::reply::Response;

pub(in crate::web) fn events(arrival: Arrival) -> Result<Response, ApiError> {
    let message_bytes = arrival.context.config().limits.events_message_bytes;
    upgrade::accept(arrival, message_bytes, |context, principal, link| async move {
        let list = List { cursor: context.registry().follow(), told_all: false };
        let limits = &context.config().limits;
        let read = |mut reader: super::link::Reader, out: tokio::sync::mpsc::Sender<Outgoing<List>>| async move {
            let mut pace = Pace::new(super::chat::FRAMES_PER_SECOND, super::chat::FRAMES_BURST);
            loop {
                let answer = match reader.frame(limits, &mut pace).await {
                    Err(close) => return (reader, close),
                    Ok(Incoming::Text(frame)) => match serde_json::from_str(&frame) {
                        Ok(EventsClientMessage::Auth { .. }) => continue,
                        Err(reason) => malformed(&reason),
                    },
                    Ok(Incoming::Binary(_)) => error(ErrorCode::BadRequest, "this socket takes text frames only"),
                    Ok(_) => continue,
                };
                if out.send(Outgoing::Frame(answer)).await.is_err() {
                    return (reader, None);
                }
            }
        };
        link.run(&context, &principal, Some(list), read).await;
    })
}

/// The list as frames.
struct List {
    cursor: ListCursor,
    told_all: bool,
}

impl Source for List {
    async fn next(&mut self) -> Option<Vec<Message>> {
        loop {
            let change = self.cursor.next().await;
            if !std::mem::replace(&mut self.told_all, true) {
                return Some(vec![text(&EventsServerMessage::Snapshot { sessions: change.changed })]);
            }
            let changed = change.changed.into_iter().map(|session| text(&EventsServerMessage::Session { session }));
            let removed = change.removed.into_iter().map(|id| text(&EventsServerMessage::SessionRemoved { id }));
            let frames: Vec<Message> = changed.chain(removed).collect();
            if !frames.is_empty() {
                return Some(frames);
            }
        }
    }
}
