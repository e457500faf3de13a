//! What is told to a client, as finished WebSocket frames: encoded once, the same bytes for every socket.

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    chats::{Chat, head},
    time::Timestamp,
};

/// Seconds between two pings.
pub const HEARTBEAT_SECONDS: u64 = 15;

/// Why a socket is closed by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    Normal = 1000,
    Draining = 1001,
    ProtocolError = 1002,
    InvalidText = 1007,
    TooLarge = 1009,
    SessionOver = 4401,
    NotAllowed = 4403,
    ChatDeleted = 4404,
    Heartbeat = 4408,
    TooSlow = 4413,
    TooMany = 4429,
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

/// The frames that are not entries of a log.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Notice<'a> {
    Welcome { user_id: Uuid, session_id: Uuid, heartbeat_seconds: u64, chats: &'a [ChatHead] },
    CaughtUp { chat_id: Uuid, seq: i64, id: Option<Uuid> },
    Reset { chat_id: Uuid, oldest_seq: i64, last_seq: i64 },
    ChatAdded { chat: &'a Chat },
    ChatRemoved { chat_id: Uuid },
    ChatDeleted { chat_id: Uuid },
    Typing { chat_id: Uuid, user_id: Uuid },
    Read { chat_id: Uuid, user_id: Uuid, last_read_seq: i64 },
    Presence { user_id: Uuid, online: bool, last_online_at: Option<Timestamp> },
    CallSignal { chat_id: Uuid, from: Uuid, data: Value },
    Ack { r#ref: &'a Value, event: &'a str, data: Value },
    Error { r#ref: &'a Value, event: &'a str, code: &'a str, message: &'a str, data: Value },
    Pong { r#ref: &'a Value },
}

/// A chat and its latest entry, as `welcome` and the `ack` of a subscription tell it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ChatHead {
    /// The chat.
    pub chat_id: Uuid,
    /// The number of its latest entry.
    pub last_seq: i64,
    /// Which entry that is; null where the log is empty.
    pub last_id: Option<Uuid>,
}

impl From<head::ChatHead> for ChatHead {
    fn from(head: head::ChatHead) -> Self {
        Self { chat_id: head.chat_id, last_seq: head.last.seq, last_id: head.last.id }
    }
}
