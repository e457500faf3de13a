//! What every answer says to a browser: what it may do with it, which pages may read it, and how much more may be asked.

use poem::{
    IntoResponse, Request, Response,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
};

use crate::{
    app::App,
    http::{fields, is_allowed_origin},
    limits::RateLimitState,
};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What a page of an allowed origin may read beside the body.
const EXPOSED: &str = "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Content-Disposition, Content-Range, ETag, \
    Location";
/// What it may send.
const ALLOWED: &str =
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, X-Request-Id";
/// How it may send it; whether the path answers so, it hears from the path.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
/// For how many seconds a browser need not ask again; more than two hours none of them remembers.
const MAX_AGE: &str = "7200";
/// For how many seconds a browser comes by HTTPS alone: a year.
const HTTPS_ONLY: &str = "max-age=31536000";
/// An answer is no page: it loads nothing, and stands in no frame.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// What holds for every answer, unless its endpoint has said something else.
pub fn secure(app: &App, headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.config.http.public_url.as_ref().is_some_and(|url| url.starts_with("https://")) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
}

/// Whether the connection of a request goes on after its answer.
pub fn stays(request: &Request) -> bool {
    let says = |word| fields::names(request.headers(), &header::CONNECTION, word);
    !says("close") && (request.version() >= Version::HTTP_11 || says("keep-alive"))
}

/// Says how long the connection may rest now, so that a client does not send its next request into its end.
pub fn keep_alive(app: &App, headers: &mut HeaderMap) {
    let timeout = format!("timeout={}", app.config.http.keep_alive_seconds);
    if let Ok(value) = HeaderValue::from_str(&timeout) {
        headers.insert(KEEP_ALIVE, value);
    }
}

/// How the client stands with its limit (draft-ietf-httpapi-ratelimit-headers).
pub fn rate(headers: &mut HeaderMap, state: &RateLimitState) {
    let RateLimitState { policy, quota, window_seconds, remaining, reset_seconds, .. } = state;
    let policy_line = format!("\"{policy}\";q={quota};w={window_seconds}");
    let line = format!("\"{policy}\";r={remaining};t={reset_seconds}");
    for (name, text) in [(RATE_LIMIT_POLICY, policy_line), (RATE_LIMIT, line)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}

/// The origin of a request, if its pages may use this server from elsewhere (`http.allowed_origins`).
pub fn allowed_origin(app: &App, request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    is_allowed_origin(app, origin.to_str().ok()?).then(|| origin.clone())
}

/// Lets a page of an allowed origin read the answer; another's browser keeps it from the page.
pub fn share(app: &App, headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if app.config.http.allowed_origins.is_empty() {
        return;
    }
    // What is kept of an answer on the way is for the origin that asked.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

/// The answer to what a browser asks before it lets a page of an allowed origin send its request, whatever it will be for;
/// `None` when it asks nothing of the kind.
pub fn preflight(app: &App, request: &Request) -> Option<Response> {
    request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    allowed_origin(app, request)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    Some(response)
}
