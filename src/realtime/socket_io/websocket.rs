//! The way by WebSocket, from the start or after polling.

use poem::{Request, Response};
use tokio::time::timeout;

use super::{
    Handshake, Query, SocketIo,
    engines::{Engine, TIMEOUT},
    handshake::SignedIn,
    new_sid,
};
use crate::{
    error::Result,
    realtime::{
        conversation,
        frames::CloseCode,
        handshake::{check_handshake, switch, take_upgrade},
        packets::{self, Packet},
        services::Services,
        socket::Socket,
    },
};

/// The most packets of a client that has not said who it is.
const MOST_UNAUTHENTICATED: usize = 16;

/// Answers 101, and serves what comes then.
pub async fn open(io: &SocketIo, request: &Request, query: &Query) -> Result<Response> {
    let key = check_handshake(request)?;
    let engine = match &query.sid {
        Some(sid) => Some(io.engines.find(&io.services, request, sid).await?),
        None => None,
    };
    let mut handshake = Handshake::of(&io.services, request, query).await;
    if let Some(engine) = &engine {
        handshake = handshake.after(&engine.first)?;
    }
    let first = super::open(&new_sid()?, &[]);
    let (upgrade, permit) = take_upgrade(request)?;
    let services = io.services.clone();
    tokio::spawn(async move {
        // Boxed, so that an idle socket keeps no room for its beginning, nor for what it came with.
        let to = services.clone();
        let begin = async move {
            let socket = Socket::open(upgrade, permit).await?;
            let socket = match engine {
                Some(engine) => go_on(&engine, socket).await?,
                None => {
                    socket.write(first).await.ok()?;
                    socket
                }
            };
            sign_in(&to, &handshake, socket).await
        };
        let Some((SignedIn { session, follow, permit, .. }, socket)) = Box::pin(begin).await else { return };
        conversation::serve(&services, &session, socket, follow).await;
        drop(permit);
    });
    switch(&key, false)
}

/// Tries the WebSocket of a client that polls. It is given back where the client has not said yet who it is; otherwise its
/// session has it.
async fn go_on(engine: &Engine, mut socket: Socket) -> Option<Socket> {
    let probed = timeout(TIMEOUT, probe(engine, &mut socket)).await;
    engine.probe(false);
    match probed {
        Ok(Some(())) => engine.upgrade(socket),
        _ => {
            socket.close(CloseCode::ProtocolError, "a connection that goes on sends 2probe, then 5").await;
            None
        }
    }
}

async fn probe(engine: &Engine, socket: &mut Socket) -> Option<()> {
    let text = socket.next_text().await?;
    let Packet::Ping(said) = packets::read(&text) else { return None };
    engine.probe(true);
    socket.write(packets::pong(said)).await.ok()?;
    (socket.next_text().await? == packets::UPGRADE).then_some(())
}

/// Waits until a client has said who it is.
async fn sign_in(
    services: &Services,
    handshake: &Handshake,
    mut socket: Socket,
) -> Option<(SignedIn, Socket)> {
    match timeout(TIMEOUT, read_sign_in(services, handshake, &mut socket)).await {
        Ok(Some(signed_in)) => Some((signed_in, socket)),
        _ => {
            socket.close(CloseCode::ProtocolError, "a client first says who it is").await;
            None
        }
    }
}

async fn read_sign_in(services: &Services, handshake: &Handshake, socket: &mut Socket) -> Option<SignedIn> {
    for _ in 0..MOST_UNAUTHENTICATED {
        let text = socket.next_text().await?;
        let answer = match packets::read(&text) {
            Packet::Connect { namespace: "/", auth } => {
                match handshake.enter(services, auth, socket.transport()).await {
                    Ok(signed_in) => return Some(signed_in),
                    Err(error) => Handshake::refusal(&error),
                }
            }
            Packet::Connect { namespace, .. } => packets::no_namespace(namespace),
            Packet::Ping(text) => packets::pong(text),
            Packet::Pong | Packet::Nothing => continue,
            _ => return None,
        };
        socket.write(answer).await.ok()?;
    }
    None
}
