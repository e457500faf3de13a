//! The shapes of an invite.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp};

sorts! {
    /// The order of invites.
    InviteSort {
        #[default]
        Newest = "-created_at",
        Oldest = "created_at",
        LongestGood = "-expires_at",
        ShortestGood = "expires_at",
    }
}

/// A new invite.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewInvite {
    /// How many people may join with it, 1 to 1,000,000; any number when left out.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    pub max_uses: Option<i32>,
    /// For how many seconds it is valid, 1 to 315,360,000 (ten years); for ever when left out.
    #[oai(validator(minimum(value = "1"), maximum(value = "315360000")))]
    pub expires_in: Option<i32>,
}

/// An invite.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Invite {
    /// Which invite it is.
    pub id: Uuid,
    /// How many people may join with it; null for any number.
    pub max_uses: Option<i32>,
    /// How many people have joined with it.
    pub uses: i32,
    /// Until when it is valid; null for ever.
    pub expires_at: Option<Timestamp>,
    /// Who made it; null when they are gone.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An invite that has just been made.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct CreatedInvite {
    /// The invite.
    #[oai(flatten)]
    #[serde(flatten)]
    pub invite: Invite,
    /// What lets people in. Told this once: only its hash is kept.
    pub token: String,
}

impl FromRow for Invite {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            max_uses: row.try_get("max_uses")?,
            uses: row.try_get("uses")?,
            expires_at: row.try_get("expires_at")?,
            created_by: row.try_get("created_by")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

impl Example for NewInvite {
    fn example() -> Self {
        Self { max_uses: Some(5), expires_in: Some(86_400) }
    }
}

impl Example for Invite {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0005),
            max_uses: Some(5),
            uses: 0,
            expires_at: Some(at(1_780_086_400)),
            created_by: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001)),
            created_at: at(1_780_000_000),
        }
    }
}
