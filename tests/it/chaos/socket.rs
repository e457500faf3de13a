//! A client's socket that may end at any moment.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};
use uuid::Uuid;

use super::tally::Tally;

/// How long opening may take; then it is tried elsewhere.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An open socket. Dropped, it is cut: no good-bye.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A frame of the server's, as far as it matters here.
#[derive(Debug, serde::Deserialize)]
pub struct Frame {
    /// `new_message`, `ack` …
    #[serde(rename = "type")]
    pub kind: String,
    /// The chat it is about.
    pub chat_id: Option<Uuid>,
    /// Its place in the log.
    pub seq: Option<i64>,
    /// Which entry it is, whatever its place.
    pub id: Option<Uuid>,
    /// The message it tells, or what is wrong.
    pub message: Option<Told>,
    /// The command it answers.
    pub r#ref: Option<usize>,
    /// Why not.
    pub code: Option<String>,
    /// What the command came to.
    pub data: Option<Data>,
    /// With a reset: the end of the log that is there.
    pub last_seq: Option<i64>,
}

/// What stands in `message`.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
pub enum Told {
    /// A message.
    Message {
        /// Its id.
        id: Uuid,
    },
    /// What is wrong, in words.
    Sentence(serde::de::IgnoredAny),
}

/// What a command came to.
#[derive(Debug, serde::Deserialize)]
pub struct Data {
    /// The place of the message that was sent.
    pub seq: Option<i64>,
}

impl Frame {
    /// Whether the same command may do later, or has been done already.
    pub fn may_be_tried_again(&self) -> bool {
        matches!(self.code.as_deref(), Some("not_ready" | "outcome_unknown"))
    }
}

impl Socket {
    /// Opens it; `None` when that cannot be now. A refusal for good is wrong.
    pub async fn open(base: &str, path: &str, token: &str, tally: &Tally) -> Option<Self> {
        let mut request = format!("{base}{path}").replacen("http", "ws", 1).into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        match timeout(TIMEOUT, connect_async(request)).await.ok()? {
            Ok((ws, _)) => Some(Self(ws)),
            Err(Error::Http(response)) => {
                if !response.status().is_server_error() || response.status() == 500 {
                    tally.wrong(format!("a socket was refused with {}", response.status()));
                }
                None
            }
            Err(_) => None,
        }
    }

    /// The next frame; `None` when the socket has ended. Only who may come back is sent away.
    pub async fn next(&mut self, tally: &Tally) -> Option<Frame> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => match serde_json::from_str(&text) {
                    Ok(frame) => return Some(frame),
                    Err(error) => tally.wrong(format!("{error}: {text}")),
                },
                Ok(Message::Close(Some(close))) => {
                    match u16::from(close.code) {
                        1001 => tally.count("sockets closed for a drain"),
                        4408 => tally.count("sockets closed for silence"),
                        4413 => tally.count("sockets closed for slowness"),
                        code => tally.wrong(format!("a socket was closed with {code} {}", close.reason)),
                    }
                    return None;
                }
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// Sends a command; `None` when the socket has ended.
    pub async fn send(&mut self, command: &Value) -> Option<()> {
        self.0.send(Message::text(command.to_string())).await.ok()
    }
}
