//! `Host`, and the pages that come from there.

use reqwest::Method;
use serde_json::json;

use crate::support::{Person, Visitor, Wire, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_says_once_and_well_where_it_goes() {
    let world = World::new().await;
    let here = world.instance().await;
    for (version, lines, status) in [
        ("1.1", "Host: x\r\n", 200),
        ("1.1", "Host: example.com:443\r\n", 200),
        ("1.1", "Host: [2001:db8::1]:8000\r\n", 200),
        ("1.0", "", 200),
        ("1.0", "Host: x\r\n", 200),
        ("1.1", "", 400),
        ("1.1", "Host: x\r\nHost: y\r\n", 400),
        ("1.1", "Host: x\r\nHost: x\r\n", 400),
        ("1.1", "Host: a b\r\n", 400),
        ("1.1", "Host: a, b\r\n", 400),
        ("1.1", "Host:\r\n", 400),
        ("1.1", "Host: http://x/\r\n", 400),
        ("1.1", "Host: x:port\r\n", 400),
        ("1.1", "Host: ü\r\n", 400),
        ("1.0", "Host: a b\r\n", 400),
        ("1.0", "Host: x\r\nHost: y\r\n", 400),
    ] {
        let request = format!("GET /healthcheck HTTP/{version}\r\n{lines}\r\n");
        let reply = Wire::exchange(&here.base, request).await.unwrap();
        assert_eq!(reply.status, status, "{version} {lines}: {reply:?}");
        if status == 400 {
            reply.refused(400, "malformed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_port_makes_no_foreign_origin() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let settings = [("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com:443")];
    let public = World::with(&settings).await;
    let there = public.instance().await;
    let bob = there.person("Bob").await;
    for (who, host, origin, own) in [
        (&alice, "chat.example.com:443", "https://chat.example.com", true),
        (&alice, "chat.example.com:80", "http://chat.example.com", true),
        (&alice, "CHAT.example.com", "https://chat.example.com:443", true),
        (&alice, "chat.example.com:8443", "https://chat.example.com:8443", true),
        (&alice, "chat.example.com:80", "https://chat.example.com", false),
        (&alice, "chat.example.com", "https://chat.example.com:8443", false),
        (&alice, "chat.example.com", "https://chat.example.com.evil.example", false),
        (&alice, "chat.example.com", "https://chat.example.com@evil.example", false),
        (&alice, "null", "null", false),
        (&bob, "inner:8000", "https://chat.example.com", true),
        (&bob, "inner:8000", "http://chat.example.com", false),
        (&bob, "inner:8000", "http://inner:8000", false),
    ] {
        let request = reqwest::Client::new()
            .patch(format!("{}/api/v1/users/me", who.base))
            .header("host", host)
            .header("origin", origin)
            .header("cookie", format!("access_token={}", who.token))
            .json(&json!({"bio": "x"}));
        let answer = Person::send(request).await;
        assert_eq!(answer.status, if own { 200 } else { 403 }, "{host} {origin}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_is_answered_whatever_it_is_for() {
    let settings = [("TRUNKLINE_HTTP__ALLOWED_ORIGINS", "https://chat.example.com")];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let asks = async |path: &str, origin: &str, method: &str| {
        let request = visitor.request(Method::OPTIONS, path).header("origin", origin);
        Person::send(request.header("access-control-request-method", method)).await
    };
    for (path, method) in
        [("/api/v1/chats", "POST"), ("/api/v1/chatz", "GET"), ("/", "PUT"), ("/api/v1/chats", "PUT")]
    {
        for origin in ["https://chat.example.com", "https://chat.example.com:443"] {
            let answer = asks(path, origin, method).await;
            assert_eq!(answer.status, 204, "{path}");
            assert_eq!(answer.headers["access-control-allow-origin"], origin);
            let methods = answer.headers["access-control-allow-methods"].to_str().unwrap();
            assert!(methods.contains(method), "{path} {methods}");
        }
        let foreign = asks(path, "https://evil.example", method).await;
        assert!(foreign.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{path}");
    }
    // So the page hears what was wrong.
    let request = visitor.request(Method::GET, "/api/v1/chatz").header("origin", "https://chat.example.com");
    let answer = Person::send(request).await;
    assert_eq!(answer.headers["access-control-allow-origin"], "https://chat.example.com");
    answer.refused(404, "not_found");
    Person::send(visitor.request(Method::OPTIONS, "/api/v1/chatz")).await.refused(404, "not_found");
}
