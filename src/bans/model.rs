//! The shapes of a ban.

use poem_openapi::Object;
use serde::Serialize;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::Result,
    http::sorts,
    time::Timestamp,
    users::{User, model::SeenRow},
};

/// Somebody who is kept out of a chat.
#[derive(Debug, Clone, Object, Serialize)]
pub struct Ban {
    /// Who is banned.
    pub user: User,
    /// Who banned them; null where it was done in SQL, or by somebody who is no longer there.
    pub by: Option<Uuid>,
    /// Since when.
    pub since: Timestamp,
}

sorts! {
    /// In which order bans are listed; `-` is the other way round.
    BanSort {
        Since = "since",
        #[default]
        SinceDescending = "-since",
        Name = "name",
        NameDescending = "-name",
        Username = "username",
        UsernameDescending = "-username",
    }
}

/// A row of `bans`, with whom it is about.
pub struct BanRow {
    /// Who is banned.
    pub seen: SeenRow,
    /// Who banned them.
    pub by: Option<Uuid>,
    /// Since when.
    pub since: Timestamp,
}

impl FromRow for BanRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            seen: SeenRow::from_row(row)?,
            by: row.try_get("banned_by")?,
            since: row.try_get("since")?,
        })
    }
}
