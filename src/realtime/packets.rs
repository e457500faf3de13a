//! The packets of Socket.IO (protocol 5, in Engine.IO 4): what is told, and what is asked, in their form.
//!
//! A finished frame becomes the event of its `type`. Answers to commands become acknowledgements where the client asked for
//! one, and numbers stand for the words of errors.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use super::frames::{self, CloseCode, Notice};
use crate::error::Code;

/// Stands between the packets in one body.
pub const SEPARATOR: char = '\u{1e}';
/// The packet that says nothing: the answer to a poll that is to end.
pub const NOOP: &str = "6";
/// The packet by which a client goes on by the WebSocket it has tried.
pub const UPGRADE: &str = "5";
/// The packet that ends everything.
pub const CLOSE: &str = "1";
/// What the commands of a client have as their `ref` that asked for an acknowledgement: an object, which no client can send.
const ACK: &str = "ack";

/// What a client sends.
#[derive(Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// It goes.
    Close,
    /// It tries whether packets come through.
    Ping(&'a str),
    /// It is there.
    Pong,
    /// It goes on by the WebSocket it has tried.
    Upgrade,
    /// It enters a namespace, and says who it is.
    Connect { namespace: &'a str, auth: &'a str },
    /// It leaves a namespace.
    Disconnect { namespace: &'a str },
    /// A command: `["name", {…}]`.
    Event { namespace: &'a str, ack: Option<u64>, data: &'a str },
    /// A command with bytes in its data, which follow.
    BinaryEvent { namespace: &'a str, ack: Option<u64>, data: &'a str },
    /// It acknowledges what nobody asked it to, or says nothing.
    Nothing,
    /// Bytes, which mean nothing here.
    Binary,
    /// No packet.
    Unreadable,
}

/// Reads one packet.
pub fn read(text: &str) -> Packet<'_> {
    let (kind, rest) = first(text);
    match kind {
        '1' => Packet::Close,
        '2' => Packet::Ping(rest),
        '3' => Packet::Pong,
        '4' => read_message(rest),
        '5' => Packet::Upgrade,
        '6' => Packet::Nothing,
        'b' => Packet::Binary,
        _ => Packet::Unreadable,
    }
}

fn read_message(text: &str) -> Packet<'_> {
    let (kind, rest) = first(text);
    // Before the dash stands how many pieces of bytes follow.
    let rest = match kind {
        '5' => rest.split_once('-').map(|(_, rest)| rest),
        '6' => None,
        _ => Some(rest),
    };
    let Some(rest) = rest else { return Packet::Binary };
    let (namespace, rest) = match rest.starts_with('/') {
        true => rest.split_once(',').unwrap_or((rest, "")),
        false => ("/", rest),
    };
    // A query after the name is nothing to us.
    let namespace = namespace.split('?').next().unwrap_or(namespace);
    match kind {
        '0' => Packet::Connect { namespace, auth: rest },
        '1' => Packet::Disconnect { namespace },
        '2' | '5' => {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, data) = rest.split_at(digits);
            let ack = number.parse().ok();
            match (ack, kind) {
                (None, _) if !number.is_empty() => Packet::Unreadable,
                (_, '5') => Packet::BinaryEvent { namespace, ack, data },
                _ => Packet::Event { namespace, ack, data },
            }
        }
        '3' => Packet::Nothing,
        _ => Packet::Unreadable,
    }
}

fn first(text: &str) -> (char, &str) {
    let mut characters = text.chars();
    (characters.next().unwrap_or('\0'), characters.as_str())
}

/// The `ref` of a command whose answer is this acknowledgement.
pub fn reference(ack: u64) -> Value {
    json!({ ACK: ack })
}

fn ack_of(reference: &Value) -> Option<u64> {
    reference.get(ACK)?.as_u64()
}

/// Calls `each` with the frames that tell a client of Socket.IO what this one tells: an event named by its `type`, and a new
/// message as `chat.receive` too. What is no object of ours stays as it is.
pub fn events(frame: Bytes, mut each: impl FnMut(Bytes)) {
    let (opcode, payload) = frames::open(&frame);
    let Some(kind) = kind_of(payload).filter(|_| opcode == frames::TEXT) else { return each(frame) };
    each(named(kind, payload));
    if kind == b"new_message" {
        each(named(b"chat.receive", payload));
    }
}

/// The `type` of a frame; ours all begin with it.
fn kind_of(payload: &[u8]) -> Option<&[u8]> {
    let rest = payload.strip_prefix(b"{\"type\":\"")?;
    let end = rest.iter().position(|byte| *byte == b'"')?;
    rest.get(..end)
}

fn named(name: &[u8], data: &[u8]) -> Bytes {
    frames::text(&[b"42[\"", name, b"\",", data, b"]"].concat())
}

/// What an answer to a command is told by; `None` for what is an event like any other.
pub fn answer(notice: &Notice<'_>) -> Option<Vec<Bytes>> {
    match notice {
        Notice::Ack { r#ref, data, .. } => Some(vec![acknowledge(ack_of(r#ref)?, data)]),
        Notice::Pong { r#ref } => Some(vec![acknowledge(ack_of(r#ref)?, &json!({}))]),
        Notice::Error { r#ref, event, code, message, data } => {
            let failure = Failure::new(event, code, message, data);
            let mut told = vec![frames::text(format!("42[\"error\",{}]", text_of(&failure)).as_bytes())];
            // Who waits for the acknowledgement must not wait for ever.
            told.extend(ack_of(r#ref).map(|ack| acknowledge(ack, &json!({ "error": failure }))));
            Some(told)
        }
        _ => None,
    }
}

fn acknowledge(ack: u64, data: &Value) -> Bytes {
    frames::text(format!("43{ack}[{data}]").as_bytes())
}

/// What could not be done: what the event `error` says.
#[derive(Serialize)]
struct Failure<'a> {
    code: u16,
    event: &'a str,
    message: &'a str,
    data: Value,
}

impl<'a> Failure<'a> {
    /// `word` is the code REST would use; it stands in `data`.
    fn new(event: &'a str, word: &str, message: &'a str, data: &Value) -> Self {
        let mut data = data.clone();
        data["code"] = word.into();
        Self { code: Code::from_word(word).map_or(INTERNAL, number), event, message, data }
    }
}

fn text_of(value: &impl Serialize) -> String {
    // Ours have string keys and no maps that could fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Internal server error.
const INTERNAL: u16 = 1011;

/// The number of an error: the codes WebSocket has for it, or 4000 and the status REST would answer.
fn number(code: Code) -> u16 {
    match (code, code.status()) {
        (Code::UnsupportedMediaType, _) => 1003,
        (Code::UnknownCommand, _) => 4400,
        (_, 400) => 1007,
        (_, 503) => 1013,
        (_, 500..) => INTERNAL,
        (_, status) => 4000 + status,
    }
}

/// The packet every client gets every now and then, and answers.
pub fn ping() -> Bytes {
    frames::text(b"2")
}

/// The answer to a try.
pub fn pong(text: &str) -> Bytes {
    frames::text(format!("3{text}").as_bytes())
}

/// What a connection begins with.
pub fn open(sid: &str, upgrades: &[&str], ping_seconds: u64, max_bytes: usize) -> Bytes {
    let ping_ms = ping_seconds * 1000;
    // Our ping may come late where much is to be done: only then is it the server that is gone.
    let data = json!({"sid": sid, "upgrades": upgrades, "pingInterval": ping_ms, "pingTimeout": 2 * ping_ms,
        "maxPayload": max_bytes});
    frames::text(format!("0{data}").as_bytes())
}

/// The client is in.
pub fn connected(sid: &str) -> Bytes {
    frames::text(format!("40{}", json!({ "sid": sid })).as_bytes())
}

/// There is one namespace, and this is another.
pub fn no_namespace(namespace: &str) -> Bytes {
    refused(namespace, Code::NotFound, "there is the namespace / alone")
}

/// The client may not be in this namespace.
pub fn refused(namespace: &str, code: Code, message: &str) -> Bytes {
    let failure = Failure::new("connect", code.word(), message, &json!({}));
    let data = json!({"message": message, "data": failure});
    let namespace = if namespace == "/" { String::new() } else { format!("{namespace},") };
    frames::text(format!("44{namespace}{data}").as_bytes())
}

/// What is said before a connection is closed: an `error` with the close code. A client that may not come back is told so,
/// or it would.
pub fn close_packets(code: CloseCode, reason: &str) -> Vec<Bytes> {
    let data: Value = serde_json::from_str(reason).ok().filter(Value::is_object).unwrap_or_else(|| json!({}));
    let message = if code == CloseCode::Draining { "the server goes down; come back" } else { reason };
    let failure = Failure { code: code as u16, event: "", message, data };
    let mut told = vec![frames::text(format!("42[\"error\",{}]", text_of(&failure)).as_bytes())];
    if matches!(code, CloseCode::SessionOver | CloseCode::NotAllowed) {
        told.push(frames::text(b"41"));
    }
    told
}

/// The body that answers a poll with these frames.
pub fn body(frames: &[Bytes]) -> String {
    let mut body = String::new();
    for frame in frames {
        let (opcode, payload) = frames::open(frame);
        let packet = match opcode {
            frames::TEXT => String::from_utf8_lossy(payload),
            frames::CLOSE => CLOSE.into(),
            _ => continue,
        };
        if !body.is_empty() {
            body.push(SEPARATOR);
        }
        body.push_str(&packet);
    }
    if body.is_empty() { NOOP.to_owned() } else { body }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Packet, answer, body, close_packets, events, read, reference};
    use crate::realtime::frames::{self, CloseCode, Notice};

    fn event(namespace: &'static str, ack: Option<u64>, data: &'static str) -> Packet<'static> {
        Packet::Event { namespace, ack, data }
    }

    #[test]
    fn packets_are_read_as_the_stock_clients_write_them() {
        assert_eq!(
            read("40{\"token\":\"x\"}"),
            Packet::Connect { namespace: "/", auth: "{\"token\":\"x\"}" }
        );
        assert_eq!(read("40/admin,"), Packet::Connect { namespace: "/admin", auth: "" });
        assert_eq!(read("40/admin?a=b,{}"), Packet::Connect { namespace: "/admin", auth: "{}" });
        assert_eq!(read("41"), Packet::Disconnect { namespace: "/" });
        assert_eq!(read("42[\"ping\"]"), event("/", None, "[\"ping\"]"));
        assert_eq!(read("4217[\"ping\",{}]"), event("/", Some(17), "[\"ping\",{}]"));
        assert_eq!(read("42/admin,3[]"), event("/admin", Some(3), "[]"));
        assert_eq!(
            (read("2probe"), read("3"), read("5")),
            (Packet::Ping("probe"), Packet::Pong, Packet::Upgrade)
        );
        assert_eq!((read("bAQID"), read("461-7[]")), (Packet::Binary, Packet::Binary));
        assert_eq!(
            read("451-/admin,7[\"x\"]"),
            Packet::BinaryEvent { namespace: "/admin", ack: Some(7), data: "[\"x\"]" }
        );
        assert_eq!(read("452-[]"), Packet::BinaryEvent { namespace: "/", ack: None, data: "[]" });
        for strange in ["", "4", "7", "é", "4x", "4299999999999999999999[]"] {
            assert_eq!(read(strange), Packet::Unreadable, "{strange}");
        }
    }

    fn texts(frames: &[bytes::Bytes]) -> Vec<String> {
        frames.iter().map(|frame| String::from_utf8_lossy(frames::open(frame).1).into_owned()).collect()
    }

    #[test]
    fn frames_become_events_named_by_their_type() {
        let told = |frame| {
            let mut told = Vec::new();
            events(frame, |frame| told.push(frame));
            texts(&told)
        };
        let long = "x".repeat(70_000);
        for text in ["short", &"x".repeat(200), &long] {
            let frame = frames::text(format!(r#"{{"type":"new_message","text":"{text}"}}"#).as_bytes());
            let (_, payload) = frames::open(&frame);
            let payload = String::from_utf8_lossy(payload);
            let expected = ["new_message", "chat.receive"].map(|name| format!("42[\"{name}\",{payload}]"));
            assert_eq!(told(frame.clone()), expected);
        }
        assert_eq!(told(frames::text(b"2")), ["2"]);
        assert_eq!(told(frames::json(&Notice::Pong { r#ref: &json!(1) })).len(), 1);
    }

    #[test]
    fn an_answer_is_an_acknowledgement_where_one_was_asked_for() {
        let told = |notice: Notice<'_>| answer(&notice).map(|frames| texts(&frames));
        let (ack, named) = (reference(7), json!("mine"));
        let data = json!({"id": 1});
        let acked = told(Notice::Ack { r#ref: &ack, event: "chat.send", data: data.clone() });
        assert_eq!(acked.unwrap(), ["437[{\"id\":1}]"]);
        assert_eq!(told(Notice::Ack { r#ref: &named, event: "chat.send", data }), None);
        let code = "validation_failed";
        let error =
            Notice::Error { r#ref: &ack, event: "x", code, message: "m", data: json!({"errors": []}) };
        let failure =
            r#"{"code":1007,"event":"x","message":"m","data":{"code":"validation_failed","errors":[]}}"#;
        let sorted = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        let told = told(error).unwrap();
        assert_eq!(sorted(&told[0][2..]), sorted(&format!("[\"error\",{failure}]")));
        assert_eq!(sorted(&told[1][3..]), sorted(&format!("[{{\"error\":{failure}}}]")));
    }

    #[test]
    fn who_may_not_come_back_is_told_so() {
        assert_eq!(texts(&close_packets(CloseCode::SessionOver, "over"))[1..], ["41"]);
        let draining = texts(&close_packets(CloseCode::Draining, "{\"retry_after_ms\":5}"));
        assert!(
            draining.len() == 1 && draining[0].contains("\"data\":{\"retry_after_ms\":5}"),
            "{draining:?}"
        );
        let all = [frames::text(b"2"), frames::close(CloseCode::Draining, ""), frames::ping()];
        assert_eq!((body(&all), body(&[])), ("2\u{1e}1".to_owned(), "6".to_owned()));
    }
}
