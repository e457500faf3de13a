//! The door of a chat's socket, and what is said through it.

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{Socket, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_welcome_says_where_the_log_stands() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "one").await;
    let path = format!("/api/v1/chats/{chat}");
    let mut socket = Socket::open(&instance.base, &path, &alice.token).await.unwrap();
    let mut welcome = socket.next().await;
    let session_id = welcome["session_id"].take();
    assert!(session_id.as_str().unwrap().parse::<Uuid>().is_ok());
    let expected = json!({
        "type": "welcome", "user_id": alice.id, "session_id": null, "heartbeat_seconds": 15,
        "chats": [{"chat_id": chat, "last_seq": 1, "last_id": world.id_at(chat, 1).await}],
        "last_notification": null,
    });
    assert_eq!(welcome, expected);
    assert_eq!(socket.next().await, world.caught_up(chat, 1).await);
    socket.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_enter_is_told_before_the_upgrade() {
    let world = World::new().await;
    let instance = world.instance().await;
    let (alice, bob) = (instance.person("Alice").await, instance.person("Bob").await);
    let (open, private) = (alice.creates_chat("Lobby").await, alice.creates_private_chat("Attic").await);
    let base = instance.base.as_str();
    let path = |chat: Uuid| format!("/api/v1/chats/{chat}");
    assert_eq!(Socket::open_with(base, &path(open), &[]).await.err(), Some(401));
    assert_eq!(Socket::open(base, &path(open), "nonsense").await.err(), Some(401));
    assert_eq!(Socket::open(base, &path(private), &bob.token).await.err(), Some(404));
    assert_eq!(Socket::open(base, &path(Uuid::now_v7()), &bob.token).await.err(), Some(404));
    assert!(Socket::open(base, &path(private), &alice.token).await.is_ok());
    assert!(Socket::open(base, &path(open), &bob.token).await.is_ok(), "anyone may watch a public chat");
    for strange in ["-1", "x", "", "1.5", "99999999999999999999"] {
        let path = format!("{}?after_seq={strange}", path(open));
        assert_eq!(Socket::open(base, &path, &bob.token).await.err(), Some(400), "{strange}");
    }

    let cookie = format!("access_token={}", bob.token);
    let from = |origin| [("cookie", cookie.as_str()), ("origin", origin)];
    assert_eq!(Socket::open_with(base, &path(open), &from("https://evil.example")).await.err(), Some(403));
    assert_eq!(Socket::open_with(base, &path(open), &from("null")).await.err(), Some(403));
    assert!(Socket::open_with(base, &path(open), &from(base)).await.is_ok(), "our own page");
    assert!(Socket::open_with(base, &path(open), &[("cookie", &cookie)]).await.is_ok(), "no page at all");

    let request = bob.request(reqwest::Method::GET, &path(open));
    let request = request.header("connection", "Upgrade").header("upgrade", "websocket");
    let answer = request.header("sec-websocket-version", "12").header("sec-websocket-key", "x").send().await;
    assert_eq!(answer.unwrap().status(), 426);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_signs_in_with_a_subprotocol() {
    use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest};
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_private_chat("Attic").await;
    let url = format!("{}/api/v1/chats/{chat}", instance.base).replacen("http", "ws", 1);
    let mut request = url.into_client_request().unwrap();
    let protocols = format!("trunkline.v1, bearer.{}", alice.token);
    request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
    request.headers_mut().insert("origin", "https://elsewhere.example".parse().unwrap());
    let (ws, response) = connect_async(request).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "trunkline.v1");
    Socket::over(ws).expect("welcome").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_answered_and_the_socket_lives() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    for reference in [json!("a"), json!(7), json!(1.5), Value::Null] {
        let pong = socket.asks(&json!({"type": "ping", "ref": reference})).await;
        assert_eq!(pong, json!({"type": "pong", "ref": reference}));
    }
    let strange = [
        (Message::binary(vec![0, 159, 146, 150]), Value::Null),
        (Message::text("nonsense"), Value::Null),
        (Message::text("[1]"), Value::Null),
        (Message::text("{\"ref\":1}"), json!(1)),
        (Message::text("{\"type\":3,\"ref\":2}"), json!(2)),
        (Message::text("{\"type\":\"ping\",\"ref\":{}}"), Value::Null),
        (Message::text("{\"type\":\"chat.fly\",\"ref\":\"x\"}"), json!("x")),
        (Message::text("{\"type\":\"chat.send\",\"ref\":3}"), json!(3)),
        (
            Message::text(format!(
                "{{\"type\":\"chat.send\",\"ref\":4,\"chat_id\":\"{chat}\",\"content\":\" \"}}"
            )),
            json!(4),
        ),
        (
            Message::text(format!(
                "{{\"type\":\"chat.send\",\"ref\":5,\"chat_id\":\"{}\",\"content\":\"x\"}}",
                Uuid::now_v7()
            )),
            json!(5),
        ),
    ];
    for (frame, reference) in strange {
        socket.ws.send(frame.clone()).await.unwrap();
        let error = socket.expect("error").await;
        assert_eq!(error["ref"], reference, "{frame:?} {error}");
        assert!(error["code"].is_string() && error["message"].is_string() && error["data"].is_object());
    }
    assert_eq!(socket.asks(&json!({"type": "chat.fly"})).await["code"], "unknown_command");
    let sent = json!({"type": "chat.send", "ref": "s", "chat_id": chat, "content": "still here"});
    let ack = socket.asks(&sent).await;
    assert_eq!((&ack["type"], &ack["event"], &ack["ref"]), (&json!("ack"), &json!("chat.send"), &json!("s")));
    assert_eq!(ack["data"]["content"], "still here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_beyond_64_kib_ends_the_socket() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    let fits = json!({"type": "ping", "ref": "x".repeat(65_000)});
    assert_eq!(socket.asks(&fits).await["type"], "pong");
    socket.ws.send(Message::text("x".repeat(64 * 1024 + 1))).await.unwrap();
    assert_eq!(socket.closed().await.0, 1009);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_can_not_be_stored_is_refused_with_the_ref_it_came_with() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    socket.sends(&json!({"type": "chat.send", "ref": "R", "chat_id": chat, "content": "a\u{0}b"})).await;
    let error = socket.expect("error").await;
    assert_eq!((error["ref"].as_str(), error["event"].as_str()), (Some("R"), Some("chat.send")));
    assert_eq!(error["data"]["errors"][0]["field"], "content");
}
