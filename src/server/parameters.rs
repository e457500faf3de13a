//! What a parameter must be, as the documentation has it: so everything that is wrong with a request is told at once, where
//! the framework would name one parameter after the other.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use crate::{http::Choices, time::Timestamp};
use poem_openapi::types::ParseFromParameter;

/// A parameter of an operation.
pub struct Parameter {
    /// Whether the operation cannot do without.
    pub required: bool,
    rule: Rule,
}

/// What its text must be.
enum Rule {
    /// A whole number from one to another.
    Whole(i64, i64),
    /// One of some words, with the sentence that names them.
    Word(Vec<String>, String),
    Uuid,
    Time,
    Flag,
    /// Text of so many characters.
    Text(usize, usize),
    /// Whatever its operation makes of it.
    Any,
}

impl Parameter {
    /// Reads the description of a parameter.
    pub fn read(described: &Value, choices: &HashMap<String, Vec<String>>, sentences: &Choices) -> Self {
        let schema = &described["schema"];
        let referred = [&schema["$ref"], &schema["allOf"][0]["$ref"], &schema["anyOf"][0]["$ref"]];
        let name = referred.iter().find_map(|name| name.as_str()).and_then(|name| name.rsplit('/').next());
        let bound = |name: &str, default| schema[name].as_i64().unwrap_or(default);
        let kinds = [schema["type"].as_str(), schema["type"][0].as_str()];
        let kind = kinds.into_iter().flatten().next().unwrap_or_default();
        let length = |name: &str| schema[name].as_u64().and_then(|length| usize::try_from(length).ok());
        let rule = match (name, kind, schema["format"].as_str().unwrap_or_default()) {
            (Some(name), ..) => match (choices.get(name), sentences.get(name)) {
                (Some(words), Some(sentence)) => Rule::Word(words.clone(), sentence.clone()),
                _ => Rule::Any,
            },
            (_, "integer", _) if schema.get("minimum").is_some() && schema.get("maximum").is_some() => {
                Rule::Whole(bound("minimum", i64::MIN), bound("maximum", i64::MAX))
            }
            (_, "boolean", _) => Rule::Flag,
            (_, "string", "uuid") => Rule::Uuid,
            (_, "string", "date-time") => Rule::Time,
            (_, "string", "") if length("minLength").is_some() => {
                Rule::Text(length("minLength").unwrap_or(0), length("maxLength").unwrap_or(usize::MAX))
            }
            _ => Rule::Any,
        };
        Self { required: described["required"] == true, rule }
    }

    /// What is wrong with a value, as a sentence about it.
    pub fn fault(&self, text: &str) -> Option<String> {
        let (holds, message) = match &self.rule {
            Rule::Whole(min, max) => (
                text.parse().is_ok_and(|number: i64| (*min..=*max).contains(&number)),
                format!("must be a whole number from {min} to {max}"),
            ),
            Rule::Word(words, sentence) => {
                (words.iter().any(|word| word == text), format!("must be {sentence}"))
            }
            Rule::Uuid => (text.parse::<Uuid>().is_ok(), "must be a UUID".to_owned()),
            Rule::Time => (
                Timestamp::parse_from_parameter(text).is_ok(),
                "must be a time such as 2026-01-31T12:00:00Z".to_owned(),
            ),
            Rule::Flag => (text.parse::<bool>().is_ok(), "must be true or false".to_owned()),
            Rule::Text(min, max) => (
                (*min..=*max).contains(&text.chars().count()),
                format!("must have {min} to {max} characters"),
            ),
            Rule::Any => (true, String::new()),
        };
        (!holds).then_some(message)
    }
}
