//! A small HTTP client that costs little beside the server it measures: one connection a caller, kept open.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request,
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use uuid::Uuid;

/// What goes wrong in a benchmark.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The server under load.
#[derive(Debug, Clone)]
pub struct Api {
    /// Host and port.
    pub authority: String,
}

/// Someone the benchmark registered.
#[derive(Debug)]
pub struct User {
    /// Their access token.
    pub token: String,
}

/// One kept-open connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    bearer: String,
}

impl Api {
    /// Takes `http://host:port`.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let rest =
            url.strip_prefix("http://").ok_or("the url must begin with http://")?.trim_end_matches('/');
        let authority = if rest.contains(':') { rest.to_owned() } else { format!("{rest}:80") };
        Ok(Self { authority })
    }

    /// Whether the server answers.
    pub async fn check(&self) -> Result<(), Failure> {
        let mut connection =
            self.connect("").await.map_err(|error| format!("{}: {error}", self.authority))?;
        match connection.call(Method::GET, "/healthcheck", None).await? {
            (200, _) => Ok(()),
            (status, _) => Err(format!("{} answers its health check with {status}", self.authority).into()),
        }
    }

    /// A TCP connection that does not wait with small writes.
    pub async fn dial(&self) -> Result<TcpStream, Failure> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// A connection for one caller.
    pub async fn connect(&self, token: &str) -> Result<Connection, Failure> {
        let (sender, connection) = handshake(TokioIo::new(self.dial().await?)).await?;
        tokio::spawn(connection);
        Ok(Connection { sender, authority: self.authority.clone(), bearer: format!("Bearer {token}") })
    }

    /// Makes a chat.
    pub async fn create_chat(&self, user: &User, label: &str) -> Result<Uuid, Failure> {
        let mut connection = self.connect(&user.token).await?;
        let title = format!("bench {label} {}", Uuid::now_v7());
        let chat = connection.json(Method::POST, "/api/v1/chats", &json!({"title": title}), 201).await?;
        Ok(serde_json::from_value(chat["id"].clone())?)
    }

    /// Removes a chat.
    pub async fn delete_chat(&self, user: &User, chat: Uuid) -> Result<(), Failure> {
        let mut connection = self.connect(&user.token).await?;
        connection.call(Method::DELETE, &format!("/api/v1/chats/{chat}"), None).await?;
        Ok(())
    }
}

impl Connection {
    /// Sends a request and reads the whole answer.
    pub async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<(u16, Bytes), Failure> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, &self.authority);
        if self.bearer.len() > 7 {
            request = request.header(header::AUTHORIZATION, &self.bearer);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.sender.ready().await?;
        let response = self.sender.send_request(request.body(Full::from(body.unwrap_or_default()))?).await?;
        let status = response.status().as_u16();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }

    /// Sends JSON and reads JSON; another status than this is a failure.
    pub async fn json(
        &mut self,
        method: Method,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Result<Value, Failure> {
        let (got, answer) = self.call(method, path, Some(serde_json::to_vec(body)?)).await?;
        if got != status {
            return Err(format!("{path} answered {got}: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(if answer.is_empty() { Value::Null } else { serde_json::from_slice(&answer)? })
    }
}

/// Registers people and signs them in.
pub async fn sign_up(api: &Api, count: usize) -> Result<Vec<Arc<User>>, Failure> {
    stream::iter(0..count).map(|_| sign_up_one(api)).buffered(4).try_collect().await
}

async fn sign_up_one(api: &Api) -> Result<Arc<User>, Failure> {
    let email = format!("bench.{}@example.com", Uuid::now_v7().simple());
    let password = format!("b1{}", Uuid::new_v4().simple());
    let mut connection = api.connect("").await?;
    let body = json!({"email": email, "password": password, "name": "Bench"});
    connection.json(Method::POST, "/api/v1/auth/register", &body, 201).await?;
    let body = json!({"email": email, "password": password});
    let pair = connection.json(Method::POST, "/api/v1/auth/login", &body, 200).await?;
    Ok(Arc::new(User { token: serde_json::from_value(pair["access_token"].clone())? }))
}

/// Ends the sessions of the benchmark's people.
pub async fn sign_out(api: &Api, users: &[Arc<User>]) {
    for user in users {
        if let Ok(mut connection) = api.connect(&user.token).await {
            let _ = connection.call(Method::POST, "/api/v1/auth/logout", None).await;
        }
    }
}
