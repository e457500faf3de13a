//! What people write about events and posts.

mod counting;
mod deleting;
mod writing;

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Answer, Person};

/// An event of somebody, as psql would make it.
pub async fn event(psql: &Client, owner: &Person, name: &str) -> Uuid {
    let sql = "insert into events (owner_id, name, event_time, max_tickets)
        values ($1, $2, now() + make_interval(days => 1), 10) returning id";
    psql.query_one(sql, &[&owner.id, &name]).await.unwrap().get(0)
}

/// Says something about what has this path.
async fn comments(person: &Person, on: &str, content: &str) -> Answer {
    person.post(&format!("{on}/comments"), &json!({"content": content})).await
}

fn contents(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|one| one["content"].as_str().unwrap()).collect()
}
