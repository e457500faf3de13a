//! Packed bodies: answers for whoever takes them, requests for nobody.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Fetched, Person, World};

async fn fetches(person: &Person, path: &str, accept: &str) -> Fetched {
    person.fetches_at(Method::GET, path, &[("accept-encoding", accept)]).await
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut text).unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn who_accepts_gzip_gets_large_answers_packed() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    for n in 0..30 {
        alice.says(chat, &format!("hello {n}")).await;
    }
    let messages = format!("/api/v1/chats/{chat}/messages");
    let list = format!("{messages}?limit=30");
    for path in [list.as_str(), &format!("{messages}?format=csv"), "/openapi.json", "/docs", "/scalar"] {
        let plain = fetches(&alice, path, "identity").await;
        let packed = fetches(&alice, path, "br, gzip").await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{path}");
        assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"), "{path}");
        assert_eq!(packed.header("content-type"), plain.header("content-type"), "{path}");
        assert!(packed.bytes.len() < plain.bytes.len() / 2, "{path}");
        assert!(unpacked(&packed.bytes) == plain.bytes, "{path}");
        for answer in [&plain, &packed] {
            let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
            assert_eq!(vary, ["Accept-Encoding"], "{path}");
        }
        let head = alice.fetches_at(Method::HEAD, path, &[("accept-encoding", "gzip")]).await;
        assert_eq!((head.header("content-encoding"), head.bytes.len()), ("gzip", 0), "{path}");
        assert_eq!(head.header("content-length"), packed.header("content-length"), "{path}");
    }
    let refused = fetches(&alice, &list, "gzip;q=0, *;q=0.1").await;
    assert_eq!(refused.header("content-encoding"), "");
    // What is small, or tells a secret, stays.
    let small = fetches(&alice, "/api/v1/users/me", "gzip").await;
    assert_eq!((small.header("content-encoding"), small.header("vary")), ("", ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_stay_as_they_are() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let text = "a line of text\n".repeat(1_000);
    let file = alice.uploads("note.txt", text.clone()).await;
    for (range, status) in [(None, 200), (Some("bytes=10-4000"), 206)] {
        let mut headers = vec![("accept-encoding", "gzip")];
        headers.extend(range.map(|range| ("range", range)));
        let fetched = alice.fetches(Method::GET, &file["url"], &headers).await;
        assert_eq!((fetched.status, fetched.header("content-encoding")), (status, ""));
        let part = if range.is_some() { &text.as_bytes()[10..4001] } else { text.as_bytes() };
        assert_eq!(fetched.bytes, part);
        assert!(!fetched.header("etag").starts_with("W/"));
    }
    let sheet = fetches(&alice, "/api/v1/chats?format=xlsx", "gzip").await;
    assert_eq!(sheet.header("content-encoding"), "");
    assert!(sheet.bytes.starts_with(b"PK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manual_is_fetched_once() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for path in ["/docs", "/redoc", "/scalar", "/openapi.json"] {
        for accept in ["gzip", "identity"] {
            let first = fetches(&alice, path, accept).await;
            let tag = first.header("etag").to_owned();
            assert_eq!((first.status, tag.starts_with("W/")), (200, accept == "gzip"), "{path} {tag}");
            let headers = [("accept-encoding", accept), ("if-none-match", &tag)];
            let again = alice.fetches_at(Method::GET, path, &headers).await;
            assert_eq!((again.status, again.bytes.len()), (304, 0), "{path}");
            assert_eq!(again.header("etag"), tag);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_request_is_another_media_type() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let posts = async |coding: &str, body: Vec<u8>| {
        let request = alice.request(Method::POST, "/api/v1/chats").header("content-type", "application/json");
        Person::send(request.header("content-encoding", coding).body(body)).await
    };
    let body = json!({"title": "Lobby"}).to_string().into_bytes();
    for coding in ["gzip", "br", "identity, gzip", "GZIP", "nonsense"] {
        let answer = posts(coding, body.clone()).await;
        assert_eq!(answer.headers["accept-encoding"], "identity", "{coding}");
        answer.refused(415, "unsupported_media_type");
    }
    posts("identity", body).await.expect(201);
    let none: Value =
        Person::send(alice.request(Method::GET, "/api/v1/chats").header("content-encoding", "gzip"))
            .await
            .expect(200);
    assert_eq!(none["total"], 1);
}
