//! User messages: at once to Claude, or first into the queue; and changes of the queue.

use super::super::content;
use super::super::queue::Queued;
use super::Actor;
use super::ending::Stage;
use crate::claude::encode;
use crate::protocol::{AckStatus, ChatEvent, ClientId, Content, MessageOrigin, QueueChange, SendWhen};
use crate::sessions::SessionError;
use crate::sessions::core::lock;

/// Messages the CLI has not taken into a turn yet. Fewer than the lines stdin queues, so that asking all of them back
/// leaves room for the interrupt behind it.
const WAITING_MAX: usize = 100;

impl Actor {
    pub(super) fn send(
        &mut self,
        client_id: &ClientId,
        content: Vec<Content>,
        when: SendWhen,
        who: &str,
    ) -> Result<AckStatus, SessionError> {
        content::check(&content)?;
        let message = Queued { client_id: client_id.clone(), content, by: who.to_owned() };
        // Whoever writes after a stop wants to go on: with this message, and then with those that waited.
        let behind_others = !self.queue.is_empty() && !self.queue.is_paused();
        if when == SendWhen::Queue && (self.is_occupied() || behind_others) {
            let shown = message.shown();
            self.queue.push(message)?;
            self.push(shown);
            self.push(self.queue.shown());
        } else {
            self.hand_over(&message)?;
            if !self.is_at_work_besides(client_id) && self.queue.resume() {
                self.push(self.queue.shown());
            }
        }
        self.core().touch_activity();
        self.show_state();
        Ok(AckStatus::Accepted)
    }

    pub(super) fn change_queue(&mut self, change: QueueChange, who: &str) -> Result<AckStatus, SessionError> {
        match change {
            QueueChange::Edit { target, content } => {
                content::check(&content)?;
                let shown = self.queue.edit(&target, content, who)?.shown();
                self.push(shown);
            }
            QueueChange::Remove { target } => {
                let message = self.queue.take(&target)?;
                self.push(self.cancelled(message));
                self.push(self.queue.shown());
            }
            QueueChange::Move { target, before } => {
                self.queue.place(&target, before.as_ref())?;
                self.push(self.queue.shown());
            }
            QueueChange::SendNow { target } => {
                let message = self.queue.get(&target)?.clone();
                self.hand_over(&message)?;
                self.queue.take(&target)?;
                self.push(self.queue.shown());
            }
            QueueChange::Resume => {
                self.queue.resume();
                self.push(self.queue.shown());
            }
        }
        self.show_state();
        Ok(AckStatus::Accepted)
    }

    /// The user stopped Claude, or its turn failed: what waits is not to start the next turn by itself.
    pub(super) fn pause_queue(&mut self) {
        if self.queue.pause() {
            self.push(self.queue.shown());
        }
    }

    /// Hands over the next message once Claude is done with everything before it.
    pub(super) fn hand_over_next(&mut self) {
        if self.stage != Stage::Running || self.queue.is_paused() || self.is_occupied() {
            return;
        }
        let Some(message) = self.queue.first().cloned() else { return };
        match self.hand_over(&message) {
            Ok(()) => {
                self.hand_over_failed = false;
                // It was found a moment ago.
                let _ = self.queue.take(&message.client_id);
                self.push(self.queue.shown());
            }
            // It is tried again with whatever happens next, and told once.
            Err(_) if self.hand_over_failed => {}
            Err(error) => {
                self.hand_over_failed = true;
                self.warn(
                    "queue_stuck",
                    format!("The next message could not be handed to Claude and waits on: {error}."),
                );
            }
        }
    }

    /// Everything that waits is given up: the session has ended.
    pub(super) fn cancel_queue(&mut self) {
        let messages = self.queue.take_all();
        if messages.is_empty() {
            return;
        }
        for message in messages {
            self.push(self.cancelled(message));
        }
        self.push(self.queue.shown());
    }

    /// Claude works, is about to, or waits for an answer.
    fn is_occupied(&self) -> bool {
        self.turn.is_busy() || !lock(&self.shared.prompts).is_empty()
    }

    fn is_at_work_besides(&self, client_id: &ClientId) -> bool {
        self.turn.is_busy_besides(client_id) || !lock(&self.shared.prompts).is_empty()
    }

    fn cancelled(&self, message: Queued) -> ChatEvent {
        let uuid = encode::message_uuid(&self.core().id, &message.client_id);
        ChatEvent::UserMessageCancelled { message_id: uuid.to_string(), client_id: Some(message.client_id) }
    }

    fn hand_over(&mut self, message: &Queued) -> Result<(), SessionError> {
        let Queued { client_id, content, by } = message;
        if self.turn.in_hand() >= WAITING_MAX {
            return Err(SessionError::Overloaded);
        }
        let uuid = encode::message_uuid(&self.core().id, client_id);
        self.write(encode::user_message(uuid, content))?;
        self.turn.sent(uuid, client_id.clone());
        if let Some(title) = content::title(content)
            && self.core().suggest_title(&title)
        {
            self.push(ChatEvent::Title { title });
        }
        self.push(ChatEvent::UserMessage {
            client_id: Some(client_id.clone()),
            message_id: Some(uuid.to_string()),
            content: content.clone(),
            origin: MessageOrigin::User,
            by: Some(by.clone()),
            parent_tool_use_id: None,
        });
        Ok(())
    }
}
