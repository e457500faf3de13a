//! An entry of the log as one of several, told apart by its `type`.
//!
//! The framework knows one object whose last fields are there or not. Which types such a field belongs to stands in its
//! description, in backticks; so the manual and the document say the same.

use serde_json::{Map, Value, json};

/// Puts a schema for each type of entry in the place of the one for all.
pub fn split(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let types: Vec<String> = words(schemas.get("ChatEvent"));
    let Some(entry) = schemas.remove("LogEntry") else { return };
    let example = |name: &str| schemas.get(name).map(|schema| schema["example"].clone()).unwrap_or_default();
    let (message, chat) = (example("Message"), example("Chat"));
    let (mut variants, mut mapping) = (Vec::new(), Map::new());
    for kind in &types {
        let name = format!("{}Entry", camel(kind));
        let reference = format!("#/components/schemas/{name}");
        mapping.insert(kind.clone(), reference.clone().into());
        variants.push(json!({ "$ref": reference }));
        schemas.insert(name, variant(&entry, kind, &types, &sample(kind, &message, &chat)));
    }
    let split = json!({
        "description": entry["description"],
        "oneOf": variants,
        "discriminator": {"propertyName": "type", "mapping": mapping},
    });
    schemas.insert("LogEntry".into(), split);
}

/// The entry of one type: the fields every entry has, and those that are there with this type.
fn variant(entry: &Value, kind: &str, types: &[String], example: &Value) -> Value {
    let mut fields = Map::new();
    let is_always_there = |name: &str| {
        entry["required"].as_array().is_some_and(|names| names.iter().any(|known| known == name))
    };
    for (name, field) in entry["properties"].as_object().into_iter().flatten() {
        let about = field["description"].as_str().unwrap_or_default();
        let mut named =
            about.split('`').skip(1).step_by(2).filter(|word| types.iter().any(|known| known == word));
        if name == "type" {
            let about = "What happened.";
            fields.insert(name.clone(), json!({"type": "string", "const": kind, "description": about}));
            continue;
        }
        let mut field = field.clone();
        field["description"] = about_one(about, kind, types).into();
        if is_always_there(name) {
            fields.insert(name.clone(), field);
        } else if named.clone().next().is_none() {
            field["nullable"] = true.into();
            fields.insert(name.clone(), field);
        } else if named.any(|word| word == kind) {
            fields.insert(name.clone(), field);
        }
    }
    let required: Vec<_> = fields.keys().cloned().collect();
    json!({
        "type": "object",
        "description": format!("An entry of the log: `{kind}`."),
        "properties": fields,
        "required": required,
        "example": example,
    })
}

/// What a description says of one type: without the names of the types it is for, and what it says of others.
fn about_one(about: &str, kind: &str, types: &[String]) -> String {
    let mut sentences = Vec::new();
    for sentence in about.replace(".\n", ". ").trim_end_matches('.').split(". ") {
        let clauses: Vec<_> =
            sentence.split("; ").filter_map(|clause| clause_of(clause, kind, types)).collect();
        if !clauses.is_empty() {
            sentences.push(capital(&clauses.join("; ")));
        }
    }
    sentences.join(". ") + "."
}

fn clause_of<'a>(clause: &'a str, kind: &str, types: &[String]) -> Option<&'a str> {
    let quoted = clause.split('`').skip(1).step_by(2);
    let mut named = quoted.filter(|word| types.iter().any(|known| known == word)).peekable();
    if named.peek().is_some() && !named.any(|word| word == kind) {
        return None;
    }
    match clause.rsplit_once(": ") {
        Some((said, list)) if list.starts_with('`') => Some(said),
        _ => Some(clause),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What a server could have told of the message.
fn sample(kind: &str, message: &Value, chat: &Value) -> Value {
    let (at, seq) = (message["created_at"].clone(), json!(42));
    let mut entry = json!({
        "type": kind,
        "chat_id": message["chat_id"],
        "seq": seq,
        "id": "01991f00-0000-7000-8000-000000000042",
        "actor_id": message["sender_id"],
        "created_at": at,
    });
    let mut message = message.clone();
    match kind {
        "new_message" => {
            (entry["seq"], entry["id"]) = (message["seq"].clone(), message["id"].clone());
            entry["message"] = message;
        }
        "message_edited" => {
            (message["content"], message["edited_at"]) = (json!("Good morning, everyone"), at);
            entry["message"] = message;
        }
        "message_recalled" => {
            (message["content"], message["recalled_at"]) = (Value::Null, at);
            entry["message"] = message;
        }
        "messages_cleared" => entry["up_to_seq"] = json!(41),
        "sender_cleared" => {
            (entry["user_id"], entry["up_to_seq"]) = (message["sender_id"].clone(), json!(41));
        }
        "member_left" => entry["user_id"] = message["sender_id"].clone(),
        "chat_updated" => {
            entry["chat"] = chat.clone();
            entry["chat"]["last_seq"] = seq;
        }
        word if word.starts_with("pin_") || word.starts_with("reaction_") => {
            entry["message_id"] = message["id"].clone();
        }
        _ => {}
    }
    entry
}

fn words(schema: Option<&Value>) -> Vec<String> {
    let listed = schema.and_then(|schema| schema["enum"].as_array()).into_iter().flatten();
    listed.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// `new_message` as `NewMessage`.
pub fn camel(word: &str) -> String {
    word.split('_').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::split;

    #[test]
    fn a_field_is_there_with_the_types_its_description_names() {
        let mut document = json!({"components": {"schemas": {
            "ChatEvent": {"enum": ["pin_added", "member_left"]},
            "LogEntry": {"required": ["type", "seq", "id"], "properties": {
                "note": {"type": "string", "description": "What it says: `pin_added`. A second sentence."},
                "type": {"type": "string"},
                "seq": {"type": "integer", "description": "Its place; of `pin_added`, too."},
                "actor_id": {"type": "string", "description": "Who did it."},
                "user_id": {"type": "string", "description": "Who went: `member_left`; whose it was: `pin_added`."},
                "id": {"type": "string", "description": "Which it is; of `pin_added` the pin's own.\n`1` is the first."},
            }},
        }}});
        split(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["PinAddedEntry"]["required"],
            json!(["actor_id", "id", "note", "seq", "type", "user_id"])
        );
        assert_eq!(
            schemas["MemberLeftEntry"]["required"],
            json!(["actor_id", "id", "seq", "type", "user_id"])
        );
        let fields = &schemas["MemberLeftEntry"]["properties"];
        assert_eq!(
            (&fields["actor_id"]["nullable"], &fields["user_id"]["nullable"]),
            (&json!(true), &json!(null))
        );
        let about = |entry: &str, field: &str| schemas[entry]["properties"][field]["description"].clone();
        assert_eq!(about("MemberLeftEntry", "user_id"), "Who went.");
        assert_eq!(about("PinAddedEntry", "user_id"), "Whose it was.");
        assert_eq!(about("MemberLeftEntry", "seq"), "Its place.");
        assert_eq!(about("MemberLeftEntry", "id"), "Which it is. `1` is the first.");
        assert_eq!(
            about("PinAddedEntry", "id"),
            "Which it is; of `pin_added` the pin's own. `1` is the first."
        );
        assert_eq!(about("PinAddedEntry", "note"), "What it says. A second sentence.");
        let mapping = &schemas["LogEntry"]["discriminator"]["mapping"];
        assert_eq!(mapping["pin_added"], "#/components/schemas/PinAddedEntry");
    }
}
