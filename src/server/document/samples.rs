//! Examples for the schemas that have none of their own, put together from those that have: what a server could have answered.

use serde_json::{Map, Value, json};

/// Deeper than any answer nests; a schema that holds itself ends here.
const DEPTH: usize = 16;

/// What holds all the fields of something else, and more.
const EXTENDED: [(&str, &str); 6] = [
    ("ChatSummary", "Chat"),
    ("CreatedApiToken", "ApiToken"),
    ("CreatedHook", "Hook"),
    ("CreatedInvite", "Invite"),
    ("CreatedWebhook", "Webhook"),
    ("PinnedMessage", "Message"),
];

/// What a text says, by the name of its field.
const TEXTS: [(&str, &str); 25] = [
    ("avatar_url", "https://chat.example.com/api/v1/avatars/01991f00-0000-7000-8000-000000000001/k3VZ.webp"),
    ("address", "192.0.2.7"),
    ("bio", "Likes long walks"),
    ("client_id", "a1"),
    ("content", "Good morning"),
    ("description", "Where everyone meets"),
    ("emoji", "👍"),
    ("github", "alice"),
    ("field", "title"),
    ("last_error", "answered 502"),
    ("message", "must have 1 to 255 characters"),
    ("name", "Alice"),
    ("path", "/api/v1/users/{id}"),
    ("permission", "GET:/api/v1/users/{id}"),
    ("public_key", "-----BEGIN PUBLIC KEY-----\nMIIB…\n-----END PUBLIC KEY-----\n"),
    ("qq", "10001"),
    ("scopes", "POST:/api/v1/chats/{chat_id}/messages"),
    ("secret", "whsec_qZ3vN0c1"),
    ("summary", "Show a person"),
    ("title", "Lobby"),
    ("token", "tl_Zk9yJ2V4YW1wbGU"),
    ("user_agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("url", "https://chat.example.com/api/v1/links/example"),
    ("username", "alice"),
    ("version", env!("CARGO_PKG_VERSION")),
];

/// Gives every schema of the document an example, and fields to those that lack some.
pub fn complete(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object().cloned() else { return };
    for (name, schema) in &schemas {
        // Its words are all there is to say of it, and a page would put one that is given here into every filter.
        if schema.get("enum").is_some() {
            continue;
        }
        let extended = EXTENDED.iter().find(|(known, _)| known == name);
        let extended = extended.and_then(|(_, part)| schemas.get(*part));
        let given = schema.get("example").or_else(|| extended?.get("example"));
        let mut example = match given {
            Some(given) => filled(given, schema, &schemas),
            None => sample(schema, &schemas, name, DEPTH),
        };
        if let Some(part) = extended {
            let fields = schema["properties"].as_object().into_iter().flatten();
            for (name, field) in fields.filter(|(name, _)| part["properties"].get(name.as_str()).is_none()) {
                example[name] = sample(field, &schemas, name, DEPTH);
            }
        }
        if name.ends_with("List") {
            keep_secrets(&mut example, &schema["properties"]["items"]["items"], &schemas);
        }
        document["components"]["schemas"][name]["example"] = example;
    }
}

/// An example with what it must have, and without what a client would rather leave out.
fn filled(given: &Value, schema: &Value, schemas: &Map<String, Value>) -> Value {
    let mut filled = given.clone();
    let Some(fields) = filled.as_object_mut() else { return filled };
    let required: Vec<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    fields.retain(|name, value| !value.is_null() || required.contains(&name.as_str()));
    for name in required {
        if !fields.contains_key(name) {
            fields.insert(name.to_owned(), sample(&schema["properties"][name], schemas, name, DEPTH));
        }
    }
    filled
}

/// What is told once, in the answer that made it, stands in no list.
fn keep_secrets(list: &mut Value, reference: &Value, schemas: &Map<String, Value>) {
    let name = reference["$ref"].as_str().and_then(|target| target.rsplit('/').next()).unwrap_or_default();
    let Some(known) = schemas.get(name).and_then(|schema| schema["properties"].as_object()) else { return };
    let is_told_once = |name: &str| {
        known
            .get(name)
            .is_some_and(|field| field["description"].as_str().unwrap_or_default().contains("Told once"))
    };
    for item in list["items"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        item.retain(|name, _| !is_told_once(name));
    }
}

/// A value as the schema has it, for a field of this name.
fn sample(schema: &Value, schemas: &Map<String, Value>, name: &str, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(path) = schema["$ref"].as_str() {
        let target = path.rsplit('/').next().and_then(|name| schemas.get(name));
        return target.map_or(Value::Null, |target| sample(target, schemas, name, depth - 1));
    }
    if let Some(given) = schema.get("example") {
        return filled(given, schema, schemas);
    }
    if let Some(given) =
        schema.get("default").or_else(|| schema.get("const")).or_else(|| schema["enum"].get(0))
    {
        return given.clone();
    }
    if let Some(first) = schema["anyOf"].get(0).or_else(|| schema["oneOf"].get(0)) {
        return sample(first, schemas, name, depth - 1);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match (kind, schema["format"].as_str()) {
        (Some("object"), _) => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), sample(field, schemas, name, depth - 1))).collect()
        }
        (Some("array"), _) => json!([sample(&schema["items"], schemas, name, depth - 1)]),
        (Some("string"), Some("uuid")) => json!("01991f00-0000-7000-8000-000000000001"),
        (Some("string"), Some("date-time")) => json!("2026-05-28T20:26:40.000Z"),
        (Some("string"), _) => {
            let known =
                TEXTS.iter().find(|(field, _)| *field == name || name.ends_with(&format!("_{field}")));
            json!(known.map_or("text", |(_, text)| text))
        }
        (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        (Some("boolean"), _) => json!(true),
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::complete;

    #[test]
    fn what_has_no_example_gets_one_of_its_parts() {
        let mut document = json!({"components": {"schemas": {
            "Kind": {"type": "string", "enum": ["one", "other"]},
            "User": {"type": "object", "example": {"name": "Alice"}},
            "List": {"type": "object", "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/User"}},
                "total": {"type": "integer"},
                "last": {"anyOf": [{"$ref": "#/components/schemas/User"}, {"type": "null"}]},
                "image_url": {"type": ["string", "null"]},
            }},
        }}});
        complete(&mut document);
        let schemas = &document["components"]["schemas"];
        let (alice, url) = (json!({"name": "Alice"}), "https://chat.example.com/api/v1/links/example");
        let list = json!({"items": [alice], "total": 1, "last": alice, "image_url": url});
        assert_eq!(schemas["List"]["example"], list);
        assert_eq!(schemas["User"]["example"], alice);
        assert_eq!(schemas["Kind"].get("example"), None);
    }

    #[test]
    fn an_example_has_what_must_be_there_and_nothing_that_would_be_left_out() {
        let mut document = json!({"components": {"schemas": {"User": {
            "type": "object",
            "required": ["name", "bio", "avatar_url"],
            "properties": {"name": {}, "bio": {"type": "string"}, "avatar_url": {}, "email": {}},
            "example": {"name": "Alice", "avatar_url": null, "email": null},
        }}}});
        complete(&mut document);
        let user = json!({"name": "Alice", "bio": "Likes long walks", "avatar_url": null});
        assert_eq!(document["components"]["schemas"]["User"]["example"], user);
    }
}
