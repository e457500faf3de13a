//! Uploading files and fetching them again.

use reqwest::{
    Method,
    header::HeaderMap,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Person};

/// A file as it was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Fetched {
    /// The text of a header; nothing when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Person {
    /// Uploads a file with this name and answers whatever it was answered.
    pub async fn tries_to_upload(&self, name: &str, bytes: Vec<u8>) -> Answer {
        // What the client says it is counts for nothing.
        let part = Part::bytes(bytes).file_name(name.to_owned()).mime_str("text/html").unwrap();
        let form = Form::new().part("file", part);
        Self::send(self.request(Method::POST, "/api/v1/uploads").multipart(form)).await
    }

    /// Uploads a file; the file.
    pub async fn uploads(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
        self.tries_to_upload(name, bytes.into()).await.expect(201)
    }

    /// Fetches what is at an address, with these headers.
    pub async fn fetches(&self, method: Method, url: &Value, headers: &[(&str, &str)]) -> Fetched {
        let url = url.as_str().unwrap();
        self.fetches_at(method, &url[url.find("/api/").unwrap()..], headers).await
    }

    /// Fetches what is at a path, with these headers.
    pub async fn fetches_at(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Fetched {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Fetched { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
    }

    /// The bytes of a file they may fetch.
    pub async fn reads(&self, url: &Value) -> Vec<u8> {
        let fetched = self.fetches(Method::GET, url, &[]).await;
        assert_eq!(fetched.status, 200, "{url}");
        fetched.bytes
    }

    /// The status of fetching a file.
    pub async fn knocks(&self, url: &Value) -> u16 {
        self.fetches(Method::GET, url, &[]).await.status
    }

    /// Posts files without words; the message.
    pub async fn shows(&self, chat: Uuid, files: &[&Value]) -> Value {
        let ids: Vec<_> = files.iter().map(|file| &file["id"]).collect();
        self.tries(chat, &json!({"attachments": ids})).await.expect(201)
    }
}
