//! A small HTTP client that costs little beside the server it measures: one connection a caller, kept open, and no
//! more of HTTP than the server's answers need.

use std::{io::Write, sync::Arc};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
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

/// One kept-open connection. Its buffers are used again for every request.
pub struct Connection {
    stream: TcpStream,
    /// What every request of this caller says, as header lines.
    headers: String,
    output: Vec<u8>,
    input: Vec<u8>,
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
        match connection.call("GET", "/healthcheck", None).await? {
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

    /// A connection for one caller; without a token, for a visitor.
    pub async fn connect(&self, token: &str) -> Result<Connection, Failure> {
        let mut headers = format!("host: {}\r\ncontent-type: application/json\r\n", self.authority);
        if !token.is_empty() {
            headers.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        Ok(Connection { stream: self.dial().await?, headers, output: Vec::new(), input: Vec::new() })
    }

    /// Makes a chat.
    pub async fn create_chat(&self, user: &User, label: &str) -> Result<Uuid, Failure> {
        self.connect(&user.token).await?.create_chat(label).await
    }

    /// Removes a chat.
    pub async fn delete_chat(&self, user: &User, chat: Uuid) -> Result<(), Failure> {
        self.connect(&user.token).await?.delete_chat(chat).await
    }
}

impl Connection {
    /// Sends a request and reads the whole answer.
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
    ) -> Result<(u16, &[u8]), Failure> {
        let body = body.unwrap_or_default();
        self.output.clear();
        let (headers, length) = (&self.headers, body.len());
        write!(self.output, "{method} {path} HTTP/1.1\r\n{headers}content-length: {length}\r\n\r\n")?;
        self.output.extend_from_slice(body);
        self.stream.write_all(&self.output).await?;
        self.input.clear();
        let (status, begin, end) = loop {
            self.input.reserve(4096);
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Err(format!("the server closed the connection at {method} {path}").into());
            }
            if let Some(head) = Head::read(&self.input)? {
                break (head.status, head.length, head.length + head.body);
            }
        };
        while self.input.len() < end {
            self.input.reserve(end - self.input.len());
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Err(format!("the server broke off the answer to {method} {path}").into());
            }
        }
        Ok((status, &self.input[begin..end]))
    }

    /// Sends JSON and reads JSON; another status than this is a failure.
    pub async fn json(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Result<Value, Failure> {
        let (got, answer) = self.call(method, path, Some(&serde_json::to_vec(body)?)).await?;
        if got != status {
            return Err(format!("{path} answered {got}: {}", String::from_utf8_lossy(answer)).into());
        }
        Ok(if answer.is_empty() { Value::Null } else { serde_json::from_slice(answer)? })
    }

    /// Makes a chat.
    pub async fn create_chat(&mut self, label: &str) -> Result<Uuid, Failure> {
        let title = format!("bench {label} {}", Uuid::now_v7());
        let chat = self.json("POST", "/api/v1/chats", &json!({"title": title}), 201).await?;
        Ok(serde_json::from_value(chat["id"].clone())?)
    }

    /// Removes a chat.
    pub async fn delete_chat(&mut self, chat: Uuid) -> Result<(), Failure> {
        self.call("DELETE", &format!("/api/v1/chats/{chat}"), None).await?;
        Ok(())
    }
}

/// The head of an answer.
struct Head {
    status: u16,
    /// Bytes of the head, the empty line included.
    length: usize,
    /// Bytes of the body that follows.
    body: usize,
}

impl Head {
    /// `None` when it is not all there yet.
    fn read(input: &[u8]) -> Result<Option<Self>, Failure> {
        let Some(length) = input.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&input[..length])?;
        let status: u16 = text.get(9..12).unwrap_or_default().parse()?;
        let said = text.lines().filter_map(|line| line.split_once(':'));
        let mut said = said.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let body = match said.next() {
            Some((_, number)) => number.trim().parse()?,
            None if status == 204 || status == 304 => 0,
            None => return Err("an answer does not say its length: is there a proxy in between?".into()),
        };
        Ok(Some(Self { status, length, body }))
    }
}

/// The whole number after the first occurrence of `label`: cheaper than reading the JSON of every frame and answer.
pub fn number_after<const N: usize>(text: &[u8], label: &[u8; N]) -> Option<i64> {
    // The length is known when this is compiled, so that no function is called for each place that is looked at.
    let start = text.windows(N).position(|window| window[0] == label[0] && window == label)? + N;
    let digits = text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&text[start..start + digits]).ok()?.parse().ok()
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
    connection.json("POST", "/api/v1/auth/register", &body, 201).await?;
    let body = json!({"email": email, "password": password});
    let pair = connection.json("POST", "/api/v1/auth/login", &body, 200).await?;
    Ok(Arc::new(User { token: serde_json::from_value(pair["access_token"].clone())? }))
}

/// Ends the sessions of the benchmark's people.
pub async fn sign_out(api: &Api, users: &[Arc<User>]) {
    for user in users {
        if let Ok(mut connection) = api.connect(&user.token).await {
            let _ = connection.call("POST", "/api/v1/auth/logout", None).await;
        }
    }
}
