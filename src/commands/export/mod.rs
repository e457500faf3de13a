//! `trunkline export`: everything about a chat or a person as JSON lines, one object a line, each with a `type`. The last
//! line is `{"type": "end", "lines": n}`: a file without it is not whole.
//!
//! Whatever there is, only a page of it is in memory at a time.

mod account;
mod chat;
mod sink;

use std::path::PathBuf;

use serde::Serialize;
use uuid::Uuid;

use self::sink::Sink;
use super::{Outcome, setup::OfflineApp};
use crate::config::Config;

/// What is exported.
pub enum What {
    /// A chat, its members and its log.
    Chat(Uuid),
    /// A person, by e-mail: profile, sessions, chats, messages and reactions.
    Account(String),
}

/// A line of an export.
#[derive(Serialize)]
struct Line<'a, T> {
    r#type: &'a str,
    #[serde(flatten)]
    rest: T,
}

/// Writes an export to a file of mode 0600, or to standard output.
pub async fn run(config: Config, what: What, out: Option<PathBuf>) -> Outcome {
    let opens_contacts = config.database.url.is_none() || config.secrets.key.is_some();
    let offline = OfflineApp::open_to_read(config).await?;
    let exported = async {
        let mut sink = Sink::open(out)?;
        match &what {
            What::Chat(id) => chat::write(&offline.app, *id, &mut sink).await?,
            What::Account(email) => account::write(&offline.app, email, opens_contacts, &mut sink).await?,
        }
        sink.finish()
    };
    let exported = exported.await;
    offline.close().await;
    exported
}
