//! Socket.IO: the gateway by another name, with the same promises.

mod client;
mod hostile;
mod polling;
mod stock;

use serde_json::json;
use uuid::Uuid;

use self::client::Client;
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_events_and_their_answers_acknowledgements() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let lobby = alice.creates_chat("Lobby").await;
    bob.joins(lobby).await;
    let (mut his, welcome) = Client::enters(&bob).await;
    assert_eq!(welcome["chats"][0]["chat_id"], json!(lobby));
    let ack = his.subscribes(lobby, Some(0)).await;
    assert_eq!((&ack["chat_id"], &ack["last_seq"]), (&json!(lobby), &json!(1)));
    his.hears("member_joined").await;
    assert_eq!(his.hears("caught_up").await["seq"], 1);

    alice.says(lobby, "hello").await;
    assert_eq!(his.hears_message().await["message"]["content"], "hello");
    let sent = json!({"chat_id": lobby, "content": "hi", "client_id": "one"});
    let message = his.calls(2, "chat.send", &sent).await;
    assert_eq!(his.calls(3, "chat.send", &sent).await["id"], message["id"], "once");
    assert_eq!(his.hears_message().await["message"]["id"], message["id"]);
    alice.says(lobby, "later").await;
    assert_eq!(his.hears_message().await["message"]["content"], "later");
    assert_eq!(his.calls(4, "chat.read", &json!({"chat_id": lobby, "seq": 4})).await, json!({}));
    assert_eq!(his.hears("read").await["last_read_seq"], 4);

    // Without an acknowledgement the answers are events, too.
    his.says(r#"42["ping",{"ref":"mine"}]"#).await;
    assert_eq!(his.hears("pong").await["ref"], "mine");
    assert_eq!(his.calls(5, "ping", &json!({})).await, json!({}));
    his.says(&format!(r#"42["chat.unsubscribe",{{"chat_id":"{lobby}"}}]"#)).await;
    assert_eq!(his.hears("ack").await["event"], "chat.unsubscribe");
    alice.says(lobby, "unheard").await;
    his.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_misses_nothing() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let lobby = alice.creates_chat("Lobby").await;
    let mut seen = json!(null);
    for round in 0..4_i64 {
        // Each time at the other instance.
        let alice = if round % 2 == 0 { alice.clone() } else { alice.at(&there) };
        let (mut hers, _) = Client::enters(&alice).await;
        let resume = json!({"chat_id": lobby, "after_seq": round * 300, "after_id": seen});
        hers.calls(1, "chat.subscribe", &resume).await;
        hers.hears("caught_up").await;
        // More than a tail holds in one go.
        for _ in 0..3 {
            world.psql().await.execute("insert into messages (chat_id, sender_id, content) select $1, $2, 'word' from generate_series(1, 100)", &[&lobby, &alice.id]).await.unwrap();
        }
        for seq in 1..=300 {
            let frame = hers.hears_message().await;
            assert_eq!(frame["seq"], round * 300 + seq);
            seen = frame["id"].clone();
        }
    }
    let (mut hers, _) = Client::enters(&alice).await;
    hers.calls(1, "chat.subscribe", &json!({"chat_id": lobby, "after_seq": 0})).await;
    for seq in 1..=1200 {
        assert_eq!(hers.hears_message().await["seq"], seq);
    }
    assert_eq!(hers.hears("caught_up").await["seq"], 1200);
    let other = json!({"chat_id": lobby, "after_seq": 5, "after_id": Uuid::now_v7()});
    hers.calls(2, "chat.subscribe", &other).await;
    assert_eq!(hers.hears("reset").await["last_seq"], 1200);
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_have_numbers() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let cellar = alice.creates_private_chat("Cellar").await;
    let (mut hers, _) = Client::enters(&eve).await;
    let cases = [
        ("chat.send", json!({"chat_id": cellar, "content": "psst"}), 4404, "not_found"),
        ("chat.send", json!({"chat_id": "x", "content": "psst"}), 1007, "validation_failed"),
        ("chat.subscribe", json!({"chat_id": cellar, "after_seq": 0}), 4404, "not_found"),
        ("chat.subscribe", json!("text"), 1003, "unsupported_media_type"),
        ("chat.subscribe", json!([cellar]), 1003, "unsupported_media_type"),
        ("chat.dance", json!({}), 4400, "unknown_command"),
        ("ping", json!({"ref": {}}), 0, ""),
    ];
    for (event, data, code, word) in cases {
        let answer = hers.calls(7, event, &data).await;
        if code == 0 {
            assert_eq!(answer, json!({}));
            continue;
        }
        let error = hers.hears("error").await;
        assert_eq!(answer["error"], error, "who waits for the acknowledgement does not wait for ever");
        assert_eq!((&error["code"], &error["data"]["code"]), (&json!(code), &json!(word)), "{error}");
        assert_eq!((error["event"].as_str(), error["message"].is_string()), (Some(event), true));
    }
    alice.says(cellar, "psst").await;
    hers.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_hear_no_more_hears_no_more() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob, root) =
        (here.person("Alice").await, there.person("Bob").await, here.person("Root").await);
    world.promotes(root.id).await;
    let cellar = alice.creates_private_chat("Cellar").await;
    world.adds(cellar, bob.id).await;
    let (mut his, _) = Client::enters(&bob).await;
    his.subscribes(cellar, None).await;
    his.hears("caught_up").await;
    alice.delete(&format!("/api/v1/chats/{cellar}/members/{}", bob.id)).await.expect(204);
    assert_eq!(his.hears("member_left").await["user_id"], json!(bob.id));
    assert_eq!(his.hears("chat_removed").await["chat_id"], json!(cellar));
    alice.says(cellar, "he is gone").await;
    his.hears_nothing().await;
    assert_eq!(his.subscribes(cellar, None).await["error"]["code"], 4404);
    his.hears("error").await;

    bob.act("/api/v1/auth/logout").await.expect(204);
    let (packets, code) = his.closed().await;
    assert!(code == 4401 && packets.len() == 2 && packets[1] == "41", "{packets:?} {code}");
    assert!(packets[0].starts_with("42[\"error\",{\"code\":4401"), "{packets:?}");
    let (_, told) = Client::tries(&bob.base, &[], &json!({"token": bob.token}).to_string()).await;
    assert!(told.starts_with("44{") && told.contains("\"code\":4401"), "{told}");

    let (mut hers, _) = Client::enters(&alice).await;
    let path = format!("/api/v1/users/{}/status", alice.id);
    root.put(&path, &json!({"status": "suspended"})).await.expect(200);
    assert_eq!(hers.closed().await.1, 4401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_says_when_to_come_back() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (mut hers, _) = Client::enters(&alice).await;
    let polls = client::Polls::enters(&alice).await;
    polls.awaits("welcome").await;
    let polling = tokio::spawn(async move { polls.takes().await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    here.stop().await;
    let (packets, code) = hers.closed().await;
    assert!(code == 1001 && packets.len() == 1, "no 41: the client is to come back: {packets:?}");
    let (name, error) = client::event_of(&packets[0]).unwrap();
    assert_eq!((name.as_str(), &error["code"]), ("error", &json!(1001)));
    assert!(error["data"]["retry_after_ms"].is_number(), "{error}");
    let packets = polling.await.unwrap();
    // The end itself is for the next poll: the stock client would act on it before it has read the other.
    assert!(packets.len() == 1 && packets[0].contains("retry_after_ms"), "{packets:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_are_events_and_none_is_missed() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let tell = "insert into notifications (recipient_id, message) select $1, n::text from generate_series(1, 3) as n";
    world.psql().await.execute(tell, &[&alice.id]).await.unwrap();
    // By the first packet, and by the query of the connection.
    for in_query in [false, true] {
        let query = if in_query { "&after_notification=1" } else { "" };
        let mut hers = Client::connects(&there.base, query, &[]).await.unwrap();
        hers.packet().await;
        let auth = match in_query {
            true => json!({"token": alice.token}),
            false => json!({"token": alice.token, "after_notification": 1}),
        };
        hers.says(&format!("40{auth}")).await;
        assert!(hers.packet().await.starts_with("40{\"sid\""));
        assert_eq!(hers.hears("welcome").await["last_notification"], 3);
        for seq in [2, 3] {
            assert_eq!(hers.hears("notification").await["seq"], seq);
        }
    }
}
