//! What really comes back, held against the document: every operation, by an ordinary person and an administrator, when all
//! goes well and when it does not.

use std::collections::BTreeSet;

use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Operation, Person, Postbox, Receiver, World, operations, picture, schema};

/// Headers that HTTP itself, or a browser's safety, puts on any answer; no client of ours reads them from the document.
const GENERAL: [&str; 17] = [
    "accept-ranges",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-resource-policy",
    "date",
    "keep-alive",
    "referrer-policy",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
    "x-frame-options",
    "allow",
];

/// A walk through the product, with the document in hand.
struct Walk {
    known: Vec<Operation>,
    went_well: BTreeSet<String>,
    faults: Vec<String>,
}

impl Walk {
    fn new() -> Self {
        let mut known = operations();
        // `{` sorts behind every letter: a literal goes before a parameter.
        known.sort_by(|one, other| one.path.cmp(&other.path));
        Self { known, went_well: BTreeSet::new(), faults: Vec::new() }
    }

    /// Sends it, and holds what comes back against the document.
    async fn goes(&mut self, method: Method, path: &str, request: reqwest::RequestBuilder) -> Answer {
        let answer = Person::send(request).await;
        self.checks(&method, path, &answer);
        answer
    }

    async fn gets(&mut self, who: &Person, path: &str) -> Value {
        self.goes(Method::GET, path, who.request(Method::GET, path)).await.expect(200)
    }

    async fn sends(&mut self, who: &Person, method: Method, path: &str, body: Value) -> Answer {
        let request = who.request(method.clone(), path);
        let request = if body.is_null() { request } else { request.json(&body) };
        self.goes(method, path, request).await
    }

    async fn posts(&mut self, who: &Person, path: &str, body: Value) -> Value {
        let answer = self.sends(who, Method::POST, path, body).await;
        assert!(answer.status < 300, "POST {path}: {}", answer.body);
        answer.body
    }

    async fn puts(&mut self, who: &Person, path: &str, body: Value) {
        let answer = self.sends(who, Method::PUT, path, body).await;
        assert!(answer.status < 300, "PUT {path}: {}", answer.body);
    }

    async fn patches(&mut self, who: &Person, path: &str, body: Value) {
        self.sends(who, Method::PATCH, path, body).await.expect(200);
    }

    async fn deletes(&mut self, who: &Person, path: &str) {
        self.sends(who, Method::DELETE, path, Value::Null).await.expect(204);
    }

    /// Sends a picture as the field `file`.
    async fn shows(&mut self, who: &Person, path: &str) -> Value {
        let file = Part::bytes(picture(ImageFormat::Png, 40, 20)).file_name("harbour.png");
        let form = Form::new().part("file", file);
        let answer = self.goes(Method::POST, path, who.request(Method::POST, path).multipart(form)).await;
        assert!(answer.status < 300, "{path}: {}", answer.body);
        answer.body
    }

    fn checks(&mut self, method: &Method, path: &str, answer: &Answer) {
        let plain = path.split('?').next().unwrap_or_default();
        let fits = |operation: &&Operation| {
            let same = |(known, given): (&str, &str)| known == given || known.starts_with('{');
            operation.method == *method
                && operation.path.split('/').count() == plain.split('/').count()
                && operation.path.split('/').zip(plain.split('/')).all(same)
        };
        let operation =
            self.known.iter().find(fits).unwrap_or_else(|| panic!("{method} {path} is not described"));
        let found = faults(&operation.about["responses"], answer);
        let name = format!("{} {}", operation.name(), answer.status);
        self.faults.extend(found.into_iter().map(|fault| format!("{name} {fault}")));
        if answer.status < 300 {
            self.went_well.insert(operation.name());
        }
    }
}

/// What is wrong with an answer by what the document says of its operation.
fn faults(described: &Value, answer: &Answer) -> Vec<String> {
    let Some(about) = described.get(answer.status.to_string()) else {
        return vec!["is no status of it".into()];
    };
    let mut found = vec![];
    let headers = about["headers"].as_object().cloned().unwrap_or_default();
    for (name, header) in &headers {
        let header = schema::resolved(header);
        match answer.headers.get(name).map(|value| value.to_str().unwrap()) {
            Some(value) => found.extend(schema::faults(&header["schema"], &value.into())),
            None if header["required"] == true => found.push(format!("lacks the header {name}")),
            None => {}
        }
    }
    for name in answer.headers.keys().map(reqwest::header::HeaderName::as_str) {
        let is_described = headers.keys().any(|known| known.eq_ignore_ascii_case(name));
        if !is_described && !GENERAL.contains(&name) {
            found.push(format!("has the header {name}, which is not described"));
        }
    }
    let kind = answer.headers.get("content-type").map(|kind| kind.to_str().unwrap());
    let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default());
    let content = about["content"].as_object();
    match (kind, content) {
        (None, None) => {}
        (Some(kind), Some(content)) => {
            let fits = |known: &str| {
                let known = known.split(';').next().unwrap_or_default();
                let wild = known.strip_suffix("/*").map(|family| family == "*" || kind.starts_with(family));
                known == kind || wild.unwrap_or_default()
            };
            match content.iter().find(|(known, _)| fits(known)) {
                None => found.push(format!("is {kind}")),
                Some((known, about)) if known.contains("json") => {
                    found.extend(schema::faults(&about["schema"], &answer.body));
                }
                Some(_) => {}
            }
        }
        (kind, content) => found.push(format!("has {kind:?} for {content:?}")),
    }
    found
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_what_the_document_says() {
    let postbox = Postbox::new().await;
    let mail = postbox.settings();
    let mut settings: Vec<_> = mail.iter().map(|(key, value)| (*key, value.as_str())).collect();
    settings.push(("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true"));
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let admin = here.person("Admin").await;
    world.promotes(admin.id).await;
    let mut walk = Walk::new();
    let chat = talks(&mut walk, &alice, &bob).await;
    manages(&mut walk, &alice, &bob, &chat).await;
    knows(&mut walk, &alice, &bob).await;
    administers(&mut walk, &admin, &bob).await;
    signs(&mut walk, &here.person("Carol").await, &postbox).await;
    for path in ["/health/live", "/health/ready", "/healthcheck", "/metrics"] {
        walk.goes(Method::GET, path, alice.request(Method::GET, path)).await;
    }
    for who in [&alice, &admin] {
        fails(&mut walk, who).await;
    }
    let lacking: Vec<_> =
        walk.known.iter().map(Operation::name).filter(|name| !walk.went_well.contains(name)).collect();
    // It has no other answer than its socket.
    assert_eq!(lacking, ["GET /api/v1/ws"], "no answer of these was looked at");
    assert!(walk.faults.is_empty(), "{} faults:\n{}", walk.faults.len(), walk.faults.join("\n"));
}

/// Messages, and all that can be done to them.
async fn talks(walk: &mut Walk, alice: &Person, bob: &Person) -> String {
    let chat = id(&walk.posts(alice, "/api/v1/chats", json!({"title": "Lobby", "description": "All"})).await);
    let at = format!("/api/v1/chats/{chat}");
    walk.gets(alice, "/api/v1/chats").await;
    walk.posts(bob, &format!("{at}/join"), Value::Null).await;
    walk.shows(alice, &format!("{at}/image")).await;
    let image = walk.gets(bob, &at).await["image_url"].as_str().unwrap().to_owned();
    walk.gets(bob, image.strip_prefix(&bob.base).unwrap()).await;
    let upload = walk.shows(alice, "/api/v1/uploads").await;
    let file = format!("/api/v1/files/{}", id(&upload));
    let text = json!({"content": "Hello @nobody", "client_id": "a1"});
    let first = walk.posts(alice, &format!("{at}/messages"), text.clone()).await;
    walk.sends(alice, Method::POST, &format!("{at}/messages"), text).await.expect(200);
    let reply = json!({"content": "Look", "reply_to": first["id"], "attachments": [upload["id"]]});
    let second = walk.posts(alice, &format!("{at}/messages"), reply).await;
    for path in [file.clone(), format!("{file}/thumbnail"), format!("{file}/link")] {
        walk.gets(bob, &path).await;
    }
    let link = walk.gets(alice, &format!("{file}/link")).await["url"].as_str().unwrap().to_owned();
    walk.gets(bob, link.strip_prefix(&bob.base).unwrap()).await;
    let part = bob.request(Method::GET, &file).header("range", "bytes=0-9");
    walk.goes(Method::GET, &file, part).await.expect(206);
    let beyond = bob.request(Method::GET, &file).header("range", "bytes=9999999-");
    walk.goes(Method::GET, &file, beyond).await.expect(416);
    let known = bob.request(Method::GET, &file).header("if-none-match", "*");
    walk.goes(Method::GET, &file, known).await.expect(304);
    let one = format!("{at}/messages/{}", id(&first));
    walk.patches(alice, &one, json!({"content": "Hello all"})).await;
    walk.puts(bob, &format!("{one}/reactions/%F0%9F%91%8D"), Value::Null).await;
    walk.gets(bob, &one).await;
    walk.puts(alice, &format!("{one}/pin"), Value::Null).await;
    walk.gets(bob, &format!("{at}/pins")).await;
    walk.deletes(alice, &format!("{one}/pin")).await;
    walk.deletes(bob, &format!("{one}/reactions/%F0%9F%91%8D")).await;
    walk.puts(bob, &format!("{at}/read"), json!({"seq": 2})).await;
    for path in ["messages", "messages?search=hello", "reads", "members?include=users"] {
        let answer = walk.sends(bob, Method::GET, &format!("{at}/{path}"), Value::Null).await;
        assert!(answer.status < 500, "{path}: {}", answer.body);
    }
    walk.gets(bob, "/api/v1/search/messages?search=hello").await;
    walk.gets(bob, "/api/v1/chats").await;
    walk.gets(bob, "/api/v1/chats?scope=public").await;
    walk.deletes(alice, &format!("{at}/messages/{}", id(&second))).await;
    walk.gets(bob, &format!("{at}/messages")).await;
    chat
}

/// Who is in a chat, and what hangs on it; in the end the whole log.
async fn manages(walk: &mut Walk, alice: &Person, bob: &Person, chat: &str) {
    let at = format!("/api/v1/chats/{chat}");
    let user = json!({"user_id": bob.id});
    walk.sends(alice, Method::POST, &format!("{at}/members"), user.clone()).await.expect(200);
    walk.patches(alice, &format!("{at}/members/{}", bob.id), json!({"role": "admin"})).await;
    walk.gets(alice, &format!("{at}/members")).await;
    walk.deletes(alice, &format!("{at}/members/{}", bob.id)).await;
    walk.posts(alice, &format!("{at}/members"), user.clone()).await;
    walk.posts(bob, &format!("{at}/leave"), Value::Null).await;
    let invite = walk.posts(alice, &format!("{at}/invites"), json!({"max_uses": 3})).await;
    walk.gets(alice, &format!("{at}/invites")).await;
    walk.posts(bob, &format!("/api/v1/invites/{}/accept", invite["token"].as_str().unwrap()), Value::Null)
        .await;
    walk.deletes(alice, &format!("{at}/invites/{}", id(&invite))).await;
    let receiver = Receiver::new().await;
    let hook = json!({"url": receiver.url(), "events": ["new_message"]});
    let hook = walk.posts(alice, &format!("{at}/webhooks"), hook).await;
    walk.gets(alice, &format!("{at}/webhooks")).await;
    walk.patches(alice, &format!("{at}/webhooks/{}", id(&hook)), json!({"active": false})).await;
    walk.deletes(alice, &format!("{at}/webhooks/{}", id(&hook))).await;
    walk.patches(alice, &at, json!({"description": "For all", "retention_days": 30})).await;
    walk.deletes(alice, &format!("{at}/image")).await;
    walk.deletes(alice, &format!("{at}/messages")).await;
    let log = walk.gets(alice, &format!("{at}/log?limit=100")).await;
    let told: BTreeSet<_> =
        log["items"].as_array().unwrap().iter().map(|entry| entry["type"].to_string()).collect();
    assert!(told.len() >= 11, "{told:?}");
    walk.puts(alice, &format!("{at}/bans/{}", bob.id), Value::Null).await;
    walk.gets(alice, &format!("{at}/bans")).await;
    walk.deletes(alice, &format!("{at}/bans/{}", bob.id)).await;
    let direct = walk.posts(alice, "/api/v1/chats/direct", user.clone()).await;
    walk.posts(bob, &format!("/api/v1/chats/{}/messages", id(&direct)), json!({"content": "hi"})).await;
    walk.sends(alice, Method::POST, "/api/v1/chats/direct", user).await.expect(200);
    walk.gets(alice, "/api/v1/chats?kind=direct").await;
    walk.gets(alice, &format!("/api/v1/chats/{}/log", id(&direct))).await;
    walk.deletes(alice, &at).await;
}

/// Friends, blocks, one's own account.
async fn knows(walk: &mut Walk, alice: &Person, bob: &Person) {
    walk.posts(alice, "/api/v1/friends", json!({"user_id": bob.id})).await;
    walk.gets(bob, "/api/v1/friends/requests").await;
    walk.sends(bob, Method::POST, "/api/v1/friends", json!({"user_id": alice.id})).await.expect(200);
    walk.gets(alice, "/api/v1/friends").await;
    walk.gets(alice, &format!("/api/v1/users/{}", bob.id)).await;
    walk.deletes(alice, &format!("/api/v1/friends/{}", bob.id)).await;
    walk.puts(alice, &format!("/api/v1/blocks/{}", bob.id), Value::Null).await;
    walk.gets(alice, "/api/v1/blocks").await;
    walk.deletes(alice, &format!("/api/v1/blocks/{}", bob.id)).await;
    walk.gets(alice, "/api/v1/users").await;
    walk.gets(alice, "/api/v1/users/me").await;
    walk.patches(alice, "/api/v1/users/me", json!({"bio": "Curious", "contacts": {"github": "alice"}})).await;
    let shown = walk.shows(alice, "/api/v1/users/avatar").await["avatar_url"].as_str().unwrap().to_owned();
    walk.gets(bob, shown.strip_prefix(&bob.base).unwrap()).await;
    walk.deletes(alice, "/api/v1/users/avatar").await;
    let profile = json!({"name": "Alice", "username": "alice_l", "email": alice.email});
    walk.puts(alice, &format!("/api/v1/users/{}", alice.id), profile).await;
    walk.gets(alice, "/api/v1/routes?limit=100").await;
}

async fn administers(walk: &mut Walk, admin: &Person, bob: &Person) {
    let role = json!({"name": "moderator", "permissions": ["GET:/api/v1/audit"]});
    walk.posts(admin, "/api/v1/roles", role).await;
    walk.gets(admin, "/api/v1/roles").await;
    walk.gets(admin, "/api/v1/roles/moderator").await;
    walk.patches(admin, "/api/v1/roles/moderator", json!({"description": "Looks after rooms"})).await;
    walk.puts(admin, "/api/v1/roles/moderator/permissions", json!({"permissions": []})).await;
    walk.puts(admin, &format!("/api/v1/users/{}/roles", bob.id), json!({"roles": ["user", "moderator"]}))
        .await;
    walk.puts(admin, &format!("/api/v1/users/{}/roles", bob.id), json!({"roles": ["user"]})).await;
    walk.deletes(admin, "/api/v1/roles/moderator").await;
    for status in ["suspended", "active"] {
        walk.puts(admin, &format!("/api/v1/users/{}/status", bob.id), json!({"status": status})).await;
    }
    walk.gets(admin, "/api/v1/users?limit=100").await;
    walk.gets(admin, "/api/v1/audit?limit=100").await;
}

/// Signing up, in and out.
async fn signs(walk: &mut Walk, carol: &Person, postbox: &Postbox) {
    let stranger = carol.bearing("");
    let new = json!({"email": "dave@example.com", "password": "trunkline1", "name": "Dave"});
    walk.posts(&stranger, "/api/v1/auth/register", new.clone()).await;
    walk.sends(&stranger, Method::POST, "/api/v1/auth/register", new).await.refused(409, "email_taken");
    walk.gets(&stranger, "/api/v1/auth/keys/public").await;
    let login = json!({"email": "dave@example.com", "password": "trunkline1"});
    let pair = walk.posts(&stranger, "/api/v1/auth/login", login.clone()).await;
    let wrong = json!({"email": "dave@example.com", "password": "trunkline2"});
    walk.sends(&stranger, Method::POST, "/api/v1/auth/login", wrong).await.refused(401, "wrong_credentials");
    let refresh = json!({"refresh_token": pair["refresh_token"]});
    let pair = walk.posts(&stranger, "/api/v1/auth/token/refresh", refresh).await;
    let dave = carol.bearing(pair["access_token"].as_str().unwrap());
    let token = walk.posts(&dave, "/api/v1/auth/tokens", json!({"name": "bot"})).await;
    walk.gets(&dave, "/api/v1/auth/tokens").await;
    walk.deletes(&dave, &format!("/api/v1/auth/tokens/{}", id(&token))).await;
    walk.posts(&stranger, "/api/v1/auth/login", login).await;
    let sessions = walk.gets(&dave, "/api/v1/auth/sessions").await;
    let other = sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == false);
    walk.deletes(&dave, &format!("/api/v1/auth/sessions/{}", id(other.unwrap()))).await;
    let change = json!({"current_password": "trunkline1", "new_password": "trunkline3"});
    walk.posts(&dave, "/api/v1/auth/password", change).await;
    walk.posts(&dave, "/api/v1/auth/logout", Value::Null).await;
    walk.sends(&dave, Method::POST, "/api/v1/auth/logout", Value::Null).await.expect(401);
    walk.posts(&stranger, "/api/v1/auth/password/forgot", json!({"email": "dave@example.com"})).await;
    let token = postbox.waits_for(1).await.token();
    let form = json!({"token": token, "new_password": "trunkline4"});
    walk.posts(&stranger, "/api/v1/auth/password/reset", form).await;
}

/// Each operation asked for what is not there, for rubbish, and without a token.
async fn fails(walk: &mut Walk, who: &Person) {
    let stranger = who.bearing("");
    for operation in walk.known.clone() {
        let method = operation.method.clone();
        let ends_account =
            ["logout", "change_password"].iter().any(|id| operation.about["operationId"] == *id);
        let missing = operation.path_with(|_| Uuid::now_v7().to_string());
        let rubbish = operation.path_with(|_| "%20".to_owned()) + "?limit=0&offset=x&sort=nothing&format=pdf";
        if operation.is_locked() {
            walk.sends(&stranger, method.clone(), &missing, Value::Null).await.expect(401);
        }
        if ends_account || operation.path == "/api/v1/users/avatar" {
            continue;
        }
        for path in [&missing, &rubbish] {
            walk.sends(who, method.clone(), path, Value::Null).await;
            if operation.about["requestBody"].is_object() {
                walk.sends(who, method.clone(), path, json!({"title": 1, "file": null})).await;
                walk.sends(who, method.clone(), path, json!([])).await;
            }
        }
    }
}
