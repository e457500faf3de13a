//! The pages that show the OpenAPI document. They load nothing from anywhere else.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest;
use bytes::Bytes;
use poem::{
    Endpoint, Request, Response,
    http::{StatusCode, header},
};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::Value;

use super::compress;
use crate::http::fields;

/// The pages are one file each, scripts and styles inside, and ask this server alone.
const OWN_ALONE: &str = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// A page that is always the same: megabytes, of which a browser that knows them gets a word, and any other a packed copy that
/// is made once.
#[derive(Clone)]
pub struct Page(Arc<Content>);

struct Content {
    content_type: &'static str,
    body: Bytes,
    /// Names the bytes, without quotes.
    tag: String,
    packed: OnceLock<Option<Bytes>>,
}

impl Page {
    fn new(content_type: &'static str, body: String) -> Self {
        let digest = digest::digest(&digest::SHA256, body.as_bytes());
        let tag = digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self(Arc::new(Content { content_type, body: body.into(), tag, packed: OnceLock::new() }))
    }

    fn packed(&self) -> Option<Bytes> {
        self.0.packed.get_or_init(|| compress::pack(&self.0.body).ok()).clone()
    }
}

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let content = &self.0;
        let packed = if compress::accepts_gzip(request.headers()) {
            let page = self.clone();
            tokio::task::spawn_blocking(move || page.packed()).await.ok().flatten()
        } else {
            None
        };
        let weak = if packed.is_some() { "W/" } else { "" };
        let mut response = Response::builder()
            .header(header::ETAG, format!("{weak}\"{}\"", content.tag))
            .header(header::VARY, "Accept-Encoding")
            // It changes with the program alone, and is asked for each time: a tag costs nothing.
            .header(header::CACHE_CONTROL, "public, no-cache");
        let mut known = fields::members(request.headers(), &header::IF_NONE_MATCH);
        if known.any(|tag| tag == "*" || tag.trim_start_matches("W/").trim_matches('"') == content.tag) {
            return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        response = response.content_type(content.content_type);
        if content.content_type.starts_with("text/html") {
            response = response.header(header::CONTENT_SECURITY_POLICY, OWN_ALONE);
        }
        Ok(match packed {
            Some(packed) => response.header(header::CONTENT_ENCODING, "gzip").body(packed),
            None => response.body(content.body.clone()),
        })
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
    /// The document itself.
    pub json: Page,
}

/// Writes the pages: those of the framework, with the completed document in place of its own.
pub fn pages<T: OpenApi + 'static>(service: &OpenApiService<T, ()>, document: &Value) -> Pages {
    let own = service.spec();
    let json = document.to_string();
    // The document stands inside a script: nothing in it may end that script.
    let embedded = json.replace("</", "<\\/");
    let page = |html: String| {
        let html = without_fonts(&html.replace(&own, &embedded));
        let html = html.replace("<title>", "<title>Trunkline · ").replace("https://fonts.scalar.com", "");
        Page::new("text/html; charset=utf-8", html)
    };
    Pages {
        swagger: page(service.swagger_ui_html()),
        redoc: page(service.redoc_html()),
        scalar: page(service.scalar_html()),
        json: Page::new("application/json", json),
    }
}

/// Leaves out the style sheet one page would fetch from elsewhere.
fn without_fonts(html: &str) -> String {
    html.lines().filter(|line| !line.contains("<link href=\"https://fonts.")).collect::<Vec<_>>().join("\n")
}
