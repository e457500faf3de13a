//! What no stock client sends, and who may not come in.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::client::{Client, POLLING, Polls};
use crate::support::{Person, Visitor, World};

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_of_itself_does_not_come_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let refused = |told: &str, code: u16| {
        assert!(told.starts_with("44{") && told.contains(&format!("\"code\":{code}")), "{told}");
    };
    for auth in ["", "{}", r#"{"token":null}"#, r#"{"token":"nonsense"}"#] {
        refused(&Client::tries(&here.base, &[], auth).await.1, 4401);
    }
    for auth in ["[]", "7", "{", r#"{"token":7}"#, r#"{"subscribe":"some"}"#] {
        refused(&Client::tries(&here.base, &[], auth).await.1, 1007);
    }
    let bearer = format!("Bearer {}", alice.token);
    let cookie = format!("access_token={}", alice.token);
    let (good, foreign) = (here.base.clone(), "https://evil.example".to_owned());
    for (headers, told) in [
        (vec![("authorization", bearer.as_str())], 0),
        (vec![("authorization", bearer.as_str()), ("origin", &foreign)], 0),
        (vec![("authorization", "Bearer nonsense"), ("cookie", &cookie)], 4401),
        (vec![("cookie", cookie.as_str())], 0),
        (vec![("cookie", cookie.as_str()), ("origin", &good)], 0),
        (vec![("cookie", cookie.as_str()), ("origin", &foreign)], 4403),
    ] {
        let (mut client, answer) = Client::tries(&here.base, &headers, "").await;
        match told {
            0 => assert!(answer.starts_with("40{"), "{headers:?} {answer}"),
            code => {
                refused(&answer, code);
                // A token of its own decides, and a second try is one.
                client.says(&format!("40{}", json!({"token": alice.token}))).await;
                assert!(client.packet().await.starts_with("40{"));
            }
        }
    }
    // A bad token of one's own is not made good by a header.
    let headers = [("authorization", bearer.as_str())];
    refused(&Client::tries(&here.base, &headers, r#"{"token":"nonsense"}"#).await.1, 4401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_packet_is_answered_or_ends() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (mut hers, _) = Client::enters(&alice).await;
    for (packet, code) in [
        ("4", 1007),
        ("x", 1007),
        ("42{}", 1007),
        ("42[]", 1007),
        ("40", 1007),
        ("bAQID", 1003),
        ("451-[\"x\"]", 1003),
    ] {
        hers.says(packet).await;
        assert_eq!(hers.hears("error").await["code"], code, "{packet}");
    }
    hers.socket.ws.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(hers.hears("error").await["code"], 1003);
    // Whoever emits bytes and waits for the acknowledgement does not wait for ever.
    hers.says(r#"451-17["chat.send",{"_placeholder":true,"num":0}]"#).await;
    let error = hers.hears("error").await;
    assert_eq!((&error["code"], &error["event"]), (&json!(1003), &json!("chat.send")));
    let told = hers.packet().await;
    let answer: serde_json::Value = serde_json::from_str(told.strip_prefix("4317").unwrap()).unwrap();
    assert_eq!(answer[0]["error"], error);
    for packet in ["40/admin,", "40/other,{}"] {
        hers.says(packet).await;
        let told = hers.packet().await;
        assert!(told.starts_with("44/") && told.contains("4404"), "{told}");
    }
    hers.says("42/admin,[\"chat.create\",{\"title\":\"x\"}]").await;
    hers.hears_nothing().await;
    hers.says("2still there").await;
    assert_eq!(hers.packet().await, "3still there");
    hers.says(&format!("42[\"ping\",{{\"x\":\"{}\"}}]", "x".repeat(70_000))).await;
    assert_eq!(hers.closed().await.1, 1009);

    // Before anybody has said who it is, a connection is worth little.
    let mut early = Client::connects(&here.base, "", &[]).await.unwrap();
    early.packet().await;
    early.says(r#"42["chat.create",{"title":"x"}]"#).await;
    assert_eq!(early.closed().await.1, 1002);
    let mut many = Client::connects(&here.base, "", &[]).await.unwrap();
    for number in 0..16 {
        many.says(&format!("40/{number},")).await;
    }
    assert_eq!(many.closed().await.1, 1002);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_stopped_and_sockets_are_counted() {
    let world = World::with(&[
        ("TRUNKLINE_LIMITS__COMMANDS_PER_SECOND", "2"),
        ("TRUNKLINE_LIMITS__SOCKETS_PER_PERSON", "2"),
    ])
    .await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (mut one, _) = Client::enters(&alice).await;
    let two = Polls::enters(&alice).await;
    two.awaits("welcome").await;
    let (_, told) = Client::tries(&here.base, &[], &json!({"token": alice.token}).to_string()).await;
    assert!(told.starts_with("44{") && told.contains("4429"), "{told}");
    for _ in 0..40 {
        let _ = one.socket.ws.send(Message::text("42[\"ping\"]")).await;
    }
    let (packets, code) = one.closed().await;
    assert!(code == 4429 && packets.last().unwrap().contains("\"code\":4429"), "{packets:?}");
    // One body is not one command.
    assert_eq!(two.gives(["3"; 60].join("\u{1e}")).await.0, 429);
    assert!(two.takes().await.iter().any(|packet| packet.contains("\"code\":4429")));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_none_are_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for query in
        ["", "?EIO=3&transport=polling", "?EIO=4", "?EIO=4&transport=carrier", "?EIO=4&transport=polling&j=0"]
    {
        visitor.get_with(&format!("/socket.io/{query}"), &[]).await.refused(400, "validation_failed");
    }
    visitor.get_with(&format!("{POLLING}&sid=nonsense"), &[]).await.refused(404, "not_found");
    visitor.get_with("/socket.io/?EIO=4&transport=websocket", &[]).await.refused(426, "upgrade_required");
    visitor.post_with(POLLING, &[], &json!({})).await.refused(400, "validation_failed");
    assert_eq!(Client::connects(&here.base, "&sid=nonsense", &[]).await.err(), Some(404));
    let answer = Person::send(visitor.request(reqwest::Method::PUT, POLLING)).await;
    assert_eq!(answer.headers["allow"], "GET, OPTIONS, POST");
    answer.refused(405, "method_not_allowed");
    visitor.get_with("/socket.io/more", &[]).await.refused(404, "not_found");
}
