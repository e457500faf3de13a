//! Who is online, and who may know.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Instance, Person, Socket, World};

async fn gateway(person: &Person) -> Socket {
    let mut socket = Socket::open(&person.base, "/api/v1/ws", &person.token).await.unwrap();
    socket.expect("welcome").await;
    socket
}

/// Begins to watch someone; what is told at once.
async fn watches(socket: &mut Socket, person: Uuid) -> Value {
    let command = json!({"type": "presence.subscribe", "ref": 1, "user_ids": [person]});
    assert_eq!(socket.asks(&command).await["type"], "ack");
    socket.expect("presence").await
}

/// Begins to watch someone who has just come.
async fn sees_online(socket: &mut Socket, person: Uuid) {
    if watches(socket, person).await["online"] == false {
        assert_eq!(socket.expect("presence").await["online"], true);
    }
}

async fn two_who_share_a_chat(world: &World, here: &Instance, there: &Instance) -> (Person, Person, Uuid) {
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_private_chat("Den").await;
    world.adds(chat, bob.id).await;
    (alice, bob, chat)
}

#[tokio::test(flavor = "multi_thread")]
async fn coming_and_going_is_told_once_whatever_the_instance() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.listens(&world).await;
    there.listens(&world).await;
    let (alice, bob, _) = two_who_share_a_chat(&world, &here, &there).await;
    let mut alices = gateway(&alice).await;
    let before = watches(&mut alices, bob.id).await;
    assert_eq!(
        before,
        json!({"type": "presence", "user_id": bob.id, "online": false, "last_online_at": null})
    );

    let one = gateway(&bob).await;
    let online = alices.expect("presence").await;
    assert_eq!((&online["user_id"], &online["online"]), (&json!(bob.id), &json!(true)));
    let two = gateway(&bob.at(&here)).await;
    drop(one);
    alices.hears_nothing().await;
    drop(two);
    let offline = alices.expect("presence").await;
    assert_eq!(offline["online"], false);
    let profile = bob.get("/api/v1/users/me").await.expect(200);
    assert_eq!(profile["last_online_at"], offline["last_online_at"]);
    assert!(offline["last_online_at"].is_string());

    let leave = json!({"type": "presence.unsubscribe", "ref": 2, "user_ids": [bob.id]});
    assert_eq!(alices.asks(&leave).await["type"], "ack");
    let _three = gateway(&bob).await;
    alices.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_learn_who_is_online() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob, chat) = two_who_share_a_chat(&world, &here, &here).await;
    let eve = here.person("Eve").await;
    let mut eves = gateway(&eve).await;
    for user_id in [bob.id, Uuid::new_v4()] {
        let command = json!({"type": "presence.subscribe", "ref": 1, "user_ids": [user_id]});
        assert_eq!(eves.asks(&command).await["code"], "not_found");
    }
    // Of those she names she is told of herself alone.
    let command = json!({"type": "presence.subscribe", "ref": 1, "user_ids": [bob.id, eve.id]});
    assert_eq!(eves.asks(&command).await["type"], "ack");
    let mut told = eves.expect("presence").await;
    // It may not have been written yet that she is here.
    while told["online"] != true {
        assert_eq!(told["user_id"], json!(eve.id));
        told = eves.expect("presence").await;
    }
    assert_eq!(told["user_id"], json!(eve.id));
    for user_ids in [json!([]), json!("all"), json!([1]), json!(vec![Uuid::nil(); 501])] {
        let command = json!({"type": "presence.subscribe", "ref": 1, "user_ids": user_ids});
        assert_eq!(eves.asks(&command).await["code"], "validation_failed");
    }

    let mut alices = gateway(&alice).await;
    assert_eq!(watches(&mut alices, bob.id).await["online"], false);
    bob.leaves(chat).await;
    let _bobs = gateway(&bob).await;
    alices.hears_nothing().await;
    eves.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_instance_died_is_shown_offline() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.listens(&world).await;
    let (alice, bob, _) = two_who_share_a_chat(&world, &here, &there).await;
    let mut alices = gateway(&alice).await;
    let _bobs = gateway(&bob).await;
    sees_online(&mut alices, bob.id).await;
    there.kill();
    // What half a minute would bring about.
    let sql = "update instances set seen_at = seen_at - interval '30 seconds' where id in (select instance_id from presences where user_id = $1)";
    assert_eq!(world.psql().await.execute(sql, &[&bob.id]).await.unwrap(), 1);
    let started = Instant::now();
    let offline = loop {
        // Two beats of five seconds each, and the machine may be busy.
        assert!(started.elapsed() < Duration::from_secs(18), "nobody noticed");
        if let Some(frame) = alices.next_within(Duration::from_secs(1)).await {
            break frame;
        }
    };
    assert_eq!((&offline["type"], &offline["online"]), (&json!("presence"), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_survives_what_empties_its_tables() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob, _) = two_who_share_a_chat(&world, &here, &here).await;
    let (mut alices, _bobs) = (gateway(&alice).await, gateway(&bob).await);
    sees_online(&mut alices, bob.id).await;
    // As after a crash: unlogged tables are empty then, and nothing rings.
    let psql = world.psql().await;
    psql.batch_execute("truncate presences, instances").await.unwrap();
    let count = "select count(*) from presences where user_id = $1";
    let started = Instant::now();
    while psql.query_one(count, &[&bob.id]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(started.elapsed() < Duration::from_secs(15), "nobody mended it");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    here.stop().await;
    assert_eq!(psql.query_one("select count(*) from instances", &[]).await.unwrap().get::<_, i64>(0), 0);
}
