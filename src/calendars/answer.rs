//! Answering with a calendar, or that it is the one that is known already.

use aws_lc_rs::digest;
use poem::{
    IntoResponse, Response,
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiResponse,
    payload::{Payload, PlainText},
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};

use crate::http::{Conditions, Part};

/// A calendar as an answer.
pub struct Calendar(Response);

impl Calendar {
    /// The calendar, or 304 for whoever names its tag in `If-None-Match`.
    pub fn new(text: String, if_none_match: Option<&str>) -> Self {
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        let hash: String = hash.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let tag = format!("\"{hash}\"");
        // Kept by its reader alone, and asked for each time.
        let answer =
            Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, "private, no-cache");
        let conditions = Conditions { if_none_match, ..Conditions::default() };
        if conditions.part(text.len() as u64, &tag) == Part::Known {
            return Self(answer.status(StatusCode::NOT_MODIFIED).finish());
        }
        Self(answer.content_type("text/calendar; charset=utf-8").body(text))
    }
}

impl IntoResponse for Calendar {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for Calendar {
    fn meta() -> MetaResponses {
        let tag = || MetaHeader {
            name: header::ETAG.to_string(),
            description: Some("Names this calendar, for `If-None-Match`.".to_owned()),
            required: true,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let text = MetaMediaType { content_type: "text/calendar", schema: PlainText::<String>::schema_ref() };
        let answer = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: vec![tag()],
        };
        MetaResponses {
            responses: vec![
                answer(200, "The calendar.", vec![text]),
                answer(304, "It is the one that is known already.", vec![]),
            ],
        }
    }

    fn register(_registry: &mut Registry) {}
}
