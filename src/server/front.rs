//! What every request passes: its id, the sizes, the way to the sockets, the shape of errors, the log line.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use poem::{
    Body, Endpoint, EndpointExt, Request, Response,
    endpoint::BoxEndpoint,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
};
use tokio::sync::watch;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    compress, headers,
    paths::{Path, Paths},
    routes,
};
use crate::{
    app::App,
    error::{Code, Error, Result},
    files,
    hooks::api::without_slash,
    http::{
        BodyLimit, Caller, ClientAddress, Made, RequestId, client_address, fields, fields::check_host,
        from_framework, guard_body, json::is_json, problem_response,
    },
    limits::{Permit, RateLimitState},
    realtime::{Services, handshake, socket_io, socket_io::SocketIo},
    roles,
    telemetry::{logging, metrics::names, traces},
    users::{avatar, named},
};

/// The most bytes of a JSON body.
const JSON_BYTES: usize = 1024 * 1024;
/// What a form adds around its file.
const FORM_BYTES: usize = 16 * 1024;
/// The most bytes of all headers together, and how many there may be.
const HEAD_BYTES: usize = 32 * 1024;
const HEADERS: usize = 100;
/// The longest path and query.
const URI_BYTES: usize = 8 * 1024;
/// What changes something of whoever asks, and holds it until it is done.
const OF_ONESELF: [&str; 6] = [
    "/api/v1/auth/",
    "/api/v1/blocks",
    "/api/v1/friends",
    "/api/v1/notifications",
    "/api/v1/push/",
    "/api/v1/users/",
];
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The front controller: the one endpoint under the accept loop. A clone is cheap.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

struct Inner {
    app: App,
    services: Services,
    socket_io: SocketIo,
    routes: BoxEndpoint<'static, Response>,
    paths: Paths,
    stopping: watch::Receiver<bool>,
}

impl Front {
    /// Assembles the routes.
    pub fn new(app: App, services: Services, stopping: watch::Receiver<bool>) -> Self {
        let routes = routes::assemble(&app, &services).map_to_response().boxed();
        let paths = Paths::new(routes::documentation(), &routes::PAGES);
        let socket_io = SocketIo::new(services.clone());
        Self(Arc::new(Inner { app, services, socket_io, routes, paths, stopping }))
    }

    /// The running product.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// Answers one request, whatever it is.
    pub async fn answer(&self, mut request: Request) -> Response {
        let started = Instant::now();
        let id = request_id(&request);
        request.extensions_mut().insert(RequestId(id.clone()));
        request.extensions_mut().insert(self.0.app.clone());
        if let Some(address) = ClientAddress::find(&request, &self.0.app.config.http.trusted_proxies) {
            request.extensions_mut().insert(address);
        }
        if let Some(uri) = without_slash(request.uri()) {
            *request.uri_mut() = uri;
        }
        let method = request.method().clone();
        let path = self.0.paths.find(request.uri().path());
        let other = if socket_io::is_at(request.uri().path()) { "/socket.io/" } else { "-" };
        if method == Method::HEAD {
            // Answered like GET; the server below leaves the body out. What it was is there for who would fetch a lot.
            request.set_method(Method::GET);
            request.extensions_mut().insert(Method::HEAD);
        }
        let origin = headers::allowed_origin(&self.0.app, &request);
        let stays = headers::stays(&request);
        let accepts_gzip = compress::accepts_gzip(request.headers());
        let mut rate_limit = None;
        let template = path.map_or(other, |path| &path.template);
        let span = traces::request(method.as_str(), template, &id, request.headers());
        let routed = self.route(request, &method, path, &mut rate_limit).instrument(span.clone());
        let routed = routed.instrument(logging::request(&id));
        let outcome = AssertUnwindSafe(routed).catch_unwind().await;
        let mut response = match outcome.unwrap_or_else(|_| Err(Error::internal("the request panicked"))) {
            Ok(response) => response,
            Err(error) => {
                let error = if method.is_safe() { error } else { error.of_change() };
                report(&error, &id);
                let mut response = problem_response(&error, &id);
                if error.code() == Code::MethodNotAllowed {
                    let allow = path.map_or(HeaderValue::from_static(socket_io::METHODS), Path::allow);
                    response.headers_mut().insert(header::ALLOW, allow);
                }
                response
            }
        };
        if let Some(rate_limit) = &rate_limit {
            headers::rate(response.headers_mut(), rate_limit);
        }
        headers::share(&self.0.app, response.headers_mut(), origin);
        self.finish(&mut response, &id, stays);
        if !path.is_some_and(Path::tells_secrets) {
            response = compress::compress(response, accepts_gzip).await;
        }
        let (status, elapsed) = (response.status().as_u16(), started.elapsed());
        let labels =
            [("method", known(&method)), ("path", template.to_owned()), ("status", status.to_string())];
        traces::answered(&span, status);
        metrics::counter!(names::HTTP_REQUESTS, &labels).increment(1);
        metrics::histogram!(names::HTTP_REQUEST_SECONDS, &labels[..2]).record(elapsed.as_secs_f64());
        let ms = (elapsed.as_secs_f64() * 1e5).round() / 100.0;
        tracing::info!(id, method = %known(&method), path = template, status, ms, "request");
        response
    }

    /// `method` is the client's own: HEAD reaches the endpoints as GET.
    async fn route(
        &self,
        mut request: Request,
        method: &Method,
        path: Option<&Path>,
        rate_limit: &mut Option<RateLimitState>,
    ) -> Result<Response> {
        check_head(&request)?;
        if !path.is_some_and(Path::is_for_machines)
            && let Some(address) = client_address(&request)
            && let Err(error) = count(self.0.app.limits.of_address(address), rate_limit)
        {
            return handshake::refuse_early(&request, error);
        }
        if *method == Method::OPTIONS {
            // Whatever the path: a page whose preflight is refused never hears that it was the path.
            if let Some(response) = headers::preflight(&self.0.app, &request) {
                return Ok(response);
            }
            if let Some(path) = path {
                let response = Response::builder().status(StatusCode::NO_CONTENT);
                return Ok(response.header(header::ALLOW, path.allow()).finish());
            }
        }
        let upgrades = *method == Method::GET && handshake::is_upgrade(&request);
        if upgrades {
            self.check(path, &request, true)?;
        }
        if upgrades && let Some(response) = handshake::open(&self.0.services, &request).await {
            return response;
        }
        let is_socket_io = socket_io::is_at(request.uri().path());
        let limit = BodyLimit {
            bytes: if is_socket_io { socket_io::MAX_BODY } else { body_bytes(path) },
            pause: Duration::from_secs(u64::from(self.0.app.config.http.body_timeout_seconds)),
        };
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let too_large = announced
            .and_then(|length| length.parse().ok())
            .is_some_and(|length: usize| length > limit.bytes);
        let waits = request.headers().contains_key(header::EXPECT);
        let (body, watch) = guard_body(request.take_body(), limit);
        let mut permit = None;
        let outcome = if is_socket_io {
            let coding = check_coding(&request, &body);
            request.set_body(body);
            let answered = match coding {
                Ok(()) => self.0.socket_io.answer(request, method).await,
                Err(error) => Err(error),
            };
            answered.map_err(|error| watch.refusal().unwrap_or(error))
        } else if too_large {
            drop(body);
            Err(Error::new(Code::TooLarge, "the body is too large"))
        } else if let Err(error) = self.admit(&mut request, path, rate_limit, &mut permit).await {
            drop(body);
            Err(error)
        } else if let Err(error) =
            check_coding(&request, &body).and_then(|()| self.check(path, &request, false))
        {
            Err(add_faults(error, path, &request, body).await)
        } else {
            request.set_body(body);
            let (asked, uri) = (request.method().clone(), request.uri().clone());
            let mut answered = self.0.routes.call(request).await;
            if let (Ok(response), Some(path)) = (&mut answered, path)
                && let Some(made) = response.data::<Made>()
                && let Some(location) = path.location(&asked, uri.path(), made)
            {
                response.headers_mut().insert(header::LOCATION, location);
            }
            if let (Ok(response), Some(path)) = (&mut answered, path)
                && path.wants_users(&asked, uri.query().unwrap_or_default())
                && let Err(error) = add_users(&self.0.app, response).await
            {
                answered = Err(error.into());
            }
            let template = path.map(|path| path.template.as_str());
            answered.map_err(|error| match watch.refusal() {
                Some(refusal) => refusal,
                None => from_framework(error, template, &self.0.paths.choices),
            })
        };
        watch.drain(waits).await;
        outcome
    }

    /// Who asks, if the operation is not for everyone, and whether they may, not too often and not too much at once: asked
    /// here for every request, and nowhere else.
    async fn admit(
        &self,
        request: &mut Request,
        path: Option<&Path>,
        rate_limit: &mut Option<RateLimitState>,
        permit: &mut Option<Permit<Uuid>>,
    ) -> Result<()> {
        // The framework's router knows paths of which the documentation does not (an empty segment for a parameter).
        let path = path.ok_or_else(|| Error::new(Code::NotFound, "nothing answers at this path"))?;
        let Some(permission) = path.permission(request.method()) else { return Ok(()) };
        let caller = Caller::from_request(&self.0.app, request, false).await?;
        count(self.0.app.limits.of_person(caller.user_id), rate_limit)?;
        roles::service::check(&self.0.app, caller, permission).await?;
        request.extensions_mut().insert(caller);
        // They wait for each other with a connection in hand each.
        let is_of_oneself = OF_ONESELF.iter().any(|beginning| path.template.starts_with(beginning));
        if is_of_oneself && !request.method().is_safe() {
            *permit = Some(self.0.app.changing.acquire_soon(caller.user_id).await?);
        }
        Ok(())
    }

    fn check(&self, path: Option<&Path>, request: &Request, is_socket: bool) -> Result<()> {
        path.map_or(Ok(()), |path| self.0.paths.check(path, request, is_socket))
    }

    fn finish(&self, response: &mut Response, id: &str, stays: bool) {
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, value);
        }
        headers::secure(&self.0.app, headers);
        match response.status() {
            StatusCode::SWITCHING_PROTOCOLS => {}
            _ if *self.0.stopping.borrow() => {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ if stays => headers::keep_alive(&self.0.app, response.headers_mut()),
            _ => {}
        }
    }
}

/// The refusal of a request for its parameters, with what is wrong with its body: whoever asks hears of all at once.
async fn add_faults(error: Error, path: Option<&Path>, request: &Request, body: Body) -> Error {
    let operation = path.and_then(|path| path.operation(request.method())).unwrap_or_default();
    let is_json = request.content_type().is_some_and(is_json) && routes::bodies().takes(operation);
    if error.code() != Code::ValidationFailed || !is_json {
        return error;
    }
    match body.into_bytes().await {
        Ok(bytes) => routes::bodies().complete(error, operation, &bytes),
        Err(_) => error,
    }
}

/// Adds the people of a list to its page; a download stays as it is.
async fn add_users(app: &App, response: &mut Response) -> Result<()> {
    let is_page = response.content_type() == Some("application/json");
    if response.status() == StatusCode::OK && is_page {
        let list = response.take_body().into_vec().await.map_err(Error::internal)?;
        response.set_body(named::add(app, list).await?);
    }
    Ok(())
}

/// Notes how somebody stands with a limit after this request, and refuses it when it was too many.
fn count(now: Option<RateLimitState>, rate_limit: &mut Option<RateLimitState>) -> Result<()> {
    *rate_limit = now.or(*rate_limit);
    match now.and_then(RateLimitState::refusal) {
        Some(refusal) => {
            metrics::counter!(names::RATE_LIMITED, "kind" => "request").increment(1);
            Err(refusal)
        }
        None => Ok(()),
    }
}

/// The client's own id for the request, if it is fit for a log, or a new one.
fn request_id(request: &Request) -> String {
    request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()))
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn check_head(request: &Request) -> Result<()> {
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers.len() > HEADERS || bytes > HEAD_BYTES {
        return Err(Error::new(Code::HeadersTooLarge, "at most 100 headers and 32 KiB of them"));
    }
    if request.uri().path_and_query().is_some_and(|uri| uri.as_str().len() > URI_BYTES) {
        return Err(Error::new(Code::UriTooLong, "at most 8 KiB of path and query"));
    }
    check_host(request)
}

/// A body is taken as it is, never unpacked: how large it would be is not known before.
fn check_coding(request: &Request, body: &Body) -> Result<()> {
    let mut codings = fields::members(request.headers(), &header::CONTENT_ENCODING);
    if !body.is_empty() && codings.any(|coding| !coding.eq_ignore_ascii_case("identity")) {
        let detail = "a body with a Content-Encoding is not taken; send it as it is";
        return Err(Error::new(Code::UnsupportedMediaType, detail));
    }
    Ok(())
}

/// How much a path takes.
fn body_bytes(path: Option<&Path>) -> usize {
    match path.map_or("", |path| path.template.as_str()) {
        "/api/v1/users/avatar"
        | "/api/v1/chats/{chat_id}/image"
        | "/api/v1/chats/{chat_id}/hooks/{hook_id}/avatar" => avatar::MAX_BYTES + FORM_BYTES,
        "/api/v1/uploads" => files::MAX_BYTES + FORM_BYTES,
        _ => JSON_BYTES,
    }
}

/// A method as a label: what a stranger makes up must not become a new time series.
fn known(method: &Method) -> String {
    let usual = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if usual.contains(method) { method.to_string() } else { "OTHER".to_owned() }
}

/// The one place that logs failures. A refusal is the client's affair and stands in the request's line.
fn report(error: &Error, id: &str) {
    if matches!(error.code(), Code::NotReady | Code::OutcomeUnknown) {
        tracing::warn!(id, "{}{}", error.detail(), error.causes());
    } else if error.code().status() >= 500 {
        tracing::error!(id, code = error.code().word(), "{}{}", error.detail(), error.causes());
    }
}
