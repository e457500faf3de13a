//! One WebSocket: what is read from it, and done.

use std::{
    any::Any,
    io::{ErrorKind, Read, Write},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::{Interest, Ready},
    net::TcpStream,
    task::yield_now,
    time::timeout,
};
use tungstenite::{
    Error as WsError, Message, WebSocket,
    error::CapacityError,
    protocol::{Role, WebSocketConfig},
};

use super::{
    closing, commands, events,
    frames::{self, CloseCode},
    services::Services,
    session::Session,
    transport::Transport,
};
use crate::{http::ClockedStream, limits::give_up_after, telemetry::metrics::names};

/// The largest frame a client may send.
pub const MAX_FRAME: usize = 64 * 1024;
/// How much is read at once: each socket keeps as much, also while it is idle. Most commands are shorter.
const READ_BUFFER: usize = 256;
/// The most commands that are executed in one go.
const COMMANDS: usize = 32;
/// How long a close frame may take to be written to who reads slowly.
pub const SLOW_CLOSING: Duration = Duration::from_secs(30);

/// How long one may take nothing before the system ends the connection: the heartbeat and the close frame come before, and say
/// why.
const SILENCE: Duration = Duration::from_secs(120);

/// Closes a connection at once that has just become a WebSocket.
pub async fn refuse(upgrade: OnUpgrade, code: CloseCode, reason: &str) {
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(Parts { io, read_buf, .. }) = upgraded.downcast::<TokioIo<ClockedStream>>() else { return };
    closing::refuse(Arc::new(io.into_inner().into_inner()), read_buf.to_vec(), code, reason).await;
}

/// Does what a client asks for, and goes on writing to it meanwhile: a command may wait for a chat that somebody holds.
/// Ends early when the session does.
async fn execute(services: &Services, session: &Arc<Session>, socket: &TcpStream, text: &str) {
    let command = async {
        match session.is_socket_io {
            true => events::execute(services, session, text).await,
            false => commands::execute(services, session, text.as_bytes()).await,
        }
    };
    tokio::pin!(command);
    loop {
        let todo = session.todo();
        if todo.end {
            return;
        }
        tokio::select! {
            () = &mut command => return,
            writable = socket.writable(), if todo.write => {
                if writable.is_err() {
                    return;
                }
                session.unblock();
            }
            () = session.wake.notified() => {}
        }
    }
}

/// The reading side.
pub struct Socket {
    /// Boxed: a task that hands it on has room for it at each of its stages.
    ws: Box<WebSocket<Stream>>,
    socket: Arc<TcpStream>,
    /// What came can't be read as frames any more.
    is_broken: bool,
    _permit: ConnectionPermit,
}

/// What a connection holds as long as it lives.
pub type ConnectionPermit = Arc<dyn Any + Send + Sync>;

impl Socket {
    /// Takes a connection that has just become a WebSocket.
    pub async fn open(upgrade: OnUpgrade, permit: ConnectionPermit) -> Option<Self> {
        let Parts { io, read_buf, .. } = upgrade.await.ok()?.downcast::<TokioIo<ClockedStream>>().ok()?;
        let socket = Arc::new(io.into_inner().into_inner());
        give_up_after(&socket, SILENCE);
        let stream = Stream { socket: Arc::clone(&socket), session: None };
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_FRAME))
            .max_frame_size(Some(MAX_FRAME));
        // What the client sent behind its request, and not the 8 KiB around it: more than all the rest of an idle socket.
        let early = read_buf.to_vec();
        drop(read_buf);
        let ws = WebSocket::from_partially_read(stream, early, Role::Server, Some(config));
        Some(Self { ws: Box::new(ws), socket, is_broken: false, _permit: permit })
    }

    /// Where a session writes to.
    pub fn transport(&self) -> Transport {
        Transport::Socket(Arc::clone(&self.socket))
    }

    /// The next text of a client that has no session yet; `None` when it closes, or what is no text.
    pub async fn next_text(&mut self) -> Option<String> {
        loop {
            match self.ws.read() {
                Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Err(WsError::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    self.socket.readable().await.ok()?;
                }
                _ => return None,
            }
        }
    }

    /// Writes a frame to a client that has no session yet.
    pub async fn write(&self, frame: Bytes) -> std::io::Result<()> {
        closing::write(&self.socket, frame).await
    }

    /// Ends a connection that has no session.
    pub async fn close(mut self, code: CloseCode, reason: &str) {
        code.count();
        let closing = async {
            if self.write(frames::close(code, reason)).await.is_ok() {
                closing::close_handshake(&mut self.ws, &self.socket, false).await;
            }
        };
        let _ = timeout(SLOW_CLOSING, closing).await;
    }

    /// From now on this client is that of a session.
    pub fn belongs_to(&mut self, session: &Arc<Session>) {
        self.ws.get_mut().session = Some(Arc::clone(session));
    }

    /// Waits until something can be read, or written where that is wanted, too. One future for both, which is smaller than two.
    pub async fn ready(&self, to_write: bool) -> std::io::Result<Ready> {
        let wanted = if to_write { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        self.socket.ready(wanted).await
    }

    /// Waits until something can be written.
    pub async fn writable(&self) -> std::io::Result<()> {
        self.socket.writable().await
    }

    /// Sends a close frame after everything is written.
    pub async fn close_handshake(&mut self) {
        closing::close_handshake(&mut self.ws, &self.socket, self.is_broken).await;
    }

    /// Reads what has arrived and does it; `false` when the conversation is over.
    pub async fn read(&mut self, services: &Services, session: &Arc<Session>) -> bool {
        let mut commands = 0;
        while !session.is_over() {
            let message = match self.ws.read() {
                Ok(message) => message,
                Err(WsError::Io(error)) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(WsError::Capacity(CapacityError::MessageTooLong { .. })) => {
                    self.is_broken = true;
                    session.close(CloseCode::TooLarge, "a frame may have at most 64 KiB");
                    return false;
                }
                Err(WsError::Protocol(_)) => {
                    self.is_broken = true;
                    session.close(CloseCode::ProtocolError, "this is not WebSocket as RFC 6455 has it");
                    return false;
                }
                Err(WsError::Utf8(_)) => {
                    self.is_broken = true;
                    session.close(CloseCode::InvalidText, "text must be UTF-8");
                    return false;
                }
                Err(_) => {
                    session.end();
                    return false;
                }
            };
            session.alive();
            let command = matches!(message, Message::Text(_) | Message::Binary(_));
            if command && !services.hub.app().limits.allows_command(session.caller.user_id) {
                metrics::counter!(names::RATE_LIMITED, "kind" => "command").increment(1);
                session.close(CloseCode::TooMany, "too many commands");
                return false;
            }
            match message {
                Message::Text(text) => {
                    Box::pin(execute(services, session, &self.socket, text.as_str())).await;
                    // The client could not be heard meanwhile.
                    session.alive();
                }
                Message::Binary(_) => commands::refuse_binary(session, &Value::Null, ""),
                Message::Close(_) => {
                    // The answer was queued by reading it.
                    let _ = self.ws.flush();
                    session.end();
                    return false;
                }
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                    let _ = self.ws.flush();
                }
            }
            commands += 1;
            if commands % COMMANDS == 0 {
                // Others want this core, too.
                yield_now().await;
            }
        }
        false
    }
}

/// What the protocol's reader reads from and answers to: its pongs and close frames take their turn in the session's
/// queue, so that they never cut into a frame that is being written.
struct Stream {
    socket: Arc<TcpStream>,
    /// `None` until somebody has signed in: what is answered before that is not.
    session: Option<Arc<Session>>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.socket.try_read(buffer)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(session) = &self.session {
            session.push(Bytes::copy_from_slice(bytes));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
