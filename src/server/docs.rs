//! The pages that show the OpenAPI document. They load nothing from anywhere else.

use std::sync::{Arc, LazyLock};

use poem::{
    Endpoint, Request, Response,
    http::{Method, header},
};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::Value;

use super::{
    asyncapi, compress, document,
    static_files::{REVALIDATE, StaticFile},
    web,
};
use crate::{
    app::App,
    error::{Code, Error},
    http::fields,
};

/// The pages are one file each, scripts and styles inside, and ask this server alone.
const OWN_ALONE: &str = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";

/// A page that is always the same, and megabytes long: written when it is first asked for.
#[derive(Clone)]
pub struct Page(Arc<LazyLock<StaticFile, Box<dyn FnOnce() -> StaticFile + Send>>>);

impl Page {
    fn new(content_type: &'static str, write: impl FnOnce() -> String + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(move || StaticFile::new(content_type, write())))))
    }
}

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let page = self.clone();
        let is_packed = compress::accepts_gzip(request.headers());
        let write = move || {
            LazyLock::force(&page.0);
            if is_packed {
                page.0.packed();
            }
        };
        tokio::task::spawn_blocking(write).await.map_err(Error::internal)?;
        let mut response = self.0.answer(&request, REVALIDATE);
        if self.0.content_type() == HTML {
            let policy = header::HeaderValue::from_static(OWN_ALONE);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        Ok(response)
    }
}

/// The pages of one document.
pub struct Pages {
    /// Swagger UI, for trying things out.
    pub swagger: Page,
    /// Redoc, for reading.
    pub redoc: Page,
    /// Scalar, for both.
    pub scalar: Page,
    /// The picture beside their titles.
    pub icon: Page,
    /// The document itself.
    pub json: Page,
}

/// The pages of the framework, with a place where the document goes.
pub struct Frames {
    swagger: String,
    redoc: String,
    scalar: String,
}

/// The picture a browser shows beside the title. It asks for `/favicon.ico` where a page names none.
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f5f8b"/><path d="M8 9h16v4h-6v11h-4V13H8z" fill="#fff"/></svg>"##;

/// What each page has in its head: the picture, and names that are not broken in two where a column is narrow.
const HEAD: &str = "<link rel=\"icon\" href=\"/favicon.svg\">
    <style>td:first-child code { white-space: nowrap !important }</style>
    ";

/// Stands where the document goes.
const PLACE: &str = "\u{fffc}document\u{fffc}";

impl Frames {
    /// Takes the framework's own description out of its pages.
    pub fn new<T: OpenApi + 'static>(service: &OpenApiService<T, ()>) -> Self {
        let own = service.spec();
        let frame = |html: String| {
            let html = without_fonts(&html.replace(&own, PLACE));
            html.replacen("<title>", &format!("{HEAD}<title>Trunkline · "), 1)
        };
        Self {
            swagger: frame(service.swagger_ui_html()),
            redoc: frame(service.redoc_html()),
            scalar: frame(service.scalar_html()),
        }
    }

    /// The pages with this document, each written when it is first asked for.
    pub fn pages(&'static self, document: impl Fn() -> Value + Send + Sync + 'static) -> Pages {
        let document = Arc::new(document);
        let page = |frame: &'static str, shown: fn(Value) -> Value| {
            let document = document.clone();
            // The document stands inside a script: nothing in it may end that script.
            Page::new(HTML, move || {
                frame.replace(PLACE, &shown(document()).to_string().replace("</", "<\\/"))
            })
        };
        Pages {
            // Swagger UI has no menu: what one would scroll past stands there as links.
            swagger: page(&self.swagger, document::with_contents),
            redoc: page(&self.redoc, |document| document),
            scalar: page(&self.scalar, |document| document),
            icon: Page::new("image/svg+xml", || ICON.to_owned()),
            json: Page::new("application/json", move || document().to_string()),
        }
    }
}

/// The pages of the AsyncAPI document.
pub struct SocketPages {
    /// For reading.
    pub html: Page,
    /// The document itself.
    pub json: Page,
}

/// The document, and a page that shows it; each is written when it is first asked for.
pub fn socket_pages(document: impl Fn() -> Value + Send + Sync + 'static) -> SocketPages {
    let document = Arc::new(document);
    let shown = document.clone();
    SocketPages {
        html: Page::new("text/html; charset=utf-8", move || asyncapi::page::write(&shown())),
        json: Page::new("application/json", move || document().to_string()),
    }
}

/// Leaves out the fonts that pages would fetch from elsewhere: one by a link, one by a style sheet inside its script, which it
/// can be told not to use.
fn without_fonts(html: &str) -> String {
    let lines: Vec<_> = html.lines().filter(|line| !line.contains("<link href=\"https://fonts.")).collect();
    let asks_for_none = r#"id="api-reference" data-configuration='{"withDefaultFonts":false}'"#;
    lines.join("\n").replacen(r#"id="api-reference""#, asks_for_none, 1)
}

/// The address without a path. A browser is shown the web client; a program that has lost its path is told so.
pub fn front_page(app: &App, request: &Request) -> poem::Result<Response> {
    if request.method() != Method::GET {
        return Err(Error::new(Code::MethodNotAllowed, "this path does not answer this method").into());
    }
    let mut accepted = fields::members(request.headers(), &header::ACCEPT);
    if accepted.any(|kind| kind.starts_with("text/html")) {
        return Ok(web::page(app, request));
    }
    let detail = "nothing answers here; the API begins at /api/v1, and its manual is at /docs";
    Err(Error::new(Code::NotFound, detail).into())
}
