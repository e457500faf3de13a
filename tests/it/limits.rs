//! Hostile HTTP: too large, too slow, too strange. The refusal arrives, and the next client is served.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Instance, Wire, World};

const OK: &str = "GET /healthcheck HTTP/1.1\r\nhost: x\r\n\r\n";

async fn is_well(here: &Instance) {
    assert_eq!(Wire::exchange(&here.base, OK).await.unwrap().status, 200);
}

fn post(path: &str, headers: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_body_is_refused_and_the_refusal_arrives() {
    let world = World::new().await;
    let here = world.instance().await;
    let piece = vec![b' '; 64 * 1024];
    for size in [1024 * 1024 + 1, 3 * 1024 * 1024, 20 * 1024 * 1024] {
        let mut wire = Wire::open(&here.base).await;
        wire.sends(post("/api/v1/auth/login", &format!("content-length: {size}\r\n"))).await;
        let mut left = size;
        while left > 0 {
            let now = left.min(piece.len());
            wire.sends(&piece[..now]).await;
            left -= now;
        }
        wire.reads().await.expect("announced").refused(413, "too_large");
    }
    for pieces in [17, 48, 320] {
        let mut wire = Wire::open(&here.base).await;
        wire.sends(post("/api/v1/auth/login", "transfer-encoding: chunked\r\n")).await;
        for _ in 0..pieces {
            wire.sends("10000\r\n").await;
            wire.sends(&piece).await;
            wire.sends("\r\n").await;
        }
        wire.sends("0\r\n\r\n").await;
        wire.reads().await.expect("chunked").refused(413, "too_large");
    }
    is_well(&here).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_form_is_refused_as_too_large() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut wire = Wire::open(&here.base).await;
    wire.sends(format!(
        "POST /api/v1/users/avatar HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: multipart/form-data; boundary=x\r\ntransfer-encoding: chunked\r\n\r\n",
        alice.token
    ))
    .await;
    let start = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
    wire.sends(format!("{:x}\r\n{start}\r\n", start.len())).await;
    for _ in 0..100 {
        wire.sends("10000\r\n").await;
        wire.sends(vec![b'x'; 0x10000]).await;
        wire.sends("\r\n").await;
    }
    wire.sends("7\r\n\r\n--x--\r\n0\r\n\r\n").await;
    wire.reads().await.unwrap().refused(413, "too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_arrives_though_nobody_wanted_the_body() {
    let world = World::new().await;
    let here = world.instance().await;
    let body = vec![b' '; 1024 * 1024];
    let mut wire = Wire::open(&here.base).await;
    for (path, status, code) in [
        ("/nowhere", 404, "not_found"),
        ("/api/v1/chats", 401, "not_signed_in"),
        ("/docs", 405, "method_not_allowed"),
    ] {
        wire.sends(post(path, &format!("content-length: {}\r\n", body.len()))).await;
        wire.sends(&body).await;
        wire.reads().await.expect(path).refused(status, code);
    }
    wire.sends(OK).await;
    assert_eq!(wire.reads().await.unwrap().status, 200, "the connection can be used on");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_before_sending_is_answered_before_sending() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut wire = Wire::open(&here.base).await;
    let begun = Instant::now();
    wire.sends(post("/api/v1/auth/login", "expect: 100-continue\r\ncontent-length: 9000000\r\n")).await;
    wire.reads().await.unwrap().refused(413, "too_large");
    let mut wire = Wire::open(&here.base).await;
    wire.sends(post("/api/v1/chats", "expect: 100-continue\r\ncontent-length: 9000\r\n")).await;
    wire.reads().await.unwrap().refused(401, "not_signed_in");
    assert!(begun.elapsed() < Duration::from_secs(1));
    let mut wire = Wire::open(&here.base).await;
    wire.sends(post("/api/v1/auth/login", "expect: 100-continue\r\ncontent-length: 2\r\n")).await;
    assert_eq!(wire.reads().await.unwrap().status, 100);
    wire.sends("{}").await;
    assert_eq!(wire.reads().await.unwrap().status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_long_a_head_is_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let get = |path: &str, headers: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
    let answer = async |request: String| Wire::exchange(&here.base, request).await.unwrap();
    let many = |count: usize| (0..count).map(|n| format!("x-{n}: 1\r\n")).collect::<String>();
    assert_eq!(answer(get("/healthcheck", &many(99))).await.status, 200);
    answer(get("/healthcheck", &many(100))).await.refused(431, "headers_too_large");
    answer(get("/healthcheck", &format!("x: {}\r\n", "y".repeat(32 * 1024))))
        .await
        .refused(431, "headers_too_large");
    assert_eq!(answer(get("/healthcheck", &many(1000))).await.status, 431);
    let long = |length: usize| format!("/healthcheck?{}", "y".repeat(length));
    assert_eq!(answer(get(&long(8000), "")).await.status, 200);
    answer(get(&long(8192), "")).await.refused(414, "uri_too_long");
    answer(get(&long(30_000), "")).await.refused(414, "uri_too_long");
    assert_eq!(answer(get(&long(100_000), "")).await.status, 414);
    // Beyond what the server holds of a head there is an answer or a hang-up, and no harm.
    let _ =
        Wire::exchange(&here.base, get("/healthcheck", &format!("x: {}\r\n", "y".repeat(1024 * 1024)))).await;
    is_well(&here).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_too_slow_is_let_go() {
    let world = World::with(&[
        ("TRUNKLINE_HTTP__HEADER_TIMEOUT_SECONDS", "1"),
        ("TRUNKLINE_HTTP__BODY_TIMEOUT_SECONDS", "1"),
    ])
    .await;
    let here = world.instance().await;
    let begun = Instant::now();
    let mut head = Wire::open(&here.base).await;
    head.sends("GET /healthcheck HTTP/1.1\r\nhost:").await;
    let mut body = Wire::open(&here.base).await;
    body.sends(post("/api/v1/auth/login", "content-length: 100\r\n")).await;
    body.sends("{\"email\":").await;
    let mut form = Wire::open(&here.base).await;
    let alice = here.person("Alice").await;
    let kind = "content-type: multipart/form-data; boundary=x\r\ncontent-length: 100";
    form.sends(format!(
        "POST /api/v1/users/avatar HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{kind}\r\n\r\n--x",
        alice.token
    ))
    .await;
    head.ends().await;
    body.reads().await.unwrap().refused(408, "request_timeout");
    form.reads().await.unwrap().refused(408, "request_timeout");
    body.ends().await;
    assert!(
        (Duration::from_millis(900)..Duration::from_secs(8)).contains(&begun.elapsed()),
        "{:?}",
        begun.elapsed()
    );
    is_well(&here).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hardly_http_does_no_harm() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut rubbish: Vec<Vec<u8>> = [
        post("/api/v1/auth/login", "transfer-encoding: rubbish\r\n"),
        post("/api/v1/auth/login", "transfer-encoding: chunked\r\n") + "zz\r\n",
        post("/api/v1/auth/login", "transfer-encoding: chunked\r\n") + "ffffffffffffffffffff\r\n",
        post("/api/v1/auth/login", "transfer-encoding: chunked\r\ncontent-length: 5\r\n") + "0\r\n\r\n",
        post("/api/v1/auth/login", "content-length: 5\r\ncontent-length: 6\r\n") + "{    }",
        post("/api/v1/auth/login", "content-length: -1\r\n"),
        post("/api/v1/auth/login", "content-length: 99999999999999999999999\r\n"),
        "GET /healthcheck HTTP/9.9\r\n\r\n".to_owned(),
        "GET /healthcheck\r\n\r\n".to_owned(),
        "GET  /healthcheck HTTP/1.1\r\n\r\n".to_owned(),
        "CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "GET http://example.com/healthcheck HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "GET http://example.com HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "GET healthcheck HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "HEAD /api/v1/chats/7 HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
            .to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "\r\n\r\n\r\n\r\n".to_owned(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect();
    rubbish.push(b"GET /api/v1/chats/\xff\xfe?search=\xff HTTP/1.1\r\nhost: x\r\n\r\n".to_vec());
    rubbish.push(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec());
    let mut seed = 7_u64;
    for length in 0..100 {
        rubbish.push((0..length * 10).map(|_| crate::wild::next(&mut seed) as u8).collect());
    }
    for bytes in rubbish {
        let mut wire = Wire::open(&here.base).await;
        wire.sends(&bytes).await;
        wire.sends("\r\n\r\n").await;
        let heard = tokio::time::timeout(Duration::from_millis(200), wire.reads()).await;
        if let Ok(Some(reply)) = heard {
            assert!(reply.status < 500, "{}: {reply:?}", String::from_utf8_lossy(&bytes));
        }
    }
    is_well(&here).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_sent_at_once_are_answered_in_order() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut wire = Wire::open(&here.base).await;
    let login = post("/api/v1/auth/login", "content-length: 2\r\n") + "{}";
    wire.sends(format!("{OK}{login}GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n{OK}")).await;
    for (status, code) in
        [(200, None), (400, Some("validation_failed")), (404, Some("not_found")), (200, None)]
    {
        let reply = wire.reads().await.unwrap();
        assert_eq!((reply.status, reply.body.get("code").and_then(Value::as_str)), (status, code));
    }
}
