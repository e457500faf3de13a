//! What people write for everybody.

mod ending;
mod finding;
mod writing;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Person;

const POSTS: &str = "/api/v1/posts";

/// Writes a post; its id.
pub async fn writes(person: &Person, title: &str, content: &str) -> String {
    let body = json!({"title": title, "content": content});
    let post = person.post(POSTS, &body).await.expect(201);
    post["id"].as_str().unwrap().to_owned()
}

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|post| post["title"].as_str().unwrap()).collect()
}

fn at(id: impl std::fmt::Display) -> String {
    format!("{POSTS}/{id}")
}

fn uuid(text: &str) -> Uuid {
    text.parse().unwrap()
}
