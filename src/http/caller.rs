//! Who asks: decided by the access token alone, without a query.

use std::net::IpAddr;

use poem::{Request, RequestBody, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaSecurityScheme, Registry},
};
use uuid::Uuid;

use super::{RequestId, check_origin};
use crate::{
    app::App,
    db::query::Actor,
    error::{Code, Error, Result},
};

/// Someone signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user_id: Uuid,
    /// The session the access token belongs to.
    pub session_id: Uuid,
    /// When the access token ends, in seconds since 1970.
    pub expires_at: i64,
    /// Where the request came from, as a proxy on this network tells it.
    pub address: Option<IpAddr>,
}

impl Caller {
    /// Whom a token in this request belongs to, if it is good and its session goes on.
    pub fn from_token(app: &App, request: &Request, token: &str) -> Result<Self> {
        let claims = app.tokens.verify(token)?;
        if app.revocations.contains(&claims.sid) {
            return Err(Error::new(Code::NotSignedIn, "this session has ended; sign in again"));
        }
        let address = client_address(request);
        Ok(Self { user_id: claims.sub, session_id: claims.sid, expires_at: claims.exp, address })
    }

    /// Who sent this request. A bearer that is present decides, good or bad; a cookie counts only without one, and
    /// not for a foreign page.
    pub fn from_request(app: &App, request: &Request, upgrading: bool) -> Result<Self> {
        match access_token(request)? {
            (token, Source::Bearer) => Self::from_token(app, request, token),
            (token, Source::Cookie) => {
                let caller = Self::from_token(app, request, token)?;
                check_origin(app, request, upgrading)?;
                Ok(caller)
            }
        }
    }
}

impl From<Caller> for Actor {
    fn from(caller: Caller) -> Self {
        Self { user_id: caller.user_id, address: caller.address }
    }
}

/// Where an access token was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The header `Authorization`.
    Bearer,
    /// The cookie `access_token`.
    Cookie,
}

/// The access token of a request.
pub fn access_token(request: &Request) -> Result<(&str, Source)> {
    let missing = || Error::new(Code::NotSignedIn, "this needs an access token");
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let value = value.to_str().map_err(|_| missing())?;
        let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
        return if scheme.eq_ignore_ascii_case("bearer") {
            Ok((token.trim(), Source::Bearer))
        } else {
            Err(missing())
        };
    }
    cookie(request, "access_token").map(|token| (token, Source::Cookie)).ok_or_else(missing)
}

/// The value of a cookie.
pub fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.trim_matches('"'))
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
        let bearer = "The access token from the answer to a login, as `Authorization: Bearer …`.";
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
    /// The address of the client, as a proxy on this network tells it.
    pub address: String,
    /// The header `User-Agent`, cut to 512 characters.
    pub user_agent: String,
    /// The id of the request.
    pub id: String,
}

impl<'a> poem::FromRequest<'a> for RequestInfo {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self {
            address: client_address(request).map(|address| address.to_string()).unwrap_or_default(),
            user_agent: agent.unwrap_or_default().chars().take(512).collect(),
            id: request.data::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        })
    }
}

/// Where a request came from. `X-Forwarded-For` is believed only of a proxy on this machine or this network, and of it
/// only what that proxy itself added: the last entry.
pub fn client_address(request: &Request) -> Option<IpAddr> {
    let peer = request.remote_addr().as_socket_addr()?.ip();
    let is_near = match peer {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let told = forwarded
        .filter(|_| is_near)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|last| last.trim().parse().ok());
    Some(told.unwrap_or(peer))
}
