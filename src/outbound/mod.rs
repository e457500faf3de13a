//! Requests to addresses that somebody else has named: only to those that are everybody's, unless the configuration trusts
//! whoever names them (`webhooks.allow_private`); without that, nothing goes to this machine itself either, whatever address it has.
//!
//! What is judged is what is connected to. A name is resolved here and nowhere else, and the connection is made to the
//! addresses that were looked at: a name that leads elsewhere a moment later leads nowhere. One address of a name that is
//! not public refuses the name. No proxy of the environment is asked, no cookie kept; a redirection is followed where it
//! keeps the request as it is (307, 308), up to three times, and each place it leads to is judged as the first.

mod addresses;
mod names;
#[cfg(test)]
mod tests;

use std::{
    error, io,
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{Client, Response, StatusCode, header};
use tokio::time::timeout;

pub use reqwest::{Url, header::HeaderMap};

use self::names::Names;
use crate::error::{Error, Result};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a request may take in all, redirections included, until the answer has begun.
const WHOLE: Duration = Duration::from_secs(10);
/// How often a request is sent on.
const REDIRECTIONS: usize = 3;
/// How much of an answer is read, and how long: enough to use the connection of a polite one again.
const READ: usize = 16 * 1024;
const READ_FOR: Duration = Duration::from_millis(500);
/// The longest reason, in characters.
const REASON_CHARACTERS: usize = 200;
/// The longest address, in characters.
pub const URL_CHARACTERS: usize = 2048;

/// Why an address that was named is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not public.
    NotPublic,
    /// Nobody knows the name, or it has an address that is not public. Which of the two nobody is told: it would say what
    /// names an inner network has.
    Nowhere,
}

/// Why a request was not taken.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The status of the answer; `None` where there was none that says so.
    pub status: Option<u16>,
    /// A sentence of at most 200 characters that holds nothing of the address, nor of what whoever is there says of themselves.
    pub reason: String,
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self { status: None, reason }
    }
}

impl From<&str> for Failure {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// The way out. Nothing is opened before the first request.
pub struct Outbound {
    allows: fn(IpAddr) -> bool,
    /// For what is judged now; what is sent has places of its own, so that neither waits for the other.
    names: Names,
    client: OnceLock<Client>,
}

impl Outbound {
    /// With `allow_private`, inner addresses may be called too.
    pub fn new(allow_private: bool) -> Self {
        Self::allowing(match allow_private {
            true => |_| true,
            false => |address| addresses::is_public(address) && !addresses::is_own(address),
        })
    }

    fn allowing(allows: fn(IpAddr) -> bool) -> Self {
        Self { allows, names: Names::new(allows), client: OnceLock::new() }
    }

    /// Whether this address may be called, as far as can be said now; each request asks again.
    pub async fn check(&self, url: &Url) -> std::result::Result<(), Refusal> {
        let host = url.host_str().unwrap_or_default();
        match literal(host) {
            Some(address) if (self.allows)(address) => Ok(()),
            Some(_) => Err(Refusal::NotPublic),
            None => self.names.lookup(host).await.map(drop),
        }
    }

    /// Posts `body`; fine when it was answered 2xx. What went wrong is a sentence of at most 200 characters that holds nothing
    /// of the address, nor of what whoever is there says of themselves.
    pub async fn post(&self, url: Url, headers: HeaderMap, body: Bytes) -> std::result::Result<(), String> {
        self.deliver(url, headers, body).await.map_err(|failure| failure.reason)
    }

    /// The same, where the status of what is not taken matters.
    pub async fn deliver(
        &self,
        url: Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> std::result::Result<(), Failure> {
        match timeout(WHOLE, self.send(url, headers, body)).await {
            Ok(Ok(answer)) => {
                let _ = timeout(READ_FOR, drain(answer)).await;
                Ok(())
            }
            Ok(Err(Failure { status, reason })) => {
                Err(Failure { status, reason: reason.chars().take(REASON_CHARACTERS).collect() })
            }
            Err(_) => Err(format!("no answer within {} seconds", WHOLE.as_secs()).into()),
        }
    }

    /// Sends it to where it is taken.
    async fn send(
        &self,
        mut url: Url,
        headers: HeaderMap,
        body: Bytes,
    ) -> std::result::Result<Response, Failure> {
        let client = self.client().map_err(|error| error.to_string())?;
        for _ in 0..=REDIRECTIONS {
            // A name is judged when it is resolved; what is an address already is resolved by nobody.
            if literal(url.host_str().unwrap_or_default()).is_some_and(|address| !(self.allows)(address)) {
                return Err(NOT_PUBLIC.into());
            }
            let request = client.post(url.clone()).headers(headers.clone()).body(body.clone());
            let answer = request.send().await.map_err(|error| reason(&error.without_url()))?;
            match answer.status() {
                status if status.is_success() => return Ok(answer),
                StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => {
                    url = next(&url, &answer).ok_or("answered a redirection to nowhere it may lead")?;
                }
                status if status.is_redirection() => {
                    let reason = format!("answered {}; only 307 and 308 are followed", status.as_u16());
                    return Err(reason.into());
                }
                status => {
                    let status = status.as_u16();
                    return Err(Failure { status: Some(status), reason: format!("answered {status}") });
                }
            }
        }
        Err(format!("answered more than {REDIRECTIONS} redirections").into())
    }

    fn client(&self) -> Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .user_agent(concat!("Trunkline/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Names::new(self.allows)))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .build()
            .map_err(Error::internal)?;
        Ok(self.client.get_or_init(|| client))
    }
}

const NOT_PUBLIC: &str = "its address is not a public one";
const NOWHERE: &str = "its name is not known, or not that of a public address";

/// Reads an address that somebody has named. What is wrong is said as the end of a sentence about it.
pub fn parse(text: &str) -> std::result::Result<Url, &'static str> {
    const SHAPE: &str = "must be an http:// or https:// address of at most 2048 characters";
    let url = Url::parse(text).map_err(|_| SHAPE)?;
    let is_short = [text, url.as_str()].iter().all(|text| text.chars().count() <= URL_CHARACTERS);
    if !is_short || !matches!(url.scheme(), "http" | "https") {
        return Err(SHAPE);
    }
    if has_credentials(&url) {
        return Err("must hold no user name and no password");
    }
    // What the table takes: a name with other characters is nobody's.
    if url.host_str().is_none_or(|host| host.contains(|c: char| c.is_whitespace() || c == '@')) {
        return Err(SHAPE);
    }
    Ok(url)
}

fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The address a host is, if it is no name. The parser has read `0x7f.1` and `2130706433` as what they mean.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Where a redirection leads, if it may be followed: not from https to http.
fn next(url: &Url, answer: &Response) -> Option<Url> {
    let place = answer.headers().get(header::LOCATION)?.to_str().ok()?;
    let next = url.join(place).ok()?;
    let is_no_worse = next.scheme() == "https" || next.scheme() == url.scheme();
    (is_no_worse && parse(next.as_str()).is_ok()).then_some(next)
}

fn reason(error: &reqwest::Error) -> String {
    let what = if error.is_connect() { "no connection" } else { "no answer" };
    format!("{what}: {}", cause(error))
}

/// The cause at the bottom: those above it say only that sending failed. What is wrong with a certificate is told with
/// the host and every name that stands in it, and so it is not told.
fn cause(error: &(dyn error::Error + 'static)) -> String {
    let mut cause = error;
    loop {
        if let Some(rustls::Error::InvalidCertificate(_)) = cause.downcast_ref() {
            return "its certificate is not valid, not for its name, or of nobody this server trusts"
                .to_owned();
        }
        // What is inside an error of the system is no source of it.
        let inside =
            cause.downcast_ref().and_then(io::Error::get_ref).map(|inside| inside as &dyn error::Error);
        match inside.or_else(|| cause.source()) {
            Some(next) => cause = next,
            None => return cause.to_string(),
        }
    }
}

async fn drain(mut answer: Response) {
    let mut read = 0;
    while let Ok(Some(bytes)) = answer.chunk().await {
        read += bytes.len();
        if read > READ {
            return;
        }
    }
}
