//! The OpenAPI document as the stories walk it.

use reqwest::Method;
use serde_json::Value;
use trunkline::server::documentation;

use super::schema;

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// GET, POST …
    pub method: Method,
    /// `/api/v1/chats/{chat_id}`
    pub path: String,
    /// What the document says of it.
    pub about: Value,
}

/// Every operation there is.
pub fn operations() -> Vec<Operation> {
    let document = documentation();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, about) in methods.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            let mut about = about.clone();
            for (_, answer) in about["responses"].as_object_mut().unwrap() {
                *answer = schema::resolved(answer).clone();
            }
            operations.push(Operation { method, path: path.clone(), about });
        }
    }
    assert!(operations.len() > 20);
    operations
}

impl Operation {
    /// `POST /api/v1/chats`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it needs a token.
    pub fn is_locked(&self) -> bool {
        self.about["security"].as_array().is_some_and(|ways| !ways.is_empty())
    }

    /// The path with each parameter replaced.
    pub fn path_with(&self, value: impl Fn(&str) -> String) -> String {
        let segment = |segment: &str| match segment.strip_prefix('{') {
            Some(name) => value(name.trim_end_matches('}')),
            None => segment.to_owned(),
        };
        self.path.split('/').map(segment).collect::<Vec<_>>().join("/")
    }

    /// A body its documentation gives as an example.
    pub fn example(&self) -> Option<Value> {
        let schema = &self.about["requestBody"]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str()?.rsplit('/').next()?;
        Some(documentation()["components"]["schemas"][name]["example"].clone())
    }

    /// The names of the fields of its body.
    pub fn fields(&self) -> Vec<String> {
        let schema = schema::resolved(&self.about["requestBody"]["content"]["application/json"]["schema"]);
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    }

    /// The names of its parameters in `path`, `query` or `header`.
    pub fn parameters(&self, place: &str) -> Vec<String> {
        let parameters = self.about["parameters"].as_array().into_iter().flatten();
        parameters
            .filter(|parameter| parameter["in"] == place)
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect()
    }
}
