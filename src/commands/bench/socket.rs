//! A small WebSocket client: a crowd of thousands shares its machine with the server, so a frame is looked at where it
//! was received, and nothing is copied, decoded or checked that the benchmark does not ask for.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::client::{Api, Failure, User};

/// What one read asks for.
const READ: usize = 2048;

/// An open socket.
pub struct Socket {
    stream: TcpStream,
    input: Vec<u8>,
    /// How much of `input` was looked at.
    read: usize,
}

/// What a server may say.
pub enum Frame<'a> {
    /// A text.
    Text(&'a [u8]),
    /// A ping with this payload, to be answered with [`Socket::pong`].
    Ping(Vec<u8>),
    /// Good-bye.
    Close,
}

impl Socket {
    /// Opens `path` as this user.
    pub async fn open(api: &Api, user: &User, path: &str) -> Result<Self, Failure> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nconnection: Upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dHJ1bmtsaW5lIGlzIGdvb2Q=\r\n\r\n",
            api.authority, user.token
        );
        let mut stream = api.dial().await?;
        stream.write_all(request.as_bytes()).await?;
        let mut socket = Self { stream, input: Vec::new(), read: 0 };
        loop {
            let more = socket.fill().await?;
            if let Some(end) = socket.input.windows(4).position(|end| end == b"\r\n\r\n") {
                let status = socket.input.get(9..12).unwrap_or_default();
                if status != b"101" {
                    let status = String::from_utf8_lossy(status);
                    return Err(format!("{path} answered {status} instead of a socket").into());
                }
                socket.read = end + 4;
                return Ok(socket);
            }
            if !more {
                return Err("the server closed the connection instead of opening a socket".into());
            }
        }
    }

    /// Waits for more to read; `false` at the end. May be cancelled.
    pub async fn fill(&mut self) -> Result<bool, Failure> {
        if self.read == self.input.len() {
            self.input.clear();
        } else {
            self.input.drain(..self.read);
        }
        self.read = 0;
        self.input.reserve(READ);
        Ok(self.stream.read_buf(&mut self.input).await? > 0)
    }

    /// The next frame that is there in full.
    pub fn frame(&mut self) -> Result<Option<Frame<'_>>, Failure> {
        let input = &self.input[self.read..];
        let [first, second, ..] = *input else { return Ok(None) };
        let (head, length) = match (second, input) {
            (127, [_, _, a, b, c, d, e, f, g, h, ..]) => {
                (10, usize::try_from(u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]))?)
            }
            (126, [_, _, high, low, ..]) => (4, usize::from(u16::from_be_bytes([*high, *low]))),
            (126 | 127, _) => return Ok(None),
            (length, _) => (2, usize::from(length)),
        };
        let Some(payload) = input.get(head..head + length) else { return Ok(None) };
        self.read += head + length;
        match first {
            0x81 => Ok(Some(Frame::Text(payload))),
            0x89 => Ok(Some(Frame::Ping(payload.to_vec()))),
            0x88 => Ok(Some(Frame::Close)),
            other => {
                Err(format!("a frame begins with {other:#x}, which a server has no reason to send").into())
            }
        }
    }

    /// Answers a ping.
    pub async fn pong(&mut self, payload: &[u8]) -> Result<(), Failure> {
        // Control frames hold at most 125 bytes; masked with zeros, they stay as they are.
        let mut frame = vec![0x8a, 0x80 | u8::try_from(payload.len())?, 0, 0, 0, 0];
        frame.extend_from_slice(payload);
        Ok(self.stream.write_all(&frame).await?)
    }
}
