//! A body as programs that were written for others send it: JSON, a form around JSON, a form, or plain text.

use std::marker::PhantomData;

use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};
use serde_json::{Map, Value};

use super::{body, json};
use crate::error::{Code, Error, Result};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "text/plain";

/// A body of any of these kinds, as the object it stands for; the schema of the JSON is that of `T`. A form with the field
/// `payload` is the JSON in it, another is an object of texts; plain text is `{"text": …}`. What looks like a JSON object is one,
/// whatever its media type says: `curl --data` calls everything a form.
#[derive(Debug, Clone)]
pub struct AnyBody<T> {
    /// An object.
    pub value: Value,
    schema: PhantomData<fn() -> T>,
}

impl<'a, T: Type> ApiExtractor<'a> for AnyBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let mut form = MetaSchema::new("object");
        let field = |about| {
            let mut schema = MetaSchema::new("string");
            schema.description = Some(about);
            MetaSchemaRef::Inline(Box::new(schema))
        };
        form.properties = vec![
            ("payload", field("The JSON, as text.")),
            ("text", field("What to say, without `payload`.")),
        ];
        let content = vec![
            MetaMediaType { content_type: JSON, schema: T::schema_ref() },
            MetaMediaType { content_type: FORM, schema: MetaSchemaRef::Inline(Box::new(form)) },
            MetaMediaType {
                content_type: TEXT,
                schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
            },
        ];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let essence = request.content_type().unwrap_or(JSON).split(';').next().unwrap_or_default();
        let kind = essence.trim().to_ascii_lowercase();
        let bytes = body::read(body).await?;
        Ok(Self { value: read(&kind, &bytes)?, schema: PhantomData })
    }
}

fn read(kind: &str, bytes: &[u8]) -> Result<Value> {
    let is_json = kind == JSON || kind.ends_with("+json");
    let is_text = kind == FORM || kind == TEXT;
    if !is_json && !is_text {
        let detail = "the body must be application/json, application/x-www-form-urlencoded or text/plain";
        return Err(Error::new(Code::UnsupportedMediaType, detail));
    }
    if is_json || bytes.trim_ascii_start().starts_with(b"{") {
        return json::parse(bytes);
    }
    let mut fields = Map::new();
    if kind == FORM {
        for (name, value) in form_urlencoded::parse(bytes) {
            fields.insert(name.into_owned(), value.into_owned().into());
        }
        // `curl --data 'some words'` calls words a form, too.
        if let Some(words) = str::from_utf8(bytes).ok().filter(|words| !words.contains(['=', '&'])) {
            fields = Map::from_iter([("text".to_owned(), words.into())]);
        }
        if let Some(payload) = fields.get("payload").and_then(Value::as_str) {
            return json::parse(payload.as_bytes());
        }
    } else {
        let text =
            str::from_utf8(bytes).map_err(|_| Error::new(Code::Malformed, "the text must be UTF-8"))?;
        fields.insert("text".to_owned(), text.into());
    }
    json::from_value(fields.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FORM, JSON, TEXT, read};
    use crate::error::Code;

    #[test]
    fn each_kind_is_the_object_it_stands_for() {
        let hello = json!({"text": "hello"});
        for (kind, body) in [
            (JSON, r#"{"text":"hello"}"#),
            ("application/vnd.x+json", r#"{"text":"hello"}"#),
            (FORM, "payload=%7B%22text%22%3A%22hello%22%7D"),
            (FORM, "text=hello"),
            (FORM, r#" {"text":"hello"}"#),
            (FORM, "hello"),
            (TEXT, "hello"),
            (TEXT, r#"{"text":"hello"}"#),
        ] {
            assert_eq!(read(kind, body.as_bytes()).unwrap(), hello, "{kind} {body}");
        }
        assert_eq!(read(FORM, b"text=a+b%26c").unwrap(), json!({"text": "a b&c"}));
        for (kind, body, code) in [
            ("image/png", &b"x"[..], Code::UnsupportedMediaType),
            ("multipart/form-data", b"x", Code::UnsupportedMediaType),
            (JSON, b"x", Code::Malformed),
            (JSON, b"[]", Code::Malformed),
            (FORM, b"payload=x", Code::Malformed),
            (TEXT, b"\xff", Code::Malformed),
            (TEXT, b"a\0", Code::ValidationFailed),
        ] {
            assert_eq!(read(kind, body).unwrap_err().code(), code, "{kind} {body:?}");
        }
    }
}
