//! Who asks: beside cookies and headers of somebody else.

use crate::support::{Person, Reply, Wire, World};

const ME: &str = "/api/v1/users/me";

/// GET with these header lines, whatever bytes they hold.
async fn asks(alice: &Person, path: &str, lines: &[&[u8]]) -> Reply {
    let mut request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n").into_bytes();
    for line in lines {
        request.extend_from_slice(line);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    Wire::exchange(&alice.base, request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_of_others_sign_nobody_out() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let token = alice.token.as_str();
    for line in [
        format!("Cookie: access_token={token}"),
        format!("Cookie: city=Köln; access_token={token}"),
        format!("Cookie: access_token={token}; name=\u{7}漢字"),
        format!("Cookie: a; =b; access_tokens=x; access_token={token};"),
        format!("Cookie: access_token=stale; access_token={token}"),
        format!("Cookie: access_token=; access_token=\"{token}\""),
        format!("Cookie: a=b\r\nCookie: access_token={token}"),
    ] {
        let line = line.replace('\u{7}', "\u{9}");
        let mut bytes = line.clone().into_bytes();
        assert_eq!(asks(&alice, ME, &[&bytes]).await.status, 200, "{line}");
        // Latin-1, as old pages set it.
        bytes.extend_from_slice(b"; old=K\xf6ln\xff");
        assert_eq!(asks(&alice, ME, &[&bytes]).await.status, 200, "{line}");
    }
    for line in [
        "Cookie: access_token=stale; access_token=older",
        "Cookie: access_tokenx=x",
        "Cookie: Access_Token=x",
    ] {
        asks(&alice, ME, &[line.as_bytes()]).await.refused(401, "not_signed_in");
    }
    // A page of another site may use none of them, wherever among others its line stands.
    for origins in
        ["https://evil.example", "https://evil.example\r\nOrigin: http://x", "http://x\r\nOrigin: null"]
    {
        let changes = format!(
            "PATCH {ME} HTTP/1.1\r\nHost: x\r\nOrigin: {origins}\r\nCookie: access_token=stale; access_token={token}\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
        );
        Wire::exchange(&here.base, changes).await.unwrap().refused(403, "foreign_origin");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_scheme_beside_a_cookie_is_no_bearer() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let cookie = format!("Cookie: access_token={}", alice.token);
    let bearer = format!("Authorization: bearer {}", alice.token);
    let none: &[&[u8]] = &[
        b"Authorization: Basic cHJveHk6cHc=",
        b"Authorization: Digest username=\"a\"",
        b"Authorization: Negotiate YII=",
        b"Authorization:",
        b"Authorization: Basic \xff\xfe",
        b"Authorization: Bearerly x",
    ];
    for line in none {
        assert_eq!(asks(&alice, ME, &[line, cookie.as_bytes()]).await.status, 200, "{line:?}");
        asks(&alice, ME, &[line]).await.refused(401, "not_signed_in");
        assert_eq!(asks(&alice, ME, &[line, bearer.as_bytes()]).await.status, 200, "{line:?}");
    }
    // A bearer that is present decides, good or bad.
    for line in
        [&b"Authorization: Bearer nonsense"[..], b"Authorization: BEARER", b"Authorization: Bearer \xff"]
    {
        asks(&alice, ME, &[line, cookie.as_bytes()]).await.refused(401, "not_signed_in");
    }
    assert_eq!(asks(&alice, ME, &[bearer.as_bytes(), b"Cookie: access_token=bad"]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_may_have_its_words_on_several_lines() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let cookie = format!("Cookie: city=Köln; access_token={}", alice.token);
    let hands: [&[u8]; 3] =
        [b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", cookie.as_bytes()];
    for (words, status) in [
        (&[&b"Connection: Upgrade"[..], b"Upgrade: websocket"][..], 101),
        (&[b"Connection: keep-alive", b"Connection: Upgrade", b"Upgrade: websocket"], 101),
        (&[b"Connection: keep-alive, upgrade", b"Upgrade: h2c", b"Upgrade: WebSocket"], 101),
        (&[b"Connection: \xff, Upgrade", b"Upgrade: h2c,\xff, websocket", b"Authorization: Basic eA=="], 101),
        (&[b"Connection: keep-alive", b"Upgrade: websocket"], 400),
    ] {
        let reply = asks(&alice, "/api/v1/ws", &[words, &hands[..]].concat()).await;
        assert_eq!(reply.status, status, "{words:?}");
    }
    // A word of somebody else's hides none of ours.
    let bearer = format!("Sec-WebSocket-Protocol: caf\u{e9}, bearer.{}", alice.token);
    let words: [&[u8]; 4] = [
        b"Connection: Upgrade",
        b"Upgrade: websocket",
        b"Sec-WebSocket-Protocol: \xff, trunkline.v1",
        bearer.as_bytes(),
    ];
    let reply = asks(&alice, "/api/v1/ws", &[&words[..], &hands[..2]].concat()).await;
    assert_eq!(reply.status, 101);
    let chat = alice.creates_chat("Lobby").await;
    for path in ["/api/v1/ws".to_owned(), format!("/api/v1/chats/{chat}")] {
        let old = format!(
            "GET {path} HTTP/1.0\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {}\r\n\r\n",
            alice.token
        );
        Wire::exchange(&here.base, old).await.unwrap().refused(426, "upgrade_required");
    }
}
