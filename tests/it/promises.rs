//! What a client may rely on, word for word: where no other story tells of it.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::support::{Socket, World};

const GATEWAY: &str = "/api/v1/ws";

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_to_a_chat_is_an_entry_of_its_log() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let mut sockets = [alice.opens(chat).await, alice.at(&there).opens(chat).await];
    bob.joins(chat).await;
    let psql = world.psql().await;
    let sql = "update members set role = 'admin' where chat_id = $1 and user_id = $2";
    psql.execute(sql, &[&chat, &bob.id]).await.unwrap();
    bob.patch(&format!("/api/v1/chats/{chat}"), &json!({"title": "Hall"})).await.expect(200);
    bob.says(chat, "renamed").await;
    bob.leaves(chat).await;
    let log = alice.get(&format!("/api/v1/chats/{chat}/log")).await.expect(200)["items"].clone();
    for socket in &mut sockets {
        assert_eq!(json!(socket.reads(0, 5).await), log);
        socket.hears_nothing().await;
    }
    let kinds: Vec<_> = log.as_array().unwrap().iter().map(|entry| entry["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["member_joined", "member_changed", "chat_updated", "new_message", "member_left"]);
    assert_eq!((&log[0]["member"]["user_id"], &log[0]["member"]["role"]), (&json!(bob.id), &json!("member")));
    assert_eq!((&log[1]["member"]["user_id"], &log[1]["member"]["role"]), (&json!(bob.id), &json!("admin")));
    assert_eq!((&log[2]["chat"]["title"], &log[2]["actor_id"]), (&json!("Hall"), &json!(bob.id)));
    assert_eq!((&log[3]["message"]["content"], &log[3]["actor_id"]), (&json!("renamed"), &json!(bob.id)));
    assert_eq!((&log[4]["user_id"], &log[4]["actor_id"]), (&json!(bob.id), &json!(bob.id)));
    for entry in log.as_array().unwrap() {
        assert_eq!(entry["chat_id"], json!(chat));
        assert!(entry["created_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{entry}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_says_where_it_stands_before_it_tells() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    // Somebody watches: what is asked for again is held in memory.
    let mut watcher = alice.opens(chat).await;
    world.fills(chat, alice.id, 3, 10).await;
    watcher.reads(0, 3).await;
    let mut socket = Socket::open(&alice.base, GATEWAY, &alice.token).await.unwrap();
    socket.expect("welcome").await;
    for (after, told) in [(json!(1), 2..4), (json!(3), 0..0), (Value::Null, 0..0), (json!(0), 1..4)] {
        let command = json!({"type": "chat.subscribe", "ref": "s", "chat_id": chat, "after_seq": after});
        socket.sends(&command).await;
        let ack = socket.expect("ack").await;
        let data = json!({"chat_id": chat, "last_seq": 3, "last_id": world.id_at(chat, 3).await});
        assert_eq!(ack, json!({"type": "ack", "ref": "s", "event": "chat.subscribe", "data": data}));
        for seq in told {
            assert_eq!(socket.expect("new_message").await["seq"], seq);
        }
        assert_eq!(socket.next().await, world.caught_up(chat, 3).await);
    }
    // What lies ahead of the log was never written there.
    socket.sends(&json!({"type": "chat.subscribe", "ref": 2, "chat_id": chat, "after_seq": 9})).await;
    socket.expect("ack").await;
    let reset = json!({"type": "reset", "chat_id": chat, "oldest_seq": 1, "last_seq": 3});
    assert_eq!(socket.next().await, reset);
    assert_eq!(socket.next().await, world.caught_up(chat, 3).await);
    alice.says(chat, "live").await;
    assert_eq!(socket.expect("new_message").await["seq"], 4);
    socket.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_id_is_one_message_whenever_and_through_whichever_door() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let body = json!({"content": "once", "client_id": "a"});
    let first = alice.tries(chat, &body).await.expect(201);
    let psql = world.psql().await;
    let insert = "insert into messages (chat_id, sender_id, content, client_id) values ($1, $2, 'once', $3)";
    psql.execute(insert, &[&chat, &alice.id, &"b"]).await.unwrap();
    here.stop().await;

    let there = world.instance().await;
    let alice = alice.at(&there);
    assert_eq!(alice.tries(chat, &body).await.expect(200), first);
    assert!(psql.execute(insert, &[&chat, &alice.id, &"a"]).await.is_err());
    // What psql wrote under that name is the message, too.
    let other = alice.tries(chat, &json!({"content": "once", "client_id": "b"})).await.expect(200);
    assert_eq!(other["seq"], 2);
    let mut socket = alice.resumes(chat, 0).await;
    assert_eq!(socket.hears(2).await, ["once", "once"]);
    let command =
        json!({"type": "chat.send", "ref": 1, "chat_id": chat, "content": "once", "client_id": "b"});
    assert_eq!(socket.asks(&command).await["data"], other);
    assert_eq!(alice.says(chat, "next").await["seq"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_committed() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    let psql = world.psql().await;
    let sql = "select seq from messages where chat_id = $1 and content = $2";
    for round in 0..30 {
        let content = format!("round {round}");
        let seq = if round % 2 == 0 {
            alice.says(chat, &content).await["seq"].clone()
        } else {
            let command = json!({"type": "chat.send", "ref": 1, "chat_id": chat, "content": content});
            socket.asks(&command).await["data"]["seq"].clone()
        };
        let row = psql.query_one(sql, &[&chat, &content]).await.unwrap();
        assert_eq!(json!(row.get::<_, i64>(0)), seq);
    }
    // Nobody is told anything of what may still come to nothing.
    psql.batch_execute("begin; select from chats for update").await.unwrap();
    socket.sends(&json!({"type": "chat.send", "ref": 2, "chat_id": chat, "content": "held"})).await;
    while let Some(frame) = socket.next_within(Duration::from_millis(500)).await {
        assert_ne!(frame["ref"], 2, "{frame}");
    }
    psql.batch_execute("rollback").await.unwrap();
    assert_eq!(socket.asks(&json!({"type": "ping", "ref": 3})).await["type"], "ack");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_revoked_hears_nothing_more_on_any_socket() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.listens(&world).await;
    there.listens(&world).await;
    let alice = here.person("Alice").await;
    let (lobby, attic) = (alice.creates_chat("Lobby").await, alice.creates_private_chat("Attic").await);
    let mut other = alice.clone();
    other.signs_in().await;
    let mut sockets = Vec::new();
    for instance in [&here, &there] {
        let base = instance.base.as_str();
        let mut gateway =
            Socket::open(base, &format!("{GATEWAY}?subscribe=all"), &alice.token).await.unwrap();
        gateway.expect("welcome").await;
        gateway.expect("caught_up").await;
        gateway.expect("caught_up").await;
        sockets.extend([gateway, alice.at(instance).opens(attic).await]);
    }
    let psql = world.psql().await;
    let sql = "update sessions set revoked_at = now() where user_id = $1 and id = $2";
    assert_eq!(psql.execute(sql, &[&alice.id, &session_of(&alice.token)]).await.unwrap(), 1);
    for chat in [lobby, attic] {
        other.says(chat, "not for ended ears").await;
    }
    let begun = Instant::now();
    for socket in &mut sockets {
        assert_eq!(socket.ends_in_silence().await, 4401);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let refused = Socket::open(&there.base, GATEWAY, &alice.token).await;
    assert_eq!(refused.err(), Some(401));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_when_a_session_ends_waits_until_that_is_known() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut other = alice.clone();
    other.signs_in().await;
    let (mut ended, mut open) = (alice.opens(chat).await, other.opens(chat).await);
    let (ending, locking, looking) = (world.psql().await, world.psql().await, world.psql().await);
    // Both are told by one commit, and whoever asks about the session after it has to wait.
    let sql = "update sessions set revoked_at = now() where user_id = $1 and id = $2";
    ending.batch_execute("begin").await.unwrap();
    assert_eq!(ending.execute(sql, &[&alice.id, &session_of(&alice.token)]).await.unwrap(), 1);
    let said = "insert into messages (chat_id, sender_id, content) values ($1, $2, 'not for ended ears')";
    ending.execute(said, &[&chat, &alice.id]).await.unwrap();
    let lock = locking.batch_execute("begin; lock table sessions in access exclusive mode");
    let commit = async {
        let waits = "select count(*) from pg_locks where relation = 'sessions'::regclass and not granted";
        while looking.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        ending.batch_execute("commit").await
    };
    let (locked, committed) = tokio::join!(lock, commit);
    locked.unwrap();
    committed.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    locking.batch_execute("rollback").await.unwrap();
    assert_eq!(ended.ends_in_silence().await, 4401);
    assert_eq!(open.hears(1).await, ["not for ended ears"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_and_never_reads_the_answers_is_told_to_come_again() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut greedy = alice.opens(chat).await;
    let mut other = alice.opens(chat).await;
    let ping = json!({"type": "ping", "ref": "x".repeat(60_000)}).to_string();
    // More than the system holds between the two, and more than the server does.
    let sending = async { while greedy.ws.send(Message::text(ping.clone())).await.is_ok() {} };
    let _ = tokio::time::timeout(Duration::from_secs(3), sending).await;
    alice.says(chat, "meanwhile").await;
    assert_eq!(other.hears(1).await, ["meanwhile"]);
    let mut pongs = 0;
    let code = loop {
        match tokio::time::timeout(Duration::from_secs(10), greedy.ws.next()).await.unwrap() {
            Some(Ok(Message::Close(Some(close)))) => break u16::from(close.code),
            Some(Ok(Message::Text(_))) => pongs += 1,
            Some(Ok(_)) => {}
            other => panic!("{other:?} after {pongs} pongs"),
        }
    };
    assert_eq!(code, 4413);
    let mut resumed = alice.resumes(chat, 0).await;
    assert_eq!(resumed.hears(1).await, ["meanwhile"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_websocket_ends_with_the_code_that_says_so() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let no_text = Frame::message(vec![0xc3, 0x28], OpCode::Data(Data::Text), true);
    let mut reserved = Frame::message(b"{}".to_vec(), OpCode::Data(Data::Text), true);
    reserved.header_mut().rsv1 = true;
    for (frame, code) in [(no_text, 1007), (reserved, 1002)] {
        let mut socket = alice.opens(chat).await;
        socket.ws.send(Message::Frame(frame)).await.unwrap();
        assert_eq!(socket.closed().await.0, code);
    }
}

/// The session that an access token belongs to.
fn session_of(token: &str) -> uuid::Uuid {
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    serde_json::from_value(claims["sid"].clone()).unwrap()
}

impl Socket {
    /// Reads to the good-bye, before which there may be nothing; the code.
    async fn ends_in_silence(&mut self) -> u16 {
        match self.next_or_close().await {
            Err((code, _)) => code,
            Ok(frame) => panic!("{frame}"),
        }
    }
}
