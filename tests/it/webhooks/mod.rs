//! Other programs that are told what happens in a chat.

mod answering;
mod failing;
mod making;
mod resuming;
mod sending;
mod staying;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Person, Receiver, World};

/// The pauses between attempts are over, for those who would wait.
const TIME_PASSES: &str =
    "update jobs set run_at = now() where task = 'deliver_webhook' and status = 'queued' and run_at > now()";

/// A world in which receivers are where the stories are: on this machine.
async fn world() -> World {
    World::with(&[("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true")]).await
}

fn path(chat: Uuid) -> String {
    format!("/api/v1/chats/{chat}/webhooks")
}

/// Makes a webhook to this receiver.
async fn hook(person: &Person, chat: Uuid, receiver: &Receiver) -> Value {
    person.post(&path(chat), &json!({"url": receiver.url()})).await.expect(201)
}

/// The only webhook of a chat, once a field of it is what it should be.
async fn becomes(person: &Person, chat: Uuid, field: &str, wanted: Value) -> Value {
    becomes_so(person, chat, field, |value| *value == wanted).await
}

async fn becomes_so(person: &Person, chat: Uuid, field: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let mut list = person.get(&path(chat)).await.expect(200);
        let webhook = list["items"][0].take();
        if is_so(&webhook[field]) {
            return webhook;
        }
        assert!(Instant::now() < until, "{field} is another: {webhook}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// The only webhook of a chat, once it has failed: more than once, where nobody has looked for a while.
async fn has_failed(person: &Person, chat: Uuid) -> Value {
    becomes_so(person, chat, "failures", |failures| failures.as_i64().is_some_and(|count| count > 0)).await
}

/// Says something in a chat as psql does, without a sender; its place in the log.
async fn inserts(psql: &Client, chat: Uuid, content: &str) -> i64 {
    let sql = "insert into messages (chat_id, kind, content) values ($1, 'system', $2) returning seq";
    psql.query_one(sql, &[&chat, &content]).await.unwrap().get(0)
}
