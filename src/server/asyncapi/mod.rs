//! The AsyncAPI document: every frame, command and close code of the sockets, written from their types and the schemas of the
//! OpenAPI document.

pub mod page;
mod schemas;

use serde_json::{Map, Value, json};

use super::document::TITLE;
use crate::realtime::{MANUAL, protocol};

/// The two endpoints: the name of the channel, its address, and what it is.
const CHANNELS: [(&str, &str, &str); 2] = [
    (
        "gateway",
        "/api/v1/ws",
        "One socket for any number of chats; `?subscribe=all` follows all the caller is in, later ones too. `?after_notification=` tells the notifications that were missed.",
    ),
    (
        "chat",
        "/api/v1/chats/{chat_id}",
        "The socket of one chat, subscribed from the start; `?after_seq=` resumes, `&after_id=` proves that it is the same log.",
    ),
];

/// The frames that come at the gateway alone.
const AT_GATEWAY: [&str; 6] = [
    "chat_added",
    "chat_removed",
    "notification",
    "notifications_read",
    "notifications_removed",
    "notifications_reset",
];

/// Puts the document together.
pub fn describe(openapi: &Value) -> Value {
    let mut messages = Map::new();
    let (mut sent, mut taken) = (Vec::new(), Vec::new());
    for kind in openapi["components"]["schemas"]["ChatEvent"]["enum"].as_array().into_iter().flatten() {
        let kind = kind.as_str().unwrap_or_default();
        let schema = format!("{}Entry", super::document::camel(kind));
        let example = &openapi["components"]["schemas"][&schema]["example"];
        let payload = json!({"$ref": format!("#/components/schemas/{schema}")});
        let mut message = message(kind, &format!("An entry of a log: `{kind}`."), &payload);
        message["examples"] = json!([{ "payload": example }]);
        messages.insert(kind.to_owned(), message);
        sent.push((kind.to_owned(), false));
    }
    for frame in protocol::frames() {
        let payload = schemas::typed(&frame.kind, &frame.fields, None);
        messages.insert(frame.kind.clone(), message(&frame.kind, frame.about, &payload));
        let at_gateway = AT_GATEWAY.contains(&frame.kind.as_str());
        sent.push((frame.kind, at_gateway));
    }
    let mut operations = Map::new();
    for command in protocol::commands() {
        let body = command.body.map(|name| &openapi["components"]["schemas"][name]);
        let payload = schemas::command(command.kind, &command.fields, body);
        let name = command.kind.to_owned();
        messages.insert(name.clone(), message(command.kind, command.about, &payload));
        taken.push((name.clone(), command.is_of_gateway));
        operations.insert(name.clone(), operation(&command, &name));
    }
    let channels: Map<_, _> = CHANNELS
        .iter()
        .map(|(name, address, about)| {
            ((*name).to_owned(), channel(name, address, about, sent.iter().chain(&taken)))
        })
        .collect();
    for (channel, ..) in CHANNELS {
        operations
            .insert(format!("{channel}_frames"), all_of(channel, "send", "Frames from the server.", &sent));
    }
    operations.insert("chat_commands".into(), all_of("chat", "receive", "Commands from the client.", &taken));
    let mut document = json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": TITLE,
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!("{MANUAL}\nThe requests over HTTP, and the shapes that both share, are in `/openapi.json`."),
            "license": {"name": "MIT"},
            "contact": {"name": "Whoever runs this server"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "securitySchemes": {
                "bearer": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "An access token or a personal API token, in `Authorization` or as the subprotocol `bearer.<token>` beside `trunkline.v1`.",
                },
                "cookie": {
                    "type": "httpApiKey", "in": "cookie", "name": "access_token",
                    "description": "The access token as a login sets it; from pages of allowed origins alone.",
                },
            },
        },
        "x-close-codes": protocol::close_codes().into_iter().map(|(code, about)| json!({"code": code, "description": about})).collect::<Value>(),
    });
    document["components"]["schemas"] = schemas::all(&document, openapi);
    served_at(&document, "http://127.0.0.1:8000")
}

/// The document of a server that clients reach at this address.
pub fn served_at(document: &Value, public_url: &str) -> Value {
    let mut document = document.clone();
    let (scheme, place) = public_url.split_once("://").unwrap_or(("http", public_url));
    let (host, path) =
        place.split_once('/').map_or((place, None), |(host, path)| (host, Some(format!("/{path}"))));
    let mut server = json!({
        "host": host,
        "protocol": if scheme == "https" { "wss" } else { "ws" },
        "description": "This server.",
        "security": [
            {"$ref": "#/components/securitySchemes/bearer"},
            {"$ref": "#/components/securitySchemes/cookie"},
        ],
    });
    if let Some(path) = path {
        server["pathname"] = path.into();
    }
    document["servers"] = json!({ "this": server });
    document
}

fn message(kind: &str, about: &str, payload: &Value) -> Value {
    let first = about.split(['.', ';']).next().unwrap_or_default();
    json!({"name": kind, "title": kind, "summary": first, "description": about, "contentType": "application/json", "payload": payload})
}

fn channel<'a>(
    name: &str,
    address: &str,
    about: &str,
    messages: impl Iterator<Item = &'a (String, bool)>,
) -> Value {
    let messages: Map<_, _> = messages
        .filter(|(_, at_gateway)| name == "gateway" || !at_gateway)
        .map(|(kind, _)| (kind.clone(), json!({"$ref": format!("#/components/messages/{kind}")})))
        .collect();
    let text = |about: &str| json!({"type": "string", "description": about});
    let query = if name == "gateway" {
        json!({"subscribe": {"type": "string", "enum": ["all"], "description": "Follow all chats the caller is in, later ones too."},
            "after_notification": {"type": "integer", "minimum": 0, "description": "The `seq` of the last notification that is known already: those after it come first."}})
    } else {
        json!({"after_seq": {"type": "integer", "minimum": 0, "description": "The last entry that is known already."},
            "after_id": text("The `id` of that entry.")})
    };
    let mut channel = json!({
        "address": address,
        "title": name,
        "description": about,
        "messages": messages,
        "bindings": {"ws": {"method": "GET", "query": {"type": "object", "properties": query}, "bindingVersion": "0.1.0"}},
    });
    if name == "chat" {
        channel["parameters"] = json!({"chat_id": {"description": "Which chat."}});
    }
    channel
}

fn operation(command: &protocol::Command, name: &str) -> Value {
    let answers: &[&str] = if name == "ping" { &["pong", "error"] } else { &["ack", "error"] };
    let refer = |kind: &str| json!({"$ref": format!("#/channels/gateway/messages/{kind}")});
    let mut operation = json!({
        "action": "receive",
        "channel": {"$ref": "#/channels/gateway"},
        "title": command.kind,
        "summary": command.about,
        "messages": [refer(name)],
        "reply": {
            "channel": {"$ref": "#/channels/gateway"},
            "messages": answers.iter().map(|kind| refer(kind)).collect::<Vec<_>>(),
        },
    });
    if name != "ping" {
        operation["x-ack-data"] = match command.answer {
            Some(schema) => json!({"$ref": format!("#/components/schemas/{schema}")}),
            None => json!({"type": "object", "properties": {}}),
        };
    }
    operation
}

fn all_of(channel: &str, action: &str, about: &str, messages: &[(String, bool)]) -> Value {
    let here = messages.iter().filter(|(_, at_gateway)| channel == "gateway" || !at_gateway);
    let messages: Vec<_> =
        here.map(|(kind, _)| json!({"$ref": format!("#/channels/{channel}/messages/{kind}")})).collect();
    let channel = json!({"$ref": format!("#/channels/{channel}")});
    json!({"action": action, "channel": channel, "summary": about, "messages": messages})
}
