//! Who asks: decided by the token alone, without a query.

use std::{net::IpAddr, sync::Arc, time::Duration};

use poem::{
    Request, RequestBody,
    http::{HeaderValue, header},
};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};
use uuid::Uuid;

use super::{RequestId, check_origin, client_address, fields::cookies};
use crate::{
    app::App,
    db::query::Actor,
    error::{Code, Error, Result},
    time::Timestamp,
    tokens,
};

/// Someone signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user_id: Uuid,
    /// The session the access token belongs to; with an API token, the id of that.
    pub session_id: Uuid,
    /// When the token ends, in seconds since 1970.
    pub expires_at: i64,
    /// Whether it is a personal API token, and no session of a person who signed in.
    pub is_token: bool,
    /// Where the request came from; see [`client_address`].
    pub address: Option<IpAddr>,
}

impl Caller {
    /// Whom a token in this request belongs to, if it is good and its session goes on.
    pub async fn from_token(app: &App, request: &Request, token: &str) -> Result<Self> {
        Self::from_token_at(app, client_address(request), token).await
    }

    /// Whom a token belongs to that comes from this address, if it is good and its session goes on.
    pub async fn from_token_at(app: &App, address: Option<IpAddr>, token: &str) -> Result<Self> {
        let caller = if token.starts_with(tokens::PREFIX) {
            let token = app.api_tokens.verify(&app.pool, token).await?;
            let expires_at = token.expires_at.map_or(i64::MAX, |end| end.0.timestamp());
            Self { user_id: token.user_id, session_id: token.id, expires_at, is_token: true, address }
        } else {
            let claims = app.tokens.verify(token)?;
            let (user_id, session_id, expires_at) = (claims.sub, claims.sid, claims.exp);
            Self { user_id, session_id, expires_at, is_token: false, address }
        };
        if app.revocations.contains(&caller.session_id) {
            return Err(over());
        }
        Ok(caller)
    }

    /// Who sent this request. A bearer that is present decides, good or bad; a cookie counts only without one, and
    /// not for a foreign page. Of several cookies the first that is good counts: one that another path has left behind
    /// shuts nobody out.
    pub async fn from_request(app: &App, request: &Request, upgrading: bool) -> Result<Self> {
        if let Some(token) = bearer(request) {
            return Self::from_token(app, request, token).await;
        }
        let mut refusal = Error::new(Code::NotSignedIn, "this needs an access token");
        for token in cookies(request, "access_token") {
            match Self::from_token(app, request, token).await {
                Ok(caller) => {
                    check_origin(app, request, upgrading)?;
                    return Ok(caller);
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    /// The permissions the caller's token has; `None` is everything they may do themselves.
    pub async fn scopes(self, app: &App) -> Result<Option<Arc<[String]>>> {
        if !self.is_token {
            return Ok(None);
        }
        Ok(app.api_tokens.find(&app.pool, self.session_id).await?.ok_or_else(over)?.scopes)
    }

    /// Refuses what the scopes of the caller's token do not name: 403.
    pub async fn require_scope(self, app: &App, permission: &str) -> Result<()> {
        match self.scopes(app).await? {
            Some(scopes) if !scopes.iter().any(|scope| scope == permission || scope == "*") => {
                Err(Error::new(Code::Forbidden, format!("the scopes of this token do not name {permission}")))
            }
            _ => Ok(()),
        }
    }

    /// Refuses an API token where only somebody who signed in may go: what makes and ends sign-ins is theirs, or a token
    /// could give itself more than it was given.
    pub fn require_session(self) -> Result<()> {
        if self.is_token {
            let detail = "an API token cannot do this; sign in with a password";
            return Err(Error::new(Code::Forbidden, detail));
        }
        Ok(())
    }

    /// How long the API token goes on that the caller came with; `None` for ever, and for a session.
    pub fn token_lasts(self) -> Option<Duration> {
        let ends = self.is_token && self.expires_at != i64::MAX;
        let left = self.expires_at.saturating_sub(Timestamp::now().0.timestamp());
        ends.then(|| Duration::from_secs(left.try_into().unwrap_or(0)))
    }
}

fn over() -> Error {
    Error::new(Code::NotSignedIn, "this session has ended; sign in again")
}

impl From<Caller> for Actor {
    fn from(caller: Caller) -> Self {
        Self { user_id: Some(caller.user_id), address: caller.address }
    }
}

/// The token in the header `Authorization`, good or bad; another scheme (a browser sends `Basic` for a proxy in front) is no
/// bearer.
pub fn bearer(request: &Request) -> Option<&str> {
    request.headers().get_all(header::AUTHORIZATION).iter().find_map(|line| {
        let mut parts = line.as_bytes().splitn(2, u8::is_ascii_whitespace);
        let scheme = parts.next().unwrap_or_default();
        // What is no text is no token, and refused as one.
        let token = str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default();
        scheme.eq_ignore_ascii_case(b"bearer").then(|| token.trim())
    })
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = |ty, description, name, key_in, scheme, bearer_format| MetaSecurityScheme {
            ty,
            description: Some(description),
            name,
            key_in,
            scheme,
            bearer_format,
            flows: None,
            openid_connect_url: None,
        };
        let bearer = "The access token from the answer to a login, or a personal API token, as `Authorization: Bearer …`.";
        registry.create_security_scheme(
            "bearer",
            scheme("http", bearer, None, None, Some("bearer"), Some("JWT")),
        );
        let cookie = "The same token as a cookie, as a login sets it.";
        registry.create_security_scheme(
            "cookie",
            scheme("apiKey", cookie, Some("access_token"), Some("cookie"), None, None),
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec!["bearer", "cookie"]
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        // Whoever may not come in was stopped on the way here.
        let caller = request.data::<Self>().copied();
        Ok(caller.ok_or_else(|| Error::internal("the request was let through without asking who sent it"))?)
    }
}

/// What is worth keeping of a request beside its body: where it came from, and with what.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// The address of the client; see [`client_address`].
    pub address: String,
    /// The header `User-Agent`, cut to 512 characters; `�` stands where it is no UTF-8.
    pub user_agent: String,
    /// The id of the request.
    pub id: String,
}

impl<'a> poem::FromRequest<'a> for RequestInfo {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let agent = request.headers().get(header::USER_AGENT).map(HeaderValue::as_bytes);
        Ok(Self {
            address: client_address(request).map(|address| address.to_string()).unwrap_or_default(),
            user_agent: String::from_utf8_lossy(agent.unwrap_or_default()).chars().take(512).collect(),
            id: request.data::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        })
    }
}
