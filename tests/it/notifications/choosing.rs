//! How one wants to be told, and what one wants to hear nothing of.

use serde_json::json;

use super::MINE;
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn preferences_change_as_the_body_says_and_no_further() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let path = format!("{MINE}/preferences");
    let before = alice.get(&path).await.expect(200);
    let pushed: Vec<_> = before
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, ways)| ways["push"] == true)
        .map(|(kind, _)| kind.as_str())
        .collect();
    let expected = [
        "direct",
        "event_changed",
        "event_soon",
        "friend_request",
        "mention",
        "message",
        "place_free",
        "reply",
    ];
    assert_eq!((pushed.len(), before.as_object().unwrap().len()), (expected.len(), 13));
    assert!(expected.iter().all(|kind| pushed.contains(kind)), "{pushed:?}");
    assert!(before.as_object().unwrap().values().all(|ways| ways["live"] == true));

    let change = json!({"comment": {"push": true}, "mention": {"live": false}, "direct": {"push": false, "live": true}});
    let mut expected = before.clone();
    (expected["comment"]["push"], expected["mention"]["live"]) = (json!(true), json!(false));
    expected["direct"]["push"] = json!(false);
    assert_eq!(alice.put(&path, &change).await.expect(200), expected);
    assert_eq!(alice.put(&path, &json!({})).await.expect(200), expected);
    assert_eq!(alice.get(&path).await.expect(200), expected);
    assert_eq!(bob.get(&path).await.expect(200), before);
    for wrong in [
        json!({"unheard_of": {"push": true}}),
        json!({"mention": {"push": 1}}),
        json!({"mention": {"smell": true}}),
        json!({"mention": true}),
        json!({"direct": {"live": false}}),
        json!([]),
    ] {
        let answer = alice.put(&path, &wrong).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.body);
    }
    // Of two at once both count.
    let (one, other) = (json!({"reply": {"push": false}}), json!({"reply": {"live": false}}));
    let (one, other) = tokio::join!(alice.put(&path, &one), alice.put(&path, &other));
    assert_eq!((one.status, other.status), (200, 200));
    assert_eq!(alice.get(&path).await.expect(200)["reply"], json!({"live": false, "push": false}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_muted_by_who_may_enter_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (open, closed) = (alice.creates_chat("Lobby").await, alice.creates_private_chat("Secret").await);
    let path = |chat| format!("/api/v1/chats/{chat}/mute");
    bob.puts(&path(open)).await.expect(204);
    let mute = bob.get(&path(open)).await.expect(200);
    assert!(mute["muted"] == true && mute["until"].is_null() && mute["since"].is_string());
    assert_eq!(alice.get(&path(open)).await.expect(200)["muted"], false);
    for answer in
        [bob.puts(&path(closed)).await, bob.get(&path(closed)).await, bob.delete(&path(closed)).await]
    {
        answer.refused(404, "not_found");
    }
    let past = chrono::Utc::now() - chrono::TimeDelta::seconds(1);
    bob.put(&path(open), &json!({"until": past})).await.refused(400, "validation_failed");
    for wrong in [json!({"until": "tomorrow"}), json!({"until": 7}), json!([])] {
        bob.put(&path(open), &wrong).await.expect(400);
    }
    let far = "9999-12-31T23:59:59.000Z";
    bob.put(&path(open), &json!({"until": far})).await.expect(204);
    assert_eq!(bob.get(&path(open)).await.expect(200)["until"], far);
    // The list says so too: to who has muted it.
    bob.post(&format!("/api/v1/chats/{open}/join"), &json!({})).await.expect(200);
    let listed = bob.get("/api/v1/chats").await.expect(200);
    assert_eq!(listed["items"][0]["mute"]["until"], far);
    let listed = alice.get("/api/v1/chats").await.expect(200);
    assert!(listed["items"].as_array().unwrap().iter().all(|chat| chat["mute"].is_null()), "{listed}");
    assert!(bob.get("/api/v1/chats?scope=public").await.expect(200)["items"][0].get("mute").is_none());
    bob.put(&path(open), &json!({"until": null})).await.expect(204);
    assert!(bob.get(&path(open)).await.expect(200)["until"].is_null());
    for _ in 0..2 {
        bob.delete(&path(open)).await.expect(204);
    }
    assert_eq!(bob.get(&path(open)).await.expect(200)["muted"], false);
}
