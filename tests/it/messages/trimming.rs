//! A chat with a retention forgets from the beginning, and nobody is left with a hole they do not know of.

use reqwest::Method;
use serde_json::{Value, json};
use tokio_postgres::Client;
use trunkline::messages::jobs::trim;
use uuid::Uuid;

use crate::support::{Instance, Person, World};

/// Makes the beginning of a log forty days old, and lets the chat keep thirty, without an entry that says so.
async fn ages(psql: &Client, chat: Uuid, up_to: i64) {
    let sql = "update messages set created_at = now() - interval '40 days' where chat_id = $1 and seq <= $2";
    psql.execute(sql, &[&chat, &up_to]).await.unwrap();
    let keep = format!(
        "begin; alter table chats disable trigger user;
        update chats set retention_days = 30 where id = '{chat}'; alter table chats enable trigger user; commit"
    );
    psql.batch_execute(&keep).await.unwrap();
}

async fn healthy(psql: &Client) {
    let sql =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/ops/check_logs.sql")).unwrap();
    let broken = psql.query(&sql, &[]).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");
}

/// What a socket hears first when it resumes after this entry.
async fn resumed(person: &Person, instance: &Instance, chat: Uuid, after: i64) -> Value {
    person.at(instance).resumes(chat, after).await.next().await
}

fn reset(chat: Uuid, oldest: i64, last: i64) -> Value {
    json!({"type": "reset", "chat_id": chat, "oldest_seq": oldest, "last_seq": last})
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_goes_with_all_that_hangs_on_it() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let psql = world.psql().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    world.adds(chat, bob.id).await;
    let mut said = Vec::new();
    for number in 1..=10 {
        said.push(alice.says(chat, &format!("number {number}")).await);
    }
    // Entry 1 is Bob's arrival; messages are 2 to 11. What is left at two of them is 12 to 15.
    let base = format!("/api/v1/chats/{chat}/messages");
    let path = |number: usize| format!("{base}/{}", said[number - 1]["id"].as_str().unwrap());
    for number in [2, 9] {
        for what in ["reactions/👍", "pin"] {
            let put = alice.request(Method::PUT, &format!("{}/{what}", path(number)));
            Person::send(put).await.expect(204);
        }
    }
    let reply = json!({"content": "a reply", "reply_to": said[1]["id"]});
    assert_eq!(alice.tries(chat, &reply).await.expect(201)["seq"], 16);
    let read = bob.request(Method::PUT, &format!("/api/v1/chats/{chat}/read")).json(&json!({"seq": 3}));
    Person::send(read).await.expect(204);
    let mut watching = bob.opens(chat).await;

    ages(&psql, chat, 6).await;
    assert_eq!(trim(&here.app).await.unwrap(), 6);
    assert_eq!(trim(&there.app).await.unwrap(), 0);
    healthy(&psql).await;

    let history = bob.get(&format!("{base}?limit=100")).await.expect(200);
    assert_eq!((&history["total"], history["items"].as_array().unwrap().len()), (&json!(6), 6));
    assert_eq!(history["items"][5]["seq"], 7);
    assert_eq!(history["items"][0]["reply_to"], said[1]["id"], "what it replied to is known by its id alone");
    bob.get(&path(2)).await.refused(404, "not_found");
    let answer = alice.tries(chat, &json!({"content": "too late", "reply_to": said[1]["id"]})).await;
    assert_eq!(answer.refused(400, "validation_failed")["errors"][0]["field"], "reply_to");
    let pins = bob.get(&format!("/api/v1/chats/{chat}/pins")).await.expect(200);
    assert_eq!((&pins["total"], &pins["items"][0]["content"]), (&json!(1), &json!("number 9")));
    let left: i64 = psql.query_one("select count(*) from reactions", &[]).await.unwrap().get(0);
    assert_eq!(left, 1);
    let mine = bob.get("/api/v1/chats").await.expect(200);
    assert_eq!(mine["items"][0]["unread_count"], 6, "what is gone is not unread");
    let log = bob.get(&format!("/api/v1/chats/{chat}/log?limit=100")).await.expect(200);
    assert_eq!((&log["items"][0]["seq"], log["items"].as_array().unwrap().len()), (&json!(7), 10));

    // Who watches is told nothing of it, and goes on.
    alice.says(chat, "and on").await;
    watching.reads(16, 17).await;
    watching.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_resumes_from_what_is_gone_is_told_where_the_log_begins() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let psql = world.psql().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 20, 10).await;
    ages(&psql, chat, 8).await;
    trim(&here.app).await.unwrap();
    for instance in [&here, &there] {
        for after in [0, 1, 7] {
            assert_eq!(resumed(&alice, instance, chat, after).await, reset(chat, 9, 20));
        }
        alice.at(instance).resumes(chat, 8).await.reads(8, 20).await;
        assert_eq!(resumed(&alice, instance, chat, 21).await, reset(chat, 9, 20));
    }
    let mut socket = alice.at(&there).resumes(chat, 3).await;
    socket.expect("reset").await;
    assert_eq!(socket.next().await, world.caught_up(chat, 20).await);
    alice.says(chat, "live").await;
    socket.reads(20, 21).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_everything_is_gone_the_numbers_go_on() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let psql = world.psql().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut watching = alice.at(&there).opens(chat).await;
    world.fills(chat, alice.id, 5, 10).await;
    watching.reads(0, 5).await;
    ages(&psql, chat, 5).await;
    assert_eq!(trim(&here.app).await.unwrap(), 5);
    healthy(&psql).await;
    let base = format!("/api/v1/chats/{chat}");
    assert_eq!(alice.get(&format!("{base}/messages")).await.expect(200), json!({"items": [], "total": 0}));
    assert_eq!(alice.get("/api/v1/chats").await.expect(200)["items"][0]["last_message"], json!(null));
    assert_eq!(resumed(&alice, &there, chat, 2).await, reset(chat, 5, 5));
    let mut resumed = alice.at(&there).resumes(chat, 5).await;
    // Which entry that was nobody knows any more.
    assert_eq!(resumed.next().await, world.caught_up(chat, 5).await);
    assert_eq!(alice.says(chat, "again").await["seq"], 6);
    resumed.reads(5, 6).await;
    watching.reads(5, 6).await;
    alice.at(&there).resumes(chat, 5).await.reads(5, 6).await;
    healthy(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beginning_that_goes_while_somebody_reads_it_is_no_silent_hole() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 6_000, 4_000).await;
    // 24 MB: more than the socket holds before anyone reads.
    let mut slow = alice.resumes(chat, 0).await;
    ages(&psql, chat, 5_900).await;
    assert_eq!(trim(&here.app).await.unwrap(), 5_900);
    let mut seen = 0;
    loop {
        let frame = slow.next().await;
        if frame["type"] == "reset" {
            // Told between two pieces, it names where the log began then.
            let oldest = frame["oldest_seq"].as_i64().unwrap();
            assert!(seen + 1 < oldest && oldest <= 5_901, "{seen}: {frame}");
            assert_eq!(frame, reset(chat, oldest, 6_000));
            break;
        }
        seen += 1;
        assert_eq!(frame["seq"], seen);
    }
    assert!(seen < 5_900, "{seen}");
    assert_eq!(slow.next().await, world.caught_up(chat, 6_000).await);
    alice.says(chat, "live").await;
    slow.reads(6_000, 6_001).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_outlives_its_message_shows_that_it_is_gone() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let said = alice.says(chat, "first words").await;
    alice.says(chat, "others").await;
    let path = format!("/api/v1/chats/{chat}/messages/{}", said["id"].as_str().unwrap());
    let edit = alice.request(Method::PATCH, &path).json(&json!({"content": "second thoughts"}));
    Person::send(edit).await.expect(200);
    ages(&psql, chat, 1).await;
    assert_eq!(trim(&here.app).await.unwrap(), 1);
    let told = alice.resumes(chat, 1).await.reads(1, 3).await;
    let message = &told[1]["message"];
    for field in ["id", "chat_id", "seq", "sender_id", "kind"] {
        assert_eq!(message[field], said[field], "{field}");
    }
    assert_eq!((&told[1]["type"], &message["content"]), (&json!("message_edited"), &json!(null)));
    assert!(message["recalled_at"].is_string());
    assert!(!told[1].to_string().contains("thoughts"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_cut_at_its_beginning_alone_and_only_where_that_is_wanted() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let alice = here.person("Alice").await;
    let (chat, other) = (alice.creates_chat("Lobby").await, alice.creates_chat("Archive").await);
    for chat in [chat, other] {
        world.fills(chat, alice.id, 10, 10).await;
    }
    ages(&psql, chat, 10).await;
    ages(&psql, other, 10).await;
    psql.execute("update chats set retention_days = null where id = $1", &[&other]).await.unwrap();
    // The fourth is young, so the fifth stays too, old as it is.
    psql.execute("update messages set created_at = now() where chat_id = $1 and seq = 4", &[&chat])
        .await
        .unwrap();
    // Somebody holds the chat: another time.
    let holder = world.psql().await;
    holder.batch_execute("begin; update chats set description = 'held'").await.unwrap();
    assert_eq!(trim(&here.app).await.unwrap(), 0);
    holder.batch_execute("rollback").await.unwrap();
    assert_eq!(trim(&here.app).await.unwrap(), 3);
    alice.resumes(chat, 3).await.reads(3, 10).await;
    alice.resumes(other, 0).await.reads(0, 10).await;
    healthy(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_trim_at_once_while_people_talk() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let psql = world.psql().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 4_500, 20).await;
    ages(&psql, chat, 4_400).await;
    let mut watching = alice.at(&there).opens(chat).await;
    let talking = {
        let alice = alice.clone();
        tokio::spawn(async move { alice.chatters(chat, "alice", 50).await })
    };
    let (one, two) = tokio::join!(trim(&here.app), trim(&there.app));
    talking.await.unwrap();
    let rest = trim(&here.app).await.unwrap();
    assert_eq!(one.unwrap() + two.unwrap() + rest, 4_400);
    watching.reads(4_500, 4_550).await;
    healthy(&psql).await;
    assert_eq!(resumed(&alice, &there, chat, 4_399).await, reset(chat, 4_401, 4_550));
    alice.resumes(chat, 4_400).await.reads(4_400, 4_550).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_in_which_people_post_all_the_time_has_its_turn() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 6_500, 20).await;
    ages(&psql, chat, 6_400).await;
    // Somebody else's transactions hold the chat for most of the time.
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let holds = {
        let (holder, stop) = (world.psql().await, std::sync::Arc::clone(&stop));
        let hold = format!(
            "begin; select from chats where id = '{chat}' for no key update; select pg_sleep(0.05); commit"
        );
        tokio::spawn(async move {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                holder.batch_execute(&hold).await.unwrap();
            }
        })
    };
    assert_eq!(trim(&here.app).await.unwrap(), 6_400);
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    holds.await.unwrap();
    healthy(&psql).await;
}
