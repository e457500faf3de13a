//! A client of Socket.IO that says exactly what it is told to.

use std::{collections::VecDeque, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{Person, Socket};

/// Where a WebSocket of Socket.IO begins.
pub const WEBSOCKET: &str = "/socket.io/?EIO=4&transport=websocket";
/// Where polling begins.
pub const POLLING: &str = "/socket.io/?EIO=4&transport=polling";

const TIMEOUT: Duration = Duration::from_secs(10);

/// An event: its name and its data.
pub type Event = (String, Value);

/// One WebSocket.
pub struct Client {
    pub socket: Socket,
    heard: VecDeque<Event>,
    /// The mark of who has just said something, which stories are not told of: the chat, the sender, the number.
    follows: Option<[Value; 3]>,
}

/// Reads a packet that is an event.
pub fn event_of(packet: &str) -> Option<Event> {
    let (name, data): (String, Value) = serde_json::from_str(packet.strip_prefix("42")?).unwrap();
    Some((name, data))
}

impl Client {
    /// Opens a WebSocket, and reads its first packet; the status where it is refused.
    pub async fn connects(base: &str, query: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let socket = Socket::open_with(base, &format!("{WEBSOCKET}{query}"), headers).await?;
        Ok(Self { socket, heard: VecDeque::new(), follows: None })
    }

    /// Opens a WebSocket and signs in with what its first packet carries; what it is told.
    pub async fn tries(base: &str, headers: &[(&'static str, &str)], auth: &str) -> (Self, String) {
        let mut client = Self::connects(base, "", headers).await.unwrap();
        let open = client.packet().await;
        assert!(open.starts_with("0{") && open.contains("\"pingInterval\":15000"), "{open}");
        client.says(&format!("40{auth}")).await;
        let told = client.packet().await;
        (client, told)
    }

    /// Signs in with a token, and hears the welcome.
    pub async fn enters(person: &Person) -> (Self, Value) {
        let auth = json!({"token": person.token}).to_string();
        let (mut client, told) = Self::tries(&person.base, &[], &auth).await;
        assert!(told.starts_with("40{\"sid\""), "{told}");
        let welcome = client.hears("welcome").await;
        (client, welcome)
    }

    /// Says a packet.
    pub async fn says(&mut self, packet: &str) {
        self.socket.ws.send(Message::text(packet)).await.unwrap();
    }

    /// Says packets in one go, as a client does that has waited.
    pub async fn says_at_once(&mut self, packets: &[&str]) {
        for packet in packets {
            self.socket.ws.feed(Message::text(*packet)).await.unwrap();
        }
        self.socket.ws.flush().await.unwrap();
    }

    /// The next packet, or the code of the close frame.
    pub async fn packet_or_close(&mut self) -> Result<String, u16> {
        loop {
            let next = timeout(TIMEOUT, self.socket.ws.next()).await.expect("no packet came");
            match next.expect("the socket ended") {
                Ok(Message::Text(text)) if text.as_str() == "2" => self.says("3").await,
                Ok(Message::Text(text)) => return Ok(text.as_str().to_owned()),
                Ok(Message::Close(Some(close))) => return Err(close.code.into()),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("instead of a packet: {other:?}"),
            }
        }
    }

    /// The next packet.
    pub async fn packet(&mut self) -> String {
        self.packet_or_close().await.unwrap()
    }

    /// Reads until the close frame: the packets before it, and its code.
    pub async fn closed(&mut self) -> (Vec<String>, u16) {
        let mut packets = Vec::new();
        loop {
            match self.packet_or_close().await {
                Ok(packet) => packets.push(packet),
                Err(code) => return (packets, code),
            }
        }
    }

    /// The next event.
    pub async fn event(&mut self) -> Event {
        loop {
            let event = match self.heard.pop_front() {
                Some(event) => event,
                None => {
                    let packet = self.packet().await;
                    event_of(&packet).unwrap_or_else(|| panic!("instead of an event: {packet}"))
                }
            };
            if !self.is_mark(&event) {
                return event;
            }
        }
    }

    /// Whether this is the mark of who has just said something.
    fn is_mark(&mut self, (name, data): &Event) -> bool {
        let of = |names: [&str; 3]| Some(names.map(|name| data[name].clone()));
        if name == "read" && self.follows == of(["chat_id", "user_id", "last_read_seq"]) {
            return true;
        }
        let is_said = name == "new_message" || name == "chat.receive";
        self.follows = if is_said { of(["chat_id", "actor_id", "seq"]) } else { None };
        false
    }

    /// The data of the next event, which must have this name.
    pub async fn hears(&mut self, name: &str) -> Value {
        let event = self.event().await;
        assert_eq!(event.0, name, "{}", event.1);
        event.1
    }

    /// The next message, which is told by both its names.
    pub async fn hears_message(&mut self) -> Value {
        let frame = self.hears("new_message").await;
        assert_eq!(self.hears("chat.receive").await, frame);
        frame
    }

    /// Asks for something, and reads until the acknowledgement; what is heard before it is kept.
    pub async fn calls(&mut self, ack: u64, name: &str, data: &Value) -> Value {
        self.says(&format!("42{ack}{}", json!([name, data]))).await;
        loop {
            let packet = self.packet().await;
            if let Some(answer) = packet.strip_prefix(&format!("43{ack}")) {
                let [answer]: [Value; 1] = serde_json::from_str(answer).unwrap();
                return answer;
            }
            self.heard.push_back(event_of(&packet).unwrap_or_else(|| panic!("{packet}")));
        }
    }

    /// Follows a chat from an entry on; until it is caught up the entries are to be read.
    pub async fn subscribes(&mut self, chat: Uuid, after_seq: Option<i64>) -> Value {
        self.calls(1, "chat.subscribe", &json!({"chat_id": chat, "after_seq": after_seq})).await
    }

    /// Nothing is told for a moment.
    pub async fn hears_nothing(&mut self) {
        while let Some(event) = self.heard.pop_front() {
            assert!(self.is_mark(&event), "{event:?}");
        }
        let _ = timeout(Duration::from_millis(400), async {
            loop {
                let heard = self.packet_or_close().await;
                let event = heard.as_ref().ok().and_then(|packet| event_of(packet));
                assert!(event.is_some_and(|event| self.is_mark(&event)), "{heard:?}");
            }
        })
        .await;
    }
}

/// A connection that polls.
pub struct Polls {
    http: reqwest::Client,
    pub base: String,
    pub sid: String,
    /// A bearer that every request carries.
    pub bearer: Option<String>,
}

impl Polls {
    /// Begins one.
    pub async fn begins(base: &str) -> Self {
        Self::begins_as(base, None).await
    }

    /// Begins one; this bearer comes with every request.
    pub async fn begins_as(base: &str, bearer: Option<&str>) -> Self {
        let http = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        let bearer = bearer.map(str::to_owned);
        let mut polls = Self { http, base: base.to_owned(), sid: String::new(), bearer };
        let (status, open) = polls.polls().await;
        assert_eq!(status, 200, "{open}");
        let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        assert_eq!((&open["upgrades"], &open["maxPayload"]), (&json!(["websocket"]), &json!(65536)));
        polls.sid = open["sid"].as_str().unwrap().to_owned();
        polls
    }

    /// Begins one and signs in.
    pub async fn enters(person: &Person) -> Self {
        let polls = Self::begins(&person.base).await;
        let auth = json!({"token": person.token});
        assert_eq!(polls.gives(format!("40{auth}")).await, (200, "ok".to_owned()));
        polls
    }

    /// The same connection, for another request at the same time.
    pub fn twin(&self) -> Self {
        Self {
            http: self.http.clone(),
            base: self.base.clone(),
            sid: self.sid.clone(),
            bearer: self.bearer.clone(),
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> (u16, String) {
        let request = match &self.bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    fn url(&self) -> String {
        let sid = if self.sid.is_empty() { String::new() } else { format!("&sid={}", self.sid) };
        format!("{}{POLLING}{sid}", self.base)
    }

    /// One poll.
    pub async fn polls(&self) -> (u16, String) {
        self.send(self.http.get(self.url())).await
    }

    /// One body.
    pub async fn gives(&self, body: impl Into<reqwest::Body>) -> (u16, String) {
        self.send(self.http.post(self.url()).body(body)).await
    }

    /// The packets of the next poll.
    pub async fn takes(&self) -> Vec<String> {
        let (status, body) = self.polls().await;
        assert_eq!(status, 200, "{body}");
        let mut packets: Vec<_> = body.split('\u{1e}').map(str::to_owned).collect();
        if packets.iter().any(|packet| packet == "2") {
            self.gives("3").await;
            packets.retain(|packet| packet != "2");
        }
        packets
    }

    /// Polls until this event comes; its data, and the other events before and beside it.
    pub async fn awaits(&self, name: &str) -> (Value, Vec<Event>) {
        let mut others = Vec::new();
        loop {
            let mut found = None;
            for packet in self.takes().await {
                match event_of(&packet) {
                    Some((known, data)) if known == name && found.is_none() => found = Some(data),
                    Some(event) => others.push(event),
                    None => {}
                }
            }
            if let Some(data) = found {
                return (data, others);
            }
        }
    }
}
