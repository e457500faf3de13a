//! The schemas: what is always there and what may be null, which fields hold words of a list, and names.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{framework, log, shape::each_object};
use crate::{error::Code, http::Problem};

/// The enumeration of every `code` of an error.
const ERROR_CODE: &str = "ErrorCode";

/// Fields that hold a word of an enumeration, though the program keeps them as text.
const WORDS: [(&str, &str, &str); 7] = [
    ("Chat", "kind", "ChatKind"),
    ("ChatSummary", "kind", "ChatKind"),
    ("Message", "kind", "MessageKind"),
    ("PinnedMessage", "kind", "MessageKind"),
    ("Problem", "code", ERROR_CODE),
    ("Route", "method", "Method"),
    ("User", "status", "AccountStatus"),
];

/// Fields that always hold the same word.
const CONSTANTS: [(&str, &str, &str); 3] = [
    ("Health", "status", "ok"),
    ("PublicKey", "algorithm", "RSA-OAEP-256"),
    ("TokenPair", "token_type", "Bearer"),
];

type Schemas = Map<String, Value>;

/// Corrects every schema under `components`.
pub fn complete(document: &mut Value) {
    add_shared(document);
    rename_lists(document);
    log::split(document);
    let in_bodies = in_bodies(document);
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, schema) in schemas.iter_mut() {
        if let Some(fields) = schema.as_object_mut() {
            fields.remove("title");
        }
        let is_sent = in_bodies.contains(name);
        require_what_is_there(schema, is_sent);
    }
    name_words(schemas);
}

/// What every operation refers to and none registers.
fn add_shared(document: &mut Value) {
    let schemas = &mut document["components"]["schemas"];
    for (name, schema) in framework::schemas::<Problem>() {
        schemas[name] = schema;
    }
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
    let about = "The stable word of an error; more may come. The introduction says what each means.";
    schemas[ERROR_CODE] = json!({"type": "string", "description": about, "enum": codes});
    let methods = ["DELETE", "GET", "PATCH", "POST", "PUT"];
    schemas["Method"] = json!({"type": "string", "description": "A method of HTTP.", "enum": methods});
}

/// `Listed_User` of the framework is a `UserList`.
fn rename_lists(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let renamed = |name: &str| match name.strip_prefix("Listed_") {
        Some(item) => format!("{item}List"),
        None => name.to_owned(),
    };
    *schemas = std::mem::take(schemas).into_iter().map(|(name, schema)| (renamed(&name), schema)).collect();
    each_object(document, &mut |fields| {
        if let Some(Value::String(target)) = fields.get_mut("$ref")
            && let Some((place, name)) = target.rsplit_once('/')
        {
            *target = format!("{place}/{}", renamed(name));
        }
    });
}

/// The names of the schemas that clients send, and of all they hold.
fn in_bodies(document: &Value) -> BTreeSet<String> {
    let operations = document["paths"].as_object().into_iter().flatten();
    let operations = operations.flat_map(|(_, methods)| methods.as_object().into_iter().flatten());
    let mut open: Vec<_> = operations.map(|(_, operation)| &operation["requestBody"]).collect();
    let mut known = BTreeSet::new();
    while let Some(part) = open.pop() {
        if let Some(name) = part["$ref"].as_str().and_then(|target| target.rsplit('/').next())
            && known.insert(name.to_owned())
        {
            open.push(&document["components"]["schemas"][name]);
        }
        open.extend(part.as_object().into_iter().flat_map(|fields| fields.values()));
        open.extend(part.as_array().into_iter().flatten());
    }
    known
}

/// A field of an answer is always there, and null where there is nothing to say; only one whose description has the word
/// *absent* may be left out, and is null then only if its description says that, too. A field of a body that need not be
/// there may as well be null.
fn require_what_is_there(schema: &mut Value, is_sent: bool) {
    let mut required = schema["required"].as_array().cloned().unwrap_or_default();
    let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, field) in fields {
        if required.iter().any(|known| known == name) {
            continue;
        }
        let about = field["description"].as_str().unwrap_or_default().to_lowercase();
        let may_be_absent = about.contains("absent");
        if is_sent || !may_be_absent || about.contains("null") {
            field["nullable"] = true.into();
        }
        if !is_sent && !may_be_absent {
            required.push(name.as_str().into());
        }
    }
    if !required.is_empty() {
        schema["required"] = required.into();
    }
}

fn name_words(schemas: &mut Schemas) {
    for (schema, field, words) in WORDS {
        if let Some(field) = text_field(schemas, schema, field) {
            field.remove("type");
            field.insert("$ref".into(), format!("#/components/schemas/{words}").into());
        }
    }
    for (schema, field, word) in CONSTANTS {
        if let Some(field) = text_field(schemas, schema, field) {
            field.insert("const".into(), word.into());
        }
    }
}

fn text_field<'a>(schemas: &'a mut Schemas, schema: &str, field: &str) -> Option<&'a mut Schemas> {
    schemas.get_mut(schema)?.get_mut("properties")?.get_mut(field)?.as_object_mut()
}
