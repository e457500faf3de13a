//! What an answer must be by the document: JSON Schema, as far as the document uses it, and stricter. A keyword that is not
//! known here is a fault of the schema, a field that is not described a fault of the value.

use serde_json::{Map, Value};
use trunkline::server::{documentation, sockets};

/// Says nothing about what is valid.
const NOTES: [&str; 6] = ["description", "example", "examples", "default", "discriminator", "x-permission"];

/// What is wrong with a value, each with its place.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(schema, value, "", &mut found);
    found
}

/// What is wrong with a frame of the server by what the AsyncAPI document says of its `type`; of an `ack`, with its `data`, too.
pub fn frame_faults(frame: &Value) -> Vec<String> {
    let kind = frame["type"].as_str().unwrap_or_default();
    let Some(message) = sockets()["components"]["messages"].get(kind) else {
        return vec![format!("{kind}: no such frame")];
    };
    let mut found = faults(&message["payload"], frame);
    if kind == "ack" {
        let event = frame["event"].as_str().unwrap_or_default();
        match sockets()["operations"].get(event).and_then(|command| command.get("x-ack-data")) {
            Some(data) => {
                let target =
                    data["$ref"].as_str().and_then(|path| sockets().pointer(path.trim_start_matches('#')));
                found.extend(faults(target.unwrap_or(data), &frame["data"]));
            }
            None => found.push(format!("{event}: no such command")),
        }
    }
    found
}

/// What a reference in the document leads to, or the thing itself.
pub fn resolved(part: &Value) -> &Value {
    match part["$ref"].as_str() {
        Some(target) => documentation().pointer(target.trim_start_matches('#')).expect(target),
        None => part,
    }
}

fn look(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let Some(rules) = schema.as_object() else { return found.push(format!("{at}: no schema")) };
    for (keyword, rule) in rules {
        let holds = match keyword.as_str() {
            "$ref" => {
                look(resolved(schema), value, at, found);
                true
            }
            "anyOf" => rule.as_array().unwrap().iter().any(|one| faults(one, value).is_empty()),
            "oneOf" => {
                let of = |one: &&Value| faults(one, value).is_empty();
                if rule.as_array().unwrap().iter().filter(of).count() != 1 {
                    found.extend(rule.as_array().unwrap().iter().flat_map(|one| faults(one, value)).take(20));
                }
                rule.as_array().unwrap().iter().filter(of).count() == 1
            }
            "type" => {
                let kinds = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                kinds.iter().any(|kind| is(kind.as_str().unwrap(), value))
            }
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "required" => {
                let names = rule.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                names.into_iter().all(|name| !value.is_object() || value.get(name).is_some())
            }
            "properties" => {
                look_inside(rule.as_object().unwrap(), value, at, found);
                true
            }
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    look(rule, item, &format!("{at}/{number}"), found);
                }
                true
            }
            "format" => value.as_str().is_none_or(|text| is_formatted(rule.as_str().unwrap(), text)),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "minLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap())
            }
            "maxLength" => {
                value.as_str().is_none_or(|text| text.chars().count() as u64 <= rule.as_u64().unwrap())
            }
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
            // The server's own rules for what it is sent; no answer is read by them.
            "pattern" | "uniqueItems" => true,
            known if NOTES.contains(&known) => true,
            _ => false,
        };
        if !holds {
            let rule: String = rule.to_string().chars().take(200).collect();
            found.push(format!(
                "{at}: {keyword} {rule} for {}",
                value.to_string().chars().take(300).collect::<String>()
            ));
        }
    }
}

fn look_inside(fields: &Map<String, Value>, value: &Value, at: &str, found: &mut Vec<String>) {
    for (name, inside) in value.as_object().into_iter().flatten() {
        match fields.get(name) {
            Some(schema) => look(schema, inside, &format!("{at}/{name}"), found),
            None => found.push(format!("{at}/{name}: not described")),
        }
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn is_formatted(format: &str, text: &str) -> bool {
    match format {
        "uuid" => text.len() == 36 && text.parse::<uuid::Uuid>().is_ok(),
        "date-time" => text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        "binary" => true,
        _ => false,
    }
}
