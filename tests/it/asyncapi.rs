//! The AsyncAPI document: what is said over the sockets, for programs. That frames are what it says is looked at wherever a
//! story reads one (`support::socket`).

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use trunkline::{
    realtime::{permits, protocol},
    server::{documentation, sockets},
};

use crate::support::{Socket, World, schema};

fn names(part: &Value) -> BTreeSet<&str> {
    part.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn every_frame_command_and_close_code_is_in_it() {
    let document = sockets();
    assert_eq!(document["asyncapi"], "3.0.0");
    let messages = names(&document["components"]["messages"]);
    for kind in documentation()["components"]["schemas"]["ChatEvent"]["enum"].as_array().unwrap() {
        assert!(messages.contains(kind.as_str().unwrap()), "{kind}");
    }
    let entries = documentation()["components"]["schemas"]["ChatEvent"]["enum"].as_array().unwrap().len();
    // No two share a name.
    assert_eq!(messages.len(), entries + protocol::frames().len() + protocol::commands().len());
    let source = |name: &str| {
        fs::read_to_string(format!("{}/src/realtime/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let mut commands = 0;
    for line in source("commands.rs").lines() {
        let command = line.trim().strip_suffix("\" => {").and_then(|line| line.strip_prefix('"'));
        let command = command.or_else(|| line.trim().starts_with("\"ping\" =>").then_some("ping"));
        let Some(command) = command else { continue };
        commands += 1;
        assert_eq!(
            document["components"]["messages"][command]["payload"]["properties"]["type"]["const"],
            command
        );
        assert_eq!(document["operations"][command]["action"], "receive");
    }
    assert!(commands >= 14 && permits::COMMANDS.iter().all(|(name, _)| messages.contains(*name)));
    let codes: BTreeSet<_> = document["x-close-codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|close| close["code"].as_u64().unwrap())
        .collect();
    for line in source("frames.rs").lines() {
        if let Some((_, code)) = line.trim_end_matches(',').split_once(" = ")
            && let Ok(code) = code.parse::<u64>()
            && code >= 1000
        {
            assert!(codes.contains(&code), "{code}");
        }
    }
    assert!(
        codes.len() > 10
            && document["x-close-codes"].as_array().unwrap().iter().all(|close| close["description"] != "")
    );
}

#[test]
fn every_reference_leads_somewhere_and_what_is_shared_is_the_same() {
    let document = sockets();
    let mut open = vec![document];
    let mut references = 0;
    while let Some(value) = open.pop() {
        if let Some(path) = value.get("$ref").and_then(Value::as_str) {
            references += 1;
            assert!(document.pointer(path.trim_start_matches('#')).is_some(), "{path}");
        }
        open.extend(value.as_object().into_iter().flat_map(|fields| fields.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
    assert!(references > 100, "{references}");
    let (ours, theirs) = (&document["components"]["schemas"], &documentation()["components"]["schemas"]);
    for name in names(ours).into_iter().filter(|name| *name != "ChatHead") {
        assert_eq!(ours[name]["properties"].is_object(), theirs[name]["properties"].is_object(), "{name}");
        assert_eq!(ours[name]["required"], theirs[name]["required"], "{name}");
    }
    // What a client may send is what the server reads.
    let send = &document["components"]["messages"]["chat.send"]["payload"];
    let fields: BTreeSet<_> = names(&send["properties"]);
    let expected = ["type", "ref", "chat_id", "content", "reply_to", "attachments", "client_id"];
    assert_eq!(fields, expected.into());
    let subscribe = &document["components"]["messages"]["chat.subscribe"]["payload"];
    assert_eq!(subscribe["required"], json!(["type", "chat_id"]));
    for (name, message) in document["components"]["messages"].as_object().unwrap() {
        for example in message["examples"].as_array().into_iter().flatten() {
            let faults = schema::faults(&message["payload"], &example["payload"]);
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_served_and_shown_without_help_from_elsewhere() {
    let world = World::with(&[("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com/talk/")]).await;
    let here = world.instance().await;
    let get = async |path: &str| reqwest::get(format!("{}{path}", here.base)).await.unwrap();
    let mut served: Value = get("/asyncapi.json").await.json().await.unwrap();
    let server = &served["servers"]["this"];
    assert_eq!((&server["protocol"], &server["host"]), (&json!("wss"), &json!("chat.example.com")));
    assert_eq!(server["pathname"], "/talk");
    served["servers"] = sockets()["servers"].clone();
    assert_eq!(served, *sockets());
    let page = get("/asyncapi").await;
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let html = page.text().await.unwrap();
    for word in ["chat.subscribe", "notifications_read", "messages_cleared", "4413", "asyncapi.json"] {
        assert!(html.contains(word), "{word}");
    }
    assert!(!html.contains("<script") && !html.contains("src=") && !html.contains("//cdn"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_not_in_it_is_noticed() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut gateway = Socket::open(&here.base, "/api/v1/ws", &alice.token).await.unwrap();
    let welcome = gateway.expect("welcome").await;
    assert!(schema::frame_faults(&welcome).is_empty());
    let mut other = welcome.clone();
    other["chats"] = json!([{"chat_id": alice.id, "last_seq": "1", "last_id": null}]);
    assert!(!schema::frame_faults(&other).is_empty());
    other = welcome.clone();
    other["more"] = json!(1);
    assert!(!schema::frame_faults(&other).is_empty());
    other["type"] = json!("unheard_of");
    assert!(!schema::frame_faults(&other).is_empty());
    gateway.sends(&json!({"type": "chat.create", "title": "Lobby", "ref": 1})).await;
    let ack = loop {
        let frame = gateway.next().await;
        if frame["type"] == "ack" {
            break frame;
        }
    };
    let mut other = ack.clone();
    other["data"] = json!({});
    assert!(schema::frame_faults(&ack).is_empty() && !schema::frame_faults(&other).is_empty());
}
