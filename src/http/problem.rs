//! Every error answer is RFC 9457 `application/problem+json`, the framework's own included.

use std::collections::HashMap;

use poem::{IntoResponse, Response, error::ResponseError, http::StatusCode};
use poem_openapi::{Object, types::Example};
use serde::Serialize;

use crate::error::{Code, Error, FieldError};

/// The body of every error answer (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct Problem {
    /// Identifies the kind of problem: `urn:trunkline:problem:` and the code.
    #[serde(rename = "type")]
    #[oai(rename = "type")]
    pub kind: String,
    /// The kind of problem in words; the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable word clients decide by.
    pub code: String,
    /// What happened this time, as a sentence.
    pub detail: String,
    /// The id of the request, as in the header `X-Request-Id` and in the server's log.
    pub instance: String,
    /// Which fields are not valid, when the code is `validation_failed`; empty otherwise.
    pub errors: Vec<ProblemField>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Object, Serialize)]
pub struct ProblemField {
    /// The field as the client wrote it.
    pub field: String,
    /// A sentence that says what is expected.
    pub message: String,
}

impl Problem {
    /// The answer for a code, as it looks when nothing more is known.
    pub fn of(code: Code, detail: &str, instance: &str, fields: &[FieldError]) -> Self {
        Self {
            kind: format!("urn:trunkline:problem:{}", code.word()),
            title: code.title().to_owned(),
            status: code.status(),
            code: code.word().to_owned(),
            detail: detail.to_owned(),
            instance: instance.to_owned(),
            errors: fields
                .iter()
                .map(|field| ProblemField { field: field.field.clone(), message: field.message.clone() })
                .collect(),
        }
    }
}

impl Example for Problem {
    fn example() -> Self {
        let field = FieldError { field: "title".into(), message: "must have 1 to 255 characters".into() };
        Self::of(
            Code::ValidationFailed,
            "some of what was sent is not valid",
            "01990000-0000-7000-8000-000000000000",
            &[field],
        )
    }
}

/// The id of a request, as an extension of the request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn as_response(&self) -> Response {
        problem_response(self, "")
    }
}

/// Writes an error as its answer to the request with this id.
pub fn problem_response(error: &Error, request_id: &str) -> Response {
    let problem = Problem::of(error.code(), error.detail(), request_id, error.fields());
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response::builder()
        .status(error.status())
        .content_type("application/problem+json")
        .body(body)
        .into_response();
    if let Some(seconds) = error.retry_after_seconds() {
        response.headers_mut().insert("retry-after", seconds.into());
    }
    if error.code() == Code::UpgradeRequired {
        let headers = response.headers_mut();
        headers.insert("upgrade", poem::http::HeaderValue::from_static("websocket"));
        headers.insert("sec-websocket-version", poem::http::HeaderValue::from_static("13"));
    }
    if error.code() == Code::UnsupportedMediaType {
        // For a body that was packed (RFC 9110 §15.5.16): none is unpacked.
        response.headers_mut().insert("accept-encoding", poem::http::HeaderValue::from_static("identity"));
    }
    if error.code() == Code::NotSignedIn || error.code() == Code::SessionOver {
        response.headers_mut().insert("www-authenticate", poem::http::HeaderValue::from_static("Bearer"));
    }
    response
}

/// The words of each enumeration of the documentation, as a refusal lists them.
pub type Choices = HashMap<String, String>;

/// Finds our error in what the framework caught, or says in our words what the framework refused.
///
/// The framework knows path parameters by number (`param0`); `template` has their names.
pub fn from_framework(caught: poem::Error, template: Option<&str>, choices: &Choices) -> Error {
    use poem_openapi::error as openapi;

    if caught.is::<Error>() {
        return caught.downcast::<Error>().unwrap_or_else(Error::internal);
    }
    if let Some(error) = caught.downcast_ref::<openapi::ParseParamError>() {
        return Error::invalid_field(error.name, parameter_message(&error.reason, choices));
    }
    if let Some(error) = caught.downcast_ref::<openapi::ParsePathError>() {
        let named = error.name.strip_prefix("param").and_then(|number| number.parse().ok());
        let mut parameters =
            template.unwrap_or_default().split('/').filter_map(|segment| segment.strip_prefix('{'));
        let name = named
            .and_then(|number| parameters.nth(number))
            .map_or(error.name, |name| name.trim_end_matches('}'));
        return Error::invalid_field(name, parameter_message(&error.reason, choices));
    }
    let detail = caught.to_string();
    match caught.status().as_u16() {
        // A path the router cannot even read is no path of ours.
        400 if template.is_none() => Error::new(Code::NotFound, "nothing answers at this path"),
        400 => Error::new(Code::Malformed, detail),
        401 => Error::new(Code::NotSignedIn, "this needs a valid access token"),
        404 => Error::new(Code::NotFound, "nothing answers at this path"),
        405 => Error::new(Code::MethodNotAllowed, "this path does not answer this method"),
        413 => Error::new(Code::TooLarge, "the body is too large"),
        415 => Error::new(Code::UnsupportedMediaType, detail),
        status if (400..500).contains(&status) => Error::new(Code::Malformed, detail),
        _ => Error::internal(detail),
    }
}

/// The framework's reasons name types of the program; a client reads what is expected.
fn parameter_message(reason: &str, choices: &Choices) -> String {
    let reason = reason.split_once(" (occurred while parsing").map_or(reason, |(reason, _)| reason);
    let kind = reason.split('"').nth(1).unwrap_or_default();
    let own = reason.split_once("\": ").map_or("", |(_, rest)| rest);
    if own.starts_with("must ") || own.starts_with("is ") {
        return own.to_owned();
    }
    if reason.contains("expects an input value") {
        return "is required".to_owned();
    }
    match kind.split(['(', '_']).next().unwrap_or_default() {
        _ if choices.contains_key(kind) => format!("must be {}", choices[kind]),
        _ if kind == "string(uuid)" || kind == "string_uuid" => "must be a UUID".to_owned(),
        _ if kind.contains("date") => "must be a time such as 2026-01-31T12:00:00Z".to_owned(),
        "integer" => "must be a whole number in range".to_owned(),
        "number" => "must be a number".to_owned(),
        "boolean" => "must be true or false".to_owned(),
        _ => "is not as expected".to_owned(),
    }
}
