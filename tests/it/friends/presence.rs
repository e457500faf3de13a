//! Friends see each other come and go, wherever they are; whom somebody has blocked does not.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, Socket, World};

async fn gateway(person: &Person) -> Socket {
    let mut socket = Socket::open(&person.base, "/api/v1/ws", &person.token).await.unwrap();
    socket.expect("welcome").await;
    socket
}

async fn watches(socket: &mut Socket, person: Uuid) -> Value {
    socket.asks(&json!({"type": "presence.subscribe", "ref": 1, "user_ids": [person]})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_see_each_other_until_they_are_none() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let mut alices = gateway(&alice).await;
    assert_eq!(watches(&mut alices, bob.id).await["code"], "not_found");
    alice.befriends(&bob).await.expect(201);
    assert_eq!(watches(&mut alices, bob.id).await["code"], "not_found", "asking is not enough");
    bob.befriends(&alice).await.expect(200);
    assert_eq!(watches(&mut alices, bob.id).await["type"], "ack");
    assert_eq!(alices.expect("presence").await["online"], false);
    let bobs = gateway(&bob).await;
    assert_eq!(alices.expect("presence").await["online"], true);
    bob.unfriends(&alice).await;
    drop(bobs);
    alices.hears_nothing().await;
    assert_eq!(watches(&mut alices, bob.id).await["code"], "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_sees_nothing_even_in_a_chat_they_share() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Den").await;
    world.adds(chat, bob.id).await;
    let mut bobs = gateway(&bob).await;
    assert_eq!(watches(&mut bobs, alice.id).await["type"], "ack");
    assert_eq!(bobs.expect("presence").await["online"], false);
    alice.blocks(&bob).await;
    let mut alices = gateway(&alice).await;
    bobs.hears_nothing().await;
    assert_eq!(watches(&mut bobs, alice.id).await["code"], "not_found");
    // Who blocks goes on seeing.
    assert_eq!(watches(&mut alices, bob.id).await["type"], "ack");
    assert_eq!(alices.expect("presence").await["online"], true);
    alice.unblocks(&bob).await;
    assert_eq!(watches(&mut bobs, alice.id).await["type"], "ack");
    assert_eq!(bobs.expect("presence").await["online"], true);
}
