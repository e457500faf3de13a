//! Messages for later.

mod failing;
mod handing_in;
mod naming;
mod sending;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::support::{Answer, Person};

const MINE: &str = "/api/v1/users/me/scheduled";

fn at(seconds: i64) -> DateTime<Utc> {
    Utc::now() + TimeDelta::seconds(seconds)
}

/// Hands in a text to be sent then.
async fn hands_in(person: &Person, chat: Uuid, content: &str, send_at: DateTime<Utc>) -> Answer {
    let body = json!({"content": content, "client_id": content, "send_at": send_at});
    person.post(&format!("/api/v1/chats/{chat}/messages"), &body).await
}

/// The messages of a chat, the oldest first, once there are so many.
async fn messages(person: &Person, chat: Uuid, count: usize) -> Vec<Value> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let list = person.get(&format!("/api/v1/chats/{chat}/messages?sort=seq&limit=100")).await.expect(200);
        let items = list["items"].as_array().unwrap().clone();
        if items.len() >= count {
            return items;
        }
        assert!(Instant::now() < until, "only {items:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// What the person's first message for later is, once it has this status.
async fn becomes(person: &Person, status: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let mut list = person.get(MINE).await.expect(200);
        let first = list["items"][0].take();
        if first["status"] == status {
            return first;
        }
        assert!(Instant::now() < until, "it is {first}");
        sleep(Duration::from_millis(20)).await;
    }
}
