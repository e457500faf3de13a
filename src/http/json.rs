//! JSON bodies, in and out.

use poem::{IntoResponse, Request, RequestBody, Response, http::StatusCode};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, impl_apirequest_for_payload,
    payload::{ParsePayload, Payload},
    registry::{MetaMediaType, MetaRequest, MetaResponse, MetaResponses, MetaSchemaRef, Registry},
    types::Type,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    body, faults,
    strict::{Strict, in_words},
};
use crate::error::{Code, Error, Result};

/// A JSON body. Read by serde, which takes a number for a number and text for text and says which field is not as
/// expected; the schema comes from poem-openapi.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: Type> Payload for Json<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        is_json(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + DeserializeOwned> ParsePayload for Json<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(_request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = body::read(body).await?;
        Ok(Self(parse(&bytes).map_err(|error| faults::complete::<T>(error, &bytes))?))
    }
}

impl_apirequest_for_payload!(Json<T>, T: Type + DeserializeOwned);

/// Whether this is the media type of JSON.
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Reads JSON as any endpoint takes it.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Error::new(Code::Malformed, format!("the body is not valid JSON: {error}")))?;
    from_value(value)
}

/// Reads a value as any endpoint takes it: text that PostgreSQL can't store is refused, and the field in error is named.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T> {
    if let Some(field) = find_nul(&value, &mut String::new()) {
        return Err(Error::invalid_field(field, "must not hold the character U+0000"));
    }
    if !value.is_object() {
        return Err(Error::new(Code::Malformed, "the body must be a JSON object"));
    }
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        // serde speaks of a missing field at the level above it.
        match message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
            Some((field, _)) if path == "." => Error::invalid_field(field, "is required"),
            Some((field, _)) => Error::invalid_field(format!("{path}.{field}"), "is required"),
            None => Error::invalid_field(path, in_words(&message)),
        }
    })
}

fn find_nul(value: &Value, path: &mut String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| path.clone()),
        Value::Array(items) => items.iter().find_map(|item| find_nul(item, path)),
        Value::Object(fields) => fields.iter().find_map(|(name, item)| {
            if name.contains('\0') {
                return Some(path.clone());
            }
            let length = path.len();
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
            let found = find_nul(item, path);
            path.truncate(length);
            found
        }),
        _ => None,
    }
}

/// What tells one thing of a kind from the others, as data of the answer that it was created: for the header `Location`.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the fields of an answer")]
pub struct Made {
    pub id: Option<String>,
    pub name: Option<String>,
}

/// Writes a value as a JSON answer with this status.
pub(super) fn respond<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => {
            let made = (status == StatusCode::CREATED).then(|| serde_json::from_slice::<Made>(&bytes).ok());
            let mut response =
                Response::builder().status(status).content_type("application/json").body(bytes);
            if let Some(made) = made.flatten() {
                response.set_data(made);
            }
            response
        }
        Err(error) => poem::Error::from(Error::internal(error)).into_response(),
    }
}

/// How a JSON answer with this status is described.
pub(super) fn meta<T: Type>(status: u16, description: &'static str) -> MetaResponse {
    MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }],
        headers: vec![],
    }
}

impl<T: Serialize + Send> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        respond(StatusCode::OK, &self.0)
    }
}

impl<T: Type + Serialize> ApiResponse for Json<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![meta::<T>(200, "Done; here it is.")] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// A JSON body that may be left out.
#[derive(Debug, Clone)]
pub struct MaybeJson<T>(pub Option<T>);

impl<'a, T: Type + DeserializeOwned> ApiExtractor<'a> for MaybeJson<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType { content_type: Json::<T>::CONTENT_TYPE, schema: T::schema_ref() }];
        Some(MetaRequest { description: None, content, required: false })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let bytes = body::read(body).await?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        match request.content_type() {
            Some(content_type) if is_json(content_type) => {
                let parsed = parse(&bytes).map_err(|error| faults::complete::<T>(error, &bytes));
                Ok(Self(Some(parsed?)))
            }
            _ => Err(Error::new(Code::UnsupportedMediaType, "the body must be application/json").into()),
        }
    }
}
