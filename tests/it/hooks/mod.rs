//! What other programs say in a chat.

mod ending;
mod making;
mod posting;
mod programs;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Person, log};

fn path(chat: Uuid) -> String {
    format!("/api/v1/chats/{chat}/hooks")
}

/// Makes a hook of this name.
async fn hook(person: &Person, chat: Uuid, name: &str) -> Value {
    let hook = person.post(&path(chat), &json!({"name": name})).await.expect(201);
    note(&hook);
    hook
}

/// What is secret of an address may stand in no log.
fn note(hook: &Value) {
    log::note_text(hook["url"].as_str().unwrap().rsplit('/').next().unwrap());
}

/// A program that knows nothing but the address.
async fn posts(hook: &Value, body: &Value) -> Answer {
    Person::send(reqwest::Client::new().post(hook["url"].as_str().unwrap()).json(body)).await
}

/// The same with a body as it is.
async fn sends(hook: &Value, kind: &str, body: impl Into<String>) -> Answer {
    let request = reqwest::Client::new().post(hook["url"].as_str().unwrap());
    Person::send(request.header("content-type", kind).body(body.into())).await
}

/// The latest message of a chat.
async fn latest(person: &Person, chat: Uuid) -> Value {
    person.get(&format!("/api/v1/chats/{chat}/messages?limit=1")).await.expect(200)["items"][0].take()
}
