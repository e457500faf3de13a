//! The OpenAPI document: what clients are made from, so a change of it shows in the diff.

mod answers;
mod shape;
mod steps;

use std::{collections::HashSet, fs};

use serde_json::Value;
use trunkline::server::documentation;

use crate::support::{World, operations};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/openapi.json");

#[test]
fn a_change_of_the_document_shows_in_the_diff() {
    let now = serde_json::to_string_pretty(documentation()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(FILE, &now).unwrap();
    }
    let kept = fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        kept == now,
        "the document has changed: UPDATE=1 cargo test --test it openapi, and look at the diff"
    );
}

#[test]
fn the_manual_of_the_sockets_names_every_frame_and_every_command() {
    let realtime = documentation()["tags"].as_array().unwrap().iter().find(|tag| tag["name"] == "Realtime");
    let manual = realtime.unwrap()["description"].as_str().unwrap();
    let source = |name: &str| {
        fs::read_to_string(format!("{}/src/realtime/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let mut words = vec![];
    for line in source("commands.rs").lines() {
        words.extend(
            line.trim().strip_suffix("\" => {").and_then(|line| line.strip_prefix('"')).map(str::to_owned),
        );
    }
    for line in source("frames.rs").lines() {
        if let Some((_, code)) = line.trim_end_matches(',').split_once(" = ")
            && code.starts_with('4')
        {
            words.push(code.to_owned());
        }
        if let Some((name, _)) = line.trim().strip_suffix("},").and_then(|line| line.split_once(" { ")) {
            words.push(snake(name));
        }
    }
    let kinds = documentation()["components"]["schemas"]["ChatEvent"]["enum"].as_array().unwrap();
    words.extend(kinds.iter().map(|kind| kind.as_str().unwrap().to_owned()));
    assert!(words.len() > 40, "{words:?}");
    words.retain(|word| !manual.contains(&format!("`{word}`")) && !manual.contains(&format!(" {word} ")));
    assert!(words.is_empty(), "the manual says nothing of {words:?}");
}

fn snake(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_and_shown_without_help_from_elsewhere() {
    let world = World::new().await;
    let here = world.instance().await;
    let get = async |path: &str| reqwest::get(format!("{}{path}", here.base)).await.unwrap();
    let mut served: Value = get("/openapi.json").await.json().await.unwrap();
    served["servers"] = documentation()["servers"].clone();
    assert_eq!(served, *documentation());
    for path in ["/docs", "/api/docs", "/redoc", "/scalar"] {
        let response = get(path).await;
        assert_eq!((response.status().as_u16(), path), (200, path));
        let html = response.text().await.unwrap();
        assert!(html.contains("Trunkline") && html.contains("/api/v1/chats/{chat_id}"), "{path}");
        let foreign: Vec<_> = tags(&html).filter(|tag| tag.contains("//")).collect();
        assert!(foreign.is_empty(), "{path} loads {foreign:?}");
    }
}

/// The opening tags of a page that fetch something; what stands inside a script is not one.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    let outside = html.split("</script>").map(|part| match part.find("<script") {
        Some(at) => &part[..part[at..].find('>').map_or(part.len(), |end| at + end)],
        None => part,
    });
    outside.flat_map(|part| part.split('<')).filter_map(|tag| {
        let tag = tag.split('>').next()?;
        let fetches = ["script", "link", "img", "iframe"].iter().any(|name| tag.starts_with(name));
        (fetches && (tag.contains("src=") || tag.contains("href="))).then_some(tag)
    })
}

#[test]
fn every_operation_says_what_it_is() {
    let mut ids = HashSet::new();
    for operation in operations() {
        let (name, about) = (operation.name(), &operation.about);
        for field in ["operationId", "summary", "description"] {
            assert!(about[field].as_str().is_some_and(|text| !text.is_empty()), "{name} has no {field}");
        }
        assert!(!about["description"].as_str().unwrap().contains("Errors:"), "{name} misspells its errors");
        assert!(ids.insert(about["operationId"].as_str().unwrap().to_owned()), "{name}: operationId twice");
        let tags = about["tags"].as_array().unwrap();
        assert_eq!(tags.iter().filter(|tag| *tag != "Administration").count(), 1, "{name}");
        let mut named: Vec<_> = operation
            .path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{'))
            .map(|segment| segment.trim_end_matches('}').to_owned())
            .collect();
        let mut described = operation.parameters("path");
        named.sort();
        described.sort();
        assert_eq!(named, described, "{name}");
    }
}

#[test]
fn every_answer_has_an_example() {
    let document = documentation();
    for operation in operations() {
        let name = operation.name();
        let body = &operation.about["requestBody"]["content"]["application/json"];
        assert!(body.is_null() || has_example(body, document), "the body of {name}");
        for (status, answer) in operation.about["responses"].as_object().unwrap() {
            let status: u16 = status.parse().unwrap();
            if status >= 400 {
                let content = &answer["content"]["application/problem+json"];
                assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{name} {status}");
                let examples = content["examples"].as_object().unwrap();
                assert!(examples.values().all(|example| example["value"]["status"] == status), "{name}");
                assert!(!examples.is_empty(), "{name} {status}");
            } else if let Some(content) = answer["content"].get("application/json") {
                assert!(has_example(content, document), "{name} {status}");
            }
        }
    }
}

fn has_example(content: &Value, document: &Value) -> bool {
    let schema = &content["schema"];
    let target = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let target = target.map(|name| &document["components"]["schemas"][name]["example"]);
    !schema["example"].is_null() || target.is_some_and(Value::is_object)
}

#[test]
fn signing_in_on_the_page_works_for_every_locked_operation() {
    let document = documentation();
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        (&schemes["bearer"]["type"], &schemes["bearer"]["scheme"]),
        (&"http".into(), &"bearer".into())
    );
    assert_eq!(
        (&schemes["cookie"]["in"], &schemes["cookie"]["name"]),
        (&"cookie".into(), &"access_token".into())
    );
    for operation in operations().iter().filter(|operation| operation.is_locked()) {
        let ways = operation.about["security"].as_array().unwrap();
        let named: Vec<_> = ways.iter().flat_map(|way| way.as_object().unwrap().keys()).collect();
        assert_eq!(named, ["bearer", "cookie"], "{}", operation.name());
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = documentation();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        if let Some(path) = value.get("$ref").and_then(Value::as_str) {
            assert!(document.pointer(path.trim_start_matches('#')).is_some(), "{path}");
        }
        open.extend(value.as_object().into_iter().flat_map(|fields| fields.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
}
