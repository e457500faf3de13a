//! How a socket ends: after our close frame we read on until the client's own, or for 3 seconds. Closing earlier would let the
//! system, and every proxy in between, throw away what is still on its way to the client.

use std::{
    io::{ErrorKind, Read, Write},
    net::Shutdown,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use socket2::SockRef;
use tokio::{io::Interest, net::TcpStream, task::yield_now, time::timeout};
use tungstenite::{Error as WsError, Message, WebSocket, protocol::Role};

use super::frames::{self, CloseCode};

/// How long the client has for its close frame.
const CLOSING: Duration = Duration::from_secs(3);
/// How much is read in one go.
const FRAMES: usize = 32;

/// Reads until the client's close frame, and closes our side. What `is_broken` can't be read as frames any more, and is read
/// until the client closes its own.
pub async fn close_handshake<S: Read + Write>(ws: &mut WebSocket<S>, socket: &TcpStream, is_broken: bool) {
    let _ = match is_broken {
        true => timeout(CLOSING, discard(socket)).await,
        false => timeout(CLOSING, read_on(ws, socket)).await,
    };
    let _ = SockRef::from(socket).shutdown(Shutdown::Write);
}

/// Closes a connection that has just become a WebSocket, for a client that could not read why it was refused.
pub async fn refuse(socket: Arc<TcpStream>, early: Vec<u8>, code: CloseCode, reason: &str) {
    code.count();
    let closing = async {
        if write(&socket, frames::close(code, reason)).await.is_ok() {
            let mut ws = WebSocket::from_partially_read(Mute(&socket), early, Role::Server, None);
            close_handshake(&mut ws, &socket, false).await;
        }
    };
    let _ = timeout(CLOSING * 2, closing).await;
}

async fn read_on<S: Read + Write>(ws: &mut WebSocket<S>, socket: &TcpStream) {
    loop {
        for _ in 0..FRAMES {
            match ws.read() {
                Ok(Message::Close(_)) => return,
                Ok(_) => {}
                Err(WsError::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    if socket.readable().await.is_err() {
                        return;
                    }
                }
                Err(WsError::ConnectionClosed | WsError::AlreadyClosed | WsError::Io(_)) => return,
                // What comes after it can't be read as frames any more.
                Err(_) => return discard(socket).await,
            }
        }
        yield_now().await;
    }
}

/// Reads until the client closes its side.
async fn discard(socket: &TcpStream) {
    // Not in the future itself, which every idle socket holds.
    let mut rest = vec![0; 4096];
    while socket.readable().await.is_ok() {
        match socket.try_read(&mut rest) {
            Ok(0) => return,
            Ok(_) => yield_now().await,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// Writes a whole frame.
pub async fn write(socket: &TcpStream, mut frame: Bytes) -> std::io::Result<()> {
    while !frame.is_empty() {
        socket.ready(Interest::WRITABLE).await?;
        match socket.try_write(&frame) {
            Ok(bytes) => _ = frame.split_to(bytes),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A stream on which nothing is said any more.
struct Mute<'a>(&'a TcpStream);

impl Read for Mute<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Mute<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
