//! What is sent, to whom, and what it says.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Scene, is_quiet, read, scene, username};
use crate::support::{Person, Sent, Socket};

/// Who says that they have sent this: the claims of their token, which must be signed by this key.
fn signed_by(key: &str, sent: &Sent) -> Value {
    let authorization = &sent.headers["authorization"];
    let (token, beside) = authorization.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(beside, key);
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(key))
        .verify(signed.as_bytes(), &decode(signature))
        .unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&decode(header)).unwrap();
    assert_eq!((&header["alg"], &header["typ"]), (&json!("ES256"), &json!("JWT")));
    serde_json::from_slice(&decode(claims)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_gets_a_push_that_their_device_alone_can_read() {
    let Scene { world, here, alice, bob, service, device, psql } = scene().await;
    let there = world.instance().await;
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let said = alice.says(chat, &format!("@{}, are you there? 你好", username(&bob).await)).await;
    let sent = service.is_sent(1).await.remove(0);
    let payload = device.reads(&sent);
    assert_eq!((&payload["kind"], &payload["title"]), (&json!("mention"), &json!("Lobby")));
    assert!(payload["body"].as_str().unwrap().starts_with("Alice: @"), "{payload}");
    assert!(payload["body"].as_str().unwrap().ends_with("你好"), "{payload}");
    assert_eq!((&payload["chat_id"], &payload["message_id"]), (&json!(chat), &said["id"]));
    assert_eq!(
        (&payload["sender_id"], &payload["tag"], &payload["count"]),
        (&json!(alice.id), &json!(chat), &json!(1))
    );
    assert!(!sent.body.contains("are you there"));

    let key = alice.get("/api/v1/push/key").await.expect(200)["public_key"].clone();
    assert_eq!(bob.get("/api/v1/push/key").await.expect(200)["public_key"], key);
    let claims = signed_by(key.as_str().unwrap(), &sent);
    let origin = service.url().split("/hook").next().unwrap().to_owned();
    assert_eq!((&claims["aud"], &claims["sub"]), (&json!(origin), &json!("mailto:admin@example.com")));
    let left = claims["exp"].as_i64().unwrap() - chrono::Utc::now().timestamp();
    assert!((60..=24 * 3600).contains(&left), "{left}");
    assert_eq!((sent.headers["ttl"].as_str(), sent.headers["urgency"].as_str()), ("86400", "high"));
    assert_eq!(sent.headers["topic"], URL_SAFE_NO_PAD.encode(chat.as_bytes()));

    bob.befriends(&alice).await.expect(201);
    alice.befriends(&bob).await.expect(200);
    let other = here.person("Carol").await;
    other.befriends(&bob).await.expect(201);
    let sent = service.is_sent(2).await;
    let payload = device.reads(&sent[1]);
    assert_eq!((&payload["kind"], &payload["title"]), (&json!("friend_request"), &json!("Carol")));
    assert_eq!(
        (&payload["body"], &payload["data"]),
        (&json!("wants to be your friend"), &json!({"user_id": other.id}))
    );
    psql.execute("select notify_people(array[$1::uuid], 'message', 'Maintenance', null, '{}')", &[&bob.id])
        .await
        .unwrap();
    let payload = device.reads(&service.is_sent(3).await[2]);
    assert_eq!((&payload["title"], &payload["body"]), (&json!("Trunkline"), &json!("Maintenance")));
    is_quiet(&psql).await;
    assert_eq!(service.sent().len(), 3, "an accepted request is no push by default");
    let list = bob.get(super::DEVICES).await.expect(200);
    assert!(list["items"][0]["used_at"].is_string());
    let metrics = [here.metrics().await, there.metrics().await].concat();
    let pushed: u32 = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("trunkline_push_requests_total{outcome=\"sent\"} "))
        .map(|count| count.parse::<u32>().unwrap())
        .sum();
    assert!(pushed >= 3, "{pushed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_direct_chat_is_pushed_by_whatever_way_it_came() {
    let Scene { world, here: _here, alice, bob, service, device, psql } = scene().await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    alice.says(direct, "by the API").await;
    let payload = device.reads(&service.is_sent(1).await[0]);
    assert_eq!(
        (&payload["kind"], &payload["title"], &payload["body"]),
        (&json!("direct"), &json!("Alice"), &json!("by the API"))
    );
    is_quiet(&psql).await;
    let answer = json!({"content": "with a name", "client_id": "a", "reply_to": payload["message_id"]});
    alice.post(&format!("/api/v1/chats/{direct}/messages"), &answer).await.expect(201);
    assert_eq!(device.reads(&service.is_sent(2).await[1])["body"], "with a name");
    is_quiet(&psql).await;
    let sql = "insert into messages (chat_id, sender_id, content) values ($1, $2, 'by SQL')";
    psql.execute(sql, &[&direct, &alice.id]).await.unwrap();
    let payload = device.reads(&service.is_sent(3).await[2]);
    assert_eq!((&payload["body"], &payload["count"]), (&json!("by SQL"), &json!(3)));
    // One's own words are no news, nor are those of who is blocked.
    is_quiet(&psql).await;
    bob.says(direct, "mine").await;
    bob.blocks(&alice).await;
    alice.post(&format!("/api/v1/chats/{direct}/messages"), &json!({"content": "refused"})).await.expect(403);
    is_quiet(&psql).await;
    assert_eq!(service.sent().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_socket_open_somewhere_gets_no_push() {
    let Scene { world, here: _here, alice, bob, service, device, psql } = scene().await;
    let there = world.instance().await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    let socket = Socket::open(&there.base, "/api/v1/ws", &bob.at(&there).token).await.unwrap();
    let online = "select count(*) from presences where user_id = $1";
    let is_online = async |count: i64| {
        while psql.query_one(online, &[&bob.id]).await.unwrap().get::<_, i64>(0) != count {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    is_online(1).await;
    alice.says(direct, "while Bob is here").await;
    is_quiet(&psql).await;
    assert!(service.sent().is_empty());
    drop(socket);
    is_online(0).await;
    alice.says(direct, "while Bob is away").await;
    let payload = device.reads(&service.is_sent(1).await[0]);
    assert_eq!((&payload["body"], &payload["count"]), (&json!("while Bob is away"), &json!(2)));
    // What an instance says that gives no sign of life does not count.
    is_quiet(&psql).await;
    psql.execute("insert into instances (id, seen_at) values ($1, now() - interval '1 minute')", &[&bob.id])
        .await
        .unwrap();
    psql.execute("insert into presences (instance_id, user_id) values ($1, $1)", &[&bob.id]).await.unwrap();
    alice.says(direct, "while an instance is dead").await;
    service.is_sent(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_one_chat_is_one_push_and_what_was_recalled_is_in_none() {
    let Scene { world, here: _here, alice, bob, service, device, psql } = scene().await;
    let name = username(&bob).await;
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    // The push service takes nothing for a moment; meanwhile more is said, and some of it recalled.
    service.behaves(crate::support::Manners::Answers(503));
    let path = |chat: uuid::Uuid, message: &Value| {
        format!("/api/v1/chats/{chat}/messages/{}", message["id"].as_str().unwrap())
    };
    let mut said = Vec::new();
    for n in 1..=5 {
        said.push(alice.says(chat, &format!("@{name}, call {n}")).await);
    }
    for n in 1..=3 {
        said.push(alice.says(direct, &format!("word {n}")).await);
    }
    service.is_sent(2).await;
    for message in [&said[4], &said[0]] {
        alice.delete(&path(chat, message)).await.expect(204);
    }
    alice.delete(&path(direct, &said[7])).await.expect(204);
    service.behaves(crate::support::Manners::Answers(201));
    is_quiet(&psql).await;
    let told = read(&device, &service.sent());
    let of = |chat: uuid::Uuid| {
        told.iter().filter(|payload| payload["chat_id"] == json!(chat)).collect::<Vec<_>>()
    };
    let (group, two) = (of(chat), of(direct));
    assert_eq!((group.len(), two.len()), (1, 1), "{told:?}");
    assert_eq!(
        (&group[0]["body"], &group[0]["count"]),
        (&json!(format!("Alice: @{name}, call 4")), &json!(3))
    );
    assert_eq!((&two[0]["body"], &two[0]["count"]), (&json!("word 2"), &json!(2)));

    // Where all of it was recalled or read, nothing is sent.
    service.behaves(crate::support::Manners::Answers(503));
    let before = service.sent().len();
    let last = alice.says(chat, &format!("@{name}, a secret")).await;
    let word = alice.says(direct, "another secret").await;
    service.is_sent(before + 2).await;
    alice.delete(&path(chat, &last)).await.expect(204);
    bob.put(&format!("/api/v1/chats/{direct}/read"), &json!({"seq": word["seq"]})).await.expect(204);
    let notifications = bob.puts("/api/v1/notifications/read").await;
    assert_eq!(notifications.status, 204);
    service.behaves(crate::support::Manners::Answers(201));
    is_quiet(&psql).await;
    assert!(!read(&device, &service.sent()).iter().any(|payload| payload.to_string().contains("secret")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_wanted_is_not_pushed() {
    let Scene { world, here: _here, alice, bob, service, device, psql } = scene().await;
    let name = username(&bob).await;
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    let change =
        json!({"mention": {"push": false}, "direct": {"push": false}, "friend_accepted": {"push": true}});
    bob.put("/api/v1/notifications/preferences", &change).await.expect(200);
    alice.says(chat, &format!("@{name}, hello")).await;
    alice.says(direct, "hello").await;
    bob.befriends(&alice).await.expect(201);
    alice.befriends(&bob).await.expect(200);
    assert_eq!(device.reads(&service.is_sent(1).await[0])["kind"], "friend_accepted");
    is_quiet(&psql).await;
    let change = json!({"mention": {"push": true}, "direct": {"push": true}});
    bob.put("/api/v1/notifications/preferences", &change).await.expect(200);
    for chat in [chat, direct] {
        bob.puts(&format!("/api/v1/chats/{chat}/mute")).await.expect(204);
        alice.says(chat, &format!("@{name}, hello")).await;
    }
    is_quiet(&psql).await;
    assert_eq!(service.sent().len(), 1);
    // An API token has no device.
    let token = bob.post("/api/v1/auth/tokens", &json!({"name": "bot"})).await.expect(201)["token"].clone();
    let bot: Person = bob.bearing(token.as_str().unwrap());
    bot.post(super::DEVICES, &device.subscription(&service.url())).await.refused(403, "forbidden");
}
