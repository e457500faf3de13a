//! Finding messages by words, and the index that tells where to look.
//!
//! The index, `search_blocks`, is written after the messages and kept apart from them, so a post does not pay for it: a
//! chat is read block by block once it has grown by thousands of entries, or has grown and come to rest for ten minutes.
//! What lies beyond is found by reading it: that costs a search little, and to write a block anew for each of its messages
//! would cost much. What is edited, recalled or cleared makes its block stale in the same transaction, by trigger; a
//! stale block is read like what has none, until it is written anew.

mod grams;
mod store;

use futures_util::TryStreamExt;
use poem_openapi::Enum;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

pub use self::store::Found;
use super::{Message, service::Window};
use crate::{
    app::App,
    chats::{self, reading},
    db::{
        Client, GenericClient,
        query::{Rows, set_lock_timeout},
    },
    error::{Code, Result},
    http::{List, Listed, Search, Wanted},
    time::Timestamp,
};

/// Chats that are asked for at once.
const ROUND: i64 = 200;

/// Blocks that are written in one transaction: each may hold half a megabyte of words, and more in some scripts.
const PIECE: i64 = 16;

/// How long to rest between pieces, in times of what the piece took: nobody waits for the index, so people come first.
const PAUSE: u32 = 3;

/// How long a chat that somebody else holds is waited for before it is left for the next round.
const LOCK: Duration = Duration::from_secs(1);

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
#[oai(rename = "MessageKind")]
pub enum Kind {
    /// Words.
    Text,
    /// Files, with or without words.
    Media,
    /// Said by the server, or by SQL.
    System,
}

impl Kind {
    fn as_column(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Media => "media",
            Self::System => "system",
        }
    }
}

/// Which messages are wanted.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The words that must occur.
    pub search: Search,
    /// Who said it.
    pub sender_id: Option<Uuid>,
    /// What it is.
    pub kind: Option<Kind>,
    /// Said at this moment or later.
    pub from: Option<Timestamp>,
    /// Said at this moment or earlier.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// Whether it lets every message through.
    pub fn is_empty(&self) -> bool {
        self.search.patterns().is_empty()
            && self.sender_id.is_none()
            && self.kind.is_none()
            && self.from.is_none()
            && self.to.is_none()
    }
}

/// A filter in the words of the database.
struct Words {
    patterns: Vec<String>,
    grams: Option<Vec<i32>>,
}

impl Words {
    async fn of(db: &impl GenericClient, search: &Search) -> Result<Self> {
        if search.patterns().is_empty() {
            return Ok(Self { patterns: vec![], grams: None });
        }
        let text = store::fold(db, search.text()).await?;
        let folded = Search::parse(Some(&text))?;
        Ok(Self { grams: grams::of_words(text.split_whitespace()), patterns: folded.patterns().to_vec() })
    }
}

/// Messages of a chat that the caller was let into, over the same connection.
pub async fn in_chat(
    app: &App,
    mut db: Client,
    chat_id: Uuid,
    filter: &Filter,
    window: Window,
    sort: &str,
    wanted: Wanted,
) -> Result<List<Message>> {
    let transaction = db.transaction().await?;
    let words = Words::of(&transaction, &filter.search).await?;
    let rows = store::search(&transaction, chat_id, &words, filter, window, sort, &wanted).await?;
    answer(app, rows, wanted).await
}

/// Messages of every chat that someone may read.
pub async fn everywhere(
    app: &App,
    user_id: Uuid,
    filter: &Filter,
    sort: &str,
    wanted: Wanted,
) -> Result<List<Message>> {
    let mut db = reading::everything(app).await?;
    let transaction = db.transaction().await?;
    let words = Words::of(&transaction, &filter.search).await?;
    let rows = store::search_all(&transaction, user_id, &words, filter, sort, &wanted).await?;
    answer(app, rows, wanted).await
}

/// Every row tells the total, and there is one at least: without a message, when there is none.
async fn answer(app: &App, rows: Rows<Found>, wanted: Wanted) -> Result<List<Message>> {
    let public_url = app.public_url();
    if wanted.is_download() {
        let messages = rows.try_filter_map(move |found| {
            let message = found.message.map(|row| row.view(&public_url));
            async { Ok(message) }
        });
        return wanted.answer(Box::pin(messages), async { Ok(0) }).await;
    }
    let found = wanted.collect(rows).await?;
    let total = found.first().map_or(0, |found| found.total);
    let items = found.into_iter().filter_map(|found| found.message).map(|row| row.view(&public_url));
    Ok(List::Page(Listed { items: items.collect(), total }))
}

/// Brings the index up to date; answers how many blocks were written. Safe on several instances at once. Chats are locked
/// while their blocks are laid out, which takes a millisecond, and not while they are written; one that somebody else
/// holds for long is left for the next time.
pub async fn refresh(app: &App) -> Result<u64> {
    let mut after = Uuid::nil();
    loop {
        let behind = store::list_behind(&app.db().await?, after, ROUND).await?;
        let Some(last) = behind.last() else { break };
        after = *last;
        let free = grow_free(app, &behind).await?;
        for chat_id in behind.iter().filter(|id| !free.contains(id)) {
            match grow(app, *chat_id).await {
                Err(error) if error.code() == Code::NotReady => {}
                outcome => outcome?,
            }
        }
    }
    let mut written = 0;
    loop {
        let begun = Instant::now();
        match mend(app).await? {
            0 => return Ok(written),
            blocks => written += blocks,
        }
        sleep(begun.elapsed() * PAUSE).await;
    }
}

/// Lays out the blocks of what was said in chats since the last time, in those that nobody holds; says in which.
async fn grow_free(app: &App, chat_ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let free = chats::store::lock_free(&transaction, chat_ids).await?;
    store::grow(&transaction, &free).await?;
    transaction.commit().await?;
    Ok(free)
}

/// The same for one chat, waiting for whoever holds it.
async fn grow(app: &App, chat_id: Uuid) -> Result<()> {
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    set_lock_timeout(&transaction, LOCK).await?;
    chats::store::lock(&transaction, chat_id).await?;
    store::grow(&transaction, &[chat_id]).await?;
    transaction.commit().await
}

/// Writes blocks that are stale; answers how many. They are held before they are read: whoever changes a message of one has
/// either committed by then, or waits, and makes it stale again.
async fn mend(app: &App) -> Result<u64> {
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let stale = store::take_stale(&transaction, PIECE).await?;
    for held in store::contents(&transaction, &stale).await? {
        let grams = grams::of_texts(held.contents.iter().map(String::as_str));
        store::write(&transaction, held.chat_id, held.block, &grams).await?;
    }
    transaction.commit().await?;
    Ok(stale.len() as u64)
}
