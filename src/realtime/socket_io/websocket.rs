//! The way by WebSocket, from the start or after polling.

use poem::{Request, Response};
use tokio::time::timeout;

use super::{
    Entrance, Query, SocketIo,
    engines::{Engine, PATIENCE},
    entrance::Entered,
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
const EARLY: usize = 16;

/// Answers 101, and serves what comes then.
pub async fn open(io: &SocketIo, request: &Request, query: &Query) -> Result<Response> {
    let key = check_handshake(request)?;
    let engine = match &query.sid {
        Some(sid) => Some(io.engines.find(&io.services, request, sid).await?),
        None => None,
    };
    let mut entrance = Entrance::of(&io.services, request, query).await;
    if let Some(engine) = &engine {
        entrance = entrance.after(&engine.first)?;
    }
    let first = super::open(&new_sid()?, &[]);
    let (upgrade, place) = take_upgrade(request)?;
    let services = io.services.clone();
    tokio::spawn(async move {
        // Boxed, so that an idle socket keeps no room for its beginning.
        let begin = async {
            let socket = Socket::open(upgrade, place).await?;
            let socket = match engine {
                Some(engine) => go_on(&engine, socket).await?,
                None => {
                    socket.write(first).await.ok()?;
                    socket
                }
            };
            sign_in(&services, &entrance, socket).await
        };
        let Some((Entered { session, wish, seat, .. }, socket)) = Box::pin(begin).await else { return };
        conversation::serve(&services, &session, socket, wish).await;
        drop(seat);
    });
    switch(&key, false)
}

/// Tries the WebSocket of a client that polls. It is given back where the client has not said yet who it is; otherwise its
/// session has it.
async fn go_on(engine: &Engine, mut socket: Socket) -> Option<Socket> {
    let probed = timeout(PATIENCE, probe(engine, &mut socket)).await;
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
async fn sign_in(services: &Services, entrance: &Entrance, mut socket: Socket) -> Option<(Entered, Socket)> {
    match timeout(PATIENCE, hear(services, entrance, &mut socket)).await {
        Ok(Some(entered)) => Some((entered, socket)),
        _ => {
            socket.close(CloseCode::ProtocolError, "a client first says who it is").await;
            None
        }
    }
}

async fn hear(services: &Services, entrance: &Entrance, socket: &mut Socket) -> Option<Entered> {
    for _ in 0..EARLY {
        let text = socket.next_text().await?;
        let answer = match packets::read(&text) {
            Packet::Connect { namespace: "/", auth } => {
                match entrance.enter(services, auth, socket.wire()).await {
                    Ok(entered) => return Some(entered),
                    Err(error) => Entrance::refusal(&error),
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
