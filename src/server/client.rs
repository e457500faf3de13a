//! The client library over HTTP.

use std::{collections::HashMap, sync::LazyLock};

use bytes::Bytes;
use poem::{
    Endpoint, Request, Response,
    http::{StatusCode, header},
};

use super::compress;
use crate::{
    error::{Code, Error},
    http::fields,
    web::client::{Part, parts},
};

/// Its name holds its hash: whatever is there under this name stays.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// It changes with the program alone, and is asked for each time: a tag costs nothing.
const ASK_AGAIN: &str = "public, no-cache";

/// A part, and the same packed.
type Packed = (&'static Part, Option<Bytes>);

/// Answers the parts of the client library: `trunkline.js`, and what it imports.
pub struct Library;

impl Endpoint for Library {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        static PACKED: LazyLock<HashMap<&str, Packed>> = LazyLock::new(|| {
            let pack =
                |part: &'static Part| (part.name.as_str(), (part, compress::pack(part.text.as_bytes()).ok()));
            parts().iter().map(pack).collect()
        });
        let name = request.uri().path().rsplit('/').next().unwrap_or_default();
        let missing = || Error::new(Code::NotFound, "the client library has no such part; reload the page");
        let (part, packed) = PACKED.get(name).ok_or_else(missing)?;
        let packed = packed.clone().filter(|_| compress::accepts_gzip(request.headers()));
        let weak = if packed.is_some() { "W/" } else { "" };
        let mut response = Response::builder()
            .header(header::ETAG, format!("{weak}\"{}\"", part.hash))
            .header(header::VARY, "Accept-Encoding")
            .header(header::CACHE_CONTROL, if part.is_entry { ASK_AGAIN } else { FOR_EVER });
        let mut known = fields::members(request.headers(), &header::IF_NONE_MATCH);
        if known.any(|tag| tag == "*" || tag.trim_start_matches("W/").trim_matches('"') == part.hash) {
            return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        response = response.content_type("text/javascript; charset=utf-8");
        Ok(match packed {
            Some(packed) => response.header(header::CONTENT_ENCODING, "gzip").body(packed),
            None => response.body(part.text.clone()),
        })
    }
}
