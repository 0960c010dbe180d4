//! Messages that wait until Claude is done, in the order they will be handed over.

use super::content;
use crate::protocol::{ChatEvent, ClientId, Content};
use crate::sessions::SessionError;
use std::collections::VecDeque;

/// More than anybody writes in advance.
const MESSAGES_MAX: usize = 100;
/// Of content, all messages together.
const BYTES_MAX: usize = 16 << 20;

/// A message that waits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Queued {
    pub client_id: ClientId,
    pub content: Vec<Content>,
    /// Who sent or last changed it.
    pub by: String,
}

impl Queued {
    /// What everybody is told when it is new, or new in what it says.
    pub(super) fn shown(&self) -> ChatEvent {
        ChatEvent::UserMessageQueued {
            client_id: self.client_id.clone(),
            content: self.content.clone(),
            by: Some(self.by.clone()),
        }
    }
}

/// The messages of one session that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    messages: VecDeque<Queued>,
    paused: bool,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused
    }

    pub(super) fn holds(&self, id: &ClientId) -> bool {
        self.messages.iter().any(|message| message.client_id == *id)
    }

    pub(super) fn first(&self) -> Option<&Queued> {
        self.messages.front()
    }

    /// What waits, next first.
    pub(super) fn messages(&self) -> impl Iterator<Item = &Queued> {
        self.messages.iter()
    }

    /// A message that waits, where it is.
    pub(super) fn get(&self, id: &ClientId) -> Result<&Queued, SessionError> {
        Ok(&self.messages[self.find(id)?])
    }

    /// The queue as everybody sees it.
    pub(super) fn shown(&self) -> ChatEvent {
        let order = self.messages.iter().map(|message| message.client_id.clone()).collect();
        ChatEvent::Queue { order, paused: self.paused }
    }

    /// Puts a message at the end.
    pub(super) fn push(&mut self, message: Queued) -> Result<(), SessionError> {
        if self.messages.len() >= MESSAGES_MAX || self.bytes() + content::weight(&message.content) > BYTES_MAX {
            return Err(SessionError::Overloaded);
        }
        self.messages.push_back(message);
        Ok(())
    }

    /// Lets a message say something else; gives it as it is now.
    pub(super) fn edit(&mut self, id: &ClientId, says: Vec<Content>, by: &str) -> Result<&Queued, SessionError> {
        let at = self.find(id)?;
        let others = self.bytes() - content::weight(&self.messages[at].content);
        if others + content::weight(&says) > BYTES_MAX {
            return Err(SessionError::Overloaded);
        }
        self.messages[at].content = says;
        self.messages[at].by = by.to_owned();
        Ok(&self.messages[at])
    }

    /// Takes a message out.
    pub(super) fn take(&mut self, id: &ClientId) -> Result<Queued, SessionError> {
        let at = self.find(id)?;
        let taken = self.messages.remove(at).ok_or_else(|| not_waiting(id))?;
        self.rest();
        Ok(taken)
    }

    /// Puts a message before another one, or at the end.
    pub(super) fn place(&mut self, id: &ClientId, before: Option<&ClientId>) -> Result<(), SessionError> {
        let from = self.find(id)?;
        if let Some(before) = before {
            self.find(before)?;
        }
        if before == Some(id) {
            return Ok(());
        }
        let message = self.messages.remove(from).ok_or_else(|| not_waiting(id))?;
        let to = before.and_then(|before| self.find(before).ok()).unwrap_or(self.messages.len());
        self.messages.insert(to, message);
        Ok(())
    }

    /// Gives up on all of them.
    pub(super) fn take_all(&mut self) -> Vec<Queued> {
        self.paused = false;
        self.messages.drain(..).collect()
    }

    /// Nothing is handed over until [`Queue::resume`]; tells whether that is a change. An empty queue has nothing to
    /// hold back.
    pub(super) fn pause(&mut self) -> bool {
        !self.messages.is_empty() && !std::mem::replace(&mut self.paused, true)
    }

    /// Goes on; tells whether that is a change.
    pub(super) fn resume(&mut self) -> bool {
        std::mem::take(&mut self.paused)
    }

    fn rest(&mut self) {
        if self.messages.is_empty() {
            self.paused = false;
        }
    }

    /// Of content.
    pub(super) fn bytes(&self) -> usize {
        self.messages.iter().map(|message| content::weight(&message.content)).sum()
    }

    fn find(&self, id: &ClientId) -> Result<usize, SessionError> {
        self.messages.iter().position(|message| message.client_id == *id).ok_or_else(|| not_waiting(id))
    }
}

fn not_waiting(id: &ClientId) -> SessionError {
    SessionError::Invalid { message: format!("the message {id} no longer waits; Claude has it, or it was taken back") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(id: &str) -> ClientId {
        id.parse().expect("id")
    }

    fn message(name: &str, bytes: usize) -> Queued {
        Queued { client_id: id(name), content: vec![Content::Text { text: "x".repeat(bytes) }], by: "a".into() }
    }

    fn queue(names: &[&str]) -> Queue {
        let mut queue = Queue::default();
        for name in names {
            queue.push(message(name, 1)).expect("room");
        }
        queue
    }

    fn order(queue: &Queue) -> String {
        queue.messages.iter().map(|message| message.client_id.as_str()).collect()
    }

    #[test]
    fn messages_leave_in_the_order_they_were_put() {
        let mut queue = queue(&["a", "b", "c", "d"]);
        let moves = [("d", Some("a"), "dabc"), ("d", None, "abcd"), ("b", Some("b"), "abcd"), ("a", Some("d"), "bcad")];
        for (target, before, wanted) in moves {
            queue.place(&id(target), before.map(id).as_ref()).expect("moves");
            assert_eq!(order(&queue), wanted);
        }
        assert!(queue.place(&id("a"), Some(&id("nope"))).is_err());
        assert!(queue.place(&id("nope"), None).is_err());
        assert_eq!(order(&queue), "bcad", "a refused move changes nothing");
        assert_eq!(queue.take(&id("c")).expect("there").client_id, id("c"));
        assert!(queue.take(&id("c")).is_err());
        assert_eq!(order(&queue), "bad");
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut queue = Queue::default();
        for n in 0..MESSAGES_MAX {
            queue.push(message(&n.to_string(), 0)).expect("room");
        }
        assert!(matches!(queue.push(message("more", 0)), Err(SessionError::Overloaded)));
        let mut queue = self::queue(&["a"]);
        queue.push(message("b", BYTES_MAX - 1 - 2 * content::PART_BYTES)).expect("just fits");
        assert!(queue.push(message("c", 1)).is_err());
        let larger = message("a", 2).content;
        assert!(matches!(queue.edit(&id("a"), larger, "b"), Err(SessionError::Overloaded)));
        let edited = queue.edit(&id("b"), message("b", 5).content, "phone").expect("fits");
        assert_eq!((edited.by.as_str(), content::weight(&edited.content)), ("phone", 5 + content::PART_BYTES));
    }

    #[test]
    fn a_message_of_many_empty_parts_is_no_light_one() {
        let parts = vec![Content::Text { text: String::new() }; BYTES_MAX / 32];
        let mut queue = queue(&["a"]);
        let crowd = Queued { content: parts.clone(), ..message("b", 0) };
        assert!(matches!(queue.push(crowd), Err(SessionError::Overloaded)));
        assert!(matches!(queue.edit(&id("a"), parts, "b"), Err(SessionError::Overloaded)));
        assert_eq!(order(&queue), "a");
    }

    /// What may be done to a queue, each to the message at an index of those ever put.
    #[derive(Debug, Clone)]
    enum Step {
        Put,
        Edit(usize),
        Move(usize, Option<usize>),
        Take(usize),
        Pause,
        Resume,
        /// Claude is done: the next one leaves, unless all are held back.
        TurnEnds,
    }

    fn step() -> impl Strategy<Value = Step> {
        let at = || 0..12_usize;
        prop_oneof![
            3 => Just(Step::Put),
            1 => at().prop_map(Step::Edit),
            2 => (at(), proptest::option::of(at())).prop_map(|(target, before)| Step::Move(target, before)),
            1 => at().prop_map(Step::Take),
            1 => Just(Step::Pause),
            1 => Just(Step::Resume),
            2 => Just(Step::TurnEnds),
        ]
    }

    proptest! {
        /// Any sequence of steps: the order is what a plain list would give, and nothing is lost or there twice.
        #[test]
        fn a_queue_is_a_list_that_can_be_held_back(steps in proptest::collection::vec(step(), 0..60)) {
            let (mut queue, mut list, mut paused) = (Queue::default(), Vec::<String>::new(), false);
            let (mut put, mut left) = (0, Vec::new());
            let name = |at: usize| format!("m{at}");
            for step in steps {
                match step {
                    Step::Put => {
                        queue.push(message(&name(put), 1)).expect("room");
                        list.push(name(put));
                        put += 1;
                    }
                    Step::Edit(at) => {
                        let edited = queue.edit(&id(&name(at)), message("x", 2).content, "other");
                        prop_assert_eq!(edited.is_ok(), list.contains(&name(at)));
                    }
                    Step::Move(target, before) => {
                        let known = |at: usize| list.contains(&name(at));
                        let fits = known(target) && before.is_none_or(known);
                        let moved = queue.place(&id(&name(target)), before.map(|at| id(&name(at))).as_ref());
                        prop_assert_eq!(moved.is_ok(), fits);
                        if fits && before != Some(target) {
                            list.retain(|known| *known != name(target));
                            let to = before.and_then(|before| list.iter().position(|known| *known == name(before)));
                            list.insert(to.unwrap_or(list.len()), name(target));
                        }
                    }
                    Step::Take(at) => {
                        let known = list.contains(&name(at));
                        prop_assert_eq!(queue.take(&id(&name(at))).is_ok(), known);
                        list.retain(|known| *known != name(at));
                        left.extend(known.then(|| name(at)));
                    }
                    Step::Pause => {
                        queue.pause();
                        paused = !list.is_empty();
                    }
                    Step::Resume => {
                        queue.resume();
                        paused = false;
                    }
                    Step::TurnEnds => {
                        let next = queue.first().filter(|_| !queue.is_paused()).map(|next| next.client_id.clone());
                        prop_assert_eq!(next.as_ref().map(ClientId::as_str), list.first().filter(|_| !paused).map(String::as_str));
                        if let Some(next) = next {
                            queue.take(&next).expect("there");
                            left.push(list.remove(0));
                        }
                    }
                }
                paused &= !list.is_empty();
                let order: Vec<String> = queue.messages().map(|message| message.client_id.as_str().to_owned()).collect();
                prop_assert_eq!(&order, &list);
                prop_assert_eq!((queue.is_paused(), left.len() + list.len()), (paused, put));
            }
        }
    }

    #[test]
    fn only_a_queue_that_holds_something_pauses() {
        let mut queue = Queue::default();
        assert!(!queue.pause());
        queue.push(message("a", 1)).expect("room");
        assert!(queue.pause() && !queue.pause() && queue.is_paused());
        assert!(queue.resume() && !queue.resume());
        queue.pause();
        queue.take(&id("a")).expect("there");
        assert!(!queue.is_paused(), "the last one gone, nothing is held back");
    }
}
