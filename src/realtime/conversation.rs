//! The conversation with one client, from its sign-in to its end: what there is to tell it, and what it sends, in turns.

use std::{future::pending, sync::Arc, time::Duration};

use hyper::upgrade::OnUpgrade;
use tokio::{
    sync::oneshot,
    task::yield_now,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::{
    catch_up::catch_up,
    frames::CloseCode,
    gateway,
    services::Services,
    session::{Kind, Session},
    socket::{ConnectionPermit, SLOW_CLOSING, Socket},
    subscription,
};
use crate::{
    chats::Position,
    error::{Code, Error, Result},
    http::Caller,
    limits::Slot,
    roles,
};

/// How long who catches up waits when the log can't be read right now.
const PAUSE: Duration = Duration::from_millis(200);
/// The most chats that go live in one go.
const AT_ONCE: usize = 128;

/// What a client wants to follow from the start.
#[derive(Debug, Clone, Copy)]
pub enum Follow {
    /// One chat, after this entry.
    Chat(Uuid, Option<Position>),
    /// The gateway; with `all` all of the user's chats, and the notifications after this number.
    Gateway { all: bool, after_notification: Option<i64> },
}

impl Follow {
    /// What kind of client wishes so.
    pub fn kind(self) -> Kind {
        match self {
            Self::Chat(..) => Kind::Chat,
            Self::Gateway { all, .. } => Kind::Gateway { all },
        }
    }
}

/// A connection that becomes a WebSocket of somebody.
pub struct Arrival {
    /// Whose.
    pub caller: Caller,
    /// The connection, as soon as it is one.
    pub upgrade: OnUpgrade,
    /// What the connection holds.
    pub permit: ConnectionPermit,
    /// What the client wants to follow.
    pub follow: Follow,
}

/// Serves a socket from the upgrade to its end, and holds a slot meanwhile.
///
/// Its future is what an idle socket costs: what is done now and then is boxed, so that there is no room for it meanwhile, and so
/// is what the socket begins with. It is spawned as it is: a block around it would have room for it twice.
pub async fn run(services: Services, arrival: Box<Arrival>, _slot: Option<Slot<Uuid>>) {
    if let Some((session, socket, _end)) = Box::pin(open(&services, arrival)).await {
        serve_socket(&services, &session, socket).await;
    }
}

/// What closes a socket when the token of its client ends.
type End = Option<AbortOnDropHandle<()>>;

async fn open(services: &Services, arrival: Box<Arrival>) -> Option<(Arc<Session>, Socket, End)> {
    let Arrival { caller, upgrade, permit, follow } = *arrival;
    let socket = Socket::open(upgrade, permit).await?;
    let number = services.hub.next_number();
    let session = Arc::new(Session::new(number, caller, follow.kind(), socket.transport(), false));
    let end = end_in_time(&session);
    enter(services, &session, follow).await;
    Some((session, socket, end))
}

/// Serves a client that has just signed in, to its end.
pub async fn serve(services: &Services, session: &Arc<Session>, socket: Socket, follow: Follow) {
    let _end = end_in_time(session);
    Box::pin(enter(services, session, follow)).await;
    serve_socket(services, session, socket).await;
}

/// Serves a client that polls, to its end; by the WebSocket that comes out of `upgrades`, if it goes on by one.
pub async fn serve_polls(
    services: &Services,
    session: &Arc<Session>,
    upgrades: oneshot::Receiver<Socket>,
    follow: Follow,
) {
    let _end = end_in_time(session);
    Box::pin(enter(services, session, follow)).await;
    match converse_by_polls(services, session, upgrades).await {
        Ok(Some(socket)) => return serve_socket(services, session, socket).await,
        Ok(None) => {}
        Err(error) => fail(session, &error),
    }
    Box::pin(services.hub.leave(session)).await;
    let rest = async {
        while !session.is_written() {
            session.wake.notified().await;
        }
    };
    let _ = timeout(SLOW_CLOSING, rest).await;
}

/// Lets a client in that has just signed in, and begins to tell it what it wishes for; or says why not.
async fn enter(services: &Services, session: &Arc<Session>, follow: Follow) {
    let caller = session.caller;
    if !services.hub.enter(session) {
        session.close(CloseCode::Draining, "{\"retry_after_ms\":1000}");
    } else if let Err(error) = Box::pin(begin(services, session, follow)).await {
        tracing::debug!(%error, "a socket could not begin");
        match error.code() {
            Code::NotFound | Code::Banned | Code::Forbidden => {
                session.close(CloseCode::NotAllowed, "you may not read this chat");
            }
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
            // It cannot be known right now: come again.
            _ => session.close(CloseCode::Draining, "{\"retry_after_ms\":1000}"),
        }
    }
}

fn fail(session: &Session, error: &Error) {
    tracing::debug!(%error, "a socket failed");
    session.close(CloseCode::Draining, "{\"retry_after_ms\":1000}");
}

/// Serves a client that is in, until its end.
async fn serve_socket(services: &Services, session: &Arc<Session>, mut socket: Socket) {
    socket.belongs_to(session);
    if let Err(error) = converse(services, session, &mut socket).await {
        fail(session, &error);
    }
    Box::pin(services.hub.leave(session)).await;
    let _ = Box::pin(timeout(SLOW_CLOSING, write_rest(session, &socket))).await;
    Box::pin(socket.close_handshake()).await;
}

/// Closes the socket of an API token when the token ends. An access token may end: its session goes on.
fn end_in_time(session: &Arc<Session>) -> End {
    let left = session.caller.token_lasts()?;
    let session = Arc::clone(session);
    Some(AbortOnDropHandle::new(tokio::spawn(async move {
        sleep(left).await;
        session.close(CloseCode::SessionOver, "this token has expired");
    })))
}

async fn begin(services: &Services, session: &Arc<Session>, follow: Follow) -> Result<()> {
    match follow {
        Follow::Chat(chat_id, resume) => {
            subscription::begin_chat(&services.hub, session, chat_id, resume).await
        }
        Follow::Gateway { after_notification, .. } => {
            gateway::begin(&services.hub, session, after_notification).await
        }
    }
}

/// What is to be done next in a conversation.
enum Next {
    /// It is over.
    End,
    /// Something was done; there may be more.
    Again,
    /// Something must come first.
    Wait { write: bool },
}

/// Tells a client what there is to tell; `pause` is until when the log is left alone.
async fn step(services: &Services, session: &Arc<Session>, pause: &mut Option<Instant>) -> Result<Next> {
    let todo = session.todo();
    if todo.end {
        return Ok(Next::End);
    }
    for chat_id in session.take_dropped() {
        services.hub.let_go(chat_id, session);
        if let Err(error) = Box::pin(gateway::recheck(&services.hub, session, chat_id)).await {
            tracing::debug!(%error, %chat_id, "a chat that was left could not be looked at again");
            // The tables are asked until they say whether the person is back.
            services.hub.claim_members(vec![(session.caller.user_id, chat_id)]);
        }
    }
    if todo.catch_up.is_some() && session.go_live(AT_ONCE) {
        // A long replay must not keep others from the core.
        yield_now().await;
        return Ok(Next::Again);
    }
    if let (Some((chat_id, seen)), None) = (todo.catch_up, *pause) {
        match Box::pin(catch_up(&services.hub, session, chat_id, seen)).await {
            Ok(()) => {}
            // The database passes by: the socket stays, and so does its permit.
            Err(error) if error.retry_after_seconds().is_some() => *pause = Some(Instant::now() + PAUSE),
            Err(error) => return Err(error),
        }
        return Ok(Next::Again);
    }
    Ok(Next::Wait { write: todo.write })
}

/// Until one of the two closes.
async fn converse(services: &Services, session: &Arc<Session>, socket: &mut Socket) -> Result<()> {
    let mut pause: Option<Instant> = None;
    // What came together with its first words is here already, and no news of the connection.
    if !socket.read(services, session).await {
        return Ok(());
    }
    loop {
        let write = match step(services, session, &mut pause).await? {
            Next::End => return Ok(()),
            Next::Again => {
                // Nor must it make us deaf to commands and pongs.
                if !socket.read(services, session).await {
                    return Ok(());
                }
                continue;
            }
            Next::Wait { write } => write,
        };
        let mut is_readable = false;
        tokio::select! {
            ready = socket.ready(write) => match ready {
                Ok(ready) => {
                    if write && ready.is_writable() {
                        session.unblock();
                    }
                    is_readable = ready.is_readable();
                }
                Err(_) => return Ok(()),
            },
            () = session.wake.notified() => {}
            () = end_of(pause) => pause = None,
        }
        if is_readable && !socket.read(services, session).await {
            return Ok(());
        }
    }
}

/// Waits until a pause is over, for ever where there is none. Boxed: there is seldom one.
async fn end_of(pause: Option<Instant>) {
    match pause {
        Some(pause) => Box::pin(sleep_until(pause)).await,
        None => pending().await,
    }
}

/// Until one of the two closes, or the client has a WebSocket.
async fn converse_by_polls(
    services: &Services,
    session: &Arc<Session>,
    mut upgrades: oneshot::Receiver<Socket>,
) -> Result<Option<Socket>> {
    let mut pause: Option<Instant> = None;
    loop {
        match step(services, session, &mut pause).await? {
            Next::End => return Ok(None),
            Next::Again => yield_now().await,
            Next::Wait { .. } => tokio::select! {
                socket = &mut upgrades => match socket {
                    Ok(socket) => {
                        session.upgrade(socket.transport());
                        return Ok(Some(socket));
                    }
                    Err(_) => return Ok(None),
                },
                () = session.wake.notified() => {}
                () = end_of(pause) => pause = None,
            },
        }
    }
}

/// Writes what is left.
async fn write_rest(session: &Session, socket: &Socket) {
    while !session.is_written() {
        if socket.writable().await.is_err() {
            return;
        }
        session.unblock();
    }
}
