//! Socket.IO: for clients that speak it, the gateway by another name. Nothing is kept for it: its events are the same frames,
//! taken from the same logs, and its commands go the same way.
//!
//! The crate socketioxide is not used. It has a queue of its own for each client, of which nobody can know what the client has
//! taken, and from which nothing can be taken back: a place in a log would run ahead of its client, and who was put out would
//! hear on. What is left of the protocol without that is small.
//!
//! [`engines`] are the connections that poll, [`handshake`] is who may come in, [`polling`] and [`websocket`] are the two ways.

mod engines;
mod handshake;
mod polling;
mod websocket;

use poem::{
    Request, Response,
    http::{Method, header},
};

use self::{engines::Engines, handshake::Handshake};
use super::{
    frames::HEARTBEAT_SECONDS,
    handshake::{after_notification, is_upgrade},
    packets,
    services::Services,
    socket::MAX_FRAME,
};
use crate::{
    error::{Code, Error, Result},
    http::client_address,
    secrets::random,
};

/// Where it is.
const PATH: &str = "/socket.io";
/// What it answers.
pub const METHODS: &str = "GET, OPTIONS, POST";
/// The largest body a client that polls may send.
pub const MAX_BODY: usize = MAX_FRAME;

/// Everyone who speaks Socket.IO. A clone is cheap.
#[derive(Clone)]
pub struct SocketIo {
    services: Services,
    engines: Engines,
}

/// Whether this path is that of Socket.IO.
pub fn is_at(path: &str) -> bool {
    path.strip_suffix('/').unwrap_or(path) == PATH
}

impl SocketIo {
    /// Nobody is connected yet.
    pub fn new(services: Services) -> Self {
        Self { services, engines: Engines::default() }
    }

    /// Answers a request at its path. `method` is the client's own.
    pub async fn answer(&self, mut request: Request, method: &Method) -> Result<Response> {
        let query = Query::read(request.uri().query().unwrap_or_default())?;
        if *method == Method::GET && query.is_websocket {
            if !is_upgrade(&request) {
                return Err(Error::new(
                    Code::UpgradeRequired,
                    "the transport websocket begins with an upgrade",
                ));
            }
            return websocket::open(self, &request, &query).await;
        }
        let body = match (method, &query.sid) {
            (_, _) if query.is_websocket => Err(Error::invalid_field("transport", "must be polling")),
            (&Method::GET, None) => self.begin_polling(&request, &query).await,
            (&Method::GET, Some(sid)) => {
                let engine = self.engines.find(&self.services, &request, sid).await?;
                polling::take(&engine).await
            }
            (&Method::POST, Some(sid)) => {
                let engine = self.engines.find(&self.services, &request, sid).await?;
                polling::give(self, &engine, &mut request, &query).await
            }
            (&Method::POST, None) => Err(Error::invalid_field("sid", "is required")),
            _ => Err(Error::new(Code::MethodNotAllowed, "this path takes GET and POST")),
        }?;
        let response = Response::builder().header(header::CONTENT_TYPE, "text/plain; charset=UTF-8");
        Ok(response.body(body))
    }

    /// Begins a connection that polls.
    async fn begin_polling(&self, request: &Request, query: &Query) -> Result<String> {
        let limits = &self.services.hub.app().limits;
        // Until somebody has signed in it is one more connection of its address.
        let slot = client_address(request).map(|address| limits.take_connection(address)).transpose()?;
        let first = Handshake::of(&self.services, request, query).await;
        let engine = self.engines.begin(first, slot)?;
        Ok(packets::body(&[open(&engine.sid, &["websocket"])]))
    }
}

/// The first packet of a connection.
fn open(sid: &str, upgrades: &[&str]) -> bytes::Bytes {
    packets::open(sid, upgrades, HEARTBEAT_SECONDS, MAX_FRAME)
}

/// A new name for a connection; who knows it may use it.
fn new_sid() -> Result<String> {
    random::secret()
}

/// What the query of a request says.
struct Query {
    is_websocket: bool,
    sid: Option<String>,
    /// All chats of the user are followed.
    all: bool,
    /// The number of the last notification the client has.
    after_notification: Option<i64>,
}

impl Query {
    fn read(query: &str) -> Result<Self> {
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
        };
        if value("EIO") != Some("4") {
            return Err(Error::invalid_field("EIO", "must be 4: clients of Socket.IO 3 and 4"));
        }
        if value("j").is_some() {
            return Err(Error::invalid_field("j", "JSONP is not answered"));
        }
        let is_websocket = match value("transport") {
            Some("websocket") => true,
            Some("polling") => false,
            _ => return Err(Error::invalid_field("transport", "must be polling or websocket")),
        };
        let all = match value("subscribe") {
            None => false,
            Some("all") => true,
            Some(_) => return Err(Error::invalid_field("subscribe", "must be all, or left out")),
        };
        let after_notification = after_notification(value("after_notification"))?;
        Ok(Self { is_websocket, sid: value("sid").map(str::to_owned), all, after_notification })
    }
}
