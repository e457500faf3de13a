//! Links to files: an address that opens without a token for a while, for a page that signs in by bearer and cannot send one
//! with an `<img>`.

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use poem_openapi::{Object, types::Example};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    config::Secret,
    error::{Error, Result},
    time::Timestamp,
};

/// How long a link opens.
pub const LIFE: TimeDelta = TimeDelta::minutes(10);
/// What the key is made for, so that it is good for nothing else.
const PURPOSE: &[u8] = b"trunkline links to files 1";
/// The bytes of a signature that are sent.
const TAG: usize = 16;
/// The id of the file, and the second in which it ends.
const CLAIM: usize = 16 + 8;

/// A link to a file.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct FileLink {
    /// Where the file is fetched, by whoever has this address.
    pub url: String,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Example for FileLink {
    fn example() -> Self {
        Self {
            url: "https://chat.example.com/api/v1/links/AZkfAAAAcACAAAAAAAAABAAAAABpfehYq7mZJ0m1Q2x8bWlnaHQgYmU".into(),
            expires_at: Timestamp(chrono::DateTime::UNIX_EPOCH + TimeDelta::days(20_000)),
        }
    }
}

/// The last part of the address of a file, good until a time.
pub fn sign(app: &App, id: Uuid, until: Timestamp) -> String {
    let mut bytes = [&id.as_bytes()[..], &until.0.timestamp().to_be_bytes()].concat();
    let key = key(app.config.auth.jwt_secret.as_ref());
    let tag = hmac::sign(&key, &bytes);
    bytes.extend_from_slice(&tag.as_ref()[..TAG]);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The file that such a part leads to, if it is ours and still good. Whatever is wrong with it looks the same: not there.
pub fn verify(app: &App, link: &str) -> Result<Uuid> {
    let missing = || Error::not_found("link");
    let bytes = URL_SAFE_NO_PAD.decode(link).map_err(|_| missing())?;
    let (claim, tag) = bytes.split_at_checked(CLAIM).ok_or_else(missing)?;
    // One that was signed before the secret changed is good as long as it is.
    let auth = &app.config.auth;
    let is_ours = auth.jwt_secret.iter().chain(&auth.old_jwt_secrets).any(|secret| {
        let ours = hmac::sign(&key(Some(secret)), claim);
        constant_time::verify_slices_are_equal(&ours.as_ref()[..TAG], tag).is_ok()
    });
    let (id, until) = claim.split_at(16);
    let until = until.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes));
    if !is_ours || until <= Timestamp::now().0.timestamp() {
        return Err(missing());
    }
    Uuid::from_slice(id).map_err(|_| missing())
}

fn key(secret: Option<&Secret>) -> hmac::Key {
    let secret = secret.map(Secret::expose).unwrap_or_default();
    let parent = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&parent, PURPOSE).as_ref())
}
