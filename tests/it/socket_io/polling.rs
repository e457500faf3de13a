//! Clients without a WebSocket, and those that go on by one.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use super::client::{Client, Polls, WEBSOCKET, event_of};
use crate::support::{Person, Socket, World};

async fn subscribes(polls: &Polls, chat: Uuid, after_seq: Option<i64>) {
    let command = json!(["chat.subscribe", {"chat_id": chat, "after_seq": after_seq}]);
    assert_eq!(polls.gives(format!("421{command}")).await.0, 200);
}

async fn writes(world: &World, chat: Uuid, sender: &Person, count: i32, length: i32) {
    let sql = "insert into messages (chat_id, sender_id, content) select $1, $2, repeat('x', $4) from generate_series(1, $3)";
    world.psql().await.execute(sql, &[&chat, &sender.id, &count, &length]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_polls_hears_what_others_hear() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let lobby = alice.creates_chat("Lobby").await;
    let polls = Polls::enters(&bob).await;
    assert_eq!(polls.awaits("welcome").await.0["user_id"], json!(bob.id));
    subscribes(&polls, lobby, None).await;
    polls.awaits("caught_up").await;
    alice.says(lobby, "hello").await;
    assert_eq!(polls.awaits("chat.receive").await.0["message"]["content"], "hello");
    let said = json!(["chat.send", {"chat_id": lobby, "content": "hi"}]);
    polls.gives(format!("42{said}\u{1e}42[\"ping\",{{\"ref\":1}}]")).await;
    let (pong, before) = polls.awaits("pong").await;
    assert_eq!(pong["ref"], 1);
    assert!(before.iter().any(|(name, _)| name == "ack"), "{before:?}");
    // One that goes says so, and nothing is left of it.
    polls.gives("41").await;
    assert_eq!(polls.polls().await.0, 404);
    for _ in 0..100 {
        if there.clients() == 0 {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("it is still counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_poll_loses_nothing_and_holds_little() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let lobby = alice.creates_chat("Lobby").await;
    let polls = Polls::enters(&alice).await;
    polls.awaits("welcome").await;
    subscribes(&polls, lobby, None).await;
    polls.awaits("caught_up").await;
    // 12 MB, which are not waiting in memory: the log is read when they are asked for.
    for _ in 0..30 {
        writes(&world, lobby, &alice, 100, 4000).await;
    }
    sleep(Duration::from_millis(500)).await;
    let mut next = 1;
    while next <= 3000 {
        let packets = polls.takes().await;
        let bytes: usize = packets.iter().map(String::len).sum();
        assert!(bytes < 100 * 1024 && packets.len() <= 16, "{bytes} in {}", packets.len());
        let events: Vec<_> = packets.iter().filter_map(|packet| event_of(packet)).collect();
        for (_, frame) in events.iter().filter(|(name, _)| name == "new_message") {
            assert_eq!(frame["seq"], next);
            next += 1;
        }
    }
    // What waited while it did not poll is not for who may hear no more.
    writes(&world, lobby, &alice, 50, 4000).await;
    sleep(Duration::from_millis(300)).await;
    alice.act("/api/v1/auth/logout").await.expect(204);
    let mut packets = Vec::new();
    loop {
        let (status, body) = polls.polls().await;
        if status != 200 {
            break;
        }
        packets.extend(body.split('\u{1e}').map(str::to_owned));
    }
    assert!(!packets.iter().any(|packet| packet.contains("new_message")), "{packets:?}");
    assert!(packets.contains(&"41".to_owned()) && packets.last().unwrap() == "1", "{packets:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_its_own_and_has_one_of_each() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let polls = Polls::enters(&alice).await;
    polls.awaits("welcome").await;
    let mut hers = polls.twin();
    hers.bearer = Some(eve.token.clone());
    assert_eq!((hers.polls().await.0, hers.gives("42[\"ping\"]").await.0), (404, 404));
    let path = format!("{WEBSOCKET}&sid={}", polls.sid);
    assert_eq!(Socket::open(&eve.base, &path, &eve.token).await.err(), Some(404));
    polls.gives("42[\"ping\"]").await;
    polls.awaits("pong").await;

    // Two polls at once end it.
    let twin = polls.twin();
    let first = tokio::spawn(async move { twin.polls().await });
    sleep(Duration::from_millis(300)).await;
    assert_eq!(polls.polls().await.0, 400);
    assert_eq!(first.await.unwrap(), (200, "1".to_owned()));
    assert_eq!(polls.polls().await.0, 404);

    // So does a body that is too large, whether or not it says so.
    for announced in [true, false] {
        let polls = Polls::enters(&alice).await;
        polls.awaits("welcome").await;
        let body = "3\u{1e}".repeat(40_000);
        let body: reqwest::Body = match announced {
            true => body.into(),
            false => reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(body)])),
        };
        assert_eq!(polls.gives(body).await.0, 413);
        assert_eq!(polls.polls().await.0, 404);
    }
    // And one that is no text.
    let polls = Polls::enters(&alice).await;
    assert_eq!(polls.gives(vec![0xff, 0xfe]).await.0, 400);
    assert_eq!(polls.gives("3").await.0, 404);
    // Who commands before it has said who it is.
    let polls = Polls::begins(&here.base).await;
    assert_eq!(polls.gives("42[\"chat.create\",{\"title\":\"x\"}]").await.0, 400);
    assert_eq!(polls.polls().await.0, 404);
    // Some clients say who they are in the first request alone; nobody else goes on from there.
    let mut polls = Polls::begins_as(&here.base, Some(&alice.token)).await;
    polls.bearer = Some(eve.token.clone());
    assert_eq!(polls.gives("40").await.0, 404);
    polls.bearer = None;
    polls.gives("40").await;
    assert_eq!(polls.awaits("welcome").await.0["user_id"], json!(alice.id));
    // Who is refused may say who it is once more.
    let polls = Polls::begins(&here.base).await;
    polls.gives("40{\"token\":\"nonsense\"}").await;
    let told = polls.takes().await;
    assert!(told[0].starts_with("44{") && told[0].contains("4401"), "{told:?}");
    polls.gives(format!("40{}", json!({"token": alice.token}))).await;
    polls.awaits("welcome").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_on_by_a_websocket_loses_nothing_on_the_way() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let lobby = alice.creates_chat("Lobby").await;
    let polls = Polls::enters(&alice).await;
    polls.awaits("welcome").await;
    subscribes(&polls, lobby, None).await;
    polls.awaits("caught_up").await;
    writes(&world, lobby, &alice, 500, 10).await;
    let twin = polls.twin();
    let waiting = tokio::spawn(async move {
        // As the stock client does: poll on until the WebSocket answers.
        let mut told = Vec::new();
        loop {
            let packets = twin.takes().await;
            told.extend(packets.iter().filter_map(|packet| event_of(packet)));
            if packets == ["6"] {
                return told;
            }
        }
    });
    let mut client = Client::connects(&here.base, &format!("&sid={}", polls.sid), &[]).await.unwrap();
    client.says("2probe").await;
    assert_eq!(client.packet().await, "3probe");
    let mut told = waiting.await.unwrap();
    writes(&world, lobby, &alice, 100, 10).await;
    client.says_at_once(&["5", "42[\"ping\",{\"ref\":\"at once\"}]"]).await;
    while told.iter().filter(|(name, _)| name == "chat.receive").count() < 600 {
        told.push(client.event().await);
    }
    while !told.iter().any(|(name, _)| name == "pong") {
        told.push(client.event().await);
    }
    let first: Vec<_> = told.iter().filter(|(name, _)| name == "new_message").collect();
    let numbers: Vec<i64> = first.iter().map(|(_, frame)| frame["seq"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=600).collect::<Vec<_>>());
    assert_eq!((polls.polls().await.0, polls.gives("42[\"ping\"]").await.0), (404, 404));
    let sent: Value = client.calls(9, "chat.send", &json!({"chat_id": lobby, "content": "by it"})).await;
    assert_eq!(sent["content"], "by it");
    alice.act("/api/v1/auth/logout").await.expect(204);
    assert_eq!(client.closed().await.1, 4401);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_may_go_on_by_a_websocket_before_one_says_who_one_is() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let polls = Polls::begins(&here.base).await;
    let mut client = Client::connects(&here.base, &format!("&sid={}", polls.sid), &[]).await.unwrap();
    client.says("2probe").await;
    assert_eq!(client.packet().await, "3probe");
    let auth = format!("40{}", json!({"token": alice.token, "subscribe": "all"}));
    client.says_at_once(&["5", &auth]).await;
    assert!(client.packet().await.starts_with("40{"));
    client.hears("welcome").await;
    let lobby = alice.creates_chat("Lobby").await;
    client.hears("chat_added").await;
    client.hears("caught_up").await;
    alice.says(lobby, "hello").await;
    assert_eq!(client.hears_message().await["message"]["content"], "hello");
    assert_eq!(polls.polls().await.0, 404);

    // One that is tried and given up leaves the polls as they were.
    let polls = Polls::enters(&alice).await;
    let mut client = Client::connects(&here.base, &format!("&sid={}", polls.sid), &[]).await.unwrap();
    client.says("2probe").await;
    assert_eq!(client.packet().await, "3probe");
    client.says("4").await;
    assert_eq!(client.closed().await.1, 1002);
    polls.awaits("welcome").await;
}
