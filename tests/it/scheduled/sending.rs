//! It is sent once, in time, whatever dies meanwhile.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{MINE, at, hands_in, messages};
use crate::{
    commands::{Folder, shared},
    support::{Person, World},
};

fn created(message: &Value) -> DateTime<Utc> {
    message["created_at"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_sent_in_time_and_once_by_two_instances() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.at(&there).opens(chat).await;
    let mut ids = Vec::new();
    // All are handed in before.
    let when = at(8);
    for number in 0..30 {
        // Each asks another instance to wait.
        let person = if number % 2 == 0 { alice.clone() } else { alice.at(&there) };
        ids.push(hands_in(&person, chat, &format!("{number}"), when).await.expect(202)["id"].clone());
    }
    socket.hears(30).await;
    let sent = messages(&alice, chat, 30).await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(messages(&alice, chat, 30).await.len(), 30);
    for message in &sent {
        assert!(ids.contains(&message["id"]), "{message}");
        assert_eq!((&message["client_id"], &message["sender_id"]), (&message["content"], &json!(alice.id)));
        let late = created(message) - when;
        // Within a second, says the manual; a machine that does much else has more time.
        assert!(late > -TimeDelta::milliseconds(1) && late < TimeDelta::seconds(6), "{late}");
    }
    assert_eq!(alice.get(MINE).await.expect(200)["total"], 0);
    // Who asks again what became of it is told.
    let again = hands_in(&alice, chat, "7", when).await.expect(200);
    assert!(sent.iter().any(|message| message["id"] == again["id"]));
    let path = format!("/api/v1/chats/{chat}/messages");
    let other = json!({"content": "other", "client_id": "7", "send_at": at(60)});
    alice.post(&path, &other).await.refused(409, "client_id_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_message_is_sent_later_has_read_nothing_by_that() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut socket = alice.opens(chat).await;
    hands_in(&bob, chat, "good morning", at(1)).await.expect(202);
    for number in 0..3 {
        alice.says(chat, &format!("question {number}")).await;
    }
    while socket.expect("new_message").await["message"]["content"] != "good morning" {}
    let mine = bob.get("/api/v1/chats").await.expect(200)["items"][0].take();
    assert_eq!((&mine["unread_count"], &mine["last_read_seq"]), (&json!(3), &json!(0)));
    socket.hears_nothing().await;
    assert_eq!(socket.marks, 3, "Alice's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_died_between_the_commit_and_the_note_makes_no_second_message() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let psql = world.psql().await;
    // Both stand there: the message, and the wish with a lease that has lapsed.
    let id = Uuid::now_v7();
    psql.execute(
        "insert into messages (id, chat_id, sender_id, content, client_id) values ($1, $2, $3, 'once', 'c1')",
        &[&id, &chat, &alice.id],
    )
    .await
    .unwrap();
    let sql =
        "insert into scheduled_messages (id, chat_id, user_id, content, client_id, send_at, leased_until)
        values ($1, $2, $3, 'once', 'c1', now() - interval '1 minute', now() + interval '1 second')";
    psql.execute(sql, &[&id, &chat, &alice.id]).await.unwrap();
    while alice.get(MINE).await.expect(200)["total"] != 0 {
        sleep(Duration::from_millis(50)).await;
    }
    let sent = messages(&alice, chat, 1).await;
    assert_eq!((sent.len(), &sent[0]["id"]), (1, &json!(id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_dies_with_it_leaves_it_to_the_other() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    // Somebody holds the chat, so that it cannot be sent yet; then its instance is gone.
    let psql = world.psql().await;
    psql.batch_execute("begin").await.unwrap();
    psql.execute("select from chats where id = $1 for update", &[&chat]).await.unwrap();
    let sql = "insert into scheduled_messages (chat_id, user_id, content, client_id, send_at) values ($1, $2, 'once', 'c1', now())";
    world.psql().await.execute(sql, &[&chat, &alice.id]).await.unwrap();
    let leased = "select count(*) from scheduled_messages where leased_until > now()";
    while world.psql().await.query_one(leased, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        sleep(Duration::from_millis(20)).await;
    }
    // At this moment it cannot be taken back.
    let id = alice.get(MINE).await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    alice.delete(&format!("{MINE}/{id}")).await.refused(409, "conflict");
    here.kill();
    let there = world.instance().await;
    let alice = alice.at(&there);
    psql.batch_execute("commit").await.unwrap();
    let sent = messages(&alice, chat, 1).await;
    assert_eq!(sent[0]["content"], "once");
    while alice.get(MINE).await.expect(200)["total"] != 0 {
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(messages(&alice, chat, 1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_and_downtime_lose_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    hands_in(&alice, chat, "in a moment", at(2)).await.expect(202);
    hands_in(&alice, chat, "while nobody is there", at(3)).await.expect(202);
    // All connections of the server break, as when PostgreSQL restarts.
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    for _ in 0..5 {
        world.superuser().await.execute(cut, &[]).await.unwrap();
        sleep(Duration::from_millis(100)).await;
    }
    messages(&alice, chat, 1).await;
    here.stop().await;
    sleep(Duration::from_millis(1500)).await;
    let here = world.instance().await;
    let sent = messages(&alice.at(&here), chat, 2).await;
    let said: Vec<_> = sent.iter().map(|message| message["content"].as_str().unwrap()).collect();
    assert_eq!(said, ["in a moment", "while nobody is there"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_and_a_time_that_is_moved_are_noticed() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    hands_in(&alice, chat, "far", at(3600)).await.expect(202);
    // The clock of the database is what counts: an hour has passed for it, and nobody was told.
    let jump = "set session_replication_role = replica; update scheduled_messages set send_at = now()";
    world.superuser().await.batch_execute(jump).await.unwrap();
    assert_eq!(messages(&alice, chat, 1).await[0]["content"], "far");
    // And by SQL.
    hands_in(&alice, chat, "moved", at(3600)).await.expect(202);
    world.psql().await.batch_execute("update scheduled_messages set send_at = now()").await.unwrap();
    messages(&alice, chat, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_mentions_and_files_come_along_and_no_sweep_takes_them() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let first = bob.says(chat, "when?").await;
    let form = || {
        let part = reqwest::multipart::Part::bytes(b"a plan".to_vec()).file_name("plan.txt");
        reqwest::multipart::Form::new().part("file", part)
    };
    let upload = alice.request(reqwest::Method::POST, "/api/v1/uploads").multipart(form());
    let file = Person::send(upload).await.expect(201)["id"].clone();
    let loose = alice.request(reqwest::Method::POST, "/api/v1/uploads").multipart(form());
    let loose = Person::send(loose).await.expect(201)["id"].as_str().unwrap().to_owned();
    let name = bob.get("/api/v1/users/me").await.expect(200)["username"].as_str().unwrap().to_owned();
    let body = json!({
        "content": format!("so @{name}"), "reply_to": first["id"], "attachments": [file], "send_at": at(3600),
    });
    let receipt = alice.post(&format!("/api/v1/chats/{chat}/messages"), &body).await.expect(202);
    let psql = world.psql().await;
    psql.batch_execute("update files set created_at = now() - interval '3 days'; insert into jobs (task) values ('sweep_files')")
        .await
        .unwrap();
    world.rests().await;
    alice.get(&format!("/api/v1/files/{loose}")).await.refused(404, "not_found");
    psql.batch_execute("update scheduled_messages set send_at = now()").await.unwrap();
    let sent = messages(&alice, chat, 2).await[1].clone();
    assert_eq!((&sent["id"], &sent["kind"]), (&receipt["id"], &json!("media")));
    assert_eq!((&sent["reply_to"], &sent["mentions"]), (&first["id"], &json!([bob.id])));
    assert_eq!(sent["attachments"][0]["id"], file);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_serves_nobody_sends_and_reminds_in_time() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let event = crate::events::makes(&alice, "Concert", 5).await;
    let psql = world.psql().await;
    here.stop().await;
    let folder = Folder::new();
    let mut worker = folder.command(&["work"], &shared(&world.url)).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let waits = async |sql: &str| {
        while psql.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            assert!(Instant::now() < until, "{sql}");
            sleep(Duration::from_millis(20)).await;
        }
    };
    waits("select count(*) from pg_stat_activity where application_name like 'trunkline listener%' and datname = current_database()").await;
    // What looks every minute where nobody else does is out of the way.
    psql.batch_execute("update schedules set enabled = false").await.unwrap();
    let sql = "insert into scheduled_messages (chat_id, user_id, content, client_id, send_at)
        values ($1, $2, $3, $3, now() + interval '1 second')";
    psql.execute(sql, &[&chat, &alice.id, &"in time"]).await.unwrap();
    let soon = "update events set event_time = $2 where id = $1";
    psql.execute(soon, &[&crate::events::id_in(&event), &at(3601)]).await.unwrap();
    let begun = Instant::now();
    waits("select count(*) from messages where content = 'in time'").await;
    waits("select count(*) from notifications where kind = 'event_soon'").await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    // Whose role does not permit it any more: also heard here.
    psql.batch_execute("update roles set permissions = array_remove(permissions, 'POST:/api/v1/chats/{chat_id}/messages') where name = 'user'")
        .await
        .unwrap();
    psql.execute(sql, &[&chat, &alice.id, &"too late"]).await.unwrap();
    waits("select count(*) from scheduled_messages where failed_at is not null").await;
    worker.kill().await.unwrap();
}
