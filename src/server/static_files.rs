//! Files that stay the same while the program runs, and are kept by browsers.

use std::sync::OnceLock;

use aws_lc_rs::digest;
use bytes::Bytes;
use poem::{
    Request, Response,
    http::{StatusCode, header},
};

use super::compress;
use crate::http::fields;

/// The name holds the hash: whatever is there under this name stays.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// It changes with the program alone, and is asked for each time: a tag costs nothing.
pub const REVALIDATE: &str = "public, no-cache";

/// One file: a browser that knows it gets a word, and any other a packed copy that is made once.
pub struct StaticFile {
    content_type: &'static str,
    body: Bytes,
    /// Names the bytes, without quotes.
    tag: String,
    packed: OnceLock<Option<Bytes>>,
}

impl StaticFile {
    /// A file with what it holds.
    pub fn new(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let digest = digest::digest(&digest::SHA256, &body);
        let tag = digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self { content_type, body, tag, packed: OnceLock::new() }
    }

    /// What it is.
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// The packed copy; `None` where that would be no smaller.
    pub fn packed(&self) -> Option<Bytes> {
        let pack = || compress::pack(&self.body).ok().filter(|packed| packed.len() < self.body.len());
        self.packed.get_or_init(pack).clone()
    }

    /// Answers a request for it. Packing megabytes takes a while: call [`StaticFile::packed`] elsewhere before.
    pub fn answer(&self, request: &Request, cache_control: &'static str) -> Response {
        let packed = if compress::accepts_gzip(request.headers()) { self.packed() } else { None };
        let weak = if packed.is_some() { "W/" } else { "" };
        let response = Response::builder()
            .header(header::ETAG, format!("{weak}\"{}\"", self.tag))
            .header(header::VARY, "Accept-Encoding")
            .header(header::CACHE_CONTROL, cache_control);
        let mut known = fields::members(request.headers(), &header::IF_NONE_MATCH);
        if known.any(|tag| tag == "*" || tag.trim_start_matches("W/").trim_matches('"') == self.tag) {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        let response = response.content_type(self.content_type);
        match packed {
            Some(packed) => response.header(header::CONTENT_ENCODING, "gzip").body(packed),
            None => response.body(self.body.clone()),
        }
    }
}
