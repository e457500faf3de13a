//! Proxies: who may say whom a request is from, and what those that are shipped answer by themselves.

use serde_json::{Value, json};

use crate::support::{Balancer, Instance, Person, Socket, Visitor, Wire, World, quiet_port};

const LOGIN: &str = "/api/v1/auth/login";
const TRUST: &str = "TRUNKLINE_HTTP__TRUSTED_PROXIES";
const THREE: (&str, &str) = ("TRUNKLINE_LIMITS__LOGINS_PER_MINUTE", "3");

/// How five guesses are answered that each say they come from elsewhere.
async fn guesses(here: &Instance, email: &str) -> Vec<u16> {
    let visitor = Visitor::at(&here.base);
    let mut statuses = Vec::new();
    for number in 0..5 {
        // A client's own word first: a proxy appends what it has seen.
        let told = format!("203.0.113.7, 198.51.100.{number}");
        let form = json!({"email": format!("{number}{email}"), "password": "wrong1"});
        statuses.push(visitor.post_with(LOGIN, &[("x-forwarded-for", &told)], &form).await.status);
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_does_not_make_a_guesser_many() {
    // Whoever connects is believed only if named; a private address is no reason.
    for trusted in ["none", "10.0.0.0/8", "192.168.0.0/16,203.0.113.7"] {
        let world = World::with(&[THREE, (TRUST, trusted)]).await;
        let here = world.instance().await;
        assert_eq!(guesses(&here, "nobody@example.com").await, [401, 401, 401, 429, 429], "{trusted}");
    }
    // Many behind a proxy are many.
    let world = World::with(&[THREE, (TRUST, "127.0.0.1")]).await;
    let here = world.instance().await;
    assert_eq!(guesses(&here, "nobody@example.com").await, [401; 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_does_not_open_the_rate_limit() {
    let rate = ("TRUNKLINE_LIMITS__ADDRESS_REQUESTS_PER_SECOND", "2");
    for (trusted, is_limited) in [("none", true), ("127.0.0.0/8", false)] {
        let world = World::with(&[rate, (TRUST, trusted)]).await;
        let here = world.instance().await;
        let visitor = Visitor::at(&here.base);
        let mut refused = 0;
        for number in 0..60 {
            let told = format!("198.51.100.{number}");
            let answer = visitor.get_with("/nowhere", &[("x-forwarded-for", &told)]).await;
            refused += u32::from(answer.status == 429);
        }
        assert_eq!(refused > 20, is_limited, "{trusted}: {refused}");
    }
}

/// The address of Alice's newest session, and of what an administrator then did.
async fn noted(here: &Instance, world: &World, told: &str) -> (Value, Value) {
    let (alice, root) = (here.person("Alice").await, here.person("Root").await);
    world.promotes(root.id).await;
    let form = json!({"email": alice.email, "password": "trunkline1"});
    Visitor::at(&here.base).post_with(LOGIN, &[("x-forwarded-for", told)], &form).await.expect(200);
    let sessions = alice.get("/api/v1/auth/sessions?sort=-created_at").await.expect(200);
    let path = format!("/api/v1/users/{}/roles", alice.id);
    let give = root.request(reqwest::Method::PUT, &path).header("x-forwarded-for", told);
    Person::send(give.json(&json!({"roles": []}))).await.expect(200);
    let audit = root.get(&format!("/api/v1/audit?target={}", alice.id)).await.expect(200);
    (sessions["items"][0]["address"].clone(), audit["items"][0]["address"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_the_audit_name_whom_the_last_trusted_proxy_saw() {
    for (trusted, told, found) in [
        ("none", "198.51.100.7", "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1,192.0.2.0/24", "6.6.6.6, 198.51.100.7, 192.0.2.1", "198.51.100.7"),
        ("127.0.0.1,192.0.2.0/24", "6.6.6.6, nonsense, 192.0.2.1", "192.0.2.1"),
    ] {
        let world = World::with(&[(TRUST, trusted)]).await;
        let here = world.instance().await;
        let expected = (json!(found), json!(found));
        assert_eq!(noted(&here, &world, told).await, expected, "{trusted} {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_without_an_instance_answers_as_the_server_would() {
    let gone = [quiet_port(), quiet_port()].map(|port| format!("http://127.0.0.1:{port}"));
    for balancer in Balancer::both([&gone[0], &gone[1]]).await {
        let request = "GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n";
        let reply = Wire::exchange(&balancer.base, request).await.unwrap();
        assert_eq!(reply.header("retry-after"), Some("2"), "{}", balancer.name);
        reply.refused(503, "not_ready");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_refuses_looks_like_the_servers_own_errors() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let [nginx, haproxy] = Balancer::both([&here.base, &there.base]).await;
    let metrics = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    Wire::exchange(&haproxy.base, metrics).await.unwrap().refused(404, "not_found");
    let long = "a".repeat(40_000);
    for (request, status, code) in [
        (metrics, 404, "not_found"),
        ("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"),
        ("GET / HTTP/1.1\r\n\r\n", 400, "malformed"),
        ("hello\r\n\r\n", 400, "malformed"),
        ("POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n", 413, "too_large"),
        (&format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"), 414, "uri_too_long"),
        (&format!("GET / HTTP/1.1\r\nHost: x\r\nX-A: {long}\r\n\r\n"), 431, "headers_too_large"),
        ("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "malformed"),
        ("GET / HTTP/3.0\r\nHost: x\r\n\r\n", 400, "malformed"),
        // A page of nginx' own, which nobody outside is shown.
        ("GET /.problem/not_ready HTTP/1.1\r\nHost: x\r\n\r\n", 404, "not_found"),
    ] {
        Wire::exchange(&nginx.base, request).await.unwrap().refused(status, code);
    }
    for (request, status, code) in [
        ("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method_not_allowed"),
        ("POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n", 413, "too_large"),
        (&format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"), 414, "uri_too_long"),
        (&format!("GET / HTTP/1.1\r\nHost: x\r\nX-A: {long}\r\n\r\n"), 431, "headers_too_large"),
    ] {
        Wire::exchange(&haproxy.base, request).await.unwrap().refused(status, code);
    }
    // As much as the server takes gets through to it, in one line or in many.
    let much = "a".repeat(31_000);
    let many = (0..90).map(|n| format!("X-{n}: {}\r\n", "a".repeat(330))).collect::<String>();
    for headers in [format!("X-A: {much}\r\n"), many] {
        let request = format!("GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        for base in [&nginx.base, &haproxy.base] {
            Wire::exchange(base, request.as_str()).await.unwrap().refused(401, "not_signed_in");
        }
    }
    // What the server refuses comes through as it is.
    Visitor::at(&nginx.base).get("/api/v1/users/me").await.refused(401, "not_signed_in");

    let alice = Person::register(&nginx.base, "Alice").await;
    let mut sockets = vec![];
    for _ in 0..Balancer::MOST {
        sockets.push(Socket::open(&nginx.base, "/api/v1/ws", &alice.token).await.unwrap());
    }
    let refused = alice.get("/api/v1/users/me").await;
    assert_eq!(refused.headers["retry-after"], "10");
    refused.refused(429, "too_many_requests");
}
