//! The shapes of a push subscription.

use aws_lc_rs::digest;
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp};

/// Browsers leave the padding out, and some libraries don't.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

sorts! {
    /// The order of push subscriptions.
    PushSubscriptionSort {
        #[default]
        Latest = "-created_at",
        Oldest = "created_at",
    }
}

/// The key by which push services know this server.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct PushKey {
    /// What a browser takes as `applicationServerKey`: a point of P-256, as base64url.
    pub public_key: String,
}

/// The keys of a device.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct PushKeys {
    /// Its public key: a point of P-256, as base64url.
    #[oai(validator(max_length = 120))]
    pub p256dh: String,
    /// A secret of 16 bytes, as base64url.
    #[oai(validator(max_length = 40))]
    pub auth: String,
}

/// A device that is to be reached, as a browser writes it: `JSON.stringify(subscription)`.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewPushSubscription {
    /// Where to send it: an address of its push service.
    #[oai(validator(max_length = 2048))]
    pub endpoint: String,
    /// The keys of the device.
    pub keys: PushKeys,
}

/// A device that is reached while its person is away.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct PushSubscription {
    /// Which subscription it is.
    pub id: Uuid,
    /// Where its push service is.
    pub endpoint: String,
    /// What the device called itself when it subscribed.
    pub user_agent: String,
    /// Whether it belongs to the session that asks.
    pub current: bool,
    /// How many pushes in a row could not be delivered.
    pub failures: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last took something; null where it never did.
    pub used_at: Option<Timestamp>,
}

/// What is sealed of a device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Device {
    /// Where to send it.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// Its secret.
    pub auth: String,
}

impl Device {
    /// Its public key and its secret, if they are such.
    pub fn keys(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (key, auth) = (BASE64.decode(&self.p256dh).ok()?, BASE64.decode(&self.auth).ok()?);
        (key.len() == 65 && auth.len() == 16).then_some((key, auth))
    }
}

/// By which a device is found again, whoever is signed in there.
pub fn hash_of(endpoint: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, endpoint.as_bytes()).as_ref().to_vec()
}

/// The beginning of that hash, for which a device is sealed.
pub fn beginning(endpoint_hash: &[u8]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(endpoint_hash).for_each(|(byte, known)| *byte = *known);
    Uuid::from_bytes(bytes)
}

/// What a device is sealed for.
pub fn purpose(beginning: Uuid) -> String {
    format!("push_subscriptions.secret:{beginning}")
}

/// A row of `push_subscriptions`.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct SubscriptionRow {
    pub id: Uuid,
    pub session_id: Uuid,
    pub endpoint_hash: Vec<u8>,
    pub secret: Vec<u8>,
    pub user_agent: String,
    pub failures: i32,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

impl FromRow for SubscriptionRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            session_id: row.try_get("session_id")?,
            endpoint_hash: row.try_get("endpoint_hash")?,
            secret: row.try_get("secret")?,
            user_agent: row.try_get("user_agent")?,
            failures: row.try_get("failures")?,
            created_at: row.try_get("created_at")?,
            used_at: row.try_get("used_at")?,
        })
    }
}

impl SubscriptionRow {
    /// As its person sees it.
    pub fn view(self, endpoint: String, session_id: Uuid) -> PushSubscription {
        PushSubscription {
            id: self.id,
            endpoint,
            user_agent: self.user_agent,
            current: self.session_id == session_id,
            failures: self.failures,
            created_at: self.created_at,
            used_at: self.used_at,
        }
    }
}

/// What waits for a device, as it is now.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the tables, described in sql/")]
pub struct Due {
    pub chat_id: Option<Uuid>,
    pub notification_ids: Vec<Uuid>,
    pub version: i64,
    pub user_id: Uuid,
    pub endpoint_hash: Vec<u8>,
    pub secret: Vec<u8>,
    pub is_old: bool,
    pub is_signed_in: bool,
    pub is_away: bool,
}

impl FromRow for Due {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            notification_ids: row.try_get("notification_ids")?,
            version: row.try_get("version")?,
            user_id: row.try_get("user_id")?,
            endpoint_hash: row.try_get("endpoint_hash")?,
            secret: row.try_get("secret")?,
            is_old: row.try_get("is_old")?,
            is_signed_in: row.try_get("is_signed_in")?,
            is_away: row.try_get("is_away")?,
        })
    }
}

const P256DH: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

impl Example for PushKey {
    fn example() -> Self {
        Self { public_key: P256DH.into() }
    }
}

impl Example for NewPushSubscription {
    fn example() -> Self {
        Self {
            endpoint: "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABexample".into(),
            keys: PushKeys { p256dh: P256DH.into(), auth: "BTBZMqHH6r4Tts7J_aSIgg".into() },
        }
    }
}

impl Example for PushSubscription {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0013),
            endpoint: NewPushSubscription::example().endpoint,
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(),
            current: true,
            failures: 0,
            created_at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()),
            used_at: None,
        }
    }
}
