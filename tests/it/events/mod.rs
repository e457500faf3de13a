//! Events: made, found, changed, called off, with a chat of their own, and reminded of in time.

mod changing;
mod chatting;
mod clocks;
mod erasing;
mod growing;
mod listing;
mod making;
mod reminding;
mod writing_sql;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Person, World};

pub const EVENTS: &str = "/api/v1/events";

/// A time so many seconds from now.
pub fn at(seconds: i64) -> DateTime<Utc> {
    Utc::now() + TimeDelta::seconds(seconds)
}

/// What somebody sends to make an event tomorrow with so many places.
pub fn plan(name: &str, max_tickets: i32) -> Value {
    json!({"name": name, "event_time": at(86_400), "max_tickets": max_tickets})
}

/// Makes an event tomorrow with so many places; its path.
pub async fn makes(person: &Person, name: &str, max_tickets: i32) -> String {
    path_of(&person.post(EVENTS, &plan(name, max_tickets)).await.expect(201))
}

/// The same with a chat; the path of the event, and the chat.
pub async fn makes_with_chat(person: &Person, name: &str, max_tickets: i32) -> (String, Uuid) {
    let mut body = plan(name, max_tickets);
    body["with_chat"] = true.into();
    let event = person.post(EVENTS, &body).await.expect(201);
    (path_of(&event), event["chat_id"].as_str().unwrap().parse().unwrap())
}

pub fn path_of(event: &Value) -> String {
    format!("{EVENTS}/{}", event["id"].as_str().unwrap())
}

/// The id at the end of a path.
pub fn id_in(path: &str) -> Uuid {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Buys so many places; the ticket.
pub async fn buys(person: &Person, event: &str, quantity: i32) -> Value {
    person.post(&format!("{event}/tickets"), &json!({"quantity": quantity})).await.expect(201)
}

/// Gives a ticket back.
pub async fn gives_back(person: &Person, event: &str, ticket: &Value) {
    person.delete(&format!("{event}/tickets/{}", ticket["id"].as_str().unwrap())).await.expect(204);
}

/// Notes in a table of its own what people are told of from now on.
pub async fn listens(world: &World) -> Client {
    let psql = world.psql().await;
    psql.batch_execute(
        "create table told (n bigserial, person uuid, kind text, message text, sender uuid, data jsonb);
        create or replace function notify_people(recipients uuid[], kind text, message text, sender uuid, data jsonb) returns void
        language plpgsql security definer as $$
        begin
            insert into public.told (person, kind, message, sender, data)
            select person, $2, $3, $4, $5 from unnest($1) as person where $4 is null or person <> $4;
        end
        $$",
    )
    .await
    .unwrap();
    psql
}

/// What somebody was told of, of one kind: the data of each.
pub async fn told(psql: &Client, person: Uuid, kind: &str) -> Vec<Value> {
    let sql = "select data from told where person = $1 and kind = $2 order by n";
    psql.query(sql, &[&person, &kind]).await.unwrap().iter().map(|row| row.get(0)).collect()
}
