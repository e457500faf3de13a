//! Someone who has not signed in.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{Answer, Person, person::client};

/// Someone at the door of an instance: no account, no token.
#[derive(Clone)]
pub struct Visitor {
    http: reqwest::Client,
    base: String,
}

impl Visitor {
    /// Comes to an instance.
    pub fn at(base: &str) -> Self {
        Self { http: client(), base: base.to_owned() }
    }

    /// A request, not yet sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// GET
    pub async fn get(&self, path: &str) -> Answer {
        Person::send(self.request(Method::GET, path)).await
    }

    /// POST with JSON
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Person::send(self.request(Method::POST, path).json(body)).await
    }

    /// GET with these headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        Person::send(with(self.request(Method::GET, path), headers)).await
    }

    /// POST with JSON and these headers.
    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        Person::send(with(self.request(Method::POST, path), headers).json(body)).await
    }
}

fn with(mut request: RequestBuilder, headers: &[(&str, &str)]) -> RequestBuilder {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}
