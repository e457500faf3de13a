//! Every refusal is a problem: RFC 9457, with the right status, the right word and the field as the client wrote it.

use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Instance, Person, Visitor, Wire, World};

/// A world with one instance, Alice, and a chat of hers.
async fn story() -> (World, Instance, Person, Uuid) {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    (world, here, alice, chat)
}

async fn posts(who: &Person, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = who.request(Method::POST, path);
    let request = if kind.is_empty() { request } else { request.header(CONTENT_TYPE, kind) };
    Person::send(request.body(body)).await
}

/// What the one refused field is told.
fn told(problem: &Value) -> (&str, &str) {
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
    let error = &problem["errors"][0];
    (error["field"].as_str().unwrap(), error["message"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_and_what_is_not_done_there() {
    let (_world, _here, alice, chat) = story().await;
    for path in
        ["/nowhere", "/api/v1", "/api/v1/chatz", "//", "/api/v1/chats/", "/%ff", "/%00", "/api/v1/%2e%2e"]
    {
        alice.get(path).await.refused(404, "not_found");
    }
    for (method, path, allow) in [
        ("PUT", "/api/v1/chats".to_owned(), "GET, POST, HEAD, OPTIONS"),
        ("POST", format!("/api/v1/chats/{chat}"), "DELETE, GET, PATCH, HEAD, OPTIONS"),
        ("GET", format!("/api/v1/chats/{chat}/join"), "POST, OPTIONS"),
        ("DELETE", "/docs".to_owned(), "GET, HEAD, OPTIONS"),
        ("BREW", "/healthcheck".to_owned(), "GET, HEAD, OPTIONS"),
        ("TRACE", "/healthcheck".to_owned(), "GET, HEAD, OPTIONS"),
    ] {
        let answer = Person::send(alice.request(method.parse().unwrap(), &path)).await;
        assert_eq!(
            answer.headers.get("allow").map(|allow| allow.to_str().unwrap()),
            Some(allow),
            "{method} {path}"
        );
        answer.refused(405, "method_not_allowed");
    }
    let options = Person::send(alice.request(Method::OPTIONS, "/api/v1/chats")).await;
    assert_eq!(
        (options.status, &options.headers["allow"]),
        (204, &"GET, POST, HEAD, OPTIONS".parse().unwrap())
    );
    Person::send(alice.request(Method::OPTIONS, "/nowhere")).await.refused(404, "not_found");
    let head = Person::send(alice.request(Method::HEAD, "/healthcheck")).await;
    assert_eq!((head.status, head.body), (200, Value::Null));
    assert!(head.headers["content-length"] != "0");
    let bare = Person::send(alice.request(Method::HEAD, "/nowhere")).await;
    assert_eq!((bare.status, bare.body), (404, Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json() {
    let (_world, _here, alice, chat) = story().await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let kind = "application/json";
    let deep = "[".repeat(100_000);
    let deeper = format!("{{\"content\":{}{}}}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    for body in [
        b"".to_vec(),
        b"{".to_vec(),
        b"{\"content\": \"hi\"} and more".to_vec(),
        b"{'content': 'hi'}".to_vec(),
        b"{\"content\": \"\xff\xfe\"}".to_vec(),
        br#"{"content": "\ud800"}"#.to_vec(),
        br#"{"content": "\udc00\ud800"}"#.to_vec(),
        b"{\"content\": \"a\x01b\"}".to_vec(),
        b"\xef\xbb\xbf{\"content\": \"hi\"}".to_vec(),
        b"{\"content\": NaN}".to_vec(),
        b"[\"hi\"]".to_vec(),
        b"null".to_vec(),
        b"\"hi\"".to_vec(),
        b"7".to_vec(),
        deep.into_bytes(),
        deeper.into_bytes(),
    ] {
        let answer = posts(&alice, &path, kind, body.clone()).await;
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(&body[..body.len().min(60)]));
        answer.refused(400, "malformed");
    }
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application",
        "multipart/form-data",
        "text/json",
    ] {
        posts(&alice, &path, kind, "{\"content\": \"hi\"}").await.refused(415, "unsupported_media_type");
    }
    for kind in ["application/json; charset=utf-8", "Application/JSON"] {
        posts(&alice, &path, kind, "{\"content\": \"hi\"}").await.expect(201);
    }
    assert_eq!(alice.get(&path).await.expect(200)["total"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_not_what_it_must_be_is_named() {
    let (_world, _here, alice, chat) = story().await;
    let path = format!("/api/v1/chats/{chat}/messages");
    for (body, field, message) in [
        (json!({"content": 7}), "content", "must be text"),
        (json!({"content": ["hi"]}), "content", "must be text"),
        (json!({"content": {"a": 1}}), "content", "must be text"),
        (json!({"content": "a\0b"}), "content", "must not hold the character U+0000"),
        (json!({"content": "hi", "reply_to": "7"}), "reply_to", "must be a UUID"),
        (json!({"content": "hi", "reply_to": 7}), "reply_to", "must be a UUID"),
        (json!({"content": "hi", "client_id": 1e300}), "client_id", "must be text"),
    ] {
        let problem = alice.post(&path, &body).await.refused(400, "validation_failed");
        assert_eq!(told(&problem), (field, message), "{body}");
    }
    let problem = alice.post("/api/v1/chats", &json!({})).await.refused(400, "validation_failed");
    assert_eq!(told(&problem), ("title", "is required"));
    let body = json!({"title": "Attic", "visibility": "secret"});
    let problem = alice.post("/api/v1/chats", &body).await.refused(400, "validation_failed");
    assert_eq!(told(&problem), ("visibility", "must be `public` or `private`"));
    for contacts in [json!(["a", "b", "c"]), json!("a"), json!(7)] {
        let answer = alice.patch("/api/v1/users/me", &json!({"contacts": contacts})).await;
        let problem = answer.refused(400, "validation_failed");
        assert_eq!(told(&problem), ("contacts", "must be an object"));
    }
    let problem = alice.patch("/api/v1/users/me", &json!({"contacts": {"qq": 7}})).await;
    assert_eq!(told(&problem.refused(400, "validation_failed")), ("contacts.qq", "must be text"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_what_it_must_be_is_named() {
    let (_world, _here, alice, chat) = story().await;
    let (chats, messages) = ("/api/v1/chats", format!("/api/v1/chats/{chat}/messages"));
    let nul = "must not hold the character U+0000";
    let page = "must be a whole number from 1 to 100";
    for (path, field, message) in [
        (format!("{chats}?limit=0"), "limit", page),
        (format!("{chats}?limit=101"), "limit", page),
        (format!("{chats}?limit=ten"), "limit", page),
        (format!("{chats}?limit="), "limit", page),
        (format!("{chats}?limit=1.5"), "limit", page),
        (format!("{chats}?limit=99999999999999999999999"), "limit", page),
        (format!("{chats}?offset=-1"), "offset", "must be a whole number from 0"),
        (format!("{chats}?offset=9223372036854775807"), "offset", "must be a whole number from 0"),
        (format!("{chats}?limit=1&limit=2"), "limit", "must be given once"),
        (format!("{chats}?limit=1&%6cimit=1"), "limit", "must be given once"),
        (format!("{chats}?scope=all"), "scope", "must be `mine` or `public`"),
        (format!("{chats}?scope=public&search=a%00b"), "search", nul),
        (format!("{chats}?scope=public&search=%ff"), "search", "must be UTF-8"),
        (format!("{chats}/7"), "chat_id", "must be a UUID"),
        (format!("{chats}/%00"), "chat_id", "must be a UUID"),
        (format!("{chats}/%ff"), "chat_id", "must be UTF-8"),
        (format!("{messages}/7"), "message_id", "must be a UUID"),
        (format!("{messages}?before_seq=x"), "before_seq", "must be a whole number"),
        (format!("{messages}?after_seq=9223372036854775808"), "after_seq", "must be a whole number"),
        (format!("{chats}/{chat}/log?after_seq=-1"), "after_seq", "must be a whole number from 0"),
    ] {
        let answer = alice.get(&path).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
        let problem = answer.refused(400, "validation_failed");
        let (named, said) = told(&problem);
        assert_eq!((named, said.starts_with(message)), (field, true), "{path}: {said}");
    }
    for path in
        ["around_seq=9223372036854775807", "before_seq=9223372036854775807", "after_seq=9223372036854775807"]
    {
        let answer = alice.get(&format!("{messages}?{path}")).await;
        assert!([200, 400].contains(&answer.status), "{path}: {}", answer.body);
    }
    alice.get(&format!("{chats}?search=%zz&unknown=%00&unknown=1&&=&")).await.expect(200);
    let request =
        alice.request(Method::POST, chats).header("idempotency-key", "").json(&json!({"title": "Attic"}));
    let problem = Person::send(request).await.refused(400, "validation_failed");
    assert_eq!(told(&problem).1, "must be 1 to 255 printable ASCII characters");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_none() {
    let (_world, _here, alice, _chat) = story().await;
    let path = "/api/v1/users/avatar";
    let kind = "multipart/form-data; boundary=x";
    for body in [
        "",
        "rubbish",
        "--x\r\n",
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nshort",
    ] {
        let answer = posts(&alice, path, kind, body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert!(!answer.body.to_string().contains("Upload"), "{}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    let answer = posts(
        &alice,
        path,
        kind,
        "--x\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nhi\r\n--x--\r\n",
    )
    .await;
    assert_eq!(told(&answer.refused(400, "validation_failed")), ("file", "is required"));
    posts(&alice, path, "multipart/form-data", "hi").await.refused(400, "malformed");
    posts(&alice, path, "application/json", "{}").await.refused(415, "unsupported_media_type");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_of_a_request_is_taken_or_made() {
    let (_world, here, alice, _chat) = story().await;
    let with = async |id: &str| {
        Person::send(alice.request(Method::GET, "/nowhere").header("x-request-id", id))
            .await
            .refused(404, "not_found")
    };
    assert_eq!(with("my-id:7").await["instance"], "my-id:7");
    for rubbish in ["", "two words", "\"};drop\u{1b}[2J".trim_end_matches("\u{1b}[2J"), &"x".repeat(129)] {
        let answer = with(rubbish).await;
        let id = answer["instance"].as_str().unwrap();
        assert!(id == rubbish || id.parse::<Uuid>().is_ok(), "{rubbish:?} became {id:?}");
        assert!(!id.contains(' ') && id.len() <= 128);
    }
    let bytes = b"GET /nowhere HTTP/1.1\r\nhost: x\r\nx-request-id: \xff\xfe\r\n\r\n";
    let made = Wire::exchange(&here.base, bytes).await.unwrap().refused(404, "not_found");
    assert!(made["instance"].as_str().unwrap().parse::<Uuid>().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_answers_where_a_name_is_left_out() {
    let (_world, here, alice, _) = story().await;
    for (method, path) in [
        (Method::GET, "chats//messages"),
        (Method::POST, "chats//messages"),
        (Method::DELETE, "chats//messages"),
        (Method::GET, "files//thumbnail"),
        (Method::POST, "invites//accept"),
        (Method::PUT, "roles//permissions"),
        (Method::PUT, "users//roles"),
        (Method::GET, "avatars//x.png"),
        (Method::GET, "/chats"),
    ] {
        let path = format!("/api/v1/{path}");
        Person::send(alice.request(method.clone(), &path).json(&json!({}))).await.refused(404, "not_found");
        Visitor::at(&here.base).get(&path).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_or_a_selection_that_is_not_offered_is_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    for path in [
        format!("/api/v1/chats/{chat}/pins?search=word"),
        "/api/v1/users/me?format=csv".to_owned(),
        format!("/api/v1/chats/{chat}/pins?kind=text"),
        format!("/api/v1/chats/{chat}/log?sort=-seq"),
    ] {
        let problem = alice.get(&path).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["message"], "is not taken here", "{path}");
    }
    let problem =
        alice.get(&format!("/api/v1/chats/{chat}/pins?sort=bogus")).await.refused(400, "validation_failed");
    assert_eq!(problem["errors"][0]["message"], "must be `-pinned_at` or `pinned_at` or `-seq` or `seq`");
    alice.get("/api/v1/chats?utm_source=newsletter").await.expect(200);
}
