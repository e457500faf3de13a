//! What is told to a client, as finished WebSocket frames: encoded once, the same bytes for every socket.

use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::described::{self, Field, Schema};
use crate::{
    chats::{Chat, head},
    notifications::Notification as UserNotification,
    telemetry::metrics::names,
    time::Timestamp,
};

/// Seconds between two pings.
pub const HEARTBEAT_SECONDS: u64 = 15;

macro_rules! close_codes {
    ($($(#[doc = $about:literal])? $name:ident = $code:literal,)*) => {
        /// Why a socket is closed by the server.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CloseCode {
            $($(#[doc = $about])? $name = $code,)*
        }

        impl CloseCode {
            /// Every code, and what it means.
            pub fn described() -> Vec<(u16, &'static str)> {
                vec![$(($code, concat!($($about)?).trim_ascii()),)*]
            }
        }
    };
}

close_codes! {
    /// The client has sent its close frame first.
    Normal = 1000,
    /// The server shuts down; the reason is `{"retry_after_ms": n}`: resume after that time.
    Draining = 1001,
    /// What came is no WebSocket.
    ProtocolError = 1002,
    /// What came is no UTF-8.
    InvalidText = 1007,
    /// A frame was larger than 64 KiB.
    TooLarge = 1009,
    /// The session is over, or the token was not good: sign in again first.
    SessionOver = 4401,
    /// No longer allowed: out of that chat, banned from it, or out of the role.
    NotAllowed = 4403,
    /// The chat is deleted, or there is none for you.
    ChatDeleted = 4404,
    /// Two pings went unanswered: resume at once.
    Heartbeat = 4408,
    /// Frames were read too slowly: resume at once.
    TooSlow = 4413,
    /// Too many commands, sockets or subscriptions: come back after ten seconds, and more slowly.
    TooMany = 4429,
}

impl CloseCode {
    /// Counts a socket that the server closes with this code.
    pub fn count(self) {
        metrics::counter!(names::SOCKETS_CLOSED, "code" => (self as u16).to_string()).increment(1);
    }
}

/// A text frame around finished JSON. Server frames are unmasked, so one serves every socket.
pub fn text(payload: &[u8]) -> Bytes {
    frame(TEXT, payload)
}

/// A text frame of anything that serializes.
pub fn json(value: &impl Serialize) -> Bytes {
    // Our own frames have string keys and no maps that could fail.
    text(&serde_json::to_vec(value).unwrap_or_default())
}

/// A frame that tells how far somebody has read a chat.
pub fn read(chat_id: Uuid, user_id: Uuid, last_read_seq: i64) -> Bytes {
    json(&Notice::Read { chat_id, user_id, last_read_seq })
}

/// A ping.
pub fn ping() -> Bytes {
    frame(0x9, b"")
}

/// A close frame.
pub fn close(code: CloseCode, reason: &str) -> Bytes {
    let mut payload = Vec::with_capacity(2 + reason.len());
    payload.extend_from_slice(&(code as u16).to_be_bytes());
    payload.extend_from_slice(reason.as_bytes());
    frame(CLOSE, &payload)
}

/// The opcode of a text frame.
pub const TEXT: u8 = 0x1;
/// The opcode of a close frame.
pub const CLOSE: u8 = 0x8;

/// The opcode of a finished frame, and what is in it.
pub fn open(frame: &[u8]) -> (u8, &[u8]) {
    let (Some(first), Some(length)) = (frame.first(), frame.get(1)) else { return (0, &[]) };
    let start = match length {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    (first & 0xf, frame.get(start..).unwrap_or_default())
}

/// The finished frames that lie one behind the other in one piece.
pub fn each(mut frames: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        let number = |at: Range<usize>| {
            frames.get(at)?.iter().try_fold(0, |all, byte| Some(all << 8 | usize::from(*byte)))
        };
        let length = match frames.get(1)? {
            126 => 4 + number(2..4)?,
            127 => 10 + number(2..10)?,
            length => 2 + usize::from(*length),
        };
        Some(frames.split_to(length.min(frames.len())))
    })
}

fn frame(opcode: u8, payload: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(payload.len() + 10);
    frame.put_u8(0x80 | opcode);
    match payload.len() {
        length @ 0..=125 => frame.put_u8(length as u8),
        length @ 126..=0xffff => {
            frame.put_u8(126);
            frame.put_u16(length as u16);
        }
        length => {
            frame.put_u8(127);
            frame.put_u64(length as u64);
        }
    }
    frame.put_slice(payload);
    frame.freeze()
}

described::frames! {
/// The frames that are not entries of a log.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Notice<'a> {
    /// The first frame, with the chats: on the gateway all of the caller's.
    Welcome { user_id: Uuid, session_id: Uuid, heartbeat_seconds: u64, chats: &'a [ChatHead], last_notification: Option<i64> },
    /// All up to `seq` has been told: what follows is live.
    CaughtUp { chat_id: Uuid, seq: i64, id: Option<Uuid> },
    /// Instead of a replay: what was asked for is not held, or is another log. Load the chat again.
    Reset { chat_id: Uuid, oldest_seq: i64, last_seq: i64 },
    /// At the gateway: the caller came into a chat.
    ChatAdded { chat: &'a Chat },
    /// At the gateway: the caller went out of a chat.
    ChatRemoved { chat_id: Uuid },
    /// At the gateway and at the socket of the chat: the chat was deleted.
    ChatDeleted { chat_id: Uuid },
    /// Somebody is typing; let it fade after some seconds.
    Typing { chat_id: Uuid, user_id: Uuid },
    /// Somebody has read up to there.
    Read { chat_id: Uuid, user_id: Uuid, last_read_seq: i64 },
    /// Somebody whom the caller watches came online, or went.
    Presence { user_id: Uuid, online: bool, last_online_at: Option<Timestamp> },
    /// What another member's program says about a call.
    CallSignal { chat_id: Uuid, from: Uuid, data: Value },
    /// At the gateway: the caller is notified of something. `seq` numbers their notifications.
    Notification { seq: i64, notification: &'a UserNotification },
    /// At the gateway: the caller has read notifications. These, where they are few; and all up to a number.
    NotificationsRead { ids: Vec<Uuid>, up_to_seq: i64, unread_count: i64 },
    /// At the gateway: notifications of the caller are gone. These, where they are few; and how many that are left are not read.
    NotificationsRemoved { ids: Vec<Uuid>, up_to_seq: i64, unread_count: i64 },
    /// At the gateway: there are fewer notifications than were told (a restored backup). Load the list again.
    NotificationsReset { last_seq: i64 },
    /// A command was executed; `data` is what the same request over HTTP answers, `{}` where that is nothing.
    Ack { r#ref: &'a Value, event: &'a str, data: Value },
    /// A command was refused; `code` is the word that HTTP uses.
    Error { r#ref: &'a Value, event: &'a str, code: &'a str, message: &'a str, data: Value },
    /// The answer to `ping`.
    Pong { r#ref: &'a Value },
}
}

described::parts! {
/// A chat and its latest entry, as `welcome` and the `ack` of a subscription tell it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ChatHead {
    pub chat_id: Uuid,
    pub last_seq: i64,
    pub last_id: Option<Uuid>,
}
}

impl Schema for ChatHead {
    fn schema() -> Value {
        described::object(&always(Self::fields()))
    }
}

/// What the server tells has all its fields, null or not.
fn always(mut fields: Vec<Field>) -> Vec<Field> {
    fields.iter_mut().for_each(|field| field.is_required = true);
    fields
}

impl From<head::ChatHead> for ChatHead {
    fn from(head: head::ChatHead) -> Self {
        Self { chat_id: head.chat_id, last_seq: head.last.seq, last_id: head.last.id }
    }
}
