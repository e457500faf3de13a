//! The errors of every operation: one shape, one answer under `components` for each set of codes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{each_operation, log::camel};
use crate::{
    error::{Code, FieldError},
    http::Problem,
};

/// Gives an operation the errors it can answer: those its description names, and those that follow from its shape.
pub fn complete(method: &str, operation: &mut Value) {
    let mut codes = named_codes(operation);
    // A parameter that is known elsewhere, and would pass for one that was heard, is refused everywhere.
    codes.extend([Code::ValidationFailed, Code::UriTooLong, Code::HeadersTooLarge]);
    if operation.get("security").is_some() {
        codes.extend([Code::NotSignedIn, Code::Forbidden]);
        if method != "get" {
            codes.push(Code::ForeignOrigin);
        }
    }
    if operation.get("requestBody").is_some() {
        codes.extend([Code::Malformed, Code::TooLarge, Code::UnsupportedMediaType, Code::RequestTimeout]);
    }
    if !is_about_health(operation) {
        codes.extend([Code::TooManyRequests, Code::Internal, Code::NotReady]);
        if method != "get" {
            codes.push(Code::OutcomeUnknown);
        }
    }
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL.iter().filter(|code| codes.contains(code)) {
        by_status.entry(code.status()).or_default().push(*code);
    }
    for (status, codes) in by_status {
        let examples: Map<String, Value> =
            codes.iter().map(|code| (code.word().to_owned(), json!({ "value": example(*code) }))).collect();
        let words: Vec<_> = codes.iter().map(|code| format!("`{}`: {}", code.word(), code.title())).collect();
        operation["responses"][status.to_string()] = json!({
            "description": words.join("; "),
            "content": {"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": examples,
            }},
        });
    }
}

/// Whether programs ask here how the server is: they are not counted, and nothing is their fault.
pub fn is_about_health(operation: &Value) -> bool {
    operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == "Health"))
}

/// Puts every error under `components`, once, and refers to it.
pub fn share(document: &mut Value) {
    let mut shared = Map::new();
    each_operation(document, &mut |_, _, operation| {
        for (status, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
            if status.as_str() < "400" {
                continue;
            }
            let examples = &answer["content"]["application/problem+json"]["examples"];
            let words = examples.as_object().into_iter().flatten().map(|(word, _)| camel(word));
            let name = words.collect::<Vec<_>>().join("Or");
            let reference = json!({"$ref": format!("#/components/responses/{name}")});
            shared.insert(name, std::mem::replace(answer, reference));
        }
    });
    document["components"]["responses"] = shared.into();
}

/// The codes in the line `Errors:` of a description, which is for machines and is taken out.
fn named_codes(operation: &mut Value) -> Vec<Code> {
    let description = operation.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (text, line) = description.split_once("Errors:").unwrap_or((&description, ""));
    operation["description"] = text.trim().into();
    line.split(',').filter_map(|word| Code::from_word(word.trim())).collect()
}

fn example(code: Code) -> Value {
    let field = FieldError { field: "title".into(), message: "must have 1 to 255 characters".into() };
    let fields = if code == Code::ValidationFailed { vec![field] } else { vec![] };
    let problem = Problem::of(code, code.title(), "01991f00-0000-7000-8000-000000000000", &fields);
    serde_json::to_value(problem).unwrap_or_default()
}
