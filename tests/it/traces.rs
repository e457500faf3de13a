//! Traces, where the program was built with them: from the request over the commit to the frame on another instance.

use std::collections::BTreeMap;

use nix::sys::signal::Signal;
use reqwest::Method;
use serde_json::json;

use crate::{
    commands::{Folder, shared},
    support::{Person, Receiver, Sent, World},
};

/// What there is to know of a span.
#[derive(Debug, Clone, Default)]
struct Span {
    name: String,
    trace: Vec<u8>,
    id: Vec<u8>,
    parent: Vec<u8>,
    links: Vec<Vec<u8>>,
}

/// The fields of a protobuf message that are bytes, text or messages, by their numbers.
fn fields(mut bytes: &[u8]) -> BTreeMap<u64, Vec<&[u8]>> {
    fn number(bytes: &mut &[u8]) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let (first, rest) = bytes.split_first().unwrap();
            *bytes = rest;
            value |= u64::from(first & 0x7f) << shift;
            shift += 7;
            if first & 0x80 == 0 {
                return value;
            }
        }
    }
    let mut fields: BTreeMap<u64, Vec<&[u8]>> = BTreeMap::new();
    while !bytes.is_empty() {
        let tag = number(&mut bytes);
        let length = match tag & 7 {
            0 => {
                number(&mut bytes);
                continue;
            }
            1 => 8,
            5 => 4,
            _ => usize::try_from(number(&mut bytes)).unwrap(),
        };
        let (field, rest) = bytes.split_at(length);
        fields.entry(tag >> 3).or_default().push(field);
        bytes = rest;
    }
    fields
}

/// The fields of this number in all of these messages.
fn all(messages: &[Vec<u8>], number: u64) -> Vec<Vec<u8>> {
    let found = messages.iter().flat_map(|bytes| fields(bytes).remove(&number).unwrap_or_default());
    found.map(<[u8]>::to_vec).collect()
}

/// The spans of a request to a collector.
fn spans(sent: &Sent) -> Vec<Span> {
    let scopes = all(&all(std::slice::from_ref(&sent.bytes), 1), 2);
    let read = |span: Vec<u8>| {
        let span = [span];
        let one = |number| all(&span, number).pop().unwrap_or_default();
        Span {
            name: String::from_utf8(one(5)).unwrap(),
            trace: one(1),
            id: one(2),
            parent: one(4),
            links: all(&all(&span, 13), 1),
        }
    };
    all(&scopes, 2).into_iter().map(read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_traced_from_its_request_to_the_frame_on_another_instance() {
    let world = World::new().await;
    let (collector, folder) = (Receiver::new().await, Folder::new());
    let endpoint = collector.url().split("/hook").next().unwrap().to_owned();
    let mut env = shared(&world.url).to_vec();
    // What the log says is another matter.
    env.extend([("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("TRUNKLINE_LOG__LEVEL", "error")]);
    let (here, there) = (folder.serve(&env).await, folder.serve(&env).await);
    let alice = Person::register(&here.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.at_address(&there.base).opens(chat).await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let request = alice.request(Method::POST, &path).header("traceparent", format!("00-{trace}-{parent}-01"));
    let said = Person::send(request.json(&json!({"content": "hello", "client_id": "c1"}))).await.expect(201);
    socket.hears(1).await;
    // The last spans are sent when a server stops.
    assert_eq!(here.ends(Signal::SIGTERM).await, Some(0));
    assert_eq!(there.ends(Signal::SIGTERM).await, Some(0));
    let sent = collector.sent();
    assert!(sent.iter().all(|sent| sent.path == "/v1/traces"), "{sent:?}");
    let spans: Vec<_> = sent.iter().flat_map(spans).collect();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let request = spans.iter().find(|span| hex(&span.trace) == trace && hex(&span.parent) == parent).unwrap();
    assert_eq!(request.name, "POST /api/v1/chats/{chat_id}/messages");
    let commit = spans.iter().find(|span| span.parent == request.id).unwrap();
    assert_eq!((commit.name.as_str(), &commit.trace), ("commit", &request.trace));
    let message = said["id"].as_str().unwrap().replace('-', "");
    assert!(commit.links.len() == 1 && hex(&commit.links[0]) == message, "{commit:?}");
    let told: Vec<_> = spans.iter().filter(|span| hex(&span.trace) == message).collect();
    let heard = told.iter().find(|span| span.name == "notification").unwrap();
    assert!(told.iter().any(|span| span.name == "frame" && span.parent == heard.id), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_keeps_nobody() {
    let world = World::new().await;
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.push(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));
    let here = folder.serve(&env).await;
    let alice = Person::register(&here.base, "Alice").await;
    alice.says(alice.creates_chat("Lobby").await, "hello").await;
    assert_eq!(here.ends(Signal::SIGTERM).await, Some(0));
}
