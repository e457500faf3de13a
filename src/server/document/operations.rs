//! The operations: who may, which parameters they take, what they answer when all goes well.

use serde_json::{Value, json};

use super::{answers, each_operation};
use crate::{permissions, server::paths};

/// What a parameter of a path is, where its operation does not say more.
const PARAMETERS: [(&str, &str); 5] = [
    ("chat_id", "Which chat."),
    ("message_id", "Which message of the chat."),
    ("file_id", "Which file."),
    ("user_id", "Which person."),
    ("emoji", "One emoji, percent-encoded, or `:word:`; up to 64 characters."),
];

/// Bytes of any kind.
const BYTES: &str = "application/octet-stream";

/// The operations that open a socket when they are asked to upgrade.
const SOCKETS: [&str; 2] = ["get_chat", "open_gateway"];

/// Corrects every operation, and gives it the errors it can answer.
pub fn complete(document: &mut Value) {
    let described = document.clone();
    each_operation(document, &mut |path, method, operation| {
        if let Some(template) = paths::created_at(&described, path, operation) {
            let about = format!("Where it is fetched: `{template}`.");
            let location = json!({"description": about, "required": true, "schema": {"type": "string"}});
            operation["responses"]["201"]["headers"]["Location"] = location;
        }
        answers::complete(method, operation);
        if operation.get("security").is_some() {
            let permission = permissions::code(&method.to_uppercase(), path);
            // No page shows the extension, so that it also stands in words.
            let about = operation["description"].as_str().unwrap_or_default();
            operation["description"] = format!("{about}\n\nPermission: `{permission}`").into();
            operation["x-permission"] = permission.into();
        } else {
            operation["security"] = json!([]);
        }
        describe_parameters(operation);
        for (status, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
            if status.starts_with('2') {
                keep_one_answer(answer);
                name_bytes(answer);
            }
        }
        upgrade(operation);
    });
}

fn describe_parameters(operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let known = PARAMETERS.iter().find(|(name, _)| parameter["name"] == *name);
        if let Some((_, about)) = known
            && parameter["description"].as_str().is_none_or(str::is_empty)
        {
            parameter["description"] = (*about).into();
        }
        // The framework says so of every parameter and schema, and it is what everyone assumes.
        let fields = parameter.as_object_mut();
        fields.map(|fields| ["deprecated", "explode"].map(|name| fields.remove(name)));
    }
}

/// A list is one answer to a program that reads the document; that it can be had as a file as well stands in words.
fn keep_one_answer(answer: &mut Value) {
    let Some(content) = answer.get_mut("content").and_then(Value::as_object_mut) else { return };
    if content.contains_key("application/json") {
        content.retain(|kind, _| kind == "application/json");
    }
}

/// Who knows no wildcards among media types finds one that stands for any bytes.
fn name_bytes(answer: &mut Value) {
    let Some(content) = answer.get_mut("content").and_then(Value::as_object_mut) else { return };
    let wild = content.iter().find(|(kind, _)| kind.ends_with("/*")).map(|(_, media)| media.clone());
    if let Some(media) = wild {
        content.insert(BYTES.into(), media);
    }
}

/// A socket is no answer with a body: 101, and the frames of the manual.
fn upgrade(operation: &mut Value) {
    if !SOCKETS.iter().any(|id| operation["operationId"] == *id) {
        return;
    }
    let Some(answers) = operation["responses"].as_object_mut() else { return };
    // What the framework's handler would answer, and never does.
    answers.remove("204");
    let header = |about: &str, value: &str| json!({"description": about, "schema": {"type": "string", "const": value}});
    answers.insert(
        "101".into(),
        json!({
            "description": "The socket is open: the request asked for an upgrade to WebSocket.",
            "headers": {
                "Upgrade": header("What is spoken from here on.", "websocket"),
                "Connection": header("That it is spoken on this connection.", "Upgrade"),
                "Sec-WebSocket-Accept": {"description": "Answers `Sec-WebSocket-Key`.", "schema": {"type": "string"}},
                "Sec-WebSocket-Protocol": header("When the request offered it.", "trunkline.v1"),
            },
        }),
    );
}
