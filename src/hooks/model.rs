//! The shapes of a hook.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp, users::avatar};

sorts! {
    /// The order of hooks.
    HookSort {
        #[default]
        Newest = "-created_at",
        Oldest = "created_at",
        Name = "name",
        NameDescending = "-name",
    }
}

/// A new hook.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewHook {
    /// The name that its messages are shown with, 1 to 255 characters in one line.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: String,
}

/// A hook: an address that other programs post messages to.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Hook {
    /// Which hook it is.
    pub id: Uuid,
    /// The chat that its messages go to.
    pub chat_id: Uuid,
    /// The bot user who is the sender of its messages. It is no member, and nobody signs in as it.
    pub bot_id: Uuid,
    /// The name of the bot.
    pub name: String,
    /// Where the picture of the bot can be fetched, without signing in; null without one.
    pub avatar_url: Option<String>,
    /// When it was last used, to the minute; null when never.
    pub used_at: Option<Timestamp>,
    /// Who made it, and is responsible for it.
    pub created_by: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A hook that has just been made.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct CreatedHook {
    /// The hook.
    #[oai(flatten)]
    #[serde(flatten)]
    pub hook: Hook,
    /// Where to post to. Told this once: whoever knows it may post.
    pub url: String,
}

/// A row of `hooks`, with its bot.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the tables, described in sql/")]
pub struct HookRow {
    pub id: Uuid,
    pub chat_id: Uuid,
    pub bot_id: Uuid,
    pub name: String,
    pub avatar_key: Option<String>,
    pub used_at: Option<Timestamp>,
    pub created_by: Uuid,
    pub created_at: Timestamp,
}

impl FromRow for HookRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            chat_id: row.try_get("chat_id")?,
            bot_id: row.try_get("bot_id")?,
            name: row.try_get("name")?,
            avatar_key: row.try_get("avatar_key")?,
            used_at: row.try_get("used_at")?,
            created_by: row.try_get("created_by")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

impl HookRow {
    /// The hook as its managers see it, without its address.
    pub fn view(self, public_url: &str) -> Hook {
        Hook {
            id: self.id,
            chat_id: self.chat_id,
            bot_id: self.bot_id,
            name: self.name,
            avatar_url: avatar::url(public_url, self.avatar_key.as_deref()),
            used_at: self.used_at,
            created_by: self.created_by,
            created_at: self.created_at,
        }
    }
}

/// What is posted to the address of a hook. Fields that are not named here are taken, too, and looked at where they are those of
/// a program that is known.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct HookMessage {
    /// What to say.
    pub text: Option<String>,
    /// As Slack has them: what each says stands below the text.
    pub attachments: Option<Vec<Value>>,
    /// As Slack has them: what they say, where there is no text.
    pub blocks: Option<Vec<Value>>,
}

/// What was posted.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(example)]
pub struct HookPost {
    /// The message it has become.
    pub id: Uuid,
    /// `true`: programs that were made for Slack count an answer without it as failed.
    pub ok: bool,
}

impl Example for NewHook {
    fn example() -> Self {
        Self { name: "Build server".into() }
    }
}

impl Example for Hook {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_000d),
            chat_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0002),
            bot_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_000e),
            name: "Build server".into(),
            avatar_url: None,
            used_at: None,
            created_by: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001),
            created_at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()),
        }
    }
}

impl Example for HookMessage {
    fn example() -> Self {
        let attachment = json!({"fallback": "3 tests failed", "color": "danger"});
        Self {
            text: Some("The build of *main* failed".into()),
            attachments: Some(vec![attachment]),
            blocks: None,
        }
    }
}

impl Example for HookPost {
    fn example() -> Self {
        Self { id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0003), ok: true }
    }
}
