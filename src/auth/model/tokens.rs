//! The shapes of personal API tokens.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp};

/// A token to make.
#[derive(Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewApiToken {
    /// What it is for, 1 to 255 characters.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: String,
    /// The permissions it has, such as `GET:/api/v1/chats`, at most 200. Left out or empty, it is everything its owner may
    /// do. A token never has more permissions than its owner.
    pub scopes: Option<Vec<String>>,
    /// When it ends; left out, it does not.
    pub expires_at: Option<Timestamp>,
    /// My password; may be left out within ten minutes of signing in.
    #[serde(skip_serializing)] // no part of what an Idempotency-Key is remembered by
    pub current_password: Option<String>,
}

/// A personal API token; what it consists of is not shown again.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct ApiToken {
    /// Which one.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// The permissions it has; empty: everything its owner may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; null: never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute; null: never.
    pub last_used_at: Option<Timestamp>,
}

/// A personal API token that has just been made.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct CreatedApiToken {
    /// The token as it is listed.
    #[oai(flatten)]
    #[serde(flatten)]
    pub api_token: ApiToken,
    /// What to send as `Authorization: Bearer …`. Shown this once.
    pub token: String,
}

impl FromRow for ApiToken {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            scopes: row.try_get("scopes")?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            last_used_at: row.try_get("last_used_at")?,
        })
    }
}

sorts! {
    /// In which order API tokens are listed; `-` is the other way round.
    ApiTokenSort {
        #[default]
        CreatedAtDescending = "-created_at",
        CreatedAt = "created_at",
        Name = "name",
        NameDescending = "-name",
        LastUsedAt = "last_used_at",
        LastUsedAtDescending = "-last_used_at",
    }
}

impl Example for NewApiToken {
    fn example() -> Self {
        Self {
            name: "weather bot".into(),
            scopes: Some(vec!["POST:/api/v1/chats/{chat_id}/messages".into()]),
            expires_at: None,
            current_password: Some("trunkline1".into()),
        }
    }
}
