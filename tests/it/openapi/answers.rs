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

use super::steps::{administers, knows, manages, meets, signs, talks, writes};
use crate::support::{Answer, Operation, Person, Postbox, World, operations, picture, schema};

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
pub struct Walk {
    known: Vec<Operation>,
    went_well: BTreeSet<String>,
    faults: Vec<String>,
}

impl Walk {
    pub fn new() -> Self {
        let mut known = operations();
        // `{` sorts behind every letter: a literal goes before a parameter.
        known.sort_by(|one, other| one.path.cmp(&other.path));
        Self { known, went_well: BTreeSet::new(), faults: Vec::new() }
    }

    /// Sends it, and holds what comes back against the document.
    pub async fn goes(&mut self, method: Method, path: &str, request: reqwest::RequestBuilder) -> Answer {
        let answer = Person::send(request).await;
        self.checks(&method, path, &answer);
        answer
    }

    pub async fn gets(&mut self, who: &Person, path: &str) -> Value {
        self.goes(Method::GET, path, who.request(Method::GET, path)).await.expect(200)
    }

    pub async fn sends(&mut self, who: &Person, method: Method, path: &str, body: Value) -> Answer {
        let request = who.request(method.clone(), path);
        let request = if body.is_null() { request } else { request.json(&body) };
        self.goes(method, path, request).await
    }

    pub async fn posts(&mut self, who: &Person, path: &str, body: Value) -> Value {
        let answer = self.sends(who, Method::POST, path, body).await;
        assert!(answer.status < 300, "POST {path}: {}", answer.body);
        answer.body
    }

    pub async fn puts(&mut self, who: &Person, path: &str, body: Value) {
        let answer = self.sends(who, Method::PUT, path, body).await;
        assert!(answer.status < 300, "PUT {path}: {}", answer.body);
    }

    pub async fn patches(&mut self, who: &Person, path: &str, body: Value) {
        self.sends(who, Method::PATCH, path, body).await.expect(200);
    }

    pub async fn deletes(&mut self, who: &Person, path: &str) {
        self.sends(who, Method::DELETE, path, Value::Null).await.expect(204);
    }

    /// Opens a socket.
    pub async fn upgrades(&mut self, who: &Person, path: &str) {
        let request =
            who.request(Method::GET, path).header("connection", "upgrade").header("upgrade", "websocket");
        let request =
            request.header("sec-websocket-protocol", "trunkline.v1").header("sec-websocket-version", "13");
        let response = request.header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==").send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        assert_eq!(status, 101, "{path}");
        self.checks(&Method::GET, path, &Answer { status, headers, body: Value::Null });
    }

    /// Sends a picture as the field `file`.
    pub async fn shows(&mut self, who: &Person, path: &str) -> Value {
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
    meets(&mut walk, &alice, &bob).await;
    let event = "insert into events (owner_id, name, event_time, max_tickets) values ($1, 'Party', 'tomorrow', 1) returning id";
    let event: Uuid = world.psql().await.query_one(event, &[&alice.id]).await.unwrap().get(0);
    writes(&mut walk, &alice, &bob, &event.to_string()).await;
    administers(&mut walk, &admin, &bob).await;
    signs(&mut walk, &here.person("Carol").await, &postbox).await;
    for path in ["/health/live", "/health/ready", "/healthcheck", "/metrics"] {
        walk.goes(Method::GET, path, alice.request(Method::GET, path)).await;
    }
    for who in [&alice, &admin] {
        fails(&mut walk, who).await;
    }
    for path in ["/api/v1/ws".to_owned(), format!("/api/v1/chats/{}", alice.creates_chat("Hall").await)] {
        walk.upgrades(&alice, &path).await;
    }
    let lacking: Vec<_> =
        walk.known.iter().map(Operation::name).filter(|name| !walk.went_well.contains(name)).collect();
    assert!(lacking.is_empty(), "no answer of these was looked at: {lacking:?}");
    assert!(walk.faults.is_empty(), "{} faults:\n{}", walk.faults.len(), walk.faults.join("\n"));
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
