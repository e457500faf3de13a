//! Everything that is said over a socket, as the AsyncAPI document shows it.

use serde_json::Value;

pub use super::described::{Described, Field};
use super::{
    commands::{ChatId, MessageId, People, Signal, Subscribe},
    described::Schema,
    frames::{ChatHead, CloseCode, Notice},
};

/// A command, as the document shows it.
pub struct Command {
    /// Its `type`.
    pub kind: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What it carries of its own.
    pub fields: Vec<Field>,
    /// The body over HTTP whose fields it carries, too, by the name of its schema.
    pub body: Option<&'static str>,
    /// The `data` of its `ack`, by the name of its schema; `None` for an empty object.
    pub answer: Option<&'static str>,
    /// Whether it is taken at the gateway alone.
    pub is_of_gateway: bool,
}

/// The fields of a [`Command`], in their order.
type Row = (&'static str, &'static str, Vec<Field>, Option<&'static str>, Option<&'static str>);

/// The schema of the `ack` of a subscription.
pub const HEAD: &str = "ChatHead";

/// The frames of the server that are not entries of a log.
pub fn frames() -> Vec<Described> {
    Notice::described()
}

/// The commands of clients.
pub fn commands() -> Vec<Command> {
    let all: [Row; 14] = [
        (
            "chat.subscribe",
            "Follow a chat: all after `after_seq` comes, then `caught_up`, then what happens from now on. `after_id` proves that it is the same log.",
            Subscribe::fields(),
            None,
            Some(HEAD),
        ),
        ("chat.unsubscribe", "Follow a chat no more.", ChatId::fields(), None, None),
        (
            "chat.send",
            "Say something. The same `client_id` again is the same message.",
            ChatId::fields(),
            Some("NewMessage"),
            Some("Message"),
        ),
        (
            "chat.edit",
            "Change the words of a message of one's own.",
            MessageId::fields(),
            Some("MessageChange"),
            Some("Message"),
        ),
        ("chat.recall", "Take a message back.", MessageId::fields(), None, None),
        ("chat.read", "Move the read mark, never back.", ChatId::fields(), Some("ReadUpTo"), None),
        ("chat.typing", "The others who follow the chat see it.", ChatId::fields(), None, None),
        ("chat.create", "Make a chat.", vec![], Some("NewChat"), Some("Chat")),
        ("chat.join", "Become a member of a chat.", ChatId::fields(), None, Some("Member")),
        ("chat.leave", "Leave a chat.", ChatId::fields(), None, None),
        (
            "presence.subscribe",
            "Watch whether 1 to 500 people are online: friends, and people in chats of one's own. Their present state comes at once.",
            People::fields(),
            None,
            None,
        ),
        ("presence.unsubscribe", "Watch them no more.", People::fields(), None, None),
        (
            "call.signal",
            "Hand `data` to the sockets on which another member follows the chat.",
            Signal::fields(),
            None,
            None,
        ),
        ("ping", "Answered by `pong`.", vec![], None, None),
    ];
    let all = all.into_iter();
    all.map(|(kind, about, fields, body, answer)| {
        let is_of_gateway = ["chat.subscribe", "chat.unsubscribe"].contains(&kind);
        Command { kind, about, fields, body, answer, is_of_gateway }
    })
    .collect()
}

/// The schema of the `ack` of a subscription.
pub fn head() -> Value {
    ChatHead::schema()
}

/// Why the server closes a socket: the code, and what it means.
pub fn close_codes() -> Vec<(u16, &'static str)> {
    CloseCode::described()
}
