//! What people are told beside the messages of their chats.

mod announcing;
mod causing;
mod choosing;
mod ending;
mod filling;
mod listing;
mod living;
mod resuming;
mod writing;

use serde_json::Value;
use tokio_postgres::Client;

use crate::support::{Person, Socket};

const MINE: &str = "/api/v1/notifications";

/// Opens somebody's gateway, after this number; the socket, and what the welcome says is the latest.
async fn opens(person: &Person, after: Option<i64>) -> (Socket, i64) {
    let query = after.map(|seq| format!("?after_notification={seq}")).unwrap_or_default();
    let mut socket = Socket::open(&person.base, &format!("/api/v1/ws{query}"), &person.token).await.unwrap();
    let welcome = socket.expect("welcome").await;
    let last = welcome["last_notification"].as_i64().unwrap();
    (socket, last)
}

/// Somebody's notifications, the newest first.
async fn mine(person: &Person) -> Vec<Value> {
    let list = person.get(&format!("{MINE}?limit=100")).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

/// The kinds of somebody's notifications, the oldest first.
async fn kinds(person: &Person) -> Vec<String> {
    let mut kinds: Vec<_> =
        mine(person).await.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect();
    kinds.reverse();
    kinds
}

/// The username of somebody.
async fn username(person: &Person) -> String {
    person.get("/api/v1/users/me").await.expect(200)["username"].as_str().unwrap().to_owned()
}

/// Notifies somebody, as psql would.
async fn tells(psql: &Client, person: &Person, message: &str) {
    let sql = "insert into notifications (recipient_id, message) values ($1, $2)";
    psql.execute(sql, &[&person.id, &message]).await.unwrap();
}

/// The counts of every head are those of the rows.
async fn is_counted(psql: &Client) {
    let wrong = "select count(*)
        from notification_heads
        cross join lateral (
            select coalesce(max(seq), 0) as top, count(*) as held, count(*) filter (where read_at is null) as unread
            from notifications
            where recipient_id = user_id
        ) as real
        where last_seq < top or (notification_heads.held, notification_heads.unread) is distinct from (real.held, real.unread)";
    assert_eq!(psql.query_one(wrong, &[]).await.unwrap().get::<_, i64>(0), 0);
}
