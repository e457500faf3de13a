//! Order, exactly once, and what a slow reader costs.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    commands::{Folder, shared},
    crowds::memory_of,
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn everyone_hears_one_order_under_parallel_posts() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut sockets = [alice.opens(chat).await, alice.at(&there).opens(chat).await];
    let posts: Vec<_> = (0..100)
        .map(|number| {
            let alice = alice.at(if number % 2 == 0 { &here } else { &there });
            tokio::spawn(async move { alice.says(chat, &format!("post {number}")).await })
        })
        .collect();
    let mut answered = HashSet::new();
    for post in posts {
        answered.insert(post.await.unwrap()["seq"].as_i64().unwrap());
    }
    assert_eq!(answered, (1..=100).collect());
    let [one, other] = &mut sockets;
    assert_eq!(one.reads(0, 100).await, other.reads(0, 100).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_sockets_hear_each_message_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut sockets = Vec::new();
    for number in 0..100 {
        sockets.push(alice.at(if number % 2 == 0 { &here } else { &there }).opens(chat).await);
    }
    for number in 0..20 {
        alice.says(chat, &format!("message {number}")).await;
    }
    for socket in &mut sockets {
        socket.reads(0, 20).await;
    }
    for socket in sockets.iter_mut().step_by(25) {
        socket.hears_nothing().await;
    }
    assert_eq!((here.clients(), there.clients()), (50, 50));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_id_is_one_message_whatever_is_retried() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    for round in 0..5 {
        let body = json!({"content": "once", "client_id": format!("round {round}")});
        let tries: Vec<_> = (0..20)
            .map(|number| {
                let alice = alice.at(if number % 2 == 0 { &here } else { &there });
                let body = body.clone();
                tokio::spawn(async move { alice.tries(chat, &body).await })
            })
            .collect();
        let mut statuses = Vec::new();
        let mut messages = HashSet::new();
        for answer in tries {
            let answer = answer.await.unwrap();
            statuses.push(answer.status);
            messages.insert(answer.body.to_string());
        }
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 201)), "{statuses:?}");
        assert_eq!(messages.len(), 1, "{messages:?}");
        let other = json!({"content": "other", "client_id": format!("round {round}")});
        alice.at(&there).tries(chat, &other).await.refused(409, "client_id_reused");
        // Over the socket it is the same message, too; and the same name is free in another's hands.
        let again = json!({"type": "chat.send", "ref": 1, "chat_id": chat, "content": "once", "client_id": format!("round {round}")});
        let ack = socket.asks(&again).await;
        assert!(messages.contains(&ack["data"].to_string()), "{ack}");
    }
    assert_eq!(alice.says(chat, "next").await["seq"], 6);
    let bob = here.person("Bob").await;
    bob.tries(chat, &json!({"content": "mine", "client_id": "round 1"})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_repetitions_and_mistakes_fails_one_by_one() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let (chat, private) = (alice.creates_chat("Lobby").await, alice.creates_private_chat("Attic").await);
    let bob = instance.person("Bob").await;
    let tries: Vec<_> = (0..120)
        .map(|number| {
            let (alice, bob) = (alice.clone(), bob.clone());
            tokio::spawn(async move {
                let body = json!({"content": "x", "client_id": format!("{}", number / 8)});
                let (answer, status) = match number % 4 {
                    0 | 1 => (alice.tries(chat, &body).await, 0),
                    2 => (bob.tries(private, &body).await, 404),
                    _ => (bob.tries(chat, &json!({"content": "re", "reply_to": private})).await, 400),
                };
                assert!(answer.status == status || (status == 0 && answer.status < 202), "{}", answer.body);
            })
        })
        .collect();
    for attempt in tries {
        attempt.await.unwrap();
    }
    // Bob's replies came to nothing, so they brought him at most into the chat.
    let log = alice.get(&format!("/api/v1/chats/{chat}/log?limit=100")).await.expect(200);
    let said = log["items"].as_array().unwrap().iter().filter(|entry| entry["type"] == "new_message");
    assert_eq!(said.count(), 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_costs_the_others_nothing_and_misses_nothing() {
    let world = World::new().await;
    // A process of its own: nobody else's memory is measured.
    let folder = Folder::new();
    let serving = folder.serve(&shared(&world.url)).await;
    let alice = Person::register(&serving.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut awake = alice.opens(chat).await;
    world.fills(chat, alice.id, 1000, 1024).await;
    awake.reads(0, 1000).await;
    let mut asleep = alice.opens(chat).await;
    let mut others = Vec::new();
    for _ in 0..12 {
        others.push(alice.opens(chat).await);
    }
    // As much in a chat with one reader, in turns: whatever else the machine has to do, it is the same for both.
    let calm = alice.creates_chat("Calm").await;
    let mut alone = alice.opens(calm).await;
    let before = memory_of(serving.pid());
    let (mut waits, mut waits_alone) = (Vec::new(), Vec::new());
    for batch in 1..13 {
        let begun = Instant::now();
        world.fills(chat, alice.id, 1000, 1024).await;
        awake.reads(batch * 1000, batch * 1000 + 1000).await;
        waits.push(begun.elapsed());
        if batch % 3 == 0 {
            let begun = Instant::now();
            world.fills(calm, alice.id, 1000, 1024).await;
            alone.reads((batch / 3 - 1) * 1000, batch / 3 * 1000).await;
            waits_alone.push(begun.elapsed());
        }
    }
    waits.sort_unstable();
    waits_alone.sort_unstable();
    let (usual, alone) = (waits[waits.len() / 2], waits_alone[waits_alone.len() / 2]);
    assert!(usual < Duration::from_secs(1) + 3 * alone, "{usual:?}, alone {alone:?}");
    let grown = memory_of(serving.pid()).saturating_sub(before) / 1024;
    assert!(grown < 64 * 1024, "18 MiB wait for each of 13 who do not read; the process grew by {grown} KiB");
    let entries = asleep.reads(1000, 13_000).await;
    assert_eq!(entries.len(), 12_000);
    alice.says(chat, "live again").await;
    assert_eq!(asleep.reads(13_000, 13_001).await[0]["message"]["content"], "live again");
}
