//! The schemas of the AsyncAPI document: those of frames and commands, and what these need of the OpenAPI document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::realtime::protocol::{self, Field, HEAD};

/// What only a request over HTTP carries.
const OVER_HTTP: [&str; 1] = ["send_at"];

/// What a frame or a command of this `type` is.
pub fn typed(kind: &str, fields: &[Field], body: Option<&Value>) -> Value {
    let mut properties = Map::new();
    properties.insert("type".into(), json!({"type": "string", "const": kind}));
    let mut required = vec![Value::from("type")];
    for field in fields {
        properties.insert(field.name.to_owned(), field.schema.clone());
        if field.is_required {
            required.push(field.name.into());
        }
    }
    if let Some(body) = body {
        for (name, field) in body["properties"].as_object().into_iter().flatten() {
            if !OVER_HTTP.contains(&name.as_str()) {
                properties.insert(name.clone(), field.clone());
            }
        }
        required.extend(body["required"].as_array().into_iter().flatten().cloned());
    }
    json!({"type": "object", "properties": properties, "required": required})
}

/// What a command is: one that may be named, so that its answer is known.
pub fn command(kind: &str, fields: &[Field], body: Option<&Value>) -> Value {
    let mut schema = typed(kind, fields, body);
    let about = "Any name for the command; the answer repeats it.";
    schema["properties"]["ref"] = json!({"type": ["string", "number", "null"], "description": about});
    schema
}

/// Everything that the document refers to, as AsyncAPI writes it.
pub fn all(document: &Value, openapi: &Value) -> Value {
    let mut schemas = Map::new();
    let mut wanted = BTreeSet::new();
    collect(document, &mut wanted);
    while let Some(name) = wanted.pop_first() {
        if schemas.contains_key(&name) {
            continue;
        }
        let mut schema =
            if name == HEAD { protocol::head() } else { openapi["components"]["schemas"][&name].clone() };
        rewrite(&mut schema);
        collect(&schema, &mut wanted);
        schemas.insert(name, schema);
    }
    schemas.into()
}

/// The schemas that are referred to.
fn collect(part: &Value, wanted: &mut BTreeSet<String>) {
    match part {
        Value::Array(items) => items.iter().for_each(|item| collect(item, wanted)),
        Value::Object(fields) => {
            let target = fields.get("$ref").and_then(Value::as_str);
            wanted.extend(
                target.and_then(|target| target.strip_prefix("#/components/schemas/")).map(str::to_owned),
            );
            fields.values().for_each(|field| collect(field, wanted));
        }
        _ => {}
    }
}

/// JSON Schema has a list of examples, and AsyncAPI another discriminator than OpenAPI.
fn rewrite(part: &mut Value) {
    match part {
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        Value::Object(fields) => {
            fields.remove("discriminator");
            if let Some(example) = fields.remove("example") {
                fields.insert("examples".into(), json!([example]));
            }
            fields.iter_mut().filter(|(name, _)| *name != "examples").for_each(|(_, field)| rewrite(field));
        }
        _ => {}
    }
}
