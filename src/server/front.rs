//! What every request passes: its id, the sizes, the way to the sockets, the shape of errors, the log line.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use poem::{
    Endpoint, EndpointExt, PathPattern, Request, Response,
    endpoint::BoxEndpoint,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
};
use tokio::sync::watch;
use uuid::Uuid;

use super::routes;
use crate::{
    app::App,
    error::{Code, Error, Result},
    http::{BodyLimit, RequestId, from_framework, guard_body, problem_response},
    realtime::handshake::{self, Doors},
    telemetry::metrics::names,
    users::avatar,
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
/// How much of a body that was refused is read on, so that the client is done sending when the answer comes.
const DRAIN_BYTES: usize = 64 * 1024 * 1024;
const DRAIN: Duration = Duration::from_secs(5);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The one endpoint under the accept loop. A clone is cheap.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

struct Inner {
    app: App,
    doors: Doors,
    routes: BoxEndpoint<'static, Response>,
    /// The documented path of each pattern of the router, which knows parameters by number alone.
    templates: HashMap<String, String>,
    stopping: watch::Receiver<bool>,
}

impl Front {
    /// Assembles the routes.
    pub fn new(app: App, doors: Doors, stopping: watch::Receiver<bool>) -> Self {
        let routes = routes::assemble(&app, &doors).map_to_response().boxed();
        let documented = routes::documentation();
        let paths = documented["paths"].as_object().into_iter().flat_map(|paths| paths.keys());
        let templates = paths.map(|path| (nameless(path), path.clone())).collect();
        Self(Arc::new(Inner { app, doors, routes, templates, stopping }))
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
        let method = request.method().clone();
        if method == Method::HEAD {
            // Answered like GET; the server below leaves the body out.
            request.set_method(Method::GET);
        }
        let outcome = AssertUnwindSafe(self.route(request)).catch_unwind().await;
        let (mut response, template) = match outcome {
            Ok((Ok(response), template)) => (response, template),
            Ok((Err(error), template)) => {
                report(&error, &id);
                (problem_response(&error, &id), template)
            }
            Err(_) => {
                tracing::error!(id, "a request panicked");
                (problem_response(&Error::internal("panic"), &id), None)
            }
        };
        self.finish(&mut response, &id);
        let template = template.as_deref().unwrap_or("-");
        let (status, elapsed) = (response.status().as_u16(), started.elapsed());
        let labels =
            [("method", known(&method)), ("path", template.to_owned()), ("status", status.to_string())];
        metrics::counter!(names::HTTP_REQUESTS, &labels).increment(1);
        metrics::histogram!(names::HTTP_REQUEST_SECONDS, &labels[..2]).record(elapsed.as_secs_f64());
        let ms = (elapsed.as_secs_f64() * 1e5).round() / 100.0;
        tracing::info!(id, method = %known(&method), path = template, status, ms, "request");
        response
    }

    /// The answer, and the template of the path that gave it.
    async fn route(&self, mut request: Request) -> (Result<Response>, Option<String>) {
        if let Err(error) = check_head(&request) {
            return (Err(error), None);
        }
        if let (true, Some(chat_id)) =
            (handshake::is_upgrade(&request), handshake::chat_of(request.uri().path()))
        {
            let response = handshake::open_chat(&self.0.doors, &request, chat_id).await;
            return (response, Some("/api/v1/chats/{chat_id} (socket)".to_owned()));
        }
        let limit = BodyLimit {
            bytes: body_bytes(request.uri().path()),
            pause: Duration::from_secs(u64::from(self.0.app.config.http.body_timeout_seconds)),
        };
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if announced.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > limit.bytes)
        {
            drain(&mut request).await;
            return (Err(Error::new(Code::TooLarge, "the body is too large")), None);
        }
        let body = request.take_body();
        request.set_body(guard_body(body, limit));
        match self.0.routes.call(request).await {
            Ok(response) => {
                let template = response.data::<PathPattern>().map(|pattern| self.template(pattern));
                (Ok(response), template)
            }
            Err(error) => {
                let template = error.data::<PathPattern>().map(|pattern| self.template(pattern));
                (Err(from_framework(error, template.as_deref())), template)
            }
        }
    }

    /// `/api/v1/chats/:param0` as the documentation has it: `/api/v1/chats/{chat_id}`.
    fn template(&self, pattern: &PathPattern) -> String {
        self.0.templates.get(&nameless(&pattern.0)).cloned().unwrap_or_else(|| pattern.0.to_string())
    }

    fn finish(&self, response: &mut Response, id: &str) {
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(id) {
            headers.insert(REQUEST_ID, value);
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        if *self.0.stopping.borrow() && response.status() != StatusCode::SWITCHING_PROTOCOLS {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
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
    Ok(())
}

/// How much a path takes.
fn body_bytes(path: &str) -> usize {
    match path {
        "/api/v1/users/avatar" => avatar::MAX_BYTES + FORM_BYTES,
        _ => JSON_BYTES,
    }
}

/// Reads on for a while what will not be taken. A client that waits for `100 Continue` has not begun to send.
async fn drain(request: &mut Request) {
    if request.headers().contains_key(header::EXPECT) {
        return;
    }
    let body =
        guard_body(request.take_body(), BodyLimit { bytes: DRAIN_BYTES, pause: Duration::from_secs(1) });
    let mut reader = body.into_async_read();
    let _ = tokio::time::timeout(DRAIN, tokio::io::copy(&mut reader, &mut tokio::io::sink())).await;
}

/// A path with every parameter, however it is called or written, as `*`.
fn nameless(path: &str) -> String {
    let plain =
        |segment: &'_ str| if segment.starts_with([':', '{']) { "*".to_owned() } else { segment.to_owned() };
    path.split('/').map(plain).collect::<Vec<_>>().join("/")
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
    if error.code().status() >= 500 {
        let mut causes = String::new();
        let mut cause = std::error::Error::source(error);
        while let Some(next) = cause {
            causes.push_str(&format!(": {next}"));
            cause = next.source();
        }
        tracing::error!(id, code = error.code().word(), "{}{causes}", error.detail());
    }
}
