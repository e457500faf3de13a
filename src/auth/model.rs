//! The shapes of signing in.

pub mod tokens;

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp};

/// A new account.
#[derive(Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Registration {
    /// The e-mail address; unique, ignoring case.
    #[oai(validator(max_length = 254))]
    pub email: String,
    /// 8 to 128 characters, at least one letter and one digit.
    #[oai(validator(min_length = 8, max_length = 128))]
    pub password: String,
    /// The name to show, 1 to 255 characters.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: String,
    /// 3 to 32 of `a-z 0-9 _ .`, beginning and ending with a letter, a digit or `_`; made from the e-mail when left out.
    #[oai(validator(min_length = 3, max_length = 32, pattern = "^[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]$"))]
    pub username: Option<String>,
}

/// Who signs in: by e-mail or by username.
#[derive(Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Login {
    /// The e-mail address; or give `username`.
    pub email: Option<String>,
    /// The username; or give `email`.
    pub username: Option<String>,
    /// The password; or give `encrypted_password`.
    pub password: Option<String>,
    /// Base64 of `{"password", "at"}`, encrypted to the key of `GET /api/v1/auth/keys/public`.
    pub encrypted_password: Option<String>,
    /// Which key that was.
    pub key_id: Option<String>,
}

/// A refresh token, where it is not sent as a cookie.
#[derive(Clone, Default, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "TokenRefresh")]
pub struct Refresh {
    /// The refresh token of the last answer.
    pub refresh_token: Option<String>,
}

/// What keeps someone signed in.
#[derive(Clone, Object, Serialize)]
#[oai(example)]
pub struct TokenPair {
    /// A JWT, sent as `Authorization: Bearer …` with every request.
    pub access_token: String,
    /// Good for one use: the next pair.
    pub refresh_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: i64,
}

/// The password one has, and the one to have instead.
#[derive(Clone, Object, Deserialize)]
#[oai(example)]
pub struct NewPassword {
    /// The password until now.
    pub current_password: String,
    /// 8 to 128 characters, at least one letter and one digit.
    #[oai(validator(min_length = 8, max_length = 128))]
    pub new_password: String,
}

/// Whose password is forgotten.
#[derive(Clone, Object, Deserialize)]
#[oai(example)]
#[oai(rename = "ForgottenPassword")]
pub struct Forgotten {
    /// The e-mail address of the account.
    #[oai(validator(max_length = 254))]
    pub email: String,
}

/// A new password in place of a forgotten one.
#[derive(Clone, Object, Deserialize)]
#[oai(example)]
pub struct PasswordReset {
    /// The one in the link.
    pub token: String,
    /// 8 to 128 characters, at least one letter and one digit.
    #[oai(validator(min_length = 8, max_length = 128))]
    pub new_password: String,
}

/// A key to encrypt passwords to.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct PublicKey {
    /// Which one; goes with what was encrypted to it.
    pub key_id: Uuid,
    /// Always `RSA-OAEP-256`.
    pub algorithm: String,
    /// PEM of a SubjectPublicKeyInfo.
    pub public_key: String,
}

impl PublicKey {
    /// The public half of a key, as PEM.
    pub fn new(key_id: Uuid, public_key: String) -> Self {
        Self { key_id, algorithm: "RSA-OAEP-256".into(), public_key }
    }
}

/// A sign-in that goes on.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct Session {
    /// Which one.
    pub id: Uuid,
    /// The `User-Agent` that signed in.
    pub user_agent: String,
    /// The address it signed in from.
    pub address: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last took a new pair of tokens.
    pub last_used_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

sorts! {
    /// In which order sessions are listed; `-` is the other way round.
    SessionSort {
        #[default]
        LastUsedAtDescending = "-last_used_at",
        LastUsedAt = "last_used_at",
        CreatedAt = "created_at",
        CreatedAtDescending = "-created_at",
    }
}

impl Example for Registration {
    fn example() -> Self {
        Self {
            email: "alice@example.com".into(),
            password: "trunkline1".into(),
            name: "Alice".into(),
            username: Some("alice".into()),
        }
    }
}

impl Example for Login {
    fn example() -> Self {
        Self {
            email: Some("alice@example.com".into()),
            username: None,
            password: Some("trunkline1".into()),
            encrypted_password: None,
            key_id: None,
        }
    }
}

impl Example for NewPassword {
    fn example() -> Self {
        Self { current_password: "trunkline1".into(), new_password: "trunkline2".into() }
    }
}

impl Example for Forgotten {
    fn example() -> Self {
        Self { email: "alice@example.com".into() }
    }
}

/// What is erased with an account.
#[derive(Clone, Object, Deserialize)]
#[oai(example)]
pub struct Erasure {
    /// My password.
    pub current_password: String,
    /// What becomes of the messages; kept when left out.
    pub messages: Option<Words>,
}

/// What becomes of the messages of somebody who is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[oai(rename = "ErasedMessages")]
#[serde(rename_all = "snake_case")]
pub enum Words {
    /// They stay, and nobody is their sender.
    #[default]
    Keep,
    /// Their words and files go, their places stay.
    Clear,
}

impl Example for Erasure {
    fn example() -> Self {
        Self { current_password: "open sesame 1".into(), messages: Some(Words::Keep) }
    }
}

impl Example for PasswordReset {
    fn example() -> Self {
        Self { token: "k3VZ…".into(), new_password: "trunkline2".into() }
    }
}

impl Example for PublicKey {
    fn example() -> Self {
        let pem = "-----BEGIN PUBLIC KEY-----\nMIIBIjAN…\n-----END PUBLIC KEY-----\n";
        Self::new(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001), pem.into())
    }
}

impl Example for Refresh {
    fn example() -> Self {
        Self { refresh_token: Some("k3VZ…".into()) }
    }
}

impl Example for TokenPair {
    fn example() -> Self {
        Self {
            access_token: "eyJ0eXAiOiJKV1Qi…".into(),
            refresh_token: "k3VZ…".into(),
            token_type: "Bearer".into(),
            expires_in: 900,
        }
    }
}

/// A refresh token as the tables know it, with the session it keeps going.
#[expect(missing_docs, reason = "the columns of the tables, described in sql/")]
pub struct RefreshRow {
    pub session_id: Uuid,
    pub user_id: Uuid,
    pub user_agent: String,
    pub over: bool,
    pub status: String,
    pub spent_seconds_ago: Option<f64>,
}

impl FromRow for RefreshRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            session_id: row.try_get("session_id")?,
            user_id: row.try_get("user_id")?,
            user_agent: row.try_get("user_agent")?,
            over: row.try_get("over")?,
            status: row.try_get("status")?,
            spent_seconds_ago: row.try_get("spent_seconds_ago")?,
        })
    }
}

/// What would prove whose session one is.
#[expect(missing_docs, reason = "the columns of the query, described in sql/")]
pub struct ProofRow {
    pub password_hash: String,
    pub is_fresh: bool,
}

impl FromRow for ProofRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { password_hash: row.try_get("password_hash")?, is_fresh: row.try_get("is_fresh")? })
    }
}

/// A row of `sessions`, as its owner may see it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct SessionRow {
    pub id: Uuid,
    pub user_agent: String,
    pub address: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
}

impl SessionRow {
    /// As somebody sees it whose own session is `current_id`.
    pub fn view(self, current_id: Uuid) -> Session {
        let Self { id, user_agent, address, created_at, last_used_at } = self;
        Session { id, user_agent, address, created_at, last_used_at, current: id == current_id }
    }
}

impl FromRow for SessionRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            user_agent: row.try_get("user_agent")?,
            address: row.try_get("address")?,
            created_at: row.try_get("created_at")?,
            last_used_at: row.try_get("last_used_at")?,
        })
    }
}
