//! The shapes of what was done.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp};

/// Something that was done.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "AuditRecord")]
pub struct Record {
    /// Which record it is.
    pub id: Uuid,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it; null when it was the server's own doing, an operator's on the command line (then `data.via` says so), or done in
    /// SQL by somebody who did not say.
    pub actor_id: Option<Uuid>,
    /// What: `role_given`, `user_suspended` …
    pub action: String,
    /// To what: the id of a person, session, token, chat or webhook, or the name of a role.
    pub target: String,
    /// What else there is to know, by action; never a secret.
    pub data: Value,
    /// The network address it came from; null where that is not known.
    pub address: Option<String>,
}

/// Which records are wanted; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Done by this person.
    pub actor_id: Option<Uuid>,
    /// This was done.
    pub action: Option<String>,
    /// To this.
    pub target: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub to: Option<Timestamp>,
}

sorts! {
    /// The order of records.
    AuditSort {
        #[default]
        Latest = "-at",
        Oldest = "at",
    }
}

impl Example for Record {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0009),
            at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()),
            actor_id: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001)),
            action: "role_given".into(),
            target: "01991f00-0000-7000-8000-000000000002".into(),
            data: json!({"role": "moderator"}),
            address: Some("192.0.2.7".into()),
        }
    }
}

impl FromRow for Record {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            at: row.try_get("at")?,
            actor_id: row.try_get("actor_id")?,
            action: row.try_get("action")?,
            target: row.try_get("target")?,
            data: row.try_get("data")?,
            address: row.try_get("address")?,
        })
    }
}
