//! Someone with an account, and what they do over HTTP.

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Instance, Socket, log};

/// Someone signed in at an instance.
#[derive(Clone)]
pub struct Person {
    http: reqwest::Client,
    /// The address of the instance they use.
    pub base: String,
    /// Who they are.
    pub id: Uuid,
    /// How they sign in.
    pub email: String,
    /// The access token in use.
    pub token: String,
    /// The refresh token of the last pair.
    pub refresh_token: String,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The JSON of the body; null when there is none.
    pub body: Value,
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Must be a problem with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.headers["x-request-id"].to_str().ok(), self.body["instance"].as_str());
        self.body
    }
}

/// The password of everyone.
pub const PASSWORD: &str = "trunkline1";

/// An HTTP client that reads no certificates: nobody here speaks TLS.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().tls_certs_only([]).build().unwrap()
}

impl Person {
    /// Registers and signs in.
    pub async fn register(base: &str, name: &str) -> Self {
        Self::register_with(client(), base, name).await
    }

    /// The same with requests that come from this address, as a proxy that is trusted says.
    pub async fn register_from(address: &str, base: &str, name: &str) -> Self {
        let headers =
            HeaderMap::from_iter([(HeaderName::from_static("x-forwarded-for"), address.parse().unwrap())]);
        let http = reqwest::Client::builder().tls_certs_only([]).default_headers(headers).build().unwrap();
        Self::register_with(http, base, name).await
    }

    async fn register_with(http: reqwest::Client, base: &str, name: &str) -> Self {
        let email = format!("{}.{}@example.com", name.to_lowercase(), Uuid::new_v4().simple());
        let mut person = Self {
            http,
            base: base.to_owned(),
            id: Uuid::nil(),
            email: email.clone(),
            token: String::new(),
            refresh_token: String::new(),
        };
        let body = json!({"email": email, "password": PASSWORD, "name": name});
        let user = person.post("/api/v1/auth/register", &body).await.expect(201);
        person.id = user["id"].as_str().unwrap().parse().unwrap();
        person.signs_in().await;
        person
    }

    /// Begins another session and uses it from now on.
    pub async fn signs_in(&mut self) {
        let body = json!({"email": self.email, "password": PASSWORD});
        let pair = self.post("/api/v1/auth/login", &body).await.expect(200);
        self.token = pair["access_token"].as_str().unwrap().to_owned();
        self.refresh_token = pair["refresh_token"].as_str().unwrap().to_owned();
    }

    /// The same person, in the same session, at another instance.
    pub fn at(&self, instance: &Instance) -> Self {
        self.at_address(&instance.base)
    }

    /// The same at an address, such as that of a server that was started as a program.
    pub fn at_address(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The same person, with another token.
    pub fn bearing(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// A request with their token, if they have one yet.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// Sends a request and reads the answer.
    pub async fn send(request: reqwest::RequestBuilder) -> Answer {
        note(&request);
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        log::note(&body);
        Answer { status, headers, body }
    }

    /// GET
    pub async fn get(&self, path: &str) -> Answer {
        Self::send(self.request(Method::GET, path)).await
    }

    /// POST with JSON
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Self::send(self.request(Method::POST, path).json(body)).await
    }

    /// POST without a body
    pub async fn act(&self, path: &str) -> Answer {
        Self::send(self.request(Method::POST, path)).await
    }

    /// PATCH with JSON
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        Self::send(self.request(Method::PATCH, path).json(body)).await
    }

    /// PUT with JSON
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        Self::send(self.request(Method::PUT, path).json(body)).await
    }

    /// PUT without a body
    pub async fn puts(&self, path: &str) -> Answer {
        Self::send(self.request(Method::PUT, path)).await
    }

    /// DELETE
    pub async fn delete(&self, path: &str) -> Answer {
        Self::send(self.request(Method::DELETE, path)).await
    }

    /// Asks somebody to be a friend, or accepts.
    pub async fn befriends(&self, other: &Person) -> Answer {
        self.post("/api/v1/friends", &json!({"user_id": other.id})).await
    }

    /// Ends a friendship or a request.
    pub async fn unfriends(&self, other: &Person) {
        self.delete(&format!("/api/v1/friends/{}", other.id)).await.expect(204);
    }

    /// Blocks somebody.
    pub async fn blocks(&self, other: &Person) {
        self.puts(&format!("/api/v1/blocks/{}", other.id)).await.expect(204);
    }

    /// Unblocks somebody.
    pub async fn unblocks(&self, other: &Person) {
        self.delete(&format!("/api/v1/blocks/{}", other.id)).await.expect(204);
    }

    /// Makes a public chat.
    pub async fn creates_chat(&self, title: &str) -> Uuid {
        self.creates(json!({"title": title})).await
    }

    /// Makes a private chat.
    pub async fn creates_private_chat(&self, title: &str) -> Uuid {
        self.creates(json!({"title": title, "visibility": "private"})).await
    }

    async fn creates(&self, body: Value) -> Uuid {
        let chat = self.post("/api/v1/chats", &body).await.expect(201);
        chat["id"].as_str().unwrap().parse().unwrap()
    }

    /// Joins a chat.
    pub async fn joins(&self, chat: Uuid) {
        self.act(&format!("/api/v1/chats/{chat}/join")).await.expect(200);
    }

    /// Leaves a chat.
    pub async fn leaves(&self, chat: Uuid) {
        self.act(&format!("/api/v1/chats/{chat}/leave")).await.expect(204);
    }

    /// Says something in a chat; the message.
    pub async fn says(&self, chat: Uuid, content: &str) -> Value {
        self.post(&format!("/api/v1/chats/{chat}/messages"), &json!({"content": content})).await.expect(201)
    }

    /// Opens the socket of a chat and reads its welcome.
    pub async fn opens(&self, chat: Uuid) -> Socket {
        let mut socket =
            Socket::open(&self.base, &format!("/api/v1/chats/{chat}"), &self.token).await.unwrap();
        socket.expect("welcome").await;
        socket.expect("caught_up").await;
        socket
    }

    /// Opens the socket of a chat to hear everything after an entry; nothing is read yet but the welcome.
    pub async fn resumes(&self, chat: Uuid, after_seq: i64) -> Socket {
        let path = format!("/api/v1/chats/{chat}?after_seq={after_seq}");
        let mut socket = Socket::open(&self.base, &path, &self.token).await.unwrap();
        socket.expect("welcome").await;
        socket
    }
}

/// Notes what is secret in the body of a request.
fn note(request: &reqwest::RequestBuilder) {
    let built = request.try_clone().and_then(|request| request.build().ok());
    let body = built.as_ref().and_then(|request| request.body()?.as_bytes());
    if let Some(Ok(body)) = body.map(serde_json::from_slice) {
        log::note(&body);
    }
}
