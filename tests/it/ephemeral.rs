//! What may be forgotten: typing, the signals of a call; and how much one socket may ask for.

use std::time::Duration;

use serde_json::json;

use crate::support::{Person, Socket, World};

async fn gateway(person: &Person) -> Socket {
    let mut socket = Socket::open(&person.base, "/api/v1/ws?subscribe=all", &person.token).await.unwrap();
    let welcome = socket.expect("welcome").await;
    for _ in welcome["chats"].as_array().unwrap() {
        socket.expect("caught_up").await;
    }
    socket
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_types_and_the_others_see_it_on_every_instance() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob, eve) = (here.person("Alice").await, there.person("Bob").await, here.person("Eve").await);
    let chat = alice.creates_private_chat("Den").await;
    world.adds(chat, bob.id).await;
    let (mut alices, mut phone, mut bobs) =
        (alice.opens(chat).await, gateway(&alice).await, bob.opens(chat).await);
    let typing = json!({"type": "chat.typing", "ref": 1, "chat_id": chat});
    for _ in 0..20 {
        assert_eq!(alices.asks(&typing).await["type"], "ack");
    }
    let heard = bobs.expect("typing").await;
    assert_eq!(heard, json!({"type": "typing", "chat_id": chat, "user_id": alice.id}));
    let mut again = 0;
    // The last ones are on their way.
    tokio::time::sleep(Duration::from_millis(500)).await;
    alice.says(chat, "typed").await;
    loop {
        let frame = bobs.next().await;
        if frame["type"] == "new_message" {
            break;
        }
        assert_eq!(frame, heard);
        again += 1;
    }
    assert!(again < 5, "gathered for a tenth of a second: {again}");
    for own in [&mut alices, &mut phone] {
        own.expect("new_message").await;
        own.hears_nothing().await;
    }
    let mut eves = gateway(&eve).await;
    let refused = eves.asks(&typing).await;
    assert_eq!((&refused["type"], &refused["code"]), (&json!("error"), &json!("not_found")));
    bobs.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_signal_reaches_whom_it_is_for_whole_and_nobody_else() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, there.person("Bob").await, there.person("Carol").await);
    let chat = alice.creates_private_chat("Call").await;
    world.adds(chat, bob.id).await;
    world.adds(chat, carol.id).await;
    let (mut alices, mut bobs, mut carols) =
        (alice.opens(chat).await, bob.opens(chat).await, gateway(&carol).await);
    for length in [3, 9_000, 20_000] {
        let data = json!({"sdp": "ü\"\n".repeat(length / 3), "deep": [[[{"a": null}]]]});
        let signal =
            json!({"type": "call.signal", "ref": 1, "chat_id": chat, "user_id": bob.id, "data": data});
        assert_eq!(alices.asks(&signal).await["type"], "ack");
        let heard = bobs.expect("call_signal").await;
        assert_eq!(heard, json!({"type": "call_signal", "chat_id": chat, "from": alice.id, "data": data}));
    }
    carols.hears_nothing().await;
    let stranger = here.person("Stranger").await;
    let to =
        |user_id| json!({"type": "call.signal", "ref": 1, "chat_id": chat, "user_id": user_id, "data": 1});
    assert_eq!(alices.asks(&to(stranger.id)).await["code"], "not_found");
    let mut outside = gateway(&stranger).await;
    assert_eq!(outside.asks(&to(bob.id)).await["code"], "not_found");
    let missing = json!({"type": "call.signal", "ref": 1, "chat_id": chat, "user_id": bob.id});
    assert_eq!(alices.asks(&missing).await["code"], "validation_failed");
    bobs.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_put_out_hears_no_letter_any_more() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_private_chat("Den").await;
    let typing = json!({"type": "chat.typing", "ref": 1, "chat_id": chat});
    let mut alices = Socket::open(&alice.base, "/api/v1/ws", &alice.token).await.unwrap();
    let psql = world.psql().await;
    for _ in 0..5 {
        world.adds(chat, bob.id).await;
        let mut bobs = gateway(&bob).await;
        psql.execute("delete from members where user_id = $1", &[&bob.id]).await.unwrap();
        assert_eq!(alices.asks(&typing).await["type"], "ack");
        bobs.expect("member_left").await;
        bobs.expect("chat_removed").await;
        bobs.hears_nothing().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_commands_ends_the_socket_and_a_burst_does_not() {
    let world = World::with(&[("TRUNKLINE_LIMITS__COMMANDS_PER_SECOND", "2")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut socket = gateway(&alice).await;
    for _ in 0..20 {
        socket.sends(&json!({"type": "ping"})).await;
    }
    for _ in 0..20 {
        socket.expect("pong").await;
    }
    for _ in 0..20 {
        socket.sends(&json!({"type": "ping"})).await;
    }
    assert_eq!(socket.closed().await.0, 4429);

    let world = World::with(&[
        ("TRUNKLINE_LIMITS__COMMANDS_PER_SECOND", "2"),
        ("TRUNKLINE_LIMITS__ENABLED", "false"),
    ])
    .await;
    let here = world.instance().await;
    let mut socket = gateway(&here.person("Bot").await).await;
    for _ in 0..100 {
        socket.sends(&json!({"type": "ping"})).await;
    }
    for _ in 0..100 {
        socket.expect("pong").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_mark_that_moves_is_seen_by_those_who_watch() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    for number in 0..5 {
        alice.says(chat, &format!("m{number}")).await;
    }
    let (mut alices, mut bobs) = (alice.opens(chat).await, gateway(&bob).await);
    let read = |last_read_seq: i64| json!({"type": "read", "chat_id": chat, "user_id": bob.id, "last_read_seq": last_read_seq});
    bob.put(&format!("/api/v1/chats/{chat}/read"), &json!({"seq": 3})).await.expect(204);
    assert_eq!(alices.expect("read").await, read(3));
    assert_eq!(bobs.expect("read").await, read(3), "on their other devices");
    let command = json!({"type": "chat.read", "ref": 1, "chat_id": chat, "seq": 1});
    assert_eq!(bobs.asks(&command).await["type"], "ack");
    alices.hears_nothing().await;
    let command = json!({"type": "chat.read", "ref": 1, "chat_id": chat, "seq": 99});
    assert_eq!(bobs.asks(&command).await["type"], "ack");
    assert_eq!(alices.expect("read").await, read(6));
}
