//! One push on its way: encrypted for its device, and signed by the server.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use uuid::Uuid;
use web_push_native::{Auth, encrypt, p256::PublicKey};

use super::{
    keys,
    model::Device,
    payload::{Picked, encode},
};
use crate::{
    app::App,
    error::{Error, Result},
    outbound::{self, HeaderMap},
    time::Timestamp,
};

/// How long a push service keeps what it can't deliver at once, in seconds: a day.
const TTL: &str = "86400";
/// How long the token is good that says who sends, in seconds; a day is the most.
const TOKEN: i64 = 12 * 3600;

/// What became of a push.
pub enum Outcome {
    /// The push service has taken it.
    Taken,
    /// The device is there no more.
    Gone,
    /// It was not taken, for this reason.
    Failed(String),
}

/// Whether this is a point of P-256.
pub fn is_point(key: &[u8]) -> bool {
    PublicKey::from_sec1_bytes(key).is_ok()
}

/// Sends a push to a device.
pub async fn send(app: &App, device: &Device, topic: Uuid, picked: &Picked) -> Result<Outcome> {
    let Ok(url) = outbound::parse(&device.endpoint) else { return Ok(Outcome::Gone) };
    let Some((key, auth)) = device.keys() else { return Ok(Outcome::Gone) };
    let Ok(key) = PublicKey::from_sec1_bytes(&key) else { return Ok(Outcome::Gone) };
    let body = encrypt(encode(picked, topic), &key, Auth::from_slice(&auth))
        .map_err(|error| Error::internal(error.to_string()))?;
    let origin = url.origin().ascii_serialization();
    let exp = Timestamp::now().0.timestamp() + TOKEN;
    let authorization = keys::get(app).await?.authorization(&origin, exp, &contact(app))?;
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        HeaderValue::from_str(value).map(|value| headers.insert(name, value)).map_err(Error::internal)
    };
    set(AUTHORIZATION, &authorization)?;
    set(CONTENT_TYPE, "application/octet-stream")?;
    set(CONTENT_ENCODING, "aes128gcm")?;
    set(HeaderName::from_static("ttl"), TTL)?;
    set(HeaderName::from_static("urgency"), if picked.is_urgent() { "high" } else { "normal" })?;
    set(HeaderName::from_static("topic"), &URL_SAFE_NO_PAD.encode(topic.as_bytes()))?;
    Ok(match app.outbound.deliver(url, headers, body.into()).await {
        Ok(()) => Outcome::Taken,
        Err(failure) if matches!(failure.status, Some(404 | 410)) => Outcome::Gone,
        Err(failure) => Outcome::Failed(failure.reason),
    })
}

/// Whom a push service can turn to.
fn contact(app: &App) -> String {
    app.config.push.contact.clone().unwrap_or_else(|| app.public_url())
}
