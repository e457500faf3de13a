//! Receivers that are away, instances that die, notifications that nobody hears: nothing is lost, and the order holds.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use super::{TIME_PASSES, becomes, has_failed, hook, inserts, path, world};
use crate::support::{Manners, Receiver, Sent};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_taken_is_sent_again_under_the_same_name() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    receiver.behaves(Manners::Answers(500));
    alice.says(chat, "one").await;
    alice.says(chat, "two").await;
    let failed = has_failed(&alice, chat).await;
    assert_eq!((&failed["last_error"], &failed["delivered_seq"]), (&json!("answered 500"), &json!(0)));
    assert!(failed["failed_at"].is_string() && failed["active"] == true, "{failed}");
    receiver.behaves(Manners::Answers(200));
    // By itself, after a second or so.
    let sent = receiver.takes(2).await;
    assert_eq!(receiver.taken(), [1, 2]);
    let ids: Vec<_> = sent.iter().map(|sent| &sent.headers["x-trunkline-delivery"]).collect();
    assert!(ids.len() >= 3 && ids[0] == ids[1] && ids[1] != ids[ids.len() - 1], "{ids:?}");
    let well = becomes(&alice, chat, "delivered_seq", json!(2)).await;
    assert_eq!(
        (&well["failures"], &well["failed_at"], &well["last_error"]),
        (&json!(0), &json!(null), &json!(null))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_was_down_gets_everything_in_order() {
    let world = world().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (chat, mut receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    alice.says(chat, "1").await;
    receiver.takes(1).await;
    receiver.goes_down();
    alice.chatters(chat, "a", 30).await;
    alice.at(&there).chatters(chat, "b", 30).await;
    let failed = has_failed(&alice, chat).await;
    assert!(failed["last_error"].as_str().unwrap().starts_with("no connection: "), "{failed}");
    receiver.comes_back().await;
    world.psql().await.batch_execute(TIME_PASSES).await.unwrap();
    receiver.takes(61).await;
    assert_eq!(receiver.sent().iter().map(Sent::seq).collect::<Vec<_>>(), (1..=61).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_instance_was_sending_is_sent_by_another() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    receiver.behaves(Manners::Silent);
    alice.says(chat, "one").await;
    receiver.is_sent(1).await;
    here.kill();
    receiver.behaves(Manners::Answers(200));
    let psql = world.psql().await;
    let lapses = "update jobs set leased_until = now() - interval '1 second' where status = 'running'";
    psql.batch_execute(lapses).await.unwrap();
    let there = world.instance().await;
    let sent = receiver.takes(1).await;
    assert_eq!(sent[0].headers["x-trunkline-delivery"], sent[1].headers["x-trunkline-delivery"]);
    alice.at(&there).says(chat, "two").await;
    receiver.takes(2).await;
    assert_eq!(receiver.taken(), [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_starts_looks_for_what_nobody_heard() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    here.stop().await;
    let psql = world.psql().await;
    inserts(&psql, chat, "while nobody listened").await;
    let _there = world.instance().await;
    receiver.takes(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_who_hear_the_same_notification_make_one_job() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let receiver = Receiver::new().await;
    let mut chats = Vec::new();
    for number in 0..5 {
        let chat = alice.creates_chat(&format!("Room {number}")).await;
        hook(&alice, chat, &receiver).await;
        chats.push(chat);
    }
    here.stop().await;
    let psql = world.psql().await;
    for chat in &chats {
        inserts(&psql, *chat, "nobody serves").await;
    }
    let clients: Vec<_> = join_all((0..20).map(|_| world.psql())).await;
    let wakes = clients.iter().enumerate().map(async |(number, client)| {
        // Each in an order of its own.
        let mut chats = chats.clone();
        chats.rotate_left(number % 5);
        client.execute("select wake_webhooks($1)", &[&chats]).await.unwrap();
    });
    join_all(wakes).await;
    let jobs = "select count(*), count(distinct args) from jobs where task = 'deliver_webhook' and status = 'queued'";
    let row = psql.query_one(jobs, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (5, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_lost_is_found_out() {
    let world = world().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    let psql = world.psql().await;
    psql.batch_execute("update webhooks set job_id = uuid_v7()").await.unwrap();
    alice.says(chat, "one").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(receiver.sent().is_empty());
    // What is done every minute anyway.
    psql.batch_execute("insert into jobs (task) values ('look_after_webhooks')").await.unwrap();
    receiver.takes(1).await;
    // And what is done is not kept for long.
    becomes(&alice, chat, "delivered_seq", json!(1)).await;
    world.rings().await;
    psql.batch_execute(
        "update jobs set finished_at = now() - interval '2 hours' where finished_at is not null;
        insert into jobs (task) values ('look_after_webhooks')",
    )
    .await
    .unwrap();
    let count = "select count(*) from jobs where task = 'deliver_webhook'";
    for _ in 0..100 {
        if psql.query_one(count, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the job is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_retention_has_removed_is_passed_over() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    let webhook = hook(&alice, chat, &receiver).await;
    let one = format!("{}/{}", path(chat), webhook["id"].as_str().unwrap());
    let psql = world.psql().await;
    let trims = format!(
        "update chats set retention_days = 1 where id = '{chat}';
        update messages set created_at = now() - interval '2 days' where chat_id = '{chat}';
        select trim_messages('{chat}', 1000)"
    );
    // Some of it, and all of it.
    for (said, left, expected) in [("three", Some("four"), 5), ("seven", None, 6)] {
        alice.patch(&one, &json!({"active": false})).await.expect(200);
        alice.says(chat, said).await;
        psql.batch_execute(&trims).await.unwrap();
        if let Some(left) = left {
            alice.says(chat, left).await;
        }
        alice.patch(&one, &json!({"active": true})).await.expect(200);
        let last: i64 = psql.query_one("select last_seq from chats", &[]).await.unwrap().get(0);
        becomes(&alice, chat, "delivered_seq", json!(last)).await;
        assert!(last <= expected, "{last}");
    }
    let before = receiver.taken();
    let next = inserts(&psql, chat, "and on").await;
    receiver.takes(next).await;
    assert_eq!(receiver.taken().len(), before.len() + 1);
}
