//! Who comes in: by the token in the first packet, or as the request says that brought the connection.

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use poem::{Request, http::header};
use serde::Deserialize;
use uuid::Uuid;

use super::Query;
use crate::{
    app::App,
    error::{Code, Error, Result},
    http::{Caller, bearer, client_address, json},
    limits::{RateLimitState, Slot},
    realtime::{
        conversation::Follow, packets, permits, services::Services, session::Session, transport::Transport,
    },
    roles,
    secrets::random,
    telemetry::metrics::names,
};

/// What a request says of who sends it.
pub struct Handshake {
    caller: Result<Caller>,
    address: Option<IpAddr>,
    all: bool,
    after_notification: Option<i64>,
}

/// Somebody who is in.
pub struct SignedIn {
    /// Their session; it has said so.
    pub session: Arc<Session>,
    /// What they want to follow from the start.
    pub follow: Follow,
    /// Whether they came with a token of their own.
    pub by_token: bool,
    /// The slot of their socket, held as long as it lives.
    pub permit: Option<Slot<Uuid>>,
}

/// What the first packet of a client may carry.
#[derive(Default, Deserialize)]
struct Auth {
    token: Option<String>,
    subscribe: Option<String>,
    after_notification: Option<i64>,
}

impl Handshake {
    /// What this request says; `query` is its own.
    pub async fn of(services: &Services, request: &Request, query: &Query) -> Self {
        let caller = Caller::from_request(services.hub.app(), request, true).await;
        let (all, after_notification) = (query.all, query.after_notification);
        Self { caller, address: client_address(request), all, after_notification }
    }

    /// The same with what the first request of the connection said, which decides: some clients say it only there. Refused
    /// where the two come from different people.
    pub fn after(self, first: &Self) -> Result<Self> {
        let all = self.all || first.all;
        let after_notification = self.after_notification.or(first.after_notification);
        match (&first.caller, &self.caller) {
            (Ok(first), Ok(caller)) if first.user_id != caller.user_id => Err(super::engines::unknown()),
            (Ok(first), _) => Ok(Self { caller: Ok(*first), all, after_notification, ..self }),
            _ => Ok(Self { all, after_notification, ..self }),
        }
    }

    /// Refuses the request of somebody else than whose the connection is. A token that is good no longer is nobody's: the
    /// session it was good for goes on.
    pub async fn check(app: &App, request: &Request, owner: Caller, by_token: bool) -> Result<()> {
        let has_cookie = request.headers().contains_key(header::COOKIE);
        if bearer(request).is_none() && (by_token || !has_cookie) {
            return Ok(());
        }
        match Caller::from_request(app, request, true).await {
            Ok(caller) if caller.user_id != owner.user_id => Err(super::engines::unknown()),
            Err(error) if error.code() == Code::ForeignOrigin => Err(error),
            _ => Ok(()),
        }
    }

    /// What a client is told that was not let in.
    pub fn refusal(error: &Error) -> Bytes {
        if error.code().status() >= 500 {
            tracing::warn!("{}{}", error.detail(), error.causes());
        }
        packets::refused("/", error.code(), error.detail())
    }

    /// Lets a client in that sent this with its first packet; its frames go to `transport`.
    pub async fn enter(&self, services: &Services, auth: &str, transport: Transport) -> Result<SignedIn> {
        let app = services.hub.app();
        let auth: Auth = match auth {
            "" => Auth::default(),
            auth => json::parse(auth.as_bytes())?,
        };
        let all = match auth.subscribe.as_deref() {
            None => self.all,
            Some("all") => true,
            Some(_) => return Err(Error::invalid_field("subscribe", "must be all, or left out")),
        };
        let after_notification = auth.after_notification.or(self.after_notification);
        if after_notification.is_some_and(|seq| seq < 0) {
            return Err(Error::invalid_field("after_notification", "must be a whole number from 0"));
        }
        let by_token = auth.token.is_some();
        let caller = match &auth.token {
            Some(token) => Caller::from_token_at(app, self.address, token).await?,
            None => match &self.caller {
                Ok(caller) => *caller,
                Err(error) => return Err(Error::new(error.code(), error.detail().to_owned())),
            },
        };
        if let Some(refusal) = app.limits.of_person(caller.user_id).and_then(RateLimitState::refusal) {
            return Err(refusal);
        }
        roles::service::check(app, caller, permits::GATEWAY).await?;
        let permit = app.limits.take_socket(caller.user_id).inspect_err(|_| {
            metrics::counter!(names::RATE_LIMITED, "kind" => "socket").increment(1);
        })?;
        let follow = Follow::Gateway { all, after_notification };
        let session =
            Arc::new(Session::new(services.hub.next_number(), caller, follow.kind(), transport, true));
        // Another name than that of the connection: this one is no secret.
        session.push(packets::connected(&random::secret()?));
        Ok(SignedIn { session, follow, by_token, permit })
    }
}
