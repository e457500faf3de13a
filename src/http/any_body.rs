//! A body as programs that were written for others send it: JSON, a form around JSON, a form of either kind, or plain text.

use std::marker::PhantomData;

use bytes::Bytes;
use futures_util::stream;
use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};
use serde_json::{Map, Value};

use super::{
    body, json,
    multipart::{Parts, boundary},
};
use crate::error::{Code, Error, Result};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "text/plain";
/// The fields of a form that hold JSON: Slack's and Discord's.
const PAYLOADS: [&str; 2] = ["payload", "payload_json"];
/// Those of other programs that hold what is said.
const FIELDS: [&str; 9] =
    ["text", "content", "message", "msg", "body", "description", "title", "subject", "summary"];
/// The most parts of a form, and how much of it is looked at at once.
const PARTS: usize = 100;
const PIECE: usize = 4096;

/// A body of any of these kinds, as the object it stands for; the schema of the JSON is that of `T`. A form with the field
/// `payload` or `payload_json` is the JSON in it, another is an object of texts, without its files; plain text is `{"text": …}`. What looks like a JSON object is one,
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
        let content_type = request.content_type().unwrap_or(JSON);
        let essence = content_type.split(';').next().unwrap_or_default();
        let kind = essence.trim().to_ascii_lowercase();
        let bytes = body::read(body).await?;
        let value = match boundary(content_type) {
            Some(boundary) => read_parts(&boundary, &bytes).await?,
            None => read(&kind, &bytes)?,
        };
        Ok(Self { value, schema: PhantomData })
    }
}

/// The texts of a form in parts.
async fn read_parts(boundary: &str, bytes: &Bytes) -> Result<Value> {
    let pieces = (0..bytes.len()).step_by(PIECE);
    let pieces = pieces.map(|from| Ok(bytes.slice(from..bytes.len().min(from + PIECE))));
    let mut parts = Parts::new(stream::iter(pieces), boundary);
    let (mut fields, mut count) = (Map::new(), 0);
    while let Some(head) = parts.next_part().await? {
        count += 1;
        if count > PARTS {
            return Err(Error::new(Code::Malformed, "the form has too many parts"));
        }
        let (Some(name), None) = (head.name, head.file_name) else { continue };
        let mut value = Vec::new();
        while let Some(piece) = parts.next_piece().await? {
            value.extend_from_slice(&piece);
        }
        fields.insert(name, text(&value)?.into());
    }
    object(fields)
}

fn text(bytes: &[u8]) -> Result<&str> {
    str::from_utf8(bytes).map_err(|_| Error::new(Code::Malformed, "the text must be UTF-8"))
}

/// The JSON in a form, or else its texts.
fn object(fields: Map<String, Value>) -> Result<Value> {
    match PAYLOADS.iter().find_map(|name| fields.get(*name).and_then(Value::as_str)) {
        Some(payload) => json::parse(payload.as_bytes()),
        None => json::from_value(fields.into()),
    }
}

fn read(kind: &str, bytes: &[u8]) -> Result<Value> {
    let is_json = kind == JSON || kind.ends_with("+json");
    let is_text = kind == FORM || kind == TEXT;
    if !is_json && !is_text {
        let detail = "the body must be application/json, application/x-www-form-urlencoded, multipart/form-data (with a \
                      boundary) or text/plain";
        return Err(Error::new(Code::UnsupportedMediaType, detail));
    }
    if is_json || bytes.trim_ascii_start().starts_with(b"{") {
        return json::parse(bytes);
    }
    if kind == FORM && is_form(bytes) {
        let fields = form_urlencoded::parse(bytes);
        return object(fields.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect());
    }
    object(Map::from_iter([("text".to_owned(), text(bytes)?.into())]))
}

/// Whether what calls itself a form is one: `curl --data 'load = 95% & rising'` calls words a form, too. A form has a field that is
/// known, and no white space; with a field for the text in front it may, as `curl --data 'text=some words'` has.
fn is_form(bytes: &[u8]) -> bool {
    let has_space = bytes.trim_ascii().iter().any(u8::is_ascii_whitespace);
    let mut names = form_urlencoded::parse(bytes).map(|(name, _)| name);
    match has_space {
        true => names.next().is_some_and(|name| PAYLOADS.contains(&&*name) || name == "text"),
        false => names.any(|name| PAYLOADS.contains(&&*name) || FIELDS.contains(&&*name)),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::{FORM, JSON, TEXT, read, read_parts};
    use crate::error::Code;

    #[tokio::test]
    async fn a_form_in_parts_is_the_json_in_it_or_its_texts() {
        let part = |head: &str, body: &str| {
            format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
        };
        let read = async |parts: &[String]| {
            let form = format!("{}--x--\r\n", parts.concat());
            read_parts("x", &Bytes::from(form)).await
        };
        let file = part("name=\"files[0]\"; filename=\"a.png\"", &"\u{1}".repeat(10_000));
        let payload = part("name=\"payload_json\"", r#"{"content":"hello"}"#);
        assert_eq!(read(&[file.clone(), payload]).await.unwrap(), json!({"content": "hello"}));
        assert_eq!(read(&[part("name=text", "hi")]).await.unwrap(), json!({"text": "hi"}));
        assert_eq!(read(&[file]).await.unwrap(), json!({}));
        for bad in [
            vec![part("name=payload", "x")],
            vec![part("name=a", "b"); 101],
            vec!["--x\r\nrubbish".to_owned()],
        ] {
            assert_eq!(read(&bad).await.unwrap_err().code(), Code::Malformed);
        }
    }

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

    #[test]
    fn words_that_call_themselves_a_form_are_words() {
        for words in [
            "Backup finished",
            "Disk at 95% & rising = bad",
            "Status: deploy=ok",
            "a=b&c=d",
            "https://ci.example.com/build?id=7 failed",
            "body=1 x",
            "50%+ full",
        ] {
            assert_eq!(read(FORM, words.as_bytes()).unwrap(), json!({"text": words}), "{words}");
        }
        for (form, value) in [
            ("text=Backup finished", json!({"text": "Backup finished"})),
            ("text=Backup+finished%21", json!({"text": "Backup finished!"})),
            ("title=Disk&message=full", json!({"title": "Disk", "message": "full"})),
            ("payload=%7B%22text%22%3A+%22x+y%22%7D", json!({"text": "x y"})),
            ("payload={\"text\": \"x y\"}", json!({"text": "x y"})),
        ] {
            assert_eq!(read(FORM, form.as_bytes()).unwrap(), value, "{form}");
        }
    }
}
