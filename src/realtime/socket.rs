//! One WebSocket: its task reads commands, catches up from the log, and waits when the socket takes no more.

use std::{
    io::{ErrorKind, Read, Write},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    task::yield_now,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_util::task::AbortOnDropHandle;
use tungstenite::{
    Error as WsError, Message, WebSocket,
    error::CapacityError,
    protocol::{Role, WebSocketConfig},
};
use uuid::Uuid;

use super::{
    catch_up::catch_up,
    closing, commands,
    frames::CloseCode,
    gateway,
    services::Services,
    session::{Kind, Session},
    subscription,
};
use crate::{
    chats::Position,
    error::{Code, Result},
    http::{Caller, ClockedStream},
    limits::give_up_after,
    roles,
    telemetry::metrics::names,
};

/// The largest frame a client may send.
const MAX_FRAME: usize = 64 * 1024;
/// How long who catches up waits when the log can't be read right now.
const PAUSE: Duration = Duration::from_millis(200);
/// The most commands that are obeyed in one go.
const COMMANDS: usize = 32;
/// The most chats that go live in one go.
const AT_ONCE: usize = 128;
/// How long a close frame may take to be written to who reads slowly.
const SLOW_CLOSING: Duration = Duration::from_secs(30);

/// How long one may take nothing before the system ends the connection: the heartbeat and the good-bye come before, and say
/// why.
const SILENCE: Duration = Duration::from_secs(120);

/// What a client wants to follow from the start.
#[derive(Debug, Clone, Copy)]
pub enum Wish {
    /// One chat, after this entry.
    Chat(Uuid, Option<Position>),
    /// The gateway; with `true` all of the user's chats.
    Gateway(bool),
}

impl Wish {
    fn kind(self) -> Kind {
        match self {
            Self::Chat(..) => Kind::Chat,
            Self::Gateway(all) => Kind::Gateway { all },
        }
    }
}

/// Serves a socket from the upgrade to its end.
///
/// Its future is what an idle socket costs: what is done now and then is boxed, so that there is no room for it meanwhile.
pub async fn run(services: Services, caller: Caller, upgrade: OnUpgrade, wish: Wish) {
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(Parts { io, read_buf, .. }) = upgraded.downcast::<TokioIo<ClockedStream>>() else { return };
    let socket = Arc::new(io.into_inner().into_inner());
    give_up_after(&socket, SILENCE);
    let session =
        Arc::new(Session::new(services.hub.next_number(), caller, wish.kind(), Arc::clone(&socket)));
    let stream = Stream { socket: Arc::clone(&socket), session: Arc::clone(&session) };
    let config = WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME));
    // What the client sent behind its request, and not the 8 KiB around it: more than all the rest of an idle socket.
    let early = read_buf.to_vec();
    drop(read_buf);
    let mut socket = Socket {
        ws: WebSocket::from_partially_read(stream, early, Role::Server, Some(config)),
        socket,
        is_broken: false,
    };

    let _end = end_in_time(&session);
    if !services.hub.enter(&session) {
        session.close(CloseCode::Draining, "{\"retry_after_ms\":1000}");
    } else if let Err(error) = Box::pin(begin(&services, &session, wish)).await {
        tracing::debug!(%error, "a socket could not begin");
        match error.code() {
            Code::NotFound => session.close(CloseCode::NotAllowed, "you may not be here"),
            Code::TooManyRequests => session.close(CloseCode::TooMany, error.code().word()),
            _ => session.close(CloseCode::Draining, "{\"retry_after_ms\":1000}"),
        }
    } else if services.hub.app().revocations.contains(&caller.session_id) {
        // Revoked between the upgrade and the hub: the notification had nobody to tell.
        session.close(CloseCode::SessionOver, "this session has ended");
    } else if let Err(error) =
        Box::pin(roles::service::check(services.hub.app(), caller, session.kind.permission())).await
    {
        match error.code() {
            Code::Forbidden => session.close(CloseCode::NotAllowed, "no role of yours permits this socket"),
            Code::NotSignedIn => session.close(CloseCode::SessionOver, "this session has ended"),
            // It can not be known right now: come again.
            _ => session.close(CloseCode::Draining, "{\"retry_after_ms\":1000}"),
        }
    }
    if let Err(error) = converse(&services, &session, &mut socket).await {
        tracing::debug!(%error, "a socket failed");
        session.close(CloseCode::Draining, "{\"retry_after_ms\":1000}");
    }
    Box::pin(services.hub.leave(&session)).await;
    let _ = timeout(SLOW_CLOSING, write_rest(&session, &socket.socket)).await;
    Box::pin(closing::take_leave(&mut socket.ws, &socket.socket, socket.is_broken)).await;
}

/// Closes a connection at once that has just become a WebSocket.
pub async fn refuse(upgrade: OnUpgrade, code: CloseCode, reason: &str) {
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(Parts { io, read_buf, .. }) = upgraded.downcast::<TokioIo<ClockedStream>>() else { return };
    closing::refuse(Arc::new(io.into_inner().into_inner()), read_buf.to_vec(), code, reason).await;
}

/// Closes the socket of an API token when the token ends. An access token may end: its session goes on.
fn end_in_time(session: &Arc<Session>) -> Option<AbortOnDropHandle<()>> {
    let left = session.caller.token_lasts()?;
    let session = Arc::clone(session);
    Some(AbortOnDropHandle::new(tokio::spawn(async move {
        sleep(left).await;
        session.close(CloseCode::SessionOver, "this token has expired");
    })))
}

async fn begin(services: &Services, session: &Arc<Session>, wish: Wish) -> Result<()> {
    match wish {
        Wish::Chat(chat_id, resume) => {
            subscription::begin_chat(&services.hub, session, chat_id, resume).await
        }
        Wish::Gateway(_) => gateway::begin(&services.hub, session).await,
    }
}

/// Until one of the two says good-bye.
async fn converse(services: &Services, session: &Arc<Session>, socket: &mut Socket) -> Result<()> {
    let mut pause: Option<Instant> = None;
    loop {
        let todo = session.todo();
        if todo.end {
            return Ok(());
        }
        for chat_id in session.take_dropped() {
            services.hub.let_go(chat_id, session);
            if let Err(error) = Box::pin(gateway::look_again(&services.hub, session, chat_id)).await {
                tracing::debug!(%error, %chat_id, "a chat that was left could not be looked at again");
            }
        }
        if todo.catch_up.is_some() && session.go_live(AT_ONCE) {
            // A long replay must not make us deaf to commands and pongs, nor keep others from the core.
            if !socket.read(services, session).await {
                return Ok(());
            }
            yield_now().await;
            continue;
        }
        if let (Some((chat_id, seen)), None) = (todo.catch_up, pause) {
            match Box::pin(catch_up(&services.hub, session, chat_id, seen)).await {
                Ok(()) => {}
                // The database passes by: the socket stays, and so does its place.
                Err(error) if error.retry_after_seconds().is_some() => pause = Some(Instant::now() + PAUSE),
                Err(error) => return Err(error),
            }
            if !socket.read(services, session).await {
                return Ok(());
            }
            continue;
        }
        tokio::select! {
            readable = socket.socket.readable() => {
                if readable.is_err() || !socket.read(services, session).await {
                    return Ok(());
                }
            }
            writable = socket.socket.writable(), if todo.write => {
                if writable.is_err() {
                    return Ok(());
                }
                session.unblock();
            }
            () = session.wake.notified() => {}
            () = sleep_until(pause.unwrap_or_else(Instant::now)), if pause.is_some() => pause = None,
        }
    }
}

/// Does what a client asks for, and goes on writing to it meanwhile: a command may wait for a chat that somebody holds.
/// Ends early when the session does.
async fn obey(services: &Services, session: &Arc<Session>, socket: &TcpStream, text: &[u8]) {
    let mut command = Box::pin(commands::obey(services, session, text));
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

/// Writes what is left.
async fn write_rest(session: &Session, socket: &TcpStream) {
    while !session.is_written() {
        if socket.writable().await.is_err() {
            return;
        }
        session.unblock();
    }
}

/// The reading side.
struct Socket {
    ws: WebSocket<Stream>,
    socket: Arc<TcpStream>,
    /// What came can't be read as frames any more.
    is_broken: bool,
}

impl Socket {
    /// Reads what has arrived and does it; `false` when the conversation is over.
    async fn read(&mut self, services: &Services, session: &Arc<Session>) -> bool {
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
                    obey(services, session, &self.socket, text.as_bytes()).await;
                    // The client could not be heard meanwhile.
                    session.alive();
                }
                Message::Binary(_) => commands::refuse_binary(session),
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

/// What the protocol's reader reads from and answers to: its pongs and good-byes take their turn in the session's
/// queue, so that they never cut into a frame that is being written.
struct Stream {
    socket: Arc<TcpStream>,
    session: Arc<Session>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.socket.try_read(buffer)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.session.push(Bytes::copy_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
