//! Receivers that do not behave: what becomes of them, and what of everybody else.

use std::time::{Duration, Instant};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::{becomes, has_failed, hook, inserts, path, world};
use crate::{
    commands::{Folder, shared},
    support::{Manners, Receiver, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_for_a_day_is_switched_off_and_the_chat_is_told() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver, other) =
        (alice.creates_chat("Lobby").await, Receiver::new().await, Receiver::new().await);
    let webhook = hook(&alice, chat, &receiver).await;
    let mut socket = alice.opens(chat).await;
    receiver.behaves(Manners::Answers(503));
    alice.says(chat, "one").await;
    receiver.is_sent(1).await;
    has_failed(&alice, chat).await;
    let psql = world.psql().await;
    psql.batch_execute("update webhooks set failures = 19").await.unwrap();
    psql.batch_execute(super::TIME_PASSES).await.unwrap();
    let off = becomes(&alice, chat, "active", json!(false)).await;
    assert_eq!((&off["failures"], &off["last_error"]), (&json!(20), &json!("answered 503")));
    let frames = socket.reads(0, 2).await;
    let notice = &frames[1]["message"];
    let words = notice["content"].as_str().unwrap();
    assert_eq!((&notice["kind"], &notice["sender_id"]), (&json!("system"), &json!(null)));
    assert!(words.contains(webhook["id"].as_str().unwrap()) && words.contains("switched off"), "{words}");
    assert!(!words.contains("127.0.0.1") && !words.contains("sesame"), "{words}");
    // It is left alone, and the others are not.
    let tries = receiver.sent().len();
    alice.post(&path(chat), &json!({"url": other.url()})).await.expect(201);
    alice.says(chat, "three").await;
    other.takes(3).await;
    world.rings().await;
    assert_eq!(receiver.sent().len(), tries);
    // Switched on again it goes on where it was.
    receiver.behaves(Manners::Answers(200));
    let one = format!("{}/{}", path(chat), webhook["id"].as_str().unwrap());
    let on = alice.patch(&one, &json!({"active": true})).await.expect(200);
    assert_eq!((&on["active"], &on["failures"], &on["last_error"]), (&json!(true), &json!(0), &json!(null)));
    receiver.takes(3).await;
    assert_eq!(receiver.taken(), [1, 2, 3]);
    assert!(on.get("secret").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_in_between_begins_a_new_count() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    receiver.behaves(Manners::Answers(404));
    alice.says(chat, "one").await;
    becomes(&alice, chat, "last_error", json!("answered 404")).await;
    let psql = world.psql().await;
    psql.batch_execute("update webhooks set failures = 18").await.unwrap();
    receiver.behaves(Manners::Answers(200));
    psql.batch_execute(super::TIME_PASSES).await.unwrap();
    receiver.takes(1).await;
    becomes(&alice, chat, "failures", json!(0)).await;
    receiver.behaves(Manners::Answers(410));
    alice.says(chat, "two").await;
    let failed = has_failed(&alice, chat).await;
    assert!(failed["failures"].as_i64() < Some(18), "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_never_answer_hold_up_nobody() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (silent, good) = (Receiver::new().await, Receiver::new().await);
    silent.behaves(Manners::Silent);
    let (stuck, chat) = (alice.creates_chat("Stuck").await, bob.creates_chat("Lobby").await);
    for _ in 0..10 {
        hook(&alice, stuck, &silent).await;
    }
    hook(&bob, chat, &good).await;
    let begun = Instant::now();
    alice.says(stuck, "is anybody there?").await;
    // As many as one person's may be; the others wait, and that is no failure of theirs.
    silent.is_sent(8).await;
    bob.says(chat, "hello").await;
    good.takes(1).await;
    // Neither the other jobs wait, nor does anybody for a connection.
    let psql = world.superuser().await;
    let sql = "insert into jobs (task) values ('echo') returning id";
    let echo: uuid::Uuid = psql.query_one(sql, &[]).await.unwrap().get(0);
    let done = "select count(*) from jobs where id = $1 and status = 'succeeded'";
    while psql.query_one(done, &[&echo]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(9), "the others waited");
        sleep(Duration::from_millis(20)).await;
    }
    let held =
        "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'";
    let held: i64 = psql.query_one(held, &[]).await.unwrap().get(0);
    assert_eq!(held, 0);
    assert!(begun.elapsed() < Duration::from_secs(9), "the others waited");
    assert_eq!(silent.sent().len(), 8);
    let counts =
        "select max(attempts), count(*) from jobs where task = 'deliver_webhook' and status <> 'succeeded'";
    let counts = psql.query_one(counts, &[]).await.unwrap();
    assert_eq!((counts.get::<_, Option<i32>>(0), counts.get::<_, i64>(1)), (Some(1), 10));
    let failed = "select last_error from webhooks where failures = 1 limit 1";
    let failed = loop {
        match psql.query_opt(failed, &[]).await.unwrap() {
            Some(row) => break row.get::<_, String>(0),
            None => sleep(Duration::from_millis(50)).await,
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "none has failed");
    };
    assert_eq!(failed, "no answer within 10 seconds");
    // And the two have their turn.
    silent.behaves(Manners::Answers(200));
    psql.batch_execute(super::TIME_PASSES).await.unwrap();
    let behind = "select count(*) from webhooks where delivered_seq = 0";
    while psql.query_one(behind, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(40), "some never had their turn");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_of_one_person_take_turns() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let slow = Receiver::new().await;
    slow.behaves(Manners::Slow);
    let mut chats = Vec::new();
    for title in ["One", "Other"] {
        let chat = alice.creates_chat(title).await;
        for _ in 0..6 {
            hook(&alice, chat, &slow).await;
        }
        chats.push(chat);
    }
    // More than can be taken before everybody had a turn.
    for chat in &chats {
        alice.chatters(*chat, "a", 30).await;
    }
    let psql = world.psql().await;
    let begun = Instant::now();
    let waiting = "select count(*) from webhooks where delivered_seq = 0";
    while psql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(25), "some never had their turn");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_connection_behind_what_is_sent() {
    let world =
        World::with(&[("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true"), ("TRUNKLINE_DATABASE__POOL_SIZE", "8")])
            .await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, slow) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    slow.behaves(Manners::Slow);
    for _ in 0..8 {
        hook(&alice, chat, &slow).await;
    }
    alice.says(chat, "hello").await;
    slow.is_sent(8).await;
    // What comes of it cannot be written down, by any of the eight.
    let mut psql = world.psql().await;
    let held = psql.transaction().await.unwrap();
    held.batch_execute("lock table webhooks in exclusive mode").await.unwrap();
    sleep(Duration::from_millis(1500)).await;
    let begun = Instant::now();
    alice.get("/api/v1/chats").await.expect(200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    held.rollback().await.unwrap();
    let behind = "select count(*) from webhooks where delivered_seq = 0";
    while psql.query_one(behind, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "some were forgotten");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_not_read() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    receiver.behaves(Manners::Endless);
    let begun = Instant::now();
    for number in 1..=3 {
        alice.says(chat, "more").await;
        receiver.takes(number).await;
    }
    becomes(&alice, chat, "delivered_seq", json!(3)).await;
    assert!(begun.elapsed() < Duration::from_secs(9));
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_log_nor_jobs_hold_what_is_secret() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    let webhook = hook(&alice, chat, &receiver).await;
    here.stop().await;
    receiver.goes_down();
    let psql = world.psql().await;
    psql.batch_execute("update webhooks set failures = 18").await.unwrap();
    inserts(&psql, chat, "words-of-somebody").await;
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.extend([("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true"), ("TRUNKLINE_LOG__LEVEL", "debug")]);
    let worker = folder.command(&["work"], &env).spawn().unwrap();
    psql.batch_execute("insert into jobs (task) values ('look_after_webhooks')").await.unwrap();
    let off = async {
        let sql = "select count(*) from webhooks where not active";
        while psql.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            psql.batch_execute(super::TIME_PASSES).await.unwrap();
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(30), off).await.expect("it is switched off");
    kill(Pid::from_raw(worker.id().unwrap() as i32), Signal::SIGTERM).unwrap();
    let output = worker.wait_with_output().await.unwrap();
    let log = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(log.contains("a webhook was switched off") && log.contains("no connection"), "{log}");
    let rows = "select string_agg(to_jsonb(jobs)::text, ' ') || string_agg(distinct to_jsonb(messages)::text, ' ') from jobs, messages";
    let rows: String = psql.query_one(rows, &[]).await.unwrap().get(0);
    for secret in ["sesame", webhook["secret"].as_str().unwrap()] {
        assert!(!log.contains(secret), "{log}");
        assert!(!rows.contains(secret), "{rows}");
    }
    assert!(!log.contains("words-of-somebody"), "{log}");
}
