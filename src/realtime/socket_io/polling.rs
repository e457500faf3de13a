//! The way without a WebSocket: one request waits for what there is to tell, others bring what the client says.

use std::{sync::Arc, time::Duration};

use poem::Request;
use tokio::time::{sleep, timeout};

use super::{
    Handshake, Query, SocketIo,
    engines::{Engine, State, unknown},
};
use crate::{
    error::{Code, Error, Result},
    realtime::{
        conversation, events,
        frames::CloseCode,
        packets::{self, Packet},
        services::Services,
        session::Session,
        transport::Transport,
    },
    telemetry::metrics::names,
};

/// How long a poll waits while a WebSocket is tried: the client is to have none open when it goes on by that.
const WHILE_PROBING: Duration = Duration::from_millis(100);
/// The answer to a body that was taken.
const TAKEN: &str = "ok";

/// Waits for what there is to tell, and answers a poll with it.
pub async fn take(engine: &Engine) -> Result<String> {
    let Ok(_permit) = engine.polling.try_lock() else {
        engine.end();
        return Err(Error::new(Code::Malformed, "a connection has one poll at a time; this one is over"));
    };
    let mut changes = engine.changes();
    loop {
        changes.mark_unchanged();
        let unauthenticated = engine.take_unauthenticated();
        if !unauthenticated.is_empty() {
            return Ok(packets::body(&unauthenticated));
        }
        match engine.state() {
            State::Open { session, .. } => return take_from(engine, &session).await,
            State::Over => return Err(unknown()),
            State::Opening if engine.is_probing() => {
                sleep(WHILE_PROBING).await;
                return Ok(packets::NOOP.to_owned());
            }
            State::Opening => changes.changed().await.map_err(|_| unknown())?,
        }
    }
}

/// The same of a client that is in.
async fn take_from(engine: &Engine, session: &Session) -> Result<String> {
    let mut taken = session.poll().ok_or_else(unknown)?;
    if engine.is_probing() {
        if let Ok(taken) = timeout(WHILE_PROBING, &mut taken).await {
            return Ok(answer(session, taken.ok()));
        }
        // What was given to it meanwhile is still there to be taken.
        session.end_poll();
    }
    Ok(answer(session, taken.await.ok()))
}

fn answer(session: &Session, taken: Option<Vec<bytes::Bytes>>) -> String {
    match taken {
        Some(frames) => packets::body(&frames),
        None if session.is_over() => packets::CLOSE.to_owned(),
        None => packets::NOOP.to_owned(),
    }
}

/// Takes what a client says. What comes behind a packet that ends everything is not read.
pub async fn give(
    io: &SocketIo,
    engine: &Arc<Engine>,
    request: &mut Request,
    query: &Query,
) -> Result<String> {
    let Ok(_permit) = engine.posting.try_lock() else {
        engine.end();
        return Err(Error::new(Code::Malformed, "a connection sends one body at a time; this one is over"));
    };
    let body = request.take_body().into_string().await.map_err(|_| {
        engine.end();
        Error::new(Code::Malformed, "a body is text in UTF-8, at most 64 KiB; this connection is over")
    })?;
    for text in body.split(packets::SEPARATOR) {
        match engine.state() {
            State::Open { session, .. } => execute(&io.services, &session, text).await?,
            State::Opening => open(io, engine, request, query, text).await?,
            State::Over => return Err(unknown()),
        }
    }
    Ok(TAKEN.to_owned())
}

/// Obeys one packet of a client that is in.
async fn execute(services: &Services, session: &Arc<Session>, text: &str) -> Result<()> {
    if session.is_over() || session.has_socket() {
        return Err(unknown());
    }
    session.alive();
    if !services.hub.app().limits.allows_command(session.caller.user_id) {
        metrics::counter!(names::RATE_LIMITED, "kind" => "command").increment(1);
        session.close(CloseCode::TooMany, "too many commands");
        let refusal = Error::new(Code::TooManyRequests, "too many commands; this connection is over");
        return Err(refusal.retry_after(1));
    }
    Box::pin(events::execute(services, session, text)).await;
    Ok(())
}

/// Reads one packet of a client that is not in.
async fn open(
    io: &SocketIo,
    engine: &Arc<Engine>,
    request: &Request,
    query: &Query,
    text: &str,
) -> Result<()> {
    let is_told = match packets::read(text) {
        Packet::Connect { namespace: "/", auth } => {
            let handshake = Handshake::of(&io.services, request, query).await.after(&engine.first)?;
            match handshake.enter(&io.services, auth, Transport::Away).await {
                Err(error) => engine.queue_unauthenticated(Handshake::refusal(&error)),
                Ok(signed_in) => {
                    let upgrades = engine.open(&signed_in.session, signed_in.by_token).ok_or_else(unknown)?;
                    let (services, engines, engine) =
                        (io.services.clone(), io.engines.clone(), Arc::clone(engine));
                    tokio::spawn(async move {
                        conversation::serve_polls(&services, &signed_in.session, upgrades, signed_in.follow)
                            .await;
                        engines.end(&engine);
                        drop(signed_in.permit);
                    });
                    true
                }
            }
        }
        Packet::Connect { namespace, .. } => engine.queue_unauthenticated(packets::no_namespace(namespace)),
        Packet::Ping(text) => engine.queue_unauthenticated(packets::pong(text)),
        Packet::Pong | Packet::Nothing => true,
        _ => false,
    };
    if is_told {
        return Ok(());
    }
    engine.end();
    Err(Error::new(Code::Malformed, "a client first says who it is; this connection is over"))
}
