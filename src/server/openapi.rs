//! The OpenAPI document, completed: every operation with the errors it can give and an example of each.
//!
//! An operation names its own errors in its description, in a line `Errors: word, word`. What follows from its shape (a
//! token, a body, parameters) is added to every operation alike.

use std::{collections::BTreeMap, marker::PhantomData};

use poem::endpoint::BoxEndpoint;
use poem_openapi::{
    OpenApi, OpenApiService,
    registry::{MetaApi, Registry},
    types::Type,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, json};

use super::{paths, samples};
use crate::{
    chats::rights,
    error::{Code, FieldError},
    http::Problem,
    permissions,
    realtime::MANUAL,
    roles::Route,
};

/// What the document is called.
pub const TITLE: &str = "Trunkline";

const ABOUT: &str = "The chat and community backend that needs nothing but PostgreSQL.\n\n\
    **Signing in.** `POST /api/v1/auth/register`, then `POST /api/v1/auth/login`; send the `access_token` as \
    `Authorization: Bearer …`, or let the cookies do it. Press *Authorize* on this page to try things out.\n\n\
    **Permissions.** Every operation that needs a token needs a permission, too, named by its method and path \
    (`x-permission` here, `GET /api/v1/routes` for programs); roles hold permissions, and people have roles. Without it \
    the answer is 403. New accounts have the role `user`: everything but what is tagged *Administration*. *Administrators* are those who \
    have a role that permits `*`.\n\n\
    **Limits.** Answers carry `RateLimit` (`r` more requests now, all of them again in `t` seconds, or the next one when `r` is 0) and `RateLimit-Policy` \
    (`q` requests in `w` seconds, by person or by address). Who goes on is answered 429, with `Retry-After` in seconds.\n\n\
    **Connections.** Answers over 1 KiB come with gzip for who accepts it; a body that is sent is taken as it is (415 with a \
    `Content-Encoding`). A connection may rest for as long as `Keep-Alive` says (75 seconds by default). A 201 whose \
    subject has an address of its own names it in `Location`. `offset` goes to 10,000; further on by a filter or by `seq`.\n\n\
    **Errors** are RFC 9457 `application/problem+json`; decide by `code`; `errors` names every parameter, or every field, that is wrong. Any request at \
    all may be answered 413, 414 or 431 when it is beyond every size, and 405, with `Allow`, for a method its path does \
    not know:\n\n";

const SOCKET: &str = "\n\n**The socket.** What happens in a chat is heard over WebSocket as it happens, and nothing is missed after a break: \
    *Realtime* below is its manual.";

const RIGHTS: &str = "Who may do what. A private or direct chat does not exist (404) for everybody who is not in it, \
    nor does anything inside it.";

/// The document of `T` as the framework writes it, with the paths that several rooms share put together.
pub fn describe<T: OpenApi + Send + Sync + 'static>() -> Value {
    let service = OpenApiService::new(Described(PhantomData::<T>), TITLE, env!("CARGO_PKG_VERSION"));
    let Merged(document) = serde_json::from_str(&service.spec()).unwrap_or(Merged(Value::Null));
    document
}

/// Adds what the framework does not know.
pub fn complete(document: &Value) -> Value {
    let mut document = document.clone();
    document["info"]["description"] = format!("{ABOUT}{}{SOCKET}", table_of_codes()).into();
    document["info"]["license"] = json!({"name": "MIT"});
    document["components"]["schemas"]["Problem"] = Problem::schema_value();
    document["components"]["schemas"]["ProblemField"] = problem_field();
    allow_null(&mut document);
    write_whole_bounds(&mut document);
    samples::complete(&mut document);
    for tag in document["tags"].as_array_mut().into_iter().flatten() {
        let more = match tag["name"].as_str() {
            Some("Chats") => format!("{RIGHTS}\n\n{}", rights::documentation()),
            Some("Realtime") => MANUAL.to_owned(),
            _ => continue,
        };
        let about = tag["description"].as_str().unwrap_or_default();
        tag["description"] = format!("{about}\n\n{more}").into();
    }
    let described = document.clone();
    for (path, operations) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            if let Some(template) = paths::created_at(&described, path, operation) {
                let about = format!("Where it is fetched: `{template}`.");
                let location = json!({"description": about, "required": true, "schema": {"type": "string"}});
                operation["responses"]["201"]["headers"]["Location"] = location;
            }
            complete_operation(method, operation);
            if operation.get("security").is_some() {
                operation["x-permission"] = permissions::code(&method.to_uppercase(), path).into();
            }
        }
    }
    document
}

/// A field that need not be there may as well be null: so our answers have it, and so bodies are read.
fn allow_null(document: &mut Value) {
    for (_, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, field) in fields.into_iter().flatten() {
            if !required.iter().any(|known| known == name) {
                field["nullable"] = true.into();
            }
        }
    }
}

/// The bounds of whole numbers as whole numbers; the framework knows floats alone.
fn write_whole_bounds(part: &mut Value) {
    match part {
        Value::Array(items) => items.iter_mut().for_each(write_whole_bounds),
        Value::Object(fields) => {
            let is_whole = fields.get("type").is_some_and(|kind| kind == "integer");
            for (name, field) in fields {
                match field.as_f64() {
                    Some(bound) if is_whole && ["minimum", "maximum"].contains(&name.as_str()) => {
                        *field = (bound as i64).into();
                    }
                    _ => write_whole_bounds(field),
                }
            }
        }
        _ => {}
    }
}

/// Every operation of a completed document, with the permission it needs.
pub fn routes(document: &Value) -> Vec<Route> {
    let mut routes = vec![];
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let mut tags = operation["tags"].as_array().into_iter().flatten();
            let method = method.to_uppercase();
            routes.push(Route {
                permission: permissions::code(&method, path),
                method,
                path: path.clone(),
                summary: operation["summary"].as_str().unwrap_or_default().to_owned(),
                public: operation.get("x-permission").is_none(),
                is_administration: tags.any(|tag| tag == "Administration"),
            });
        }
    }
    routes
}

fn complete_operation(method: &str, operation: &mut Value) {
    let mut codes = named_codes(operation);
    codes.extend([Code::UriTooLong, Code::HeadersTooLarge]);
    if operation.get("security").is_some() {
        codes.extend([Code::NotSignedIn, Code::Forbidden]);
        if method != "get" {
            codes.push(Code::ForeignOrigin);
        }
    }
    let has_body = operation.get("requestBody").is_some();
    if has_body {
        codes.extend([Code::Malformed, Code::ValidationFailed, Code::TooLarge, Code::UnsupportedMediaType]);
        codes.push(Code::RequestTimeout);
    }
    if operation.get("parameters").is_some() {
        codes.push(Code::ValidationFailed);
    }
    if !operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == "Health")) {
        codes.extend([Code::TooManyRequests, Code::Internal, Code::NotReady]);
    }
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in codes {
        let known = by_status.entry(code.status()).or_default();
        if !known.contains(&code) {
            known.push(code);
        }
    }
    for (status, codes) in by_status {
        let examples: Map<String, Value> =
            codes.iter().map(|code| (code.word().to_owned(), json!({ "value": example(*code) }))).collect();
        let words: Vec<_> = codes.iter().map(|code| format!("`{}`: {}", code.word(), code.title())).collect();
        operation["responses"][status.to_string()] = json!({
            "description": words.join("; "),
            "content": {"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": examples,
            }},
        });
    }
}

/// The codes in the line `Errors:` of a description, which is for machines and is taken out.
fn named_codes(operation: &mut Value) -> Vec<Code> {
    let description = operation.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (text, line) = description.split_once("Errors:").unwrap_or((&description, ""));
    operation["description"] = text.trim().into();
    line.split(',').filter_map(|word| Code::from_word(word.trim())).collect()
}

fn example(code: Code) -> Value {
    let field = FieldError { field: "title".into(), message: "must have 1 to 255 characters".into() };
    let fields = if code == Code::ValidationFailed { vec![field] } else { vec![] };
    let problem = Problem::of(code, code.title(), "01991f00-0000-7000-8000-000000000000", &fields);
    serde_json::to_value(problem).unwrap_or_default()
}

fn table_of_codes() -> String {
    let rows = Code::ALL
        .iter()
        .map(|code| format!("| `{}` | {} | {} |\n", code.word(), code.status(), code.title()));
    format!("| code | status | meaning |\n|---|---|---|\n{}", rows.collect::<String>())
}

impl Problem {
    fn schema_value() -> Value {
        let mut registry = Registry::new();
        Self::register(&mut registry);
        let schema = registry.schemas.get("Problem").map(serde_json::to_value);
        schema.and_then(Result::ok).unwrap_or_default()
    }
}

fn problem_field() -> Value {
    let mut registry = Registry::new();
    Problem::register(&mut registry);
    registry.schemas.get("ProblemField").map(serde_json::to_value).and_then(Result::ok).unwrap_or_default()
}

/// Stands for rooms that are described but not entered: the document needs no running product.
struct Described<T>(PhantomData<T>);

impl<T: OpenApi + Send + Sync> OpenApi for Described<T> {
    fn meta() -> Vec<MetaApi> {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(
        self,
        _table: &mut std::collections::HashMap<
            String,
            std::collections::HashMap<poem::http::Method, BoxEndpoint<'static>>,
        >,
    ) {
    }
}

/// JSON in which an object that stands twice under one key is one object with the fields of both.
struct Merged(Value);

impl<'de> Deserialize<'de> for Merged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Paths;

        impl<'de> Visitor<'de> for Paths {
            type Value = Merged;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an OpenAPI document")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Merged, A::Error> {
                let mut merged = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value = if key == "paths" {
                        map.next_value::<Merged>()?.0
                    } else {
                        map.next_value::<Value>()?
                    };
                    match (merged.get_mut(&key).and_then(Value::as_object_mut), value) {
                        (Some(known), Value::Object(more)) => known.extend(more),
                        (_, value) => {
                            merged.insert(key, value);
                        }
                    }
                }
                Ok(Merged(Value::Object(merged)))
            }
        }

        deserializer.deserialize_map(Paths)
    }
}
