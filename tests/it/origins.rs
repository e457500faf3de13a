//! Browsers: what they may do with an answer, and which pages may read it.

use reqwest::{Method, header::HeaderMap};

use crate::support::{Person, World};

const CHATS: &str = "/api/v1/chats";
const APP: &str = "https://chat.example.com";

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn world() -> World {
    World::with(&[("TRUNKLINE_HTTP__ALLOWED_ORIGINS", "https://chat.example.com,http://localhost:3000")])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_tells_the_browser_to_be_careful() {
    let world = World::with(&[("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for path in [
        "/docs",
        "/redoc",
        "/scalar",
        "/openapi.json",
        "/healthcheck",
        "/nowhere",
        CHATS,
        "/api/v1/chats?limit=0",
    ] {
        let headers = alice.get(path).await.headers;
        assert_eq!(text(&headers, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(text(&headers, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(text(&headers, "strict-transport-security"), "max-age=31536000", "{path}");
        let policy = text(&headers, "content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        let is_page = ["/docs", "/redoc", "/scalar"].contains(&path);
        assert_eq!(policy.contains("script-src"), is_page, "{path}: {policy}");
        assert_eq!(text(&headers, "access-control-allow-origin"), "", "{path}");
    }
    let plain = World::new().await;
    let headers = plain.instance().await.person("Bob").await.get(CHATS).await.headers;
    assert_eq!(text(&headers, "strict-transport-security"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_allowed_origin_asks_first_and_reads_the_answer() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let ask = alice.request(Method::OPTIONS, CHATS).header("origin", APP);
    let ask = ask.header("access-control-request-method", "POST");
    let answer =
        Person::send(ask.header("access-control-request-headers", "authorization, content-type")).await;
    assert_eq!(answer.status, 204);
    assert_eq!(text(&answer.headers, "access-control-allow-origin"), APP);
    assert_eq!(text(&answer.headers, "access-control-allow-credentials"), "true");
    assert!(text(&answer.headers, "access-control-allow-methods").contains("POST"));
    let allowed = text(&answer.headers, "access-control-allow-headers").to_lowercase();
    for name in ["authorization", "content-type", "idempotency-key"] {
        assert!(allowed.contains(name), "{allowed}");
    }
    // Errors are answers, too.
    for (path, status) in [(CHATS, 200), ("/api/v1/chats?limit=0", 400), ("/nowhere", 404)] {
        let answer = Person::send(alice.request(Method::GET, path).header("origin", APP)).await;
        assert_eq!(answer.status, status);
        assert_eq!(text(&answer.headers, "access-control-allow-origin"), APP, "{path}");
        assert_eq!(text(&answer.headers, "vary"), "Origin", "{path}");
        let exposed = text(&answer.headers, "access-control-expose-headers");
        for name in ["X-Request-Id", "Retry-After", "RateLimit"] {
            assert!(exposed.contains(name), "{exposed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_gets_nothing() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for origin in [
        "https://evil.example",
        "null",
        "https://chat.example.com.evil.example",
        "http://chat.example.com",
        "",
    ] {
        for method in [Method::OPTIONS, Method::GET] {
            let ask = alice.request(method, CHATS).header("origin", origin);
            let answer = Person::send(ask.header("access-control-request-method", "POST")).await;
            let found = answer.headers.keys().find(|name| name.as_str().starts_with("access-control"));
            assert_eq!(found, None, "{origin}");
            assert_eq!(text(&answer.headers, "vary"), "Origin");
        }
    }
}
