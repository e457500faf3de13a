//! One entry on its way: the request, and its signature.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use uuid::Uuid;

use super::model::Due;
use crate::{
    app::App,
    error::{Error, Result},
    messages::LogEntry,
    outbound::{self, HeaderMap},
    telemetry::metrics::names,
    time::Timestamp,
};

/// Which webhook and entry it is: the same however often it is sent.
const DELIVERY: &str = "x-trunkline-delivery";
/// What happened.
const EVENT: &str = "x-trunkline-event";
/// Who says so.
const SIGNATURE: &str = "x-trunkline-signature";

#[derive(Serialize)]
struct Body<'a> {
    webhook_id: Uuid,
    chat_id: Uuid,
    seq: i64,
    id: Uuid,
    event: &'a str,
    data: &'a LogEntry,
}

/// What is sent for one webhook.
pub struct Sender {
    webhook_id: Uuid,
    url: outbound::Url,
    secret: hmac::Key,
    wanted: BTreeSet<String>,
}

impl Sender {
    /// For this webhook. What makes it impossible is a sentence for whoever looks after it.
    pub fn new(app: &App, due: &Due) -> std::result::Result<Self, String> {
        let secret = app
            .keyring
            .open(&super::model::purpose(due.id), &due.secret)
            .map_err(|_| "its secret cannot be decrypted any more: make the webhook again".to_owned())?;
        Ok(Self {
            webhook_id: due.id,
            url: outbound::parse(&due.url).map_err(|wrong| format!("its address {wrong}"))?,
            secret: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            wanted: due.events.iter().cloned().collect(),
        })
    }

    /// Whether entries of this type are to be sent.
    pub fn wants(&self, event: &str) -> bool {
        self.wanted.is_empty() || self.wanted.contains(event)
    }

    /// Sends an entry; fine when it was taken. Otherwise a sentence that holds nothing of the address.
    pub async fn send(&self, app: &App, entry: &LogEntry) -> std::result::Result<(), String> {
        let (headers, body) = self.request(entry).map_err(|error| error.to_string())?;
        let answer = app.outbound.post(self.url.clone(), headers, body).await;
        let outcome = if answer.is_ok() { "succeeded" } else { "failed" };
        metrics::counter!(names::WEBHOOK_REQUESTS, "outcome" => outcome).increment(1);
        answer
    }

    fn request(&self, entry: &LogEntry) -> Result<(HeaderMap, Bytes)> {
        let body = Body {
            webhook_id: self.webhook_id,
            chat_id: entry.chat_id,
            seq: entry.seq,
            id: entry.id,
            event: &entry.kind,
            data: entry,
        };
        let body = serde_json::to_vec(&body).map_err(Error::internal)?;
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, value: &str| {
            HeaderValue::from_str(value).map(|value| headers.insert(name, value)).map_err(Error::internal)
        };
        set(CONTENT_TYPE.as_str(), "application/json")?;
        set(DELIVERY, &format!("{}-{}", self.webhook_id, entry.seq))?;
        set(EVENT, &entry.kind)?;
        set(SIGNATURE, &signature(&self.secret, Timestamp::now().0.timestamp(), &body))?;
        Ok((headers, body.into()))
    }
}

/// `t=<seconds>,v1=<HMAC-SHA256 of "t.body", in hexadecimal digits>`
fn signature(secret: &hmac::Key, seconds: i64, body: &[u8]) -> String {
    let mut context = hmac::Context::with_key(secret);
    context.update(format!("{seconds}.").as_bytes());
    context.update(body);
    let digits: String = context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_others_compute() {
        // printf '1780000000.{"seq":1}' | openssl dgst -sha256 -hmac 'a secret'
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"a secret");
        let expected = "t=1780000000,v1=70e631217b326df95b482fb6f5ab31e2ce5e7e0ae6233b2c8b44896a8644bc59";
        assert_eq!(signature(&key, 1_780_000_000, br#"{"seq":1}"#), expected);
    }
}
