//! The shapes of signing in.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result};

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
    /// 3 to 32 of `a-z 0-9 _ .`; made from the e-mail when left out.
    #[oai(validator(min_length = 3, max_length = 32, pattern = "^[a-z0-9_.]{3,32}$"))]
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
    /// The password.
    pub password: String,
}

/// A refresh token, where it is not sent as a cookie.
#[derive(Clone, Default, Object, Serialize, Deserialize)]
#[oai(example)]
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
        Self { email: Some("alice@example.com".into()), username: None, password: "trunkline1".into() }
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
