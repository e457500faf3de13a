//! The pages that show the OpenAPI document. They load nothing from anywhere else.

use bytes::Bytes;
use poem::{Endpoint, Request, Response, http::header};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::Value;

/// The pages are one file each, scripts and styles inside, and ask this server alone.
const OWN_ALONE: &str = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// A page that is always the same.
#[derive(Clone)]
pub struct Page {
    content_type: &'static str,
    body: Bytes,
}

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, _request: Request) -> poem::Result<Response> {
        let response = Response::builder().content_type(self.content_type);
        let response = match self.content_type.starts_with("text/html") {
            true => response.header(header::CONTENT_SECURITY_POLICY, OWN_ALONE),
            false => response,
        };
        Ok(response.body(self.body.clone()))
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
    let page = |html: String| Page {
        content_type: "text/html; charset=utf-8",
        body: without_fonts(&html.replace(&own, &embedded))
            .replace("<title>", "<title>Trunkline · ")
            .replace("https://fonts.scalar.com", "")
            .into(),
    };
    Pages {
        swagger: page(service.swagger_ui_html()),
        redoc: page(service.redoc_html()),
        scalar: page(service.scalar_html()),
        json: Page { content_type: "application/json", body: json.into() },
    }
}

/// Leaves out the style sheet one page would fetch from elsewhere.
fn without_fonts(html: &str) -> String {
    html.lines().filter(|line| !line.contains("<link href=\"https://fonts.")).collect::<Vec<_>>().join("\n")
}
