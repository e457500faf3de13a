//! A connection that falls silent under what has its time: holds, reminders, scheduled messages, schedules, pushes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_postgres::{Client, types::ToSql};

use super::SECONDS;
use crate::{
    events::{buys, gives_back, id_in, makes},
    support::{Device, Proxy, Receiver, World},
};

/// Some questions that are not answered, and the time before each is tried again; who waits for ever takes longer.
const SOON_ENOUGH: Duration = Duration::from_secs(25);

/// Until a count, which is asked for past the frozen connection, is this or more.
async fn becomes(psql: &Client, what: &str, sql: &str, parameters: &[&(dyn ToSql + Sync)], least: i64) {
    let begun = Instant::now();
    while psql.query_one(sql, parameters).await.unwrap().get::<_, i64>(0) < least {
        assert!(begun.elapsed() < SOON_ENOUGH, "{what}: not after {:?}", begun.elapsed());
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_connection_keeps_nothing_from_its_time() {
    let settings = [SECONDS, &[("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true")]].concat();
    let world = World::with(&settings).await;
    let proxy = Proxy::start(&world.url_of_instances()).await;
    let here = world.instance_at(proxy.url()).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let service = Receiver::new().await;
    let device = Device::new().subscription(&service.url());
    bob.post("/api/v1/push/subscriptions", &device).await.expect(201);
    let chat = alice.creates_chat("Lobby").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let tomorrow = chrono::Utc::now() + chrono::TimeDelta::days(1);
    for round in 1..=4 {
        let event = makes(&alice, &format!("Concert {round}"), 1).await;
        let ticket = buys(&alice, &event, 1).await;
        for person in [&alice, &bob] {
            let wish = json!({"quantity": 1, "wait": true});
            person.post(&format!("{event}/tickets"), &wish).await.expect(202);
        }
        gives_back(&alice, &event, &ticket).await;
        let later = json!({"content": format!("round {round}"), "send_at": tomorrow});
        alice.post(&path, &later).await.expect(202);
        // Whichever of the timers asks first meets it, or something else that the server does by itself.
        proxy.freeze_one();
        psql.batch_execute(
            "update event_waiting set held_until = now() where held_until is not null and held_until > now();
            update scheduled_messages set send_at = now();
            update events set remind_minutes = 1500 where remind_at > now()",
        )
        .await
        .unwrap();
        let tick: Value = json!({"round": round});
        let schedule = "insert into schedules (name, task, args, every_seconds) values ($1, 'echo', $2, 1)";
        psql.execute(schedule, &[&format!("round {round}"), &tick]).await.unwrap();
        let held =
            "select count(*) from event_waiting where event_id = $1 and user_id = $2 and held_until > now()";
        becomes(&psql, "a hold goes on", held, &[&id_in(&event), &bob.id], 1).await;
        let said = "select count(*) from messages where chat_id = $1 and kind = 'text'";
        becomes(&psql, "a scheduled message", said, &[&chat], round).await;
        let soon = "select count(*) from notifications where recipient_id = $1 and kind = 'event_soon'";
        becomes(&psql, "a reminder", soon, &[&alice.id], round).await;
        let done = "select count(*) from jobs where task = 'echo' and args = $1 and status = 'succeeded'";
        becomes(&psql, "a schedule", done, &[&tick], 1).await;
        becomes(&psql, "a push", "select (not exists (select from push_queue))::int::bigint", &[], 1).await;
        assert!(service.sent().len() as i64 >= round, "nothing is pushed");
        proxy.one_is_frozen().await;
    }
}
