//! The plain connection under HTTP, for what no well-behaved client sends.

use std::time::Duration;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long a story waits for bytes.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A connection to an instance.
pub struct Wire {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Each header with its name in lower case.
    pub headers: Vec<(String, String)>,
    /// The JSON of the body; null when there is none.
    pub body: Value,
}

impl Wire {
    /// Connects to the address of an instance.
    pub async fn open(base: &str) -> Self {
        let stream = TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
        Self { stream, unread: Vec::new() }
    }

    /// One exchange on a connection of its own.
    pub async fn exchange(base: &str, bytes: impl AsRef<[u8]>) -> Option<Reply> {
        let mut wire = Self::open(base).await;
        wire.sends(bytes).await;
        wire.reads().await
    }

    /// Sends these bytes; one who hung up does not hear them.
    pub async fn sends(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    /// The next answer; `None` when the server hangs up without one.
    pub async fn reads(&mut self) -> Option<Reply> {
        let end = loop {
            if let Some(end) = self.unread.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            if !self.more().await {
                return None;
            }
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        if status == 100 {
            return Some(Reply { status, headers, body: Value::Null });
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = length.map_or(0, |(_, length)| length.parse().unwrap());
        while self.unread.len() < length && self.more().await {}
        let body: Vec<_> = self.unread.drain(..length.min(self.unread.len())).collect();
        Some(Reply { status, headers, body: serde_json::from_slice(&body).unwrap_or_default() })
    }

    /// Waits until the server hangs up.
    pub async fn ends(&mut self) {
        while self.more().await {}
    }

    async fn more(&mut self) -> bool {
        let mut bytes = vec![0; 16 * 1024];
        let read = timeout(TIMEOUT, self.stream.read(&mut bytes)).await.expect("nothing came");
        let count = read.unwrap_or(0);
        self.unread.extend_from_slice(&bytes[..count]);
        count > 0
    }
}

impl Reply {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Must be a problem with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.header("x-request-id"), self.body["instance"].as_str());
        self.body
    }
}
