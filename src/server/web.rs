//! The web client over HTTP: the page, what it loads, and what makes it a program that can be installed.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use poem::{
    Endpoint, Request, Response,
    http::{HeaderValue, header},
};

use super::static_files::{IMMUTABLE, REVALIDATE, StaticFile};
use crate::{
    app::App,
    error::{Code, Error},
    web,
};

/// The page loads nothing from elsewhere, and no text becomes markup or a script (Trusted Types); `{pictures}` is where files
/// may come from beside the page's own origin.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:{pictures}; \
    media-src 'self' blob:{pictures}; connect-src 'self' {socket}{pictures}; font-src 'self'; manifest-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types trunkline";

/// The service worker fetches what it keeps; the policy of its own answer holds for it.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
/// What runs beside the pages.
pub const SERVICE_WORKER: &str = "service-worker.js";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The web client with its answers.
struct Files {
    version: String,
    page: StaticFile,
    service_worker: StaticFile,
    files: HashMap<String, StaticFile>,
}

impl Files {
    fn new(app: web::app::App) -> Self {
        let kept = |(name, bytes): (String, Vec<u8>)| {
            let file = StaticFile::new(content_type(&name), bytes);
            (name, file)
        };
        Self {
            version: app.version,
            page: StaticFile::new(HTML, app.page),
            service_worker: StaticFile::new(SCRIPT, app.service_worker),
            files: app.files.into_iter().map(kept).collect(),
        }
    }
}

/// The files as they are now. A debug build looks whether somebody has edited one, whenever the page is asked for.
fn files(is_page: bool) -> Arc<Files> {
    static FILES: LazyLock<Mutex<Arc<Files>>> =
        LazyLock::new(|| Mutex::new(Arc::new(Files::new(web::app::App::assemble()))));
    let mut files = FILES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if cfg!(debug_assertions) && is_page {
        let now = web::app::App::assemble();
        if now.version != files.version {
            *files = Arc::new(Files::new(now));
        }
    }
    files.clone()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => SCRIPT,
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Answers the page.
pub fn page(app: &App, request: &Request) -> Response {
    let mut response = files(true).page.answer(request, REVALIDATE);
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Accept"));
    if let Ok(policy) = HeaderValue::from_str(&policy(app, request)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What the page may do.
fn policy(app: &App, request: &Request) -> String {
    let origin = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        Some(format!(" {scheme}://{}", rest.split('/').next()?))
    };
    let own = app.config.http.public_url.as_deref().and_then(origin);
    let elsewhere = app.config.storage.public_origin().and_then(origin);
    let pictures: String = own.into_iter().chain(elsewhere).collect();
    // Not every browser takes 'self' for sockets too.
    let host = request
        .header(header::HOST)
        .filter(|host| host.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'));
    let socket = host.map_or(String::new(), |host| format!("ws://{host} wss://{host}"));
    POLICY.replace("{pictures}", &pictures).replace("{socket}", &socket)
}

/// Answers what the page loads: `/app/{version}/{file}`.
pub struct Parts;

impl Endpoint for Parts {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let files = files(false);
        let mut segments = request.uri().path().rsplit('/');
        let (name, version) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        // A debug build changes under the page.
        let is_known = version == files.version || cfg!(debug_assertions);
        let missing = || Error::new(Code::NotFound, "the web client has no such file; reload the page");
        let file = files.files.get(name).filter(|_| is_known).ok_or_else(missing)?;
        Ok(file.answer(&request, IMMUTABLE))
    }
}

/// Answers a file of the web client at an address of its own.
pub struct Named(pub &'static str);

impl Endpoint for Named {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let files = files(false);
        if self.0 == SERVICE_WORKER {
            let mut response = files.service_worker.answer(&request, REVALIDATE);
            let policy = HeaderValue::from_static(WORKER_POLICY);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            return Ok(response);
        }
        let missing = || Error::new(Code::NotFound, "the web client has no such file");
        Ok(files.files.get(self.0).ok_or_else(missing)?.answer(&request, REVALIDATE))
    }
}
