//! What the document promises to programs that read it: 3.1, names that don't collide, one answer a list, errors once.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use trunkline::{error::Code, server::documentation};

use crate::support::{World, operations, schema};

/// Every object of the document, with its place; examples are data.
fn objects() -> Vec<(String, &'static Value)> {
    let mut open = vec![(String::new(), documentation())];
    let mut found = vec![];
    while let Some((place, part)) = open.pop() {
        for (name, inside) in part.as_object().into_iter().flatten() {
            if !["example", "examples"].contains(&name.as_str()) {
                open.push((format!("{place}/{name}"), inside));
            }
        }
        let items = part.as_array().into_iter().flatten().enumerate();
        open.extend(items.map(|(number, inside)| (format!("{place}/{number}"), inside)));
        if part.is_object() {
            found.push((place, part));
        }
    }
    found
}

fn schemas() -> impl Iterator<Item = (&'static String, &'static Value)> {
    documentation()["components"]["schemas"].as_object().unwrap().iter()
}

#[test]
fn it_is_3_1_and_says_null_as_3_1_does() {
    assert_eq!(documentation()["openapi"], "3.1.0");
    for (place, part) in objects() {
        assert!(part.get("nullable").is_none_or(Value::is_object), "{place} is nullable");
        assert!(part.get("allOf").is_none(), "{place} wraps a reference");
        let format = part["format"].as_str();
        let known = ["uuid", "date-time", "int32", "int64", "binary"];
        assert!(format.is_none_or(|format| known.contains(&format)), "{place}: {format:?}");
        assert!(part.get("parameters").is_none_or(|parameters| !parameters.is_null()), "{place}");
    }
    let last = &documentation()["components"]["schemas"]["ChatSummary"]["properties"]["last_message"];
    assert_eq!(last["anyOf"], json!([{"$ref": "#/components/schemas/Message"}, {"type": "null"}]));
}

/// What TypeScript and Python mean by a name of their own.
const TAKEN: [&str; 48] = [
    "Any",
    "Array",
    "Attr",
    "Blob",
    "Boolean",
    "Buffer",
    "Cache",
    "Comment",
    "Date",
    "Dict",
    "Document",
    "Element",
    "Error",
    "Event",
    "Exception",
    "File",
    "Float",
    "FormData",
    "Function",
    "Headers",
    "History",
    "Int",
    "List",
    "Location",
    "Lock",
    "Map",
    "Node",
    "None",
    "Notification",
    "Number",
    "Object",
    "Option",
    "Partial",
    "Pick",
    "Promise",
    "Proxy",
    "Range",
    "Record",
    "Request",
    "Response",
    "Selection",
    "Set",
    "Storage",
    "String",
    "Symbol",
    "Text",
    "Type",
    "Worker",
];
/// What says nothing by itself.
const UNCLEAR: [&str; 8] = ["Asked", "Everything", "Forgotten", "Kind", "Log", "Role", "Scope", "Format"];

#[test]
fn no_name_collides_with_a_language_or_needs_its_place_to_be_understood() {
    let mut seen = BTreeSet::new();
    for (name, about) in schemas() {
        assert!(!TAKEN.contains(&name.as_str()) && !UNCLEAR.contains(&name.as_str()), "{name}");
        assert!(name.chars().all(|letter| letter.is_ascii_alphanumeric()), "{name}");
        assert!(seen.insert(name.to_lowercase()), "{name} twice");
        assert!(about.get("title").is_none(), "{name} has another name");
    }
    for name in
        ["AuditRecord", "Upload", "ChatSummary", "UserList", "ChatSummaryList", "ChatRole", "MessageKind"]
    {
        assert!(seen.contains(&name.to_lowercase()), "{name}");
    }
}

#[test]
fn a_list_has_one_answer_and_the_download_is_told_in_words() {
    let mut lists = 0;
    for operation in operations() {
        let answers = operation.about["responses"].as_object().unwrap();
        for (status, answer) in answers.iter().filter(|(status, _)| status.starts_with('2')) {
            let Some(content) = answer["content"].as_object() else { continue };
            if content.contains_key("application/json") {
                assert_eq!(content.len(), 1, "{} {status}", operation.name());
            }
        }
        let mut parameters = operation.about["parameters"].as_array().into_iter().flatten();
        let is_list_format = |parameter: &Value| parameter.to_string().contains("/ListFormat\"");
        if parameters.any(is_list_format) {
            lists += 1;
            let about = answers["200"]["description"].as_str().unwrap();
            assert!(about.contains("format=csv") && about.contains("download"), "{about}");
        }
    }
    assert!(lists > 15, "{lists}");
}

#[test]
fn an_entry_of_the_log_is_one_of_several_by_its_type() {
    let schemas = &documentation()["components"]["schemas"];
    let (entry, types) = (&schemas["LogEntry"], schemas["ChatEvent"]["enum"].as_array().unwrap());
    assert_eq!(entry["discriminator"]["propertyName"], "type");
    assert_eq!(entry["oneOf"].as_array().unwrap().len(), types.len());
    for kind in types {
        let target = &entry["discriminator"]["mapping"][kind.as_str().unwrap()];
        let variant = schema::resolved(&json!({ "$ref": target })).clone();
        assert_eq!(&variant["properties"]["type"]["const"], kind);
        let names = variant["properties"].as_object().unwrap().keys();
        assert_eq!(variant["required"].as_array().unwrap().len(), names.len(), "{kind}");
    }
    let edited = &schemas["MessageEditedEntry"]["properties"];
    assert_eq!(edited["message"]["$ref"], "#/components/schemas/Message");
    assert!(edited.get("emoji").is_none() && edited.get("up_to_seq").is_none());
}

#[test]
fn words_are_enumerations_and_what_is_always_there_is_required() {
    let schemas = &documentation()["components"]["schemas"];
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(schemas["ErrorCode"]["enum"], json!(codes));
    for (name, field, words) in [
        ("Problem", "code", "ErrorCode"),
        ("Chat", "kind", "ChatKind"),
        ("ChatSummary", "kind", "ChatKind"),
        ("Message", "kind", "MessageKind"),
        ("PinnedMessage", "kind", "MessageKind"),
        ("User", "status", "AccountStatus"),
    ] {
        let reference = &schemas[name]["properties"][field]["$ref"];
        assert_eq!(reference, &json!(format!("#/components/schemas/{words}")), "{name}.{field}");
    }
    assert_eq!(schemas["TokenPair"]["properties"]["token_type"]["const"], "Bearer");
    let message = &schemas["Message"];
    let fields = message["properties"].as_object().unwrap();
    assert_eq!(message["required"].as_array().unwrap().len(), fields.len());
    assert_eq!(message["properties"]["content"]["type"], json!(["string", "null"]));
    // Absent to some, never null; and the other way round.
    let user = &schemas["User"];
    let is_required = |name: &str| user["required"].as_array().unwrap().contains(&name.into());
    assert!(!is_required("email") && user["properties"]["email"]["type"] == "string");
    assert!(
        is_required("avatar_url") && user["properties"]["avatar_url"]["type"] == json!(["string", "null"])
    );
    // In a body nothing is asked for that may be left out.
    assert_eq!(schemas["NewChat"]["required"], json!(["title"]));
    assert!(schemas["NewMessage"].get("required").is_none());
}

#[test]
fn no_field_that_holds_a_word_of_a_list_is_plain_text() {
    let mut looked_at = 0;
    for (name, about) in schemas() {
        for (field, schema) in about["properties"].as_object().into_iter().flatten() {
            let holds_a_word =
                ["kind", "status", "type", "code", "direction", "role", "visibility", "method"];
            // Of a problem: a URN, and a number.
            // What is shown at a door: a signature.
            let is_shown = ["ShownCode", "TicketCode"].contains(&name.as_str());
            let is_another_thing =
                is_shown || name == "Problem" && ["type", "status"].contains(&field.as_str());
            if !holds_a_word.contains(&field.as_str()) || is_another_thing {
                continue;
            }
            looked_at += 1;
            let target = if schema["anyOf"].is_array() { &schema["anyOf"][0] } else { schema };
            let words = schema::resolved(target);
            assert!(words["enum"].is_array() || words["const"].is_string(), "{name}.{field} is any text");
        }
    }
    assert!(looked_at > 20, "{looked_at}");
}

#[test]
fn errors_and_headers_are_described_once() {
    let document = documentation();
    let mut referred = BTreeSet::new();
    for (place, part) in objects() {
        if let Some(target) = part["$ref"].as_str() {
            referred.insert(target);
        }
        let is_error =
            place.rsplit_once("/responses/").is_some_and(|(_, status)| ("400".."600").contains(&status));
        assert!(!is_error || part["$ref"].is_string(), "{place} is written out");
    }
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            // The order of a list that has none but its own.
            assert!(
                referred.contains(format!("#/components/{kind}/{name}").as_str()),
                "{kind}: nobody refers to {name}"
            );
        }
    }
    let errors = document["components"]["responses"].as_object().unwrap();
    assert!(errors.len() < 60, "{}", errors.len());
    for (name, answer) in errors {
        assert!(answer["headers"].get("X-Request-Id").is_some(), "{name}");
    }
    assert!(errors["TooManyRequests"]["headers"].get("Retry-After").is_some());
    // The guides are for people, and as long as they have to be.
    let guides = document["info"]["description"].to_string().len();
    let size = document.to_string().len() - guides;
    assert!(size < 600_000, "{size} bytes");
}

#[test]
fn every_operation_says_who_may_and_every_parameter_what_it_is() {
    for operation in operations() {
        let (name, about) = (operation.name(), &operation.about);
        assert!(about["security"].is_array(), "{name}");
        assert_eq!(operation.is_locked(), about.get("x-permission").is_some(), "{name}");
        for parameter in about["parameters"].as_array().into_iter().flatten() {
            let text = parameter["description"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{name}: nothing is said of {}", parameter["name"]);
        }
        for (status, answer) in about["responses"].as_object().unwrap() {
            let wild =
                answer["content"].as_object().into_iter().flatten().filter(|(kind, _)| kind.contains('*'));
            let bytes = &answer["content"]["application/octet-stream"];
            assert!(wild.count() == 0 || bytes.is_object(), "{name} {status}: wildcards alone");
        }
    }
}

#[test]
fn no_description_has_what_a_linter_or_a_generator_stumbles_over() {
    for (place, part) in objects() {
        let text = part["description"].as_str().unwrap_or_default().to_lowercase();
        assert!(!text.contains("<script") && !text.contains("eval("), "{place}");
        // Generators write descriptions into comments.
        assert!(!text.contains("*/"), "{place}");
    }
}

#[test]
fn the_headings_stand_in_the_order_in_which_one_learns() {
    let document = documentation();
    let tags: Vec<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let place = |name: &str| tags.iter().position(|tag| *tag == name).unwrap();
    let order = ["Auth", "Users", "Chats", "Messages", "Realtime", "Files", "Webhooks", "Administration"];
    assert!(order.map(place).is_sorted(), "{tags:?}");
    assert_eq!(tags.last(), Some(&"Administration"));
    let groups = document["x-tagGroups"].as_array().unwrap();
    let grouped: Vec<_> = groups.iter().flat_map(|group| group["tags"].as_array().unwrap()).collect();
    assert_eq!(grouped, tags.iter().map(|tag| json!(tag)).collect::<Vec<_>>().iter().collect::<Vec<_>>());
}

#[test]
fn every_example_is_what_its_schema_says() {
    let mut wrong = vec![];
    for (name, about) in schemas() {
        // A word that stood as an example would stand in every filter of a page that tries operations out.
        if about.get("enum").is_some() {
            assert_eq!(about.get("example"), None, "{name}");
            continue;
        }
        wrong.extend(
            schema::faults(about, &about["example"]).into_iter().map(|fault| format!("{name}{fault}")),
        );
    }
    for (_, answer) in documentation()["components"]["responses"].as_object().unwrap() {
        let content = &answer["content"]["application/problem+json"];
        for (word, example) in content["examples"].as_object().unwrap() {
            let faults = schema::faults(&content["schema"], &example["value"]);
            wrong.extend(faults.into_iter().map(|fault| format!("{word}{fault}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_names_the_server_by_its_public_address() {
    let world = World::with(&[("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com/")]).await;
    let (here, plain) = (world.instance().await, World::new().await);
    let there = plain.instance().await;
    for (base, url) in [(&here.base, "https://chat.example.com"), (&there.base, there.base.as_str())] {
        let served: Value = reqwest::get(format!("{base}/openapi.json")).await.unwrap().json().await.unwrap();
        assert_eq!(served["servers"][0]["url"], url);
        let page = reqwest::get(format!("{base}/docs")).await.unwrap().text().await.unwrap();
        assert!(page.contains(&format!("\"url\":\"{url}\"")));
    }
}
