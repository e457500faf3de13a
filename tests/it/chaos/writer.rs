//! Those who write: each message has a client_id and is sent, anywhere, until somebody acknowledges it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tokio_postgres::{Client, error::SqlState};

use super::{Form, socket::Socket, stage::Stage, tally::Ack};
use crate::support::Person;

/// How long an answer is waited for.
const TIMEOUT: Duration = Duration::from_secs(10);
/// What a writer in SQL rests: its transactions hold chats, and everyone else who writes there waits.
const SQL_REST: Duration = Duration::from_millis(50);

/// Posts over HTTP, one after the other.
pub async fn over_http(stage: Arc<Stage>, form: Form, seed: u64) {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut person = stage.people[dice.random_range(0..stage.people.len())].clone();
    let mut at = dice.random_range(0..2);
    while let Some(ticket) = stage.ticket() {
        let chat = stage.chats[dice.random_range(0..stage.chats.len())];
        let path = format!("/api/v1/chats/{chat}/messages");
        let body = json!({"content": content(ticket), "client_id": client_id(ticket)});
        loop {
            person.base.clone_from(&stage.instances[at].base);
            match post(&person, &path, &body).await {
                Some((status @ (200 | 201), message)) => {
                    if status == 200 {
                        stage.tally.count("retries that found the message there");
                    }
                    stage.tally.acknowledge(Ack { ticket, seq: message["seq"].as_i64() });
                    break;
                }
                Some((503, _)) => stage.tally.count("answers 503"),
                Some((status, body)) => stage.tally.wrong(format!("a post was answered {status} {body}")),
                None => stage.tally.count("posts without an answer"),
            }
            stage.tally.count("retries");
            at = 1 - at;
            sleep(Duration::from_millis(dice.random_range(20..200))).await;
        }
        sleep(form.rest).await;
    }
}

async fn post(person: &Person, path: &str, body: &Value) -> Option<(u16, Value)> {
    let request = person.request(reqwest::Method::POST, path).json(body).timeout(TIMEOUT);
    let response = request.send().await.ok()?;
    Some((response.status().as_u16(), response.json().await.ok()?))
}

/// Sends over sockets, several at once, and cuts them now and then while answers are due.
pub async fn over_sockets(stage: Arc<Stage>, form: Form, seed: u64) {
    let mut dice = StdRng::seed_from_u64(seed);
    let person = stage.people[dice.random_range(0..stage.people.len())].clone();
    let mut at = dice.random_range(0..2);
    let mut due: BTreeMap<usize, Value> = BTreeMap::new();
    loop {
        at = 1 - at;
        let base = &stage.instances[at].base;
        if let Some(mut socket) = Socket::open(base, "/api/v1/ws", &person.token, &stage.tally).await
            && converse(&stage, form, &mut dice, &mut socket, &mut due).await.is_some()
        {
            return;
        }
        sleep(Duration::from_millis(dice.random_range(20..200))).await;
    }
}

/// Until all is written, or the socket has ended (`None`).
async fn converse(
    stage: &Stage,
    form: Form,
    dice: &mut StdRng,
    socket: &mut Socket,
    due: &mut BTreeMap<usize, Value>,
) -> Option<()> {
    stage.tally.add("retries", due.len());
    for command in due.values() {
        socket.send(command).await?;
    }
    let mut answers_left = dice.random_range(50..1000);
    loop {
        while due.len() < form.window
            && let Some(ticket) = stage.ticket()
        {
            let chat = stage.chats[dice.random_range(0..stage.chats.len())];
            let command = json!({
                "type": "chat.send", "ref": ticket, "chat_id": chat,
                "content": content(ticket), "client_id": client_id(ticket),
            });
            let sent = socket.send(&command).await;
            due.insert(ticket, command);
            sent?;
            sleep(form.rest).await;
        }
        if due.is_empty() {
            return Some(());
        }
        if answers_left == 0 {
            stage.tally.fault("a writer's socket cut");
            return None;
        }
        let frame = timeout(TIMEOUT, socket.next(&stage.tally)).await.ok()??;
        match (frame.kind.as_str(), frame.r#ref) {
            ("ack", Some(ticket)) if due.remove(&ticket).is_some() => {
                answers_left -= 1;
                stage.tally.acknowledge(Ack { ticket, seq: frame.data.and_then(|data| data.seq) });
            }
            ("error", Some(ticket)) if frame.may_be_tried_again() => {
                stage.tally.count("errors that say try again");
                stage.tally.count("retries");
                sleep(Duration::from_millis(dice.random_range(20..200))).await;
                socket.send(due.get(&ticket)?).await?;
            }
            ("error" | "ack", _) => stage.tally.wrong(format!("a send came to {frame:?}")),
            _ => {}
        }
    }
}

/// Inserts with SQL: some rows in one transaction, which is there as a whole or not at all.
pub async fn in_sql(stage: Arc<Stage>, seed: u64) {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut psql = stage.psql().await;
    loop {
        let count = dice.random_range(1..5);
        let mut rows: Vec<_> = std::iter::from_fn(|| stage.ticket())
            .take(count)
            .map(|ticket| (stage.chats[dice.random_range(0..stage.chats.len())], ticket))
            .collect();
        if rows.is_empty() {
            return;
        }
        rows.sort_unstable();
        let sender = stage.people[dice.random_range(0..stage.people.len())].id;
        let hold = Duration::from_millis(if dice.random_ratio(1, 20) { 100 } else { 0 });
        while let Err(error) = insert(&mut psql, sender, &rows, hold).await {
            // Nobody knew how the commit had ended: it is there.
            if error.code() == Some(&SqlState::UNIQUE_VIOLATION) {
                stage.tally.count("retries that found the message there");
                break;
            }
            if error.as_db_error().is_some() && !passes(&error) {
                stage.tally.wrong(format!("an insert came to {error:?}"));
            }
            stage.tally.count("retries");
            sleep(Duration::from_millis(dice.random_range(20..200))).await;
            psql = stage.psql().await;
        }
        for (_, ticket) in rows {
            stage.tally.acknowledge(Ack { ticket, seq: None });
        }
        sleep(SQL_REST).await;
    }
}

async fn insert(
    psql: &mut Client,
    sender: uuid::Uuid,
    rows: &[(uuid::Uuid, usize)],
    hold: Duration,
) -> Result<(), tokio_postgres::Error> {
    let sql = "insert into messages (chat_id, sender_id, content, client_id) values ($1, $2, $3, $4)";
    let transaction = psql.transaction().await?;
    for (chat, ticket) in rows {
        transaction.execute(sql, &[chat, &sender, &content(*ticket), &client_id(*ticket)]).await?;
    }
    sleep(hold).await;
    transaction.commit().await
}

/// Whether the server was going down or coming up, or chose us to end a deadlock.
fn passes(error: &tokio_postgres::Error) -> bool {
    let code = error.code().map(SqlState::code).unwrap_or_default();
    ["57P", "40P", "08", "53"].iter().any(|class| code.starts_with(class))
}

fn content(ticket: usize) -> String {
    format!("message number {ticket}")
}

fn client_id(ticket: usize) -> String {
    format!("ticket {ticket}")
}
