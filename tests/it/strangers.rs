//! Every door of the document is tried by those who should not come through.

use std::time::Instant;

use image::ImageFormat;
use jsonwebtoken::{EncodingKey, Header, encode};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use trunkline::tokens::Signer;
use uuid::Uuid;

use crate::support::{Operation, Person, World, operations, picture};

/// What may be done without a token; everything else is locked.
const OPEN: [&str; 15] = [
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/token/refresh",
    "GET /api/v1/auth/keys/public",
    "POST /api/v1/auth/password/forgot",
    "POST /api/v1/auth/password/reset",
    "GET /api/v1/avatars/{user_id}/{file_name}",
    "GET /api/v1/images/{chat_id}/{file_name}",
    "GET /api/v1/calendars/{calendar}",
    "GET /api/v1/links/{link}",
    "POST /api/v1/hooks/{token}",
    "GET /health/live",
    "GET /health/ready",
    "GET /healthcheck",
    "GET /metrics",
];

/// What is made where it is not there, by those who may.
const MADE: [&str; 2] = ["POST /api/v1/topics/{topic}/records", "PUT /api/v1/topics/{topic}"];

/// What may be ended though it is not there.
const ENDED: [&str; 1] = ["DELETE /api/v1/blocks/{user_id}"];

#[test]
fn only_these_doors_are_open() {
    let open = operations().into_iter().filter(|operation| !operation.is_locked());
    let mut open: Vec<_> = open.map(|operation| operation.name()).collect();
    let mut expected = OPEN.map(str::to_owned);
    open.sort();
    expected.sort();
    assert_eq!(open, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_door_opens_to_no_false_key() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let keys = false_keys(&alice);
    let client = reqwest::Client::new();
    for operation in operations().iter().filter(|operation| operation.is_locked()) {
        for (name, header, value) in &keys {
            let mut request = client.request(
                operation.method.clone(),
                here.base.clone() + &operation.path_with(|_| Uuid::nil().to_string()),
            );
            if !header.is_empty() {
                request = request.header(*header, value);
            }
            if let Some(body) = operation.example() {
                request = request.json(&body);
            }
            let answer = Person::send(request).await;
            assert_eq!(answer.status, 401, "{} with {name}: {}", operation.name(), answer.body);
            assert!(answer.headers.contains_key("www-authenticate"));
            answer.refused(401, "not_signed_in");
        }
    }
    alice.get("/api/v1/users/me").await.expect(200);
}

/// Each with its name, and the header it comes in.
fn false_keys(alice: &Person) -> Vec<(&'static str, &'static str, String)> {
    let bearer = |token: &str| format!("Bearer {token}");
    let other = Signer::new("another secret of at least 32 bytes", std::iter::empty(), 15);
    let other = other.sign(alice.id, Uuid::now_v7()).unwrap();
    let parts: Vec<_> = alice.token.split('.').collect();
    let kid = jsonwebtoken::decode_header(&alice.token).unwrap().kid;
    let right = EncodingKey::from_secret(b"0123456789abcdef0123456789abcdef");
    let claims = |kind: &str, ends: i64| {
        let exp = chrono::Utc::now().timestamp() + ends;
        json!({"sub": alice.id, "sid": Uuid::now_v7(), "jti": Uuid::now_v7(), "type": kind, "iat": exp - 900, "exp": exp})
    };
    let signed = |claims: Value, key: &EncodingKey| {
        encode(&Header { kid: kid.clone(), ..Header::default() }, &claims, key).unwrap()
    };
    let forged = EncodingKey::from_secret(b"another secret of at least 32 bytes");
    let none = base64::Engine::encode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        json!({"alg": "none", "typ": "JWT", "kid": kid}).to_string(),
    );
    vec![
        ("nothing", "", String::new()),
        ("rubbish", "authorization", "Bearer rubbish".into()),
        ("no token", "authorization", "Bearer ".into()),
        ("bytes", "authorization", "\u{fffd}".into()),
        ("Basic", "authorization", "Basic YWxpY2U6dHJ1bmtsaW5lMQ==".into()),
        ("no scheme", "authorization", alice.token.clone()),
        ("another key", "authorization", bearer(&other)),
        ("another key under our name", "authorization", bearer(&signed(claims("access", 900), &forged))),
        ("an expired one", "authorization", bearer(&signed(claims("access", -1), &right))),
        ("one for something else", "authorization", bearer(&signed(claims("refresh", 900), &right))),
        ("alg none", "authorization", bearer(&format!("{none}.{}.", parts[1]))),
        ("no signature", "authorization", bearer(&format!("{}.{}.", parts[0], parts[1]))),
        ("a refresh token", "authorization", bearer(&alice.refresh_token)),
        ("a cookie of rubbish", "cookie", "access_token=rubbish".into()),
        ("a cookie with another key", "cookie", format!("access_token={other}")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_door_opens_to_nobody_without_the_role() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let none = "delete from user_roles where user_id = $1";
    world.psql().await.execute(none, &[&eve.id]).await.unwrap();
    world.rings().await;
    let chat = alice.creates_chat("Open to all").await;
    for operation in operations().iter().filter(|operation| operation.is_locked()) {
        let value = |name: &str| match name {
            "chat_id" => chat.to_string(),
            "user_id" | "id" => alice.id.to_string(),
            "name" => "admin".to_owned(),
            _ => Uuid::now_v7().to_string(),
        };
        let refused = tries(&eve, operation, &operation.path_with(value)).await.refused(403, "forbidden");
        let permission = operation.about["x-permission"].as_str().unwrap();
        assert_eq!(permission, format!("{}:{}", operation.method, operation.path));
        assert!(refused["detail"].as_str().unwrap().contains(permission), "{refused}");
    }
    alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn administration_is_closed_to_new_accounts_and_what_is_not_there_to_everyone() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, eve) = (here.person("Admin").await, here.person("Eve").await);
    world.promotes(admin.id).await;
    for operation in operations().iter().filter(|operation| operation.is_locked()) {
        let path = operation.path_with(|name| match name {
            "emoji" => ":wave:".to_owned(),
            _ => Uuid::now_v7().to_string(),
        });
        let tags = operation.about["tags"].as_array().unwrap();
        if tags.iter().any(|tag| tag == "Administration") {
            tries(&eve, operation, &path).await.refused(403, "forbidden");
        }
        if !operation.path.contains('{') {
            continue;
        }
        for who in [&admin, &eve] {
            let answer = tries(who, operation, &path).await;
            let name = operation.name();
            // To end what is not there is done already.
            let is_done = ENDED.contains(&name.as_str()) && answer.status == 204
                || MADE.contains(&name.as_str()) && who.id == admin.id && answer.status < 300;
            assert!(
                is_done || matches!(answer.status, 403 | 404),
                "{name}: {} {}",
                answer.status,
                answer.body
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_a_stranger_a_private_chat_does_not_exist() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let chat = alice.creates_private_chat("Ours").await;
    let message = alice.says(chat, "for us alone").await["id"].as_str().unwrap().to_owned();
    let in_a_chat = |operation: &Operation| operation.path.contains("{chat_id}");
    for operation in operations().iter().filter(|operation| in_a_chat(operation)) {
        let value = |name: &str| match name {
            "chat_id" => chat.to_string(),
            "message_id" => message.clone(),
            "user_id" => alice.id.to_string(),
            "emoji" => ":wave:".to_owned(),
            _ => Uuid::now_v7().to_string(),
        };
        let strange = tries(&eve, operation, &operation.path_with(value)).await;
        assert_eq!(strange.status, 404, "{}: {}", operation.name(), strange.body);
        let strange = strange.refused(404, "not_found");
        let value = |name: &str| if name == "chat_id" { Uuid::now_v7().to_string() } else { value(name) };
        let missing = tries(&eve, operation, &operation.path_with(value)).await.refused(404, "not_found");
        assert_eq!(strange["detail"], missing["detail"], "{}", operation.name());
        let value = |name: &str| if name == "chat_id" { "not-a-uuid".to_owned() } else { value(name) };
        let answer = tries(&eve, operation, &operation.path_with(value)).await;
        let refused = answer.refused(400, "validation_failed");
        assert_eq!(refused["errors"], json!([{"field": "chat_id", "message": "must be a UUID"}]));
    }
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_long_an_answer_takes_tells_nothing_of_a_private_chat() {
    // More is asked than a person may.
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let chat = alice.creates_private_chat("Ours").await;
    let message = alice.says(chat, "for us alone").await["id"].as_str().unwrap().to_owned();
    // With their numbers, as a restore does.
    let fill = "
        set trunkline.numbered = 'on';
        insert into messages (chat_id, sender_id, seq, content)
        select chats.id, chats.owner_id, n, 'word ' || n from chats, generate_series(2, 100000) as n;
        update chats set last_seq = 100000, message_count = 100000;
        analyze messages";
    world.psql().await.batch_execute(fill).await.unwrap();
    let paths = [
        "/messages?limit=100&offset=10000".to_owned(),
        "/messages?after_seq=5&limit=100".to_owned(),
        "/messages?around_seq=90000".to_owned(),
        "/messages?search=wo".to_owned(),
        "/messages?sender_id=01900000-0000-7000-8000-000000000000".to_owned(),
        "/log?after_seq=0&limit=100".to_owned(),
        format!("/messages/{message}"),
        "/members?search=a".to_owned(),
        "/reads".to_owned(),
        "/pins".to_owned(),
        "/bans".to_owned(),
    ]
    .map(|path| (Method::GET, path, None));
    // What is said is not looked through for who is mentioned, nor is anything held.
    let long = |more: Value| {
        let mut body = json!({"content": " @aaa".repeat(819)});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        (Method::POST, "/messages".to_owned(), Some(body))
    };
    let posts = [long(json!({})), long(json!({"reply_to": message})), long(json!({"client_id": "again"}))];
    for (method, path, body) in paths.into_iter().chain(posts) {
        // What others do on this machine meanwhile is no answer: three times in a row is one.
        let mut told = Vec::new();
        while told.len() < 3 {
            let (mut ours, mut nobodys) = (Vec::new(), Vec::new());
            for _ in 0..40 {
                for (chat, took) in [(chat, &mut ours), (Uuid::now_v7(), &mut nobodys)] {
                    let mut request = eve.request(method.clone(), &format!("/api/v1/chats/{chat}{path}"));
                    if let Some(body) = &body {
                        request = request.json(body);
                    }
                    let begun = Instant::now();
                    Person::send(request).await.refused(404, "not_found");
                    took.push(begun.elapsed());
                }
            }
            ours.sort();
            nobodys.sort();
            let (ours, nobodys) = (ours[10].as_secs_f64(), nobodys[10].as_secs_f64());
            if ours < nobodys * 1.5 + 5e-4 {
                break;
            }
            told.push((ours, nobodys));
        }
        assert!(told.len() < 3, "{method} {path}: seconds for one that is there, and for none: {told:?}");
    }
}

async fn tries(who: &Person, operation: &Operation, path: &str) -> crate::support::Answer {
    let request = who.request(operation.method.clone(), path);
    let content = &operation.about["requestBody"]["content"];
    if content["multipart/form-data"].is_object() {
        let file = Part::bytes(picture(ImageFormat::Png, 3, 2));
        return Person::send(request.multipart(Form::new().part("file", file))).await;
    }
    Person::send(match operation.example() {
        Some(mut body) => {
            // An example may refer to what is not there; without that it is valid anywhere.
            for field in ["reply_to", "attachments"] {
                body.as_object_mut().map(|body| body.remove(field));
            }
            request.json(&body)
        }
        None => request,
    })
    .await
}
