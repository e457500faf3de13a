//! All that is wrong is told at once, and where what was made is found.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, Visitor, World};

fn fields(answer: Answer) -> Vec<String> {
    let problem = answer.refused(400, "validation_failed");
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_parameter_that_is_wrong_is_named() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    for (path, named) in [
        ("/api/v1/chats?limit=0&sort=foo&offset=-1".to_owned(), &["limit", "sort", "offset"][..]),
        (
            "/api/v1/chats?limit=0&limit=1&kind=none&subscribe=all".to_owned(),
            &["limit", "limit", "kind", "subscribe"],
        ),
        (
            format!("/api/v1/chats/{chat}/messages?before_seq=x&sender_id=7&created_at_from=noon"),
            &["before_seq", "sender_id", "created_at_from"],
        ),
        ("/api/v1/chats/7/messages/8?limit=1".to_owned(), &["chat_id", "message_id", "limit"]),
        ("/api/v1/search/messages?limit=0".to_owned(), &["limit", "search"]),
        ("/api/v1/chats?offset=10001".to_owned(), &["offset"]),
    ] {
        assert_eq!(fields(alice.get(&path).await), named, "{path}");
    }
    alice.get("/api/v1/chats?offset=10000&limit=100&sort=-active_at&format=json").await.expect(200);
    // Who has not signed in hears that first.
    Visitor::at(&here.base).get("/api/v1/chats?limit=0").await.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_that_is_wrong_is_named() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    world.promotes(alice.id).await;
    let chat = alice.creates_chat("Lobby").await;
    let messages = format!("/api/v1/chats/{chat}/messages");
    for (path, body, named) in [
        ("/api/v1/auth/register", json!({"email": "a@example.com"}), &["password", "name"][..]),
        ("/api/v1/auth/register", json!({}), &["email", "password", "name"]),
        (
            "/api/v1/auth/register",
            json!({"email": 7, "password": "short1", "name": null}),
            &["email", "password", "name"],
        ),
        ("/api/v1/auth/password", json!({}), &["current_password", "new_password"]),
        ("/api/v1/roles", json!({"description": []}), &["name", "description", "permissions"]),
        (
            "/api/v1/chats",
            json!({"visibility": "secret", "description": 7}),
            &["title", "visibility", "description"],
        ),
        (
            &messages,
            json!({"content": 7, "reply_to": "x", "attachments": [1, chat]}),
            &["content", "reply_to", "attachments[0]"],
        ),
    ] {
        let mut told = fields(alice.post(path, &body).await);
        let mut named: Vec<_> = named.iter().map(|field| (*field).to_owned()).collect();
        told.sort();
        named.sort();
        assert_eq!(told, named, "{path} {body}");
    }
    let nested = json!({"name": 7, "contacts": {"qq": 1, "wechat": []}});
    let mut told = fields(alice.patch("/api/v1/users/me", &nested).await);
    told.sort();
    assert_eq!(told, ["contacts.qq", "contacts.wechat", "name"]);
}

fn sorted(mut fields: Vec<String>) -> Vec<String> {
    fields.sort();
    fields
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_text_must_be_is_told_beside_every_other_fault() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    world.promotes(alice.id).await;
    let register = "/api/v1/auth/register";
    for (path, body, named) in [
        (register, json!({"email": "nonsense"}), &["email", "name", "password"][..]),
        (
            register,
            json!({"email": "nonsense", "username": "Ab", "password": 7, "name": "two\nlines"}),
            &["email", "name", "password", "username"],
        ),
        // Blanks at the ends of a password are part of it; of a name and an address they are not.
        (register, json!({"email": 7, "password": " 12345a ", "name": " A "}), &["email"]),
        (register, json!({"email": " a@example.com ", "password": "1234567a"}), &["name"]),
        // Too short, and without a digit.
        (register, json!({"email": 7, "password": "short", "name": "A"}), &["email", "password", "password"]),
        ("/api/v1/auth/login", json!({"email": "nonsense", "password": 7}), &["password"]),
        (
            "/api/v1/auth/password",
            json!({"current_password": 7, "new_password": "no digit here"}),
            &["current_password", "new_password"],
        ),
        ("/api/v1/roles", json!({"name": "Not one", "permissions": 7}), &["name", "permissions"]),
        ("/api/v1/chats", json!({"title": "\u{200b}", "visibility": 7}), &["title", "visibility"]),
        ("/api/v1/chats", json!({"title": "a\u{2028}b", "description": 7}), &["description", "title"]),
    ] {
        assert_eq!(sorted(fields(alice.post(path, &body).await)), named, "{path} {body}");
    }
    let change = json!({"name": "two\nlines", "username": ".alice.", "bio": 7});
    let told = fields(alice.patch("/api/v1/users/me", &change).await);
    assert_eq!(sorted(told), ["bio", "name", "username"]);
    let chat = alice.creates_chat("Lobby").await;
    let ids = vec![chat; 11];
    let message = json!({"reply_to": "x", "attachments": ids, "content": " "});
    let told = fields(alice.post(&format!("/api/v1/chats/{chat}/messages"), &message).await);
    assert_eq!(sorted(told), ["attachments", "content", "reply_to"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_address_head_and_body_are_told_together() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let post = |path: &str| alice.request(Method::POST, path);
    let told = Person::send(post("/api/v1/chats/7/messages?limit=0").json(&json!({"content": 7}))).await;
    assert_eq!(sorted(fields(told)), ["chat_id", "content", "limit"]);
    let told =
        Person::send(post("/api/v1/chats").header("idempotency-key", "").json(&json!({"title": 7}))).await;
    assert_eq!(sorted(fields(told)), ["Idempotency-Key", "title"]);
    let told = alice.patch("/api/v1/users/me?search=x", &json!({"username": "A"})).await;
    assert_eq!(sorted(fields(told)), ["search", "username"]);
    // What is no JSON object has no fields to name.
    for body in ["", "{", "[]", "7"] {
        let request = post("/api/v1/chats/7/messages").header("content-type", "application/json");
        assert_eq!(fields(Person::send(request.body(body)).await), ["chat_id"], "{body}");
    }
    // A key that cannot be read is not taken for none, nor one of two for the one that was meant.
    let title = json!({"title": "Attic"});
    let odd = reqwest::header::HeaderValue::from_bytes(b"caf\xe9").unwrap();
    let told = Person::send(post("/api/v1/chats").header("idempotency-key", odd).json(&title)).await;
    assert_eq!(fields(told), ["Idempotency-Key"]);
    let twice = post("/api/v1/chats").header("idempotency-key", "a").header("idempotency-key", "b");
    assert_eq!(fields(Person::send(twice.json(&title)).await), ["Idempotency-Key"]);
    let found = alice.get("/api/v1/chats?scope=public").await.expect(200);
    assert_eq!(found["total"], 0, "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_says_where_it_is() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    world.promotes(alice.id).await;
    let chat = alice.creates_chat("Lobby").await;
    let role = json!({"name": "greeter", "permissions": []});
    for (path, body, field) in [
        ("/api/v1/chats".to_owned(), json!({"title": "Attic"}), "id"),
        ("/api/v1/chats/direct".to_owned(), json!({"user_id": bob.id}), "id"),
        (format!("/api/v1/chats/{chat}/messages"), json!({"content": "hello"}), "id"),
        ("/api/v1/roles".to_owned(), role, "name"),
    ] {
        let answer = alice.post(&path, &body).await;
        let location = answer.headers["location"].to_str().unwrap().to_owned();
        let made = answer.expect(201);
        let found = alice.get(&location).await.expect(200);
        assert_eq!(found[field], made[field], "{path}");
    }
    let new = json!({"email": "new@example.com", "password": "trunkline1", "name": "New"});
    let answer = Visitor::at(&here.base).post("/api/v1/auth/register", &new).await;
    let location = answer.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(alice.get(&location).await.expect(200)["id"], answer.expect(201)["id"]);
    let upload = alice.tries_to_upload("note", b"hello".to_vec()).await;
    let location = json!(upload.headers["location"].to_str().unwrap());
    assert_eq!(alice.reads(&location).await, b"hello");
    // What is made has no address, or was there already.
    let invite = alice.post(&format!("/api/v1/chats/{chat}/invites"), &json!({})).await;
    assert!(invite.status == 201 && !invite.headers.contains_key("location"));
    let again = alice.post("/api/v1/chats/direct", &json!({"user_id": bob.id})).await;
    assert!(again.status == 200 && !again.headers.contains_key("location"));
    let document: Value = Person::send(alice.request(Method::GET, "/openapi.json")).await.body;
    let described = &document["paths"]["/api/v1/chats"]["post"]["responses"]["201"]["headers"]["Location"];
    assert!(described["description"].as_str().unwrap().contains("/api/v1/chats/{chat_id}"), "{described}");
}
