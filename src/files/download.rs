//! Answering with a file: all of it, a part, or where to fetch it.

use std::time::Duration;

use poem::{
    Body, IntoResponse, Response,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    payload::{Binary, Payload},
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};

use super::{kind, name};
use crate::{
    app::App,
    error::{Code, Error, Result},
    http::{Conditions, Part, problem_response},
    storage::Link,
};

/// How long an address at the storage is good: long enough to begin, and for a player to come back after a pause.
const LINK: Duration = Duration::from_secs(300);

/// The bytes of a file, whole or in part, or where they are fetched.
pub struct Download(Response);

/// What is to be fetched.
pub struct Wanted<'a> {
    /// Where it lies.
    pub key: &'a str,
    /// The strong tag, quotes included.
    pub tag: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// Its media type.
    pub content_type: &'a str,
    /// How many bytes it has.
    pub size: u64,
}

/// Who asks for it, and how.
pub struct Asked<'a> {
    /// GET or HEAD.
    pub method: Method,
    /// Which part, and what is known already.
    pub conditions: Conditions<'a>,
    /// The id of the request.
    pub request_id: &'a str,
}

/// Answers with the part that was asked for.
pub async fn answer(app: &App, wanted: Wanted<'_>, asked: Asked<'_>) -> Result<Download> {
    let disposition = name::disposition(kind::is_shown(wanted.content_type), wanted.name);
    let part = asked.conditions.part(wanted.size, wanted.tag);
    let (status, range) = match part {
        Part::Known => (StatusCode::NOT_MODIFIED, 0..0),
        Part::Beyond => return Ok(Download(beyond(wanted.size, asked.request_id))),
        Part::Whole => (StatusCode::OK, 0..wanted.size),
        Part::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
    };
    let mut response = Response::builder()
        .status(status)
        .header(header::ETAG, wanted.tag)
        // Kept by its reader alone, and asked for each time: who may fetch it can change at any moment.
        .header(header::CACHE_CONTROL, "private, no-cache")
        .header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
        .header(header::ACCEPT_RANGES, "bytes");
    if status == StatusCode::NOT_MODIFIED {
        return Ok(Download(response.finish()));
    }
    let link = Link { content_type: wanted.content_type, disposition: &disposition, life: LINK };
    if asked.method != Method::HEAD
        && let Some(address) = app.storage.link(wanted.key, &link)
    {
        // The service answers ranges itself. The address is good for whoever has it: nobody keeps it.
        let moved = Response::builder().status(StatusCode::TEMPORARY_REDIRECT);
        return Ok(Download(moved.header(header::LOCATION, address).finish()));
    }
    response = response
        .header(header::CONTENT_TYPE, wanted.content_type)
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CONTENT_LENGTH, range.end - range.start);
    if status == StatusCode::PARTIAL_CONTENT {
        response = response.header(
            header::CONTENT_RANGE,
            format!("bytes {}-{}/{}", range.start, range.end - 1, wanted.size),
        );
    }
    if asked.method == Method::HEAD {
        return Ok(Download(response.finish()));
    }
    let pieces = app.storage.read(wanted.key, range).await?.ok_or_else(|| Error::not_found("file"))?;
    Ok(Download(response.body(Body::from_bytes_stream(pieces))))
}

/// 416, with how much there is.
fn beyond(size: u64, request_id: &str) -> Response {
    let error = Error::new(Code::RangeNotSatisfiable, format!("the file has {size} bytes"));
    let mut response = problem_response(&error, request_id);
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for Download {
    fn meta() -> MetaResponses {
        let text = |name: &HeaderName, description: &str| MetaHeader {
            name: name.to_string(),
            description: Some(description.to_owned()),
            required: true,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let bytes = || MetaMediaType {
            // What it is says the file.
            content_type: "*/*",
            schema: Binary::<Vec<u8>>::schema_ref(),
        };
        let tag = || text(&header::ETAG, "Names these bytes, for `If-None-Match` and `If-Range`.");
        let answer = |status, description, content, headers| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers,
        };
        let range = text(&header::CONTENT_RANGE, "Which bytes they are, and how many there are.");
        let address = text(&header::LOCATION, "Where to fetch it; valid for five minutes.");
        MetaResponses {
            responses: vec![
                answer(200, "The file, as what it is.", vec![bytes()], vec![tag()]),
                answer(206, "The part that was asked for.", vec![bytes()], vec![tag(), range]),
                answer(304, "It is the one that is known already.", vec![], vec![tag()]),
                answer(307, "It lies in an S3-compatible storage.", vec![], vec![address]),
            ],
        }
    }

    fn register(_registry: &mut Registry) {}
}
