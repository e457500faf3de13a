//! A WebSocket client.

use std::{collections::VecDeque, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use super::{log, schema};

/// How long a story waits for a frame.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A frame, which must be what the AsyncAPI document says.
fn read(text: &str) -> Value {
    let frame = serde_json::from_str(text).unwrap();
    let faults = schema::frame_faults(&frame);
    assert!(faults.is_empty(), "{faults:?}: {frame}");
    frame
}

/// An open socket. That somebody has read up to what they have just said comes with every message, just behind it: stories
/// are told of it by [`Socket::marks`] alone.
pub struct Socket {
    /// The client under it.
    pub ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// How often a message was followed by its sender's mark.
    pub marks: usize,
    /// The last of them.
    pub mark: Option<Value>,
    /// The mark that may follow the last frame: the chat, the sender, the number.
    follows: Option<[Value; 3]>,
    /// The notifications that came between other frames: stories are told of them by [`Socket::notified`] alone.
    notifications: VecDeque<Value>,
}

impl Socket {
    /// Over a connection that is open.
    pub fn over(ws: WebSocketStream<MaybeTlsStream<TcpStream>>) -> Self {
        Self { ws, marks: 0, mark: None, follows: None, notifications: VecDeque::new() }
    }

    /// Connects with a bearer; the status when the upgrade is refused.
    pub async fn open(base: &str, path: &str, token: &str) -> Result<Self, u16> {
        Self::open_with(base, path, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// Connects with these headers; the status when the upgrade is refused.
    pub async fn open_with(base: &str, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("{base}{path}").replacen("http", "ws", 1).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((ws, _)) => Ok(Self::over(ws)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("the socket could not be opened: {error}"),
        }
    }

    /// A frame, unless it is the mark of who has just said something.
    fn take(&mut self, text: &str) -> Option<Value> {
        let frame = read(text);
        if frame["type"] == "notification" {
            self.notifications.push_back(frame);
            return None;
        }
        let of = |names: [&str; 3]| Some(names.map(|name| frame[name].clone()));
        if frame["type"] == "read" && self.follows == of(["chat_id", "user_id", "last_read_seq"]) {
            (self.marks, self.mark, self.follows) = (self.marks + 1, Some(frame), None);
            return None;
        }
        let is_said = frame["type"] == "new_message";
        self.follows = if is_said { of(["chat_id", "actor_id", "seq"]) } else { None };
        Some(frame)
    }

    /// The next frame.
    pub async fn next(&mut self) -> Value {
        loop {
            match timeout(TIMEOUT, self.ws.next()).await.expect("no frame came").expect("the socket ended") {
                Ok(Message::Text(text)) => {
                    if let Some(frame) = self.take(&text) {
                        return frame;
                    }
                }
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("instead of a frame: {other:?}"),
            }
        }
    }

    /// The next notification; what else comes before it is passed over.
    pub async fn notified(&mut self) -> Value {
        loop {
            if let Some(frame) = self.notifications.pop_front() {
                return frame;
            }
            match timeout(TIMEOUT, self.ws.next()).await.expect("nothing came").expect("the socket ended") {
                Ok(Message::Text(text)) => _ = self.take(&text),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("instead of a notification: {other:?}"),
            }
        }
    }

    /// How many notifications have come of which the story was not told.
    pub fn untold(&self) -> usize {
        self.notifications.len()
    }

    /// No notification comes for a while.
    pub async fn is_not_notified(&mut self) {
        let _ = timeout(Duration::from_millis(400), async {
            let frame = self.notified().await;
            panic!("notified: {frame}");
        })
        .await;
    }

    /// The next frame, if one comes in time.
    pub async fn next_within(&mut self, wait: Duration) -> Option<Value> {
        timeout(wait, self.next()).await.ok()
    }

    /// The next frame, which must be of this type.
    pub async fn expect(&mut self, kind: &str) -> Value {
        let frame = self.next().await;
        assert_eq!(frame["type"], kind, "{frame}");
        frame
    }

    /// The contents of the next messages, in order.
    pub async fn hears(&mut self, count: usize) -> Vec<String> {
        let mut contents = Vec::new();
        for _ in 0..count {
            let frame = self.expect("new_message").await;
            contents.push(frame["message"]["content"].as_str().unwrap().to_owned());
        }
        contents
    }

    /// Nothing comes for a while.
    pub async fn hears_nothing(&mut self) {
        let _ = timeout(Duration::from_millis(300), async {
            loop {
                match self.ws.next().await {
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Text(text))) => assert_eq!(self.take(&text), None),
                    heard => panic!("{heard:?}"),
                }
            }
        })
        .await;
    }

    /// Sends a command.
    pub async fn sends(&mut self, command: &Value) {
        log::note(command);
        self.ws.send(Message::text(command.to_string())).await.unwrap();
    }

    /// The next frame, or the code and the reason of the good-bye.
    pub async fn next_or_close(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match timeout(TIMEOUT, self.ws.next()).await.expect("no frame came").expect("the socket ended") {
                Ok(Message::Text(text)) => {
                    if let Some(frame) = self.take(&text) {
                        return Ok(frame);
                    }
                }
                Ok(Message::Close(Some(close))) => return Err((close.code.into(), close.reason.to_string())),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("instead of a frame: {other:?}"),
            }
        }
    }

    /// Reads on until the server says good-bye; the code and the reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match timeout(TIMEOUT, self.ws.next()).await.expect("the socket stayed open") {
                Some(Ok(Message::Close(Some(close)))) => {
                    return (close.code.into(), close.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("instead of a good-bye: {other:?}"),
            }
        }
    }
}
