//! Why a socket ends, told so that it arrives: at a browser, which can read nothing but a close code, and through the proxies
//! that stand in front of instances.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{Balancer, Person, Socket, World};

const PAGE: &str = "https://chat.example";

/// What a page sends that signs in with a token.
async fn opens(person: &Person, path: &str, token: &str) -> Result<Socket, u16> {
    let protocols = format!("trunkline.v1, bearer.{token}");
    Socket::open_with(&person.base, path, &[("sec-websocket-protocol", &protocols), ("origin", PAGE)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_address_asks_too_much_is_told_so() {
    let settings = [
        ("TRUNKLINE_LIMITS__ADDRESS_REQUESTS_PER_SECOND", "3"),
        ("TRUNKLINE_LIMITS__REQUESTS_PER_SECOND", "1000"),
    ];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    // Thirty at once, and three a second: a fast page has had them all.
    let mut closes = Vec::new();
    for _ in 0..60 {
        let mut socket = opens(&alice, "/api/v1/ws", "nonsense").await.unwrap();
        closes.push(socket.closed().await);
    }
    assert!(closes.contains(&(4429, "too_many_requests".to_owned())), "{closes:?}");
    assert!(closes.contains(&(4401, "not_signed_in".to_owned())), "{closes:?}");
    // Whoever can read an answer gets one.
    let plain = Socket::open(&here.base, "/api/v1/ws", "nonsense").await;
    assert!([401, 429].contains(&plain.err().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_learns_why_it_was_refused() {
    let world = World::with(&[("TRUNKLINE_LIMITS__SOCKETS_PER_PERSON", "1")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let attic = alice.creates_private_chat("Attic").await;
    let attic = format!("/api/v1/chats/{attic}");
    let code = |code: u16, word: &str| (code, word.to_owned());

    // What a page has when its token ran out, or its session ended.
    for token in ["nonsense", &bob.token.replacen('.', "x.", 1)] {
        let mut socket = opens(&bob, "/api/v1/ws", token).await.unwrap();
        assert_eq!(socket.closed().await, code(4401, "not_signed_in"));
    }
    for path in [attic.as_str(), &format!("/api/v1/chats/{}", Uuid::now_v7())] {
        let mut socket = opens(&bob, path, &bob.token).await.unwrap();
        assert_eq!(socket.closed().await, code(4404, "not_found"));
    }
    let lobby = alice.creates_chat("Lobby").await;
    alice.puts(&format!("/api/v1/chats/{lobby}/bans/{}", bob.id)).await.expect(204);
    let mut socket = opens(&bob, &format!("/api/v1/chats/{lobby}"), &bob.token).await.unwrap();
    assert_eq!(socket.closed().await, code(4403, "banned"));
    let held = opens(&bob, "/api/v1/ws", &bob.token).await.unwrap();
    let mut second = opens(&bob, "/api/v1/ws", &bob.token).await.unwrap();
    assert_eq!(second.closed().await, code(4429, "too_many_requests"));
    drop(held);
    let carol = here.person("Carol").await;
    world.psql().await.execute("delete from user_roles where user_id = $1", &[&carol.id]).await.unwrap();
    world.rings().await;
    let mut socket = opens(&carol, "/api/v1/ws", &carol.token).await.unwrap();
    assert_eq!(socket.closed().await, code(4403, "forbidden"));
    world
        .psql()
        .await
        .execute("insert into user_roles (user_id, role) values ($1, 'user')", &[&carol.id])
        .await
        .unwrap();
    world.rings().await;
    carol.act("/api/v1/auth/logout").await.expect(204);
    let mut socket = opens(&carol, "/api/v1/ws", &carol.token).await.unwrap();
    assert_eq!(socket.closed().await.0, 4401);

    // Whoever can read an answer gets one, and so does a foreign page that rides on a cookie.
    let bearer = format!("Bearer {}", bob.token);
    for headers in [
        vec![("authorization", bearer.as_str())],
        vec![("authorization", &bearer), ("origin", PAGE)],
        vec![("authorization", &bearer), ("sec-websocket-protocol", "trunkline.v1")],
    ] {
        assert_eq!(Socket::open_with(&here.base, &attic, &headers).await.err(), Some(404), "{headers:?}");
    }
    let cookie = format!("access_token={}", bob.token);
    let headers = [("cookie", cookie.as_str()), ("origin", PAGE), ("sec-websocket-protocol", "trunkline.v1")];
    assert_eq!(Socket::open_with(&here.base, "/api/v1/ws", &headers).await.err(), Some(403));
    // Browsers fail where nothing of what they offered is answered.
    for protocols in [format!("bearer.{}", bob.token), format!("trunkline.v2, bearer.{}", bob.token)] {
        let headers = [("sec-websocket-protocol", protocols.as_str()), ("origin", PAGE)];
        assert_eq!(Socket::open_with(&here.base, "/api/v1/ws", &headers).await.err(), Some(400));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn close_codes_come_through_proxies() {
    let world = World::with(&[("TRUNKLINE_LIMITS__COMMANDS_PER_SECOND", "50")]).await;
    let (here, there) = world.two_instances().await;
    for balancer in Balancer::both([&here.base, &there.base]).await {
        let name = balancer.name;
        for n in 0..6 {
            let alice = Person::register(&balancer.base, "Alice").await;
            let mut socket = Socket::open(&balancer.base, "/api/v1/ws", &alice.token).await.unwrap();
            socket.expect("welcome").await;
            // A flood that goes on while the good-bye is on its way.
            for _ in 0..3_000 {
                let frame = Message::text(json!({"type": "ping", "ref": n}).to_string());
                if socket.ws.feed(frame).await.is_err() {
                    break;
                }
            }
            let _ = socket.ws.flush().await;
            let mut answers = 0;
            let close = loop {
                match socket.next_or_close().await {
                    Ok(frame) => answers += usize::from(frame["type"] == "pong"),
                    Err(close) => break close,
                }
            };
            assert_eq!(close, (4429, "too many commands".to_owned()), "{name}");
            assert!(answers >= 400, "{name}: {answers} answers");
        }
        let alice = Person::register(&balancer.base, "Alice").await;
        let chat = alice.creates_chat(&format!("Lobby of {name}")).await;
        let mut socket = alice.opens(chat).await;
        alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
        socket.expect("chat_deleted").await;
        assert_eq!(socket.closed().await.0, 4404, "{name}");
        let chat = alice.creates_chat(&format!("Attic of {name}")).await;
        let mut socket = alice.opens(chat).await;
        alice.act("/api/v1/auth/logout").await.expect(204);
        assert_eq!(socket.closed().await.0, 4401, "{name}");
    }
    here.stop().await;
    there.stop().await;
}
