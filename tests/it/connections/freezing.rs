//! A network that falls silent, for one connection or for all.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;
use trunkline::ephemeral::EphemeralEvent;
use uuid::Uuid;

use super::SECONDS;
use crate::support::{Answer, Instance, Person, Proxy, World};

/// What is short when nothing is waited for, on any machine.
const SOON: Duration = Duration::from_millis(1500);
/// Two questions that are not answered take three seconds; a statement would have ten.
const SOON_ENOUGH: Duration = Duration::from_secs(8);

fn send(person: &Person, chat: Uuid, client_id: &str) -> tokio::task::JoinHandle<Answer> {
    let (person, body) = (person.clone(), json!({"content": client_id, "client_id": client_id}));
    tokio::spawn(async move { person.post(&format!("/api/v1/chats/{chat}/messages"), &body).await })
}

async fn contents(person: &Person, chat: Uuid) -> Vec<String> {
    let log = person.get(&format!("/api/v1/chats/{chat}/log?limit=100")).await.expect(200);
    let texts =
        log["items"].as_array().unwrap().iter().filter_map(|item| item["message"]["content"].as_str());
    texts.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_connection_delays_its_own_chats_and_nobody_else() {
    let world = World::with(SECONDS).await;
    let proxy = Proxy::start(&world.url_of_instances()).await;
    let here = world.instance_at(proxy.url()).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (attic, lobby) = (alice.creates_chat("Attic").await, bob.creates_chat("Lobby").await);
    // Every connection there will be is open, so that the frozen one is met.
    let mut met = 0;
    for round in 0..3 {
        proxy.freeze_one();
        let first = format!("first {round}");
        let sent = send(&alice, attic, &first);
        proxy.one_is_frozen().await;
        let behind = send(&alice, attic, &format!("behind {round}"));
        for n in 0..12 {
            let begun = Instant::now();
            send(&bob, lobby, &format!("{round} {n}")).await.unwrap().expect(201);
            assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        }
        let refused = sent.await.unwrap();
        behind.await.unwrap();
        // On a busy machine a heartbeat may have been the next to ask.
        if refused.status != 201 {
            assert!(refused.headers.contains_key("retry-after"));
            refused.refused(503, "outcome_unknown");
            met += 1;
        }
        // The same client_id is one message, whatever became of the first attempt.
        for client_id in [first, format!("behind {round}")] {
            let again = send(&alice, attic, &client_id).await.unwrap();
            assert!(matches!(again.status, 200 | 201), "{} {}", again.status, again.body);
        }
    }
    assert!(met > 0, "no send met the frozen connection");
    let mut said = contents(&alice, attic).await;
    said.sort();
    let wanted = ["behind 0", "behind 1", "behind 2", "first 0", "first 1", "first 2"];
    assert_eq!(said, wanted);
    assert_eq!(contents(&bob, lobby).await.len(), 36);
    assert!(world.log().contains("no answer within 2 s"), "the cause is in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_silent_for_a_while_is_given_up_and_found_again() {
    let world = World::with(SECONDS).await;
    let proxy = Proxy::start(&world.url_of_instances()).await;
    let here = world.instance_at(proxy.url()).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    alice.says(chat, "before").await;
    socket.hears(1).await;
    proxy.freeze();
    let begun = Instant::now();
    let sent: Vec<_> = (0..20).map(|n| send(&alice, chat, &format!("lost {n}"))).collect();
    let read = alice.get("/api/v1/users/me").await;
    read.refused(503, "not_ready");
    for answer in sent {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, 503, "{}", answer.body);
    }
    // The deadline, and what it takes to find that no new connection answers either.
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    alice.get("/health/ready").await.refused(503, "not_ready");
    alice.get("/health/live").await.expect(200);
    proxy.cut();
    proxy.thaw();
    heals(&alice, chat).await;
    let last = alice.says(chat, "after").await["seq"].as_i64().unwrap();
    // What the first attempts wrote, if anything, and all the rest: each once, in order.
    socket.reads(1, last).await;
}

/// Within seconds a post goes through.
async fn heals(person: &Person, chat: Uuid) {
    let begun = Instant::now();
    loop {
        let answer = send(person, chat, "healed").await.unwrap();
        if matches!(answer.status, 200 | 201) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{} {}", answer.status, answer.body);
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_can_not_listen_polls_and_says_so() {
    let world = World::new().await;
    let proxy = Proxy::start(&world.url_of_instances()).await;
    proxy.freeze();
    let settings = [("TRUNKLINE_DATABASE__LISTEN_URL", proxy.url())];
    let deaf = World::on(world.url.clone(), &settings);
    let (here, there): (Instance, Instance) = (deaf.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    for n in 0..3 {
        alice.at(&there).says(chat, &format!("{n}")).await;
        let begun = Instant::now();
        assert_eq!(socket.hears(1).await, [format!("{n}")]);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
    // A session that ends elsewhere ends here too; so does what one is permitted.
    let mut other = alice.clone();
    other.signs_in().await;
    let their = other.opens(chat).await;
    other.at(&there).act("/api/v1/auth/logout").await.expect(204);
    let begun = Instant::now();
    while other.get("/api/v1/users/me").await.status != 401 {
        assert!(begun.elapsed() < Duration::from_secs(5), "signed out there, signed in here");
        sleep(Duration::from_millis(50)).await;
    }
    let mut their = their;
    assert_eq!(their.closed().await.0, 4401);
    alice.get("/health/ready").await.expect(200);
    let metrics = reqwest::get(format!("{}/metrics", here.base)).await.unwrap().text().await.unwrap();
    assert!(metrics.contains("trunkline_listen_polls_total"), "{metrics}");
    // After a while other instances are the better choice.
    let begun = Instant::now();
    while alice.get("/health/ready").await.status == 200 {
        assert!(begun.elapsed() < Duration::from_secs(40), "deaf, and ready all the same");
        sleep(Duration::from_millis(500)).await;
    }
    proxy.cut();
    proxy.thaw();
    let begun = Instant::now();
    while alice.get("/health/ready").await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "hears again, and is not ready");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_connection_silences_nobody_for_long() {
    let world = World::new().await;
    let proxy = Proxy::start(&world.url_of_instances()).await;
    // What is heard by LISTEN comes another way: it is the tables that do not answer.
    let settings = [("TRUNKLINE_DATABASE__LISTEN_URL", world.url.as_str())];
    let (here, there) = (World::on(world.url.clone(), &settings), world.instance().await);
    let here = here.instance_at(proxy.url()).await;
    let (alice, bob) = (there.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut reads = bob.at(&here).opens(chat).await;
    let mut types = bob.opens(chat).await;
    here.listens(&world).await;
    alice.says(chat, "before").await;
    reads.hears(1).await;
    types.hears(1).await;
    for round in 0..4 {
        proxy.freeze_one();
        let said = format!("round {round}");
        let begun = Instant::now();
        alice.says(chat, &said).await;
        assert_eq!(reads.hears(1).await, [said]);
        assert!(begun.elapsed() < SOON_ENOUGH, "{:?}", begun.elapsed());
        types.hears(1).await;
        proxy.one_is_frozen().await;
        // What may be forgotten need not be, either.
        proxy.freeze_one();
        let begun = Instant::now();
        here.app.events.post(EphemeralEvent::Typing(chat, alice.id));
        assert_eq!(types.next().await["type"], "typing");
        assert!(begun.elapsed() < SOON_ENOUGH, "{:?}", begun.elapsed());
        assert_eq!(reads.next().await["type"], "typing");
        proxy.one_is_frozen().await;
    }
}
