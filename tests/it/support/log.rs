//! The log of the test run: everything the servers of all stories say, searched for what must not be in it.
//!
//! Each [`World`](super::World) searches what was said during its life when it goes, so that no story can be forgotten. What
//! people send and are told over HTTP is noted as it passes; what looks like a secret is one, noted or not.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    io::Write,
    sync::{Mutex, Once, PoisonError},
    thread,
};

use serde_json::Value;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

/// What any token, password, key, address or link with a password in these stories begins with or holds.
const SHAPES: [&str; 10] = [
    "eyJ0eXAi",
    "eyJhbGci",
    "\"tl_",
    " tl_",
    "$2b$",
    super::person::PASSWORD,
    "0123456789abcdef0123456789abcdef",
    "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
    "@example.com",
    "PRIVATE KEY",
];

/// The fields of bodies that nobody may find in a log.
const FIELDS: [&str; 14] = [
    "email",
    "password",
    "new_password",
    "current_password",
    "encrypted_password",
    "access_token",
    "refresh_token",
    "token",
    "secret",
    "content",
    "bio",
    "qq",
    "wechat",
    "github",
];

/// More are not noted: a run of a million messages would be nothing but that.
const MOST: usize = 100_000;

/// What is shorter may stand in a log by chance.
const SHORTEST: usize = 10;

static LINES: Mutex<String> = Mutex::new(String::new());
static SECRETS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// A place in the log.
#[derive(Debug, Clone, Copy)]
pub struct Place(usize);

/// Listens to every server of this process from now on; where the log stands.
pub fn listen() -> Place {
    static BEGIN: Once = Once::new();
    BEGIN.call_once(|| {
        let lines = fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(|| Writer);
        registry().with(EnvFilter::new("info,trunkline=trace")).with(lines).try_init().unwrap();
    });
    Place(LINES.lock().unwrap_or_else(PoisonError::into_inner).len())
}

/// What was said since.
pub fn since(place: Place) -> String {
    LINES.lock().unwrap_or_else(PoisonError::into_inner)[place.0..].to_owned()
}

/// Adds what a process of its own has said.
pub fn add(text: &str) {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
}

/// Notes what is secret in a body that was sent or answered.
pub fn note(body: &Value) {
    match body {
        Value::Array(items) => items.iter().for_each(note),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if FIELDS.contains(&name.as_str()) => note_text(text),
                    _ => note(value),
                }
            }
        }
        _ => {}
    }
}

/// Notes a secret.
pub fn note_text(text: &str) {
    if text.len() >= SHORTEST && text.chars().any(|c| c != 'x') {
        let mut secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner);
        if secrets.len() < MOST {
            secrets.insert(text.to_owned());
        }
    }
}

/// Fails when a secret was said since; at the end of a story that has failed already it says nothing.
pub fn search(place: Place) {
    if thread::panicking() {
        return;
    }
    let text = since(place);
    let secrets = SECRETS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let found = found_in(&text, &secrets);
    assert!(found.is_empty(), "the log tells a secret: {found:#?}");
}

/// The lines that hold a secret, each with the secret.
fn found_in<'a>(text: &'a str, secrets: &'a BTreeSet<String>) -> Vec<(&'a str, &'a str)> {
    let mut by_start: HashMap<&[u8], Vec<&str>> = HashMap::new();
    let mut starts = vec![false; 1 << 16];
    for secret in secrets.iter().map(String::as_str).chain(SHAPES) {
        let start = secret.as_bytes();
        starts[usize::from(u16::from_le_bytes([start[0], start[1]]))] = true;
        by_start.entry(&start[..4]).or_default().push(secret);
    }
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for line in text.lines() {
        let bytes = line.as_bytes();
        for (at, start) in bytes.windows(4).enumerate() {
            if starts[usize::from(u16::from_le_bytes([start[0], start[1]]))]
                && let Some(secrets) = by_start.get(start)
            {
                let is_here = |secret: &&&str| bytes[at..].starts_with(secret.as_bytes());
                found.extend(
                    secrets
                        .iter()
                        .filter(is_here)
                        .filter(|secret| seen.insert(**secret))
                        .map(|secret| (*secret, line)),
                );
            }
        }
    }
    found
}

struct Writer;

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        add(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_secret_in_the_log_is_found() {
    let secrets: BTreeSet<_> = ["the walrus and the carpenter", "dGhlIHdhbHJ1cw"].map(str::to_owned).into();
    let line = |text: &str| format!("{{\"level\":\"INFO\",\"message\":\"{text}\"}}\n");
    for text in [
        "said the walrus and the carpenter",
        "Bearer eyJ0eXAiOiJKV1Qi",
        "dGhlIHdhbHJ1cw",
        "tl_abc",
        "a@example.com",
    ] {
        assert_eq!(found_in(&(line("request") + &line(text) + &line(text)), &secrets).len(), 1, "{text}");
    }
    assert!(found_in(&line("the walrus came with a carpenter"), &secrets).is_empty());
}
