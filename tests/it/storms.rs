//! Sockets come and go by the hundred, and what they held comes back: descriptors, followed chats, memory of the registry.
//! Somebody is in more chats than anybody should be, and nobody else notices.

use std::{
    future::Future,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Person, Process, Socket, World};

const ALL: &str = "/api/v1/ws?subscribe=all";

/// Sockets that do not say good-bye themselves must be allowed to be many.
const MANY: [(&str, &str); 2] =
    [("TRUNKLINE_LIMITS__SOCKETS_PER_PERSON", "1000"), ("TRUNKLINE_HTTP__SHUTDOWN_SECONDS", "3")];

/// Waits until the instance holds nothing of any socket.
async fn is_calm(server: &Process) {
    for _ in 0..200 {
        if server.metric("trunkline_sockets").await == 0.0
            && server.metric("trunkline_subscriptions").await == 0.0
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let held = server.metric("trunkline_subscriptions").await;
    panic!("{} sockets and {held} subscriptions are left", server.metric("trunkline_sockets").await);
}

async fn gateways(person: &Person, count: usize) -> Vec<Socket> {
    let mut opening = JoinSet::new();
    for _ in 0..count {
        let (base, token) = (person.base.clone(), person.token.clone());
        opening.spawn(async move { Socket::open(&base, ALL, &token).await.unwrap() });
    }
    opening.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sockets_held_comes_back_after_every_storm() {
    let world = World::new().await;
    let server = Process::serve(&world, &MANY).await;
    let (alice, bob) =
        (Person::register(&server.base, "Alice").await, Person::register(&server.base, "Bob").await);
    let lobby = alice.creates_chat("Lobby").await;
    // Whatever is opened once for all is open now.
    drop(gateways(&bob, 5).await);
    bob.opens(lobby).await;
    is_calm(&server).await;
    let before = server.descriptors();

    for round in 0..6 {
        let mut sockets = gateways(&bob, 40).await;
        // Bob comes into chats while his sockets go, is put out of some, others are deleted.
        let coming = async {
            for n in 0..4 {
                let chat = alice.creates_private_chat(&format!("Room {round} {n}")).await;
                world.adds(chat, bob.id).await;
                alice.says(chat, "welcome").await;
                match n {
                    1 => {
                        _ = alice
                            .delete(&format!("/api/v1/chats/{chat}/members/{}", bob.id))
                            .await
                            .expect(204);
                    }
                    2 => _ = alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204),
                    _ => {}
                }
            }
        };
        let going = async {
            while let Some(mut socket) = sockets.pop() {
                match sockets.len() % 3 {
                    // Vanishes.
                    0 => drop(socket),
                    // Subscribes, and is gone before the answer.
                    1 => {
                        socket
                            .sends(&json!({"type": "chat.subscribe", "chat_id": lobby, "after_seq": 0}))
                            .await;
                    }
                    _ => _ = socket.ws.close(None).await,
                }
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        };
        tokio::join!(coming, going);
    }
    is_calm(&server).await;
    assert_eq!(server.metric("trunkline_followed_chats").await, 0.0);
    // The database's connections come and go by themselves; hundreds of sockets do not.
    let after = server.descriptors();
    assert!(after <= before + 12, "{before} descriptors before, {after} after");
    server.end().await;
}

/// Makes someone a member of so many chats, as a DBA would.
async fn is_in_chats(world: &World, person: Uuid, count: i32) {
    let sql = "
        with made as (
            insert into chats (kind, visibility, title, owner_id)
            select 'group', 'private', 'Chat ' || n, $1 from generate_series(1, $2::int) as n returning id
        )
        insert into members (chat_id, user_id, role) select id, $1, 'creator' from made on conflict do nothing";
    world.psql().await.execute(sql, &[&person, &count]).await.unwrap();
}

/// How long the instance takes to answer whether it lives, again and again, as long as `during` lasts.
async fn health_during<T>(base: &str, during: impl Future<Output = T>) -> (T, Vec<Duration>) {
    let client = reqwest::Client::new();
    let mut took = Vec::new();
    tokio::pin!(during);
    loop {
        let asking = async {
            let begun = Instant::now();
            client.get(format!("{base}/health/live")).send().await.unwrap().error_for_status().unwrap();
            let elapsed = begun.elapsed();
            tokio::time::sleep(Duration::from_millis(3)).await;
            elapsed
        };
        tokio::select! {
            done = &mut during => return (done, took),
            elapsed = asking => took.push(elapsed),
        }
    }
}

/// The middle one and the slowest of these.
fn spread(mut took: Vec<Duration>) -> (Duration, Duration) {
    took.sort();
    (took[took.len() / 2], took[took.len() - 1])
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_twenty_thousand_chats_delays_nobody() {
    let world = World::new().await;
    let server = Process::serve(&world, &MANY).await;
    let (alice, bob, carol) = (
        Person::register(&server.base, "Alice").await,
        Person::register(&server.base, "Bob").await,
        Person::register(&server.base, "Carol").await,
    );
    is_in_chats(&world, alice.id, 20_000).await;
    let room = bob.creates_chat("Room").await;
    carol.joins(room).await;
    let mut hearing = carol.opens(room).await;

    // An ordinary conversation, before and while Alice opens five sockets that follow everything.
    let says = async |is_over: &AtomicBool, hearing: &mut Socket| {
        let mut late = Vec::new();
        while late.len() < 40 || !is_over.load(Ordering::Relaxed) {
            let n = late.len();
            let begun = Instant::now();
            bob.says(room, &format!("word {n}")).await;
            hearing.expect("new_message").await;
            late.push(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        late
    };
    let (before, quiet) = health_during(&server.base, says(&AtomicBool::new(true), &mut hearing)).await;
    let is_over = AtomicBool::new(false);
    let storm = async {
        let mut welcomes = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let mut socket = Socket::open(&server.base, ALL, &alice.token).await.unwrap();
            let welcome = socket.expect("welcome").await;
            assert_eq!(welcome["chats"].as_array().unwrap().len(), 20_000);
            welcomes.push(begun.elapsed());
            let mut caught_up = 0;
            while caught_up < 20_000 {
                socket.expect("caught_up").await;
                caught_up += 1;
            }
        }
        is_over.store(true, Ordering::Relaxed);
        welcomes
    };
    let ((welcomes, during), loud) =
        Box::pin(health_during(&server.base, async { tokio::join!(storm, says(&is_over, &mut hearing)) }))
            .await;
    is_calm_but(&server, 1).await;
    let (quiet, loud) = (spread(quiet), spread(loud));
    let (before, during) = (spread(before), spread(during));
    println!("welcome {welcomes:?}; health {quiet:?} then {loud:?}; frames {before:?} then {during:?}");
    // On a machine that does other things, without optimizations, this alone: nobody waits as long as they did. What is
    // promised (a welcome within 2 seconds, health within 50 ms) is for a build that people run.
    let (welcome, health, frame) = match cfg!(debug_assertions) {
        true => (Duration::from_secs(20), Duration::from_secs(5), Duration::from_secs(3)),
        false => (Duration::from_secs(2), Duration::from_millis(50).max(quiet.1 * 2), before.1 * 2),
    };
    assert!(welcomes.iter().all(|took| *took < welcome), "{welcomes:?}");
    assert!(loud.1 < health, "health: {quiet:?}, then {loud:?}");
    assert!(during.0 < frame, "frames: {before:?}, then {during:?}");
    server.end().await;
}

/// Waits until the instance holds so many sockets.
async fn is_calm_but(server: &Process, sockets: u32) {
    for _ in 0..300 {
        if server.metric("trunkline_sockets").await == f64::from(sockets)
            && server.metric("trunkline_followed_chats").await == f64::from(sockets)
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} chats are followed still", server.metric("trunkline_followed_chats").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_follows_more_than_their_share() {
    let world = World::with(&[("TRUNKLINE_LIMITS__SUBSCRIPTIONS_PER_PERSON", "10")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    is_in_chats(&world, alice.id, 8).await;
    let mut first = Socket::open(&here.base, ALL, &alice.token).await.unwrap();
    first.expect("welcome").await;
    // The second one would be 16.
    let mut second = Socket::open(&here.base, ALL, &alice.token).await.unwrap();
    assert_eq!(second.closed().await, (4429, "too_many_requests".to_owned()));
    let mut third = Socket::open(&here.base, "/api/v1/ws", &alice.token).await.unwrap();
    let chats = third.expect("welcome").await["chats"].clone();
    for (n, chat) in chats.as_array().unwrap().iter().take(3).enumerate() {
        third.sends(&json!({"type": "chat.subscribe", "chat_id": chat["chat_id"], "ref": n})).await;
        let answer = third.next().await;
        match n {
            0 | 1 => {
                assert_eq!(answer["type"], "ack", "{answer}");
                third.expect("caught_up").await;
            }
            _ => assert_eq!(answer["code"], "too_many_requests", "{answer}"),
        }
    }
    // What one gives up another may have.
    drop(first);
    for _ in 0..100 {
        third.sends(&json!({"type": "chat.subscribe", "chat_id": chats[5]["chat_id"]})).await;
        if third.next().await["type"] == "ack" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("what a closed socket followed still counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_counted_by_person_over_all_sockets() {
    let world = World::with(&[("TRUNKLINE_LIMITS__COMMANDS_PER_SECOND", "2")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let mut answered = 0;
    let mut closed = 0;
    // Twenty at once may come, over however many sockets.
    for _ in 0..10 {
        let mut socket = alice.opens(chat).await;
        for _ in 0..5 {
            socket.sends(&json!({"type": "ping"})).await;
            match socket.next_or_close().await {
                Ok(frame) => answered += usize::from(frame["type"] == "pong"),
                Err((code, _)) => {
                    assert_eq!(code, 4429);
                    closed += 1;
                    break;
                }
            }
        }
    }
    assert!((20..40).contains(&answered) && closed > 2, "{answered} answered, {closed} closed");
    // Bob has his own.
    let mut socket = bob.opens(chat).await;
    for _ in 0..10 {
        socket.sends(&json!({"type": "ping"})).await;
        socket.expect("pong").await;
    }
}
