//! Poolers between an instance and its database: what works, what is refused, and how notifications that get lost are made up for.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use crate::{
    commands::{Folder, shared},
    support::{Person, Pooler, Socket, Visitor, World, quiet_port},
};

const LISTEN_URL: &str = "TRUNKLINE_DATABASE__LISTEN_URL";

/// Waits until the instance says whether it polls.
async fn polls(base: &str, polls: u8) {
    let line = format!("trunkline_listen_polling {polls}");
    for _ in 0..100 {
        let metrics = reqwest::get(format!("{base}/metrics")).await.unwrap().text().await.unwrap();
        if metrics.lines().any(|known| known == line) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{line} was not to be seen");
}

/// How long a message takes until the socket has it.
async fn delivery(alice: &Person, chat: uuid::Uuid, socket: &mut Socket) -> Duration {
    let begun = Instant::now();
    let said = alice.says(chat, "hello").await;
    assert_eq!(socket.expect("new_message").await["seq"], said["seq"]);
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_loses_prepared_statements_is_refused_in_one_line() {
    let world = World::new().await;
    let pooler = Pooler::start(&world.url).await;
    let (folder, url) = (Folder::new(), pooler.transaction_url());
    let mut env = shared(&url).to_vec();
    env.push(("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"));
    let (code, _, err) = folder.run(&["serve"], &env).await;
    let last = err.lines().last().unwrap();
    assert!(code == 1 && last.contains("max_prepared_statements"), "{err}");
    let (code, out, _) = folder.run(&["doctor"], &env).await;
    assert!(code == 1 && out.contains("FAIL  statements") && out.contains("PgBouncer"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_swallows_bells_is_noticed_and_nothing_is_lost() {
    let world = World::new().await;
    let pooler = Pooler::start(&world.url).await;
    let (folder, through) = (Folder::new(), pooler.transaction_url());
    let mut env = shared(&world.url).to_vec();
    env.push((LISTEN_URL, &through));
    let serving = folder.serve(&env).await;
    let alice = Person::register(&serving.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    for _ in 0..5 {
        let took = delivery(&alice, chat, &mut socket).await;
        assert!(took < Duration::from_secs(9), "{took:?}");
    }
    polls(&serving.base, 1).await;
    // What psql writes, what is deleted: found as well.
    world.fills(chat, alice.id, 700, 10).await;
    socket.reads(5, 705).await;
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    socket.expect("chat_deleted").await;
    let (code, out, _) = folder.run(&["doctor"], &env).await;
    assert!(code == 1 && out.contains("FAIL  notify"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_in_session_mode_is_like_none() {
    let world = World::new().await;
    let pooler = Pooler::start(&world.url).await;
    let (folder, url) = (Folder::new(), pooler.session_url());
    for listen_url in [None, Some(world.url.as_str())] {
        let mut env = shared(&url).to_vec();
        env.extend(listen_url.map(|url| (LISTEN_URL, url)));
        let serving = folder.serve(&env).await;
        let alice = Person::register(&serving.base, "Alice").await;
        let chat = alice.creates_private_chat("Attic").await;
        let mut socket = alice.opens(chat).await;
        // Longer than it takes to notice that notifications do not come.
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            delivery(&alice, chat, &mut socket).await;
            polls(&serving.base, 0).await;
        }
        let (code, out, _) = folder.run(&["doctor"], &env).await;
        assert!(code == 0 && out.contains("ok    notify"), "{out}");
        Visitor::at(&serving.base).get("/health/ready").await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_listen_url_is_made_up_for_until_it_is_mended() {
    let world = World::new().await;
    let database: tokio_postgres::Config = world.url.parse().unwrap();
    let (behind, port) = (database.get_ports()[0], quiet_port());
    let listen_url = world.url.replace(&format!(":{behind}/"), &format!(":{port}/"));
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.push((LISTEN_URL, &listen_url));
    let serving = folder.serve(&env).await;
    let alice = Person::register(&serving.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    polls(&serving.base, 1).await;
    for _ in 0..2 {
        delivery(&alice, chat, &mut socket).await;
    }

    let mended = tokio::spawn(async move {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let mut ways = tokio::task::JoinSet::new();
        while let Ok((mut here, _)) = listener.accept().await {
            ways.spawn(async move {
                let mut there = TcpStream::connect(("127.0.0.1", behind)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut here, &mut there).await;
            });
        }
    });
    polls(&serving.base, 0).await;
    for _ in 0..3 {
        delivery(&alice, chat, &mut socket).await;
    }
    mended.abort();
    polls(&serving.base, 1).await;
    delivery(&alice, chat, &mut socket).await;
    let entries = alice.get(&format!("/api/v1/chats/{chat}/log")).await.expect(200);
    assert_eq!(entries["items"].as_array().map(Vec::len), Some(6), "{}", json!(entries));
}
