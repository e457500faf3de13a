//! Nobody hears what isn't theirs: leaving, removal, privacy, deletion, signing out.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Socket, World};

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_or_is_removed_hears_their_own_going_and_nothing_more() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    carol.joins(chat).await;
    let mut his = [bob.opens(chat).await, bob.at(&there).opens(chat).await];
    let mut hers = [carol.opens(chat).await, carol.at(&there).opens(chat).await];
    let mut owner = alice.opens(chat).await;
    let talk = tokio::spawn({
        let alice = alice.clone();
        async move { alice.chatters(chat, "talk", 60).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    bob.leaves(chat).await;
    let sql = "delete from members where chat_id = $1 and user_id = $2";
    world.psql().await.execute(sql, &[&chat, &carol.id]).await.unwrap();
    talk.await.unwrap();
    for (person, socket) in [&bob; 2].into_iter().zip(&mut his).chain([&carol; 2].into_iter().zip(&mut hers))
    {
        let mut last = 2;
        loop {
            let frame = socket.next().await;
            last += 1;
            assert_eq!(frame["seq"], last);
            if frame["type"] == "member_left" && frame["user_id"] == json!(person.id) {
                break;
            }
        }
        assert_nothing_but(socket, 4403).await;
    }
    owner.reads(2, 64).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_and_came_back_is_welcome() {
    let world = World::new().await;
    let instance = world.instance().await;
    let (alice, bob) = (instance.person("Alice").await, instance.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let mut watcher = alice.opens(chat).await;
    for round in 0..20 {
        bob.joins(chat).await;
        bob.leaves(chat).await;
        // The notification of the leave may still be on its way: it concerns those who were there before.
        let (mut live, mut late) = (bob.opens(chat).await, bob.resumes(chat, 0).await);
        alice.says(chat, "hello").await;
        live.reads(round * 3 + 2, round * 3 + 3).await;
        late.reads(0, round * 3 + 3).await;
    }
    watcher.reads(0, 60).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_stops_where_they_were_removed() {
    let world = World::new().await;
    let instance = world.instance().await;
    let (alice, bob) = (instance.person("Alice").await, instance.person("Bob").await);
    let chat = alice.creates_private_chat("Attic").await;
    let psql = world.psql().await;
    psql.execute("insert into members (chat_id, user_id) values ($1, $2)", &[&chat, &bob.id]).await.unwrap();
    world.fills(chat, alice.id, 15_000, 1000).await;
    // He reads slowly: the removal is in the log long before he gets there.
    let mut slow = bob.resumes(chat, 0).await;
    slow.reads(0, 10).await;
    psql.execute("delete from members where chat_id = $1 and user_id = $2", &[&chat, &bob.id]).await.unwrap();
    alice.says(chat, "he is gone").await;
    let mut last = 10;
    let code = loop {
        use futures_util::StreamExt;
        use tokio_tungstenite::tungstenite::Message;
        match tokio::time::timeout(Duration::from_secs(10), slow.ws.next()).await.unwrap() {
            Some(Ok(Message::Text(text))) => {
                assert!(!text.contains("he is gone"));
                let frame: serde_json::Value = serde_json::from_str(&text).unwrap();
                if frame["type"] != "read" {
                    last += 1;
                    assert_eq!(frame["seq"], last);
                }
            }
            Some(Ok(Message::Close(Some(close)))) => break u16::from(close.code),
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, 4403);
    assert!(last <= 15_002);
    let path = format!("/api/v1/chats/{chat}");
    assert_eq!(Socket::open(&instance.base, &path, &bob.token).await.err(), Some(404));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_becomes_private_puts_strangers_out() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut members = [alice.opens(chat).await, bob.at(&there).opens(chat).await];
    let mut strangers = [carol.opens(chat).await, carol.at(&there).opens(chat).await];
    alice.says(chat, "for all").await;
    alice.patch(&format!("/api/v1/chats/{chat}"), &json!({"visibility": "private"})).await.expect(200);
    alice.says(chat, "for us").await;
    for socket in &mut strangers {
        assert_eq!(socket.hears(1).await, ["for all"]);
        assert_nothing_but(socket, 4403).await;
    }
    for socket in &mut members {
        let entries = socket.reads(1, 4).await;
        assert_eq!(entries[2]["message"]["content"], "for us");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_chat_says_so_and_closes_everywhere() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut sockets = [alice.opens(chat).await, bob.opens(chat).await];
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    for socket in &mut sockets {
        assert_eq!(socket.next().await, json!({"type": "chat_deleted", "chat_id": chat}));
        assert_nothing_but(socket, 4404).await;
    }
    let path = format!("/api/v1/chats/{chat}");
    assert_eq!(Socket::open(&there.base, &path, &bob.token).await.err(), Some(404));
    bob.tries(chat, &json!({"content": "anyone?"})).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_a_session_everywhere_within_a_second() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut ended = [alice.opens(chat).await, alice.at(&there).opens(chat).await];
    let mut elsewhere = alice.clone();
    elsewhere.signs_in().await;
    let mut lives_on = elsewhere.at(&there).opens(chat).await;
    let begun = Instant::now();
    alice.act("/api/v1/auth/logout").await.expect(204);
    elsewhere.says(chat, "not for ended ears").await;
    for socket in &mut ended {
        assert_nothing_but(socket, 4401).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    for instance in [&here, &there] {
        assert_eq!(alice.at(instance).get("/api/v1/users/me").await.status, 401);
        let path = format!("/api/v1/chats/{chat}");
        assert_eq!(Socket::open(&instance.base, &path, &alice.token).await.err(), Some(401));
    }
    assert_eq!(lives_on.hears(1).await, ["not for ended ears"]);
}

/// The next thing must be the good-bye.
#[track_caller]
fn assert_nothing_but(socket: &mut Socket, code: u16) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        match socket.next_or_close().await {
            Err((closed, _)) => assert_eq!(closed, code, "{place}"),
            Ok(frame) => panic!("{place}: {frame}"),
        }
    }
}
