//! The handshake of the sockets: who may enter is decided before the upgrade, with ordinary answers.

use std::sync::{Arc, Mutex, PoisonError};

use hyper::upgrade::OnUpgrade;
use poem::{
    IntoResponse, Request, Response,
    http::{HeaderValue, Method, StatusCode, Version, header},
};
use tungstenite::handshake::derive_accept_key;
use uuid::Uuid;

use super::{
    conversation::{self, Arrival, Follow},
    frames::CloseCode,
    permits,
    services::Services,
    socket, subscription,
};
use crate::{
    app::App,
    chats::Position,
    error::{Code, Error, Result},
    http::{Caller, bearer, fields},
    limits::RateLimitState,
    roles,
    telemetry::metrics::names,
};

pub use super::socket::ConnectionPermit;

/// The subprotocol by which a browser says that it sends its token as another one.
const PROTOCOL: &str = "trunkline.v1";

/// The path of the gateway.
const GATEWAY: &str = "/api/v1/ws";

/// The connection's upgrade, kept by our accept loop as an extension of the request; with it whatever the connection
/// holds as long as it lives, which then lives as long as the socket.
#[derive(Clone)]
pub struct Upgrade(pub Arc<Mutex<Option<(OnUpgrade, ConnectionPermit)>>>);

/// Whether a request wants to become a WebSocket.
pub fn is_upgrade(request: &Request) -> bool {
    request.method() == Method::GET && fields::names(request.headers(), &header::UPGRADE, "websocket")
}

/// The chat whose socket this path is: `/api/v1/chats/{chat_id}`.
fn chat_of(path: &str) -> Option<&str> {
    path.strip_prefix("/api/v1/chats/").filter(|rest| !rest.is_empty() && !rest.contains('/'))
}

/// Refuses a request before it is looked at: a page that opens a socket hears it by a close code.
pub fn refuse_early(request: &Request, error: Error) -> Result<Response> {
    let path = request.uri().path();
    if is_upgrade(request) && (path == GATEWAY || chat_of(path).is_some()) {
        return refuse(request, error);
    }
    Err(error)
}

/// Opens the socket at a path; `None` when there is none.
///
/// A page cannot read why a handshake was refused. Where it speaks our subprotocol, the socket is opened for it and closed
/// at once with a code that says so.
pub async fn open(services: &Services, request: &Request) -> Option<Result<Response>> {
    let path = request.uri().path();
    let opened = match chat_of(path) {
        Some(chat_id) => open_chat(services, request, chat_id).await,
        None if path == GATEWAY => open_gateway(services, request).await,
        None => return None,
    };
    Some(opened.or_else(|error| refuse(request, error)))
}

/// What a client must have offered that can be told by a close code.
fn is_told_by_close(request: &Request) -> bool {
    request.headers().contains_key(header::ORIGIN) && protocols(request).contains(&PROTOCOL)
}

/// Refuses a handshake: with a close code for a page that can read nothing else.
fn refuse(request: &Request, error: Error) -> Result<Response> {
    let close = match error.code() {
        Code::NotSignedIn | Code::SessionOver => CloseCode::SessionOver,
        Code::Forbidden | Code::Suspended | Code::Banned | Code::Blocked => CloseCode::NotAllowed,
        Code::NotFound => CloseCode::ChatDeleted,
        Code::TooManyRequests => CloseCode::TooMany,
        _ => return Err(error),
    };
    let Some(key) = check_handshake(request).ok().filter(|_| is_told_by_close(request)) else {
        return Err(error);
    };
    let (upgrade, permit) = take_upgrade(request)?;
    tokio::spawn(async move {
        socket::refuse(upgrade, close, error.code().word()).await;
        drop(permit);
    });
    switch(&key, true)
}

async fn open_chat(services: &Services, request: &Request, chat_id: &str) -> Result<Response> {
    let app = services.hub.app();
    let (caller, protocol) = sign_in(app, request, permits::CHAT).await?;
    let key = check_handshake(request)?;
    let chat_id: Uuid = chat_id.parse().map_err(|_| Error::invalid_field("chat_id", "must be a UUID"))?;
    let resume = resume(request)?;
    services.hub.place(chat_id, caller.user_id, 0).await?;
    upgrade(services, request, caller, protocol, &key, Follow::Chat(chat_id, resume))
}

async fn open_gateway(services: &Services, request: &Request) -> Result<Response> {
    let (caller, protocol) = sign_in(services.hub.app(), request, permits::GATEWAY).await?;
    let key = check_handshake(request)?;
    let all = match parameter(request, "subscribe=") {
        None => false,
        Some("all") => true,
        Some(_) => return Err(Error::invalid_field("subscribe", "must be all, or left out")),
    };
    let after_notification = after_notification(parameter(request, "after_notification="))?;
    upgrade(services, request, caller, protocol, &key, Follow::Gateway { all, after_notification })
}

/// Answers 101 and gives the connection to the socket.
fn upgrade(
    services: &Services,
    request: &Request,
    caller: Caller,
    protocol: bool,
    key: &str,
    follow: Follow,
) -> Result<Response> {
    let slot = services.hub.app().limits.take_socket(caller.user_id).inspect_err(|_| {
        metrics::counter!(names::RATE_LIMITED, "kind" => "socket").increment(1);
    })?;
    let (upgrade, permit) = take_upgrade(request)?;
    let arrival = Box::new(Arrival { caller, upgrade, permit, follow });
    tokio::spawn(conversation::run(services.clone(), arrival, slot));
    switch(key, protocol)
}

/// Takes the connection out of a request that wants to become a WebSocket.
pub(super) fn take_upgrade(request: &Request) -> Result<(OnUpgrade, ConnectionPermit)> {
    request
        .data::<Upgrade>()
        .and_then(|upgrade| upgrade.0.lock().unwrap_or_else(PoisonError::into_inner).take())
        .ok_or_else(|| Error::new(Code::UpgradeRequired, "this connection cannot become a WebSocket"))
}

/// The answer 101.
pub(super) fn switch(key: &str, protocol: bool) -> Result<Response> {
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(Error::internal)?;
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if protocol {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    }
    Ok(response)
}

/// Who connects, and whether the subprotocol is to be answered; who may not, or does so too often, is refused.
async fn sign_in(app: &App, request: &Request, permission: &str) -> Result<(Caller, bool)> {
    let (caller, offered) = identify(app, request).await?;
    if let Some(refusal) = app.limits.of_person(caller.user_id).and_then(RateLimitState::refusal) {
        return Err(refusal);
    }
    roles::service::check(app, caller, permission).await?;
    Ok((caller, offered))
}

/// Who connects, and whether the subprotocol is to be answered. A token among the subprotocols decides like a bearer:
/// a page can't set the header.
async fn identify(app: &App, request: &Request) -> Result<(Caller, bool)> {
    let protocols = protocols(request);
    let offered = protocols.contains(&PROTOCOL);
    match protocols.iter().find_map(|protocol| protocol.strip_prefix("bearer.")) {
        // A browser fails where none of what it offered is answered, and a token must not be.
        Some(_) if !offered => {
            let detail = "offer the subprotocol trunkline.v1 beside bearer.<token>";
            Err(Error::invalid_field("Sec-WebSocket-Protocol", detail))
        }
        Some(token) if bearer(request).is_none() => {
            Ok((Caller::from_token(app, request, token).await?, offered))
        }
        _ => Ok((Caller::from_request(app, request, true).await?, offered)),
    }
}

/// The subprotocols a client offers.
fn protocols(request: &Request) -> Vec<&str> {
    fields::members(request.headers(), &header::SEC_WEBSOCKET_PROTOCOL).collect()
}

/// The client's key, if this is the handshake of RFC 6455.
pub(super) fn check_handshake(request: &Request) -> Result<String> {
    if request.version() < Version::HTTP_11 {
        return Err(Error::new(Code::UpgradeRequired, "a socket begins with HTTP/1.1"));
    }
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header(header::SEC_WEBSOCKET_VERSION) != Some("13") {
        return Err(Error::new(Code::UpgradeRequired, "this server speaks version 13 of WebSocket"));
    }
    if !fields::names(request.headers(), &header::CONNECTION, "upgrade") {
        return Err(Error::new(Code::Malformed, "the header Connection does not name Upgrade"));
    }
    header(header::SEC_WEBSOCKET_KEY)
        .filter(|key| key.len() == 24)
        .map(str::to_owned)
        .ok_or_else(|| Error::new(Code::Malformed, "the header Sec-WebSocket-Key is missing or malformed"))
}

/// What follows this in the query.
fn parameter<'a>(request: &'a Request, label: &str) -> Option<&'a str> {
    request.uri().query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix(label))
}

/// `?after_notification=`: the number of the last notification the client has.
pub(super) fn after_notification(text: Option<&str>) -> Result<Option<i64>> {
    let whole = 0..=9_007_199_254_740_991;
    let wrong = || {
        Error::invalid_field(
            "after_notification",
            format!("must be a whole number from 0 to {}", whole.end()),
        )
    };
    let read = |text: &str| text.parse().ok().filter(|seq| whole.contains(seq)).ok_or_else(wrong);
    text.map(read).transpose()
}

/// `?after_seq=&after_id=`: the last entry the client has, and which one it is.
fn resume(request: &Request) -> Result<Option<Position>> {
    let seq = match parameter(request, "after_seq=").map(str::parse::<i64>) {
        None => None,
        Some(Ok(seq)) => Some(seq),
        Some(Err(_)) => return Err(Error::invalid_field("after_seq", "must be a whole number from 0")),
    };
    let id = match parameter(request, "after_id=").map(str::parse::<Uuid>) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => return Err(Error::invalid_field("after_id", "must be a UUID")),
    };
    subscription::resume(seq, id)
}
