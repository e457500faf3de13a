//! What is sent, when all is well: signed, in order, once.

use aws_lc_rs::hmac;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{becomes, hook, inserts, path, world};
use crate::{
    manual::{blocks, form, guides},
    support::{Person, Receiver, Sent},
};

/// Whether a request was signed with this secret, as the manual says how to find out.
fn is_signed(sent: &Sent, secret: &str) -> bool {
    let signature = &sent.headers["x-trunkline-signature"];
    let (t, v1) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let age = chrono::Utc::now().timestamp() - t.parse::<i64>().unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let expected = hmac::sign(&key, format!("{t}.{}", sent.body).as_bytes());
    let expected: String = expected.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    (0..60).contains(&age) && v1 == expected
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_chat_is_sent_as_on_the_socket() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    alice.says(chat, "before").await;
    let webhook = hook(&alice, chat, &receiver).await;
    assert_eq!(webhook["delivered_seq"], 1);
    let mut socket = alice.opens(chat).await;
    let message = alice.says(chat, "hello, @bob").await["id"].as_str().unwrap().to_owned();
    bob.joins(chat).await;
    let one = format!("/api/v1/chats/{chat}/messages/{message}");
    alice.patch(&one, &json!({"content": "hello"})).await.expect(200);
    bob.puts(&format!("{one}/reactions/:wave:")).await.expect(204);
    alice.puts(&format!("{one}/pin")).await.expect(204);
    alice.delete(&one).await.expect(204);
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    bob.leaves(chat).await;
    let psql = world.psql().await;
    let last = inserts(&psql, chat, "from psql").await;
    let sent = receiver.takes(last).await;
    let frames = socket.reads(1, last).await;
    assert_eq!(sent.len(), frames.len());
    for (sent, frame) in sent.iter().zip(&frames) {
        assert!(is_signed(sent, webhook["secret"].as_str().unwrap()), "{sent:?}");
        assert!(!is_signed(sent, "another secret"));
        let (id, seq) = (webhook["id"].as_str().unwrap(), frame["seq"].as_i64().unwrap());
        assert_eq!((sent.path.as_str(), sent.seq()), ("/hook?token=sesame", seq));
        assert_eq!(sent.headers["x-trunkline-delivery"], format!("{id}-{seq}"));
        assert_eq!(sent.headers["x-trunkline-event"], frame["type"].as_str().unwrap());
        assert_eq!(sent.headers["content-type"], "application/json");
        assert!(sent.headers["user-agent"].starts_with("Trunkline/"), "{sent:?}");
        let about = json!({"webhook_id": id, "chat_id": chat, "seq": seq, "event": frame["type"]});
        for (name, value) in about.as_object().unwrap() {
            assert_eq!(&sent.json[name], value);
        }
        let mut names: Vec<_> = frame.as_object().unwrap().keys().collect();
        let mut told: Vec<_> = sent.json["data"].as_object().unwrap().keys().collect();
        names.sort();
        told.sort();
        assert_eq!(told, names);
        assert_eq!(
            (&sent.json["data"]["type"], &sent.json["data"]["created_at"]),
            (&frame["type"], &frame["created_at"])
        );
    }
    let reaction = sent.iter().find(|sent| sent.json["event"] == "reaction_added").unwrap();
    let all = guides();
    let (_, guide) = all.iter().find(|(name, _)| name == "webhooks").unwrap();
    let shown: Value = serde_json::from_str(&blocks(guide, "json").concat()).unwrap();
    assert_eq!(form(&reaction.json), form(&shown), "the guide shows what is sent");
    let taken = becomes(&alice, chat, "delivered_seq", json!(last)).await;
    assert_eq!((&taken["failures"], &taken["last_error"]), (&json!(0), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_wanted_is_sent() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    let wish = json!({"url": receiver.url(), "events": ["member_joined", "member_left"]});
    alice.post(&path(chat), &wish).await.expect(201);
    for _ in 0..30 {
        alice.says(chat, "not this").await;
    }
    bob.joins(chat).await;
    alice.says(chat, "nor this").await;
    bob.leaves(chat).await;
    alice.says(chat, "nor this").await;
    receiver.takes(33).await;
    assert_eq!(receiver.taken(), [31, 33]);
    becomes(&alice, chat, "delivered_seq", json!(34)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_instances_one_sends_each_entry() {
    let world = world().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (chat, quiet) = (alice.creates_chat("Lobby").await, alice.creates_chat("Quiet").await);
    let (one, other) = (Receiver::new().await, Receiver::new().await);
    hook(&alice, chat, &one).await;
    hook(&alice, chat, &other).await;
    hook(&alice, quiet, &other).await;
    for instance in [&here, &there] {
        instance.listens(&world).await;
    }
    let people: Vec<Person> =
        (0..4).map(|number| alice.at(if number % 2 == 0 { &here } else { &there })).collect();
    join_all(people.iter().enumerate().map(async |(number, person)| {
        person.chatters(chat, &format!("w{number}"), 25).await;
    }))
    .await;
    for receiver in [&one, &other] {
        receiver.takes(100).await;
        assert_eq!(receiver.sent().iter().map(Sent::seq).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_while_a_job_just_ends_is_sent_too() {
    let world = world().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (chat, receiver) = (alice.creates_chat("Lobby").await, Receiver::new().await);
    hook(&alice, chat, &receiver).await;
    for instance in [&here, &there] {
        instance.listens(&world).await;
    }
    let psql = world.psql().await;
    // Nobody looks after what was forgotten in this story.
    psql.batch_execute("insert into ticks (task, fired_at) values ('look_after_webhooks', 'infinity') on conflict (task) do update set fired_at = 'infinity'")
        .await
        .unwrap();
    let mut last = 0;
    for round in 0..150_u64 {
        last = inserts(&psql, chat, "one more").await;
        // At every moment of a job's life, and beyond it.
        tokio::time::sleep(std::time::Duration::from_millis(round % 30)).await;
        if round % 10 == 9 {
            receiver.takes(last).await;
        }
    }
    assert_eq!(receiver.takes(last).await.len(), 150);
    let jobs: i64 =
        psql.query_one("select count(*) from jobs where task = 'deliver_webhook'", &[]).await.unwrap().get(0);
    println!("{jobs} jobs for 150 entries");
    assert!(jobs <= 150, "{jobs}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_removed_is_sent_nothing_more() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, gone, stays) =
        (alice.creates_chat("Lobby").await, Receiver::new().await, Receiver::new().await);
    let webhook = hook(&alice, chat, &gone).await;
    hook(&alice, chat, &stays).await;
    alice.says(chat, "one").await;
    gone.takes(1).await;
    alice.delete(&format!("{}/{}", path(chat), webhook["id"].as_str().unwrap())).await.expect(204);
    alice.says(chat, "two").await;
    stays.takes(2).await;
    world.rings().await;
    assert_eq!(gone.taken(), [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_without_webhooks_pay_nothing_for_those_with() {
    let world = world().await;
    world.counts_statements().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let (chat, other) = (alice.creates_chat("Lobby").await, alice.creates_chat("Other").await);
    let receiver = Receiver::new().await;
    hook(&alice, other, &receiver).await;
    alice.says(other, "one").await;
    receiver.takes(1).await;
    becomes(&alice, other, "delivered_seq", json!(1)).await;
    let psql = world.superuser().await;
    world.rings().await;
    let about_webhooks = async || {
        let sql = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements
            join pg_database on pg_database.oid = dbid and datname = current_database()
            where query like '%webhooks%' and query not like '%pg_stat_statements%'";
        psql.query_one(sql, &[]).await.unwrap().get::<_, i64>(0)
    };
    let before = about_webhooks().await;
    for _ in 0..50 {
        alice.says(chat, "nobody is told").await;
    }
    inserts(&psql, chat, "nor of this").await;
    world.rings().await;
    assert_eq!(about_webhooks().await, before);
    alice.says(other, "two").await;
    receiver.takes(2).await;
    assert!(about_webhooks().await > before);
}
