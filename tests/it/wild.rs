//! Whatever anyone sends: no answer is our fault, and every answer is one the document tells of.

use std::collections::BTreeSet;

use reqwest::{Method, header::HeaderValue};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::support::{Operation, Person, World, operations};

/// Requests to each operation; the same ones in every run.
const ROUNDS: u64 = 60;

/// The next of a sequence that looks random and is always the same (splitmix64).
pub fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut bits = *seed;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Whether it comes true this time, once in `count`.
pub fn one_in(count: u64, seed: &mut u64) -> bool {
    next(seed).is_multiple_of(count)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_anyone_sends_is_answered_with_a_failure() {
    // Who sends rubbish to every door would soon have to wait, and mails would go nowhere.
    let settings = [
        ("TRUNKLINE_LIMITS__ENABLED", "false"),
        ("TRUNKLINE_SMTP__URL", "smtp://127.0.0.1:9"),
        ("TRUNKLINE_SMTP__FROM", "trunkline@example.com"),
    ];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let bob = here.person("Bob").await;
    let client = reqwest::Client::new();
    let mut wrong = BTreeSet::new();
    for (number, operation) in operations().into_iter().enumerate() {
        // What is tried may delete the chat or end the session: each operation has its own.
        let alice = here.person("Alice").await;
        let chat = alice.creates_chat(&format!("Lobby {number}")).await;
        let message = alice.says(chat, "hello").await["id"].as_str().unwrap().to_owned();
        let mut seed = number as u64 * 1000;
        for round in 0..ROUNDS {
            let who = if round % 8 == 7 { &bob } else { &alice };
            let known = |name: &str| match name {
                "chat_id" => chat.to_string(),
                "message_id" => message.clone(),
                "user_id" | "id" => alice.id.to_string(),
                _ => Uuid::now_v7().to_string(),
            };
            let request = wild_request(who, &operation, known, &mut seed);
            // A part that is two dots takes the one before it away, in the client: that is another operation.
            if request.url().path().split('/').count() < operation.path.split('/').count() {
                continue;
            }
            let sent = format!(
                "{request:?} {:?}",
                request.body().and_then(reqwest::Body::as_bytes).map(String::from_utf8_lossy)
            );
            let response = client.execute(request).await.unwrap();
            let status = response.status().as_u16();
            let kind = response.headers().get("content-type").cloned();
            let body = response.text().await.unwrap_or_default();
            let is_told = !operation.about["responses"][status.to_string()].is_null();
            let is_problem =
                status < 400 || kind == Some(HeaderValue::from_static("application/problem+json"));
            let names_types = [
                "expected struct",
                "integer(",
                "Type \\\"",
                "std::",
                "Option<",
                "alloc::",
                "failed to parse",
            ];
            if status >= 500
                || !is_told
                || !is_problem
                || names_types.iter().any(|name| status >= 400 && body.contains(name))
            {
                wrong.insert(format!(
                    "{} → {status} {body} for {}",
                    operation.name(),
                    &sent[..sent.len().min(1500)]
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong, among them:\n{}",
        wrong.len(),
        wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n\n")
    );
}

fn wild_request(
    who: &Person,
    operation: &Operation,
    known: impl Fn(&str) -> String,
    seed: &mut u64,
) -> reqwest::Request {
    let strange = one_in(4, seed);
    let choice = next(seed);
    // Short enough that what follows it is not cut off below: that would be another operation.
    let wild_segment = || encoded(&wild_text(&mut { choice })).chars().take(1000).collect();
    let path = operation.path_with(|name| if strange { wild_segment() } else { known(name) });
    let mut query: Vec<String> = Vec::new();
    for name in operation.parameters("query") {
        if one_in(2, seed) {
            query.push(format!("{name}={}", encoded(&wild_parameter(seed))));
        }
    }
    if one_in(4, seed) {
        query.push(encoded(&wild_text(seed)));
    }
    // The client would tidy up the path: it goes out as it is.
    let mut url = format!("{path}?{}", query.join("&")).replace("/..", "/%2e%2e.").replace("/.", "/%2e.");
    url.truncate(4000);
    let mut request = who.request(operation.method.clone(), &url);
    for name in operation.parameters("header") {
        if one_in(2, seed)
            && let Ok(value) = HeaderValue::from_bytes(wild_text(seed).as_bytes())
        {
            request = request.header(name, value);
        }
    }
    if operation.about["requestBody"].is_object() {
        let kinds = [
            "application/json",
            "application/json",
            "application/json",
            "multipart/form-data; boundary=x",
            "text/plain",
        ];
        let is_form = operation.about["requestBody"]["content"]["multipart/form-data"].is_object();
        let kind = if is_form { kinds[3] } else { kinds[next(seed) as usize % kinds.len()] };
        request = request.header("content-type", kind).body(wild_body(operation, seed));
    } else if operation.method != Method::GET && one_in(4, seed) {
        request = request.body(wild_text(seed));
    }
    request.build().unwrap()
}

fn wild_body(operation: &Operation, seed: &mut u64) -> Vec<u8> {
    let mut example = operation.example().unwrap_or(json!({"file": "x"}));
    match next(seed) % 10 {
        0 => (0..next(seed) % 200).map(|_| next(seed) as u8).collect(),
        1 => wild_value(seed, 4).to_string().into_bytes(),
        2 => format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n{}\r\n--x--\r\n",
            wild_text(seed),
            wild_text(seed)
        )
        .into_bytes(),
        _ => {
            let mut names: Vec<String> = example.as_object().unwrap().keys().cloned().collect();
            // What the example leaves out, too.
            names.extend(operation.fields().into_iter().filter(|name| example.get(name).is_none()));
            for name in names {
                match next(seed) % 3 {
                    0 => example[&name] = wild_value(seed, 2),
                    1 if one_in(4, seed) => drop(example.as_object_mut().unwrap().remove(&name)),
                    _ => {}
                }
            }
            let mut body = example.to_string().into_bytes();
            if one_in(10, seed) {
                let at = next(seed) as usize % body.len();
                body[at] = next(seed) as u8;
            }
            body
        }
    }
}

/// Any JSON, so many levels deep.
pub fn wild_value(seed: &mut u64, depth: u32) -> Value {
    match next(seed) % if depth == 0 { 7 } else { 9 } {
        0 => Value::Null,
        1 => json!(one_in(2, seed)),
        2 => json!(next(seed) as i64),
        3 => json!(next(seed) as f64 * 1e290),
        4 => json!(Uuid::from_u64_pair(next(seed), next(seed))),
        5 | 6 => json!(wild_text(seed)),
        7 => (0..next(seed) % 4).map(|_| wild_value(seed, depth - 1)).collect(),
        _ => {
            let fields = (0..next(seed) % 4).map(|_| (wild_text(seed), wild_value(seed, depth - 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

/// Any text.
pub fn wild_text(seed: &mut u64) -> String {
    const PIECES: [&str; 24] = [
        "",
        " ",
        "a",
        "\0",
        "'",
        "\"",
        "\\",
        "%",
        "_",
        "/",
        "..",
        "\u{202e}",
        "é",
        "漢字",
        "😀",
        "\u{1b}[2J",
        "\r\n",
        "\t",
        "{}",
        "$1",
        "; drop table users; --",
        "<script>",
        "@alice",
        "\u{ffff}",
    ];
    if one_in(40, seed) {
        return "x".repeat((next(seed) % 6000) as usize);
    }
    (0..next(seed) % 6).map(|_| PIECES[next(seed) as usize % PIECES.len()]).collect()
}

fn wild_parameter(seed: &mut u64) -> String {
    const NUMBERS: [&str; 12] = [
        "0",
        "1",
        "-1",
        "100",
        "101",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "1e9",
        "0x10",
        "+1",
        "9007199254740991",
    ];
    if one_in(3, seed) { wild_text(seed) } else { NUMBERS[next(seed) as usize % NUMBERS.len()].to_owned() }
}

/// Percent-encoded, most of the time rightly.
fn encoded(text: &str) -> String {
    let escape = |byte: u8| {
        if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02x}") }
    };
    if text.is_empty() { "%ff".to_owned() } else { text.bytes().map(escape).collect() }
}
