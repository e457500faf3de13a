//! Finding messages by words, and the index that tells where to look.
//!
//! The index, `search_runs`, is written after the messages and kept apart from them, so a post does not pay for it: a
//! chat is read run by run once it has filled one, or has grown and come to rest for ten minutes. What lies beyond is found
//! by reading it: that costs a search little. What is edited, recalled or cleared makes its run stale in the same
//! transaction, by trigger; a stale run is read like what has none, until it is written anew.
//!
//! A search looks at one end of what there is and stops when it has enough: the page, and a thousand to count. Where no words are
//! asked for, everything that fits is counted, in pieces ([`filtered`]).

mod filtered;
mod grams;
mod in_all;
mod in_chat;
mod index;
mod store;
mod direction;

use std::time::Duration;

use futures_util::TryStreamExt;
use poem_openapi::Enum;
use uuid::Uuid;

pub use self::index::{follow, refresh};
use self::{
    direction::{Direction, Places, places_of},
    filtered::Filtered,
    in_all::Hit,
    in_chat::Scan,
};
use super::{Message, model::MessageRow, window::Window};
use crate::{
    app::App,
    chats::reading,
    db::{Client, GenericClient, Transaction, query::Rows},
    error::Result,
    http::{List, Listed, Search, Wanted},
    time::Timestamp,
};

/// How long a download may take until its first rows come: what fits may be rare.
const DOWNLOAD: Duration = Duration::from_secs(600);
/// Up to how many matches are counted.
const COUNTED: usize = 1_000;

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
    longest: String,
    grams: Vec<i32>,
}

impl Words {
    /// No words at all: whatever is said fits.
    fn none() -> Self {
        Self { patterns: vec![], longest: String::new(), grams: vec![] }
    }

    async fn of(db: &impl GenericClient, search: &Search) -> Result<Self> {
        if search.patterns().is_empty() {
            return Ok(Self::none());
        }
        let text = store::fold(db, search.text()).await?;
        let folded = Search::parse(Some(&text))?;
        let longest = folded.text().split(' ').max_by_key(|word| word.len()).unwrap_or_default().to_owned();
        let grams = grams::of_words(text.split_whitespace());
        Ok(Self { patterns: folded.patterns().to_vec(), longest, grams })
    }
}

/// Messages of a chat that the caller was let into, over the same connection.
pub async fn in_chat(
    app: &App,
    db: Client,
    chat_id: Uuid,
    filter: &Filter,
    window: Window,
    sort: &str,
    wanted: Wanted,
) -> Result<List<Message>> {
    let mut db = if wanted.is_download() { db.with_long_deadline(DOWNLOAD) } else { db };
    let transaction = db.transaction().await?;
    store::begin(&transaction).await?;
    let words = Words::of(&transaction, &filter.search).await?;
    let Some(limit) = wanted.limit() else {
        store::plan_download(&transaction).await?;
        let (places, direction) = (places_of(window), Direction::of(sort));
        let rows = store::download(&transaction, chat_id, places, &words, filter, direction).await?;
        return spooled(app, rows, wanted).await;
    };
    store::plan(&transaction).await?;
    let end = store::end(&transaction, chat_id).await?;
    let chat_ids = |seqs: &[i64]| vec![chat_id; seqs.len()];
    if words.grams.is_empty() {
        let all = Filtered::count(&transaction, chat_id, filter, end).await?;
        let seqs = all.page(window, Direction::of(sort), limit, wanted.offset()).await?;
        return listed(app, &transaction, &chat_ids(&seqs), &seqs, Total::Exact(all.total())).await;
    }
    let scan = Scan { db: &transaction, chat_id, words: &words, filter, end };
    let (seqs, found) = page(&scan, window, sort, limit, wanted.offset()).await?;
    listed(app, &transaction, &chat_ids(&seqs), &seqs, Total::Found(found)).await
}

/// The places of a page, in its order, and how many match in all, up to one more than are counted.
async fn page(
    scan: &Scan<'_>,
    window: Window,
    sort: &str,
    limit: i64,
    offset: i64,
) -> Result<(Vec<i64>, usize)> {
    let all = Places { after: 0, up_to: i64::MAX };
    let cut = |found: &[i64], limit: i64| -> Vec<i64> {
        found.iter().skip(size(offset)).take(size(limit)).copied().collect()
    };
    let need = size(offset.saturating_add(limit));
    let seqs = match window {
        Window::Latest => {
            let found = scan.find(Direction::of(sort), all, need.max(COUNTED + 1)).await?;
            return Ok((cut(&found, limit), found.len()));
        }
        Window::Before(seq) => {
            let before = Places { up_to: seq - 1, ..all };
            cut(&scan.find(Direction::Descending, before, need).await?, limit)
        }
        Window::After(seq) => {
            let mut seqs =
                cut(&scan.find(Direction::Ascending, Places { after: seq, ..all }, need).await?, limit);
            seqs.reverse();
            seqs
        }
        Window::Around(seq) => {
            let (back, forth) = (size(limit / 2 + 1), size((limit - 1) / 2));
            let mut seqs = scan.find(Direction::Ascending, Places { after: seq, ..all }, forth).await?;
            seqs.truncate(forth);
            seqs.reverse();
            let before = scan.find(Direction::Descending, Places { up_to: seq, ..all }, back).await?;
            seqs.extend(before.iter().take(back));
            seqs
        }
    };
    Ok((seqs, scan.find(Direction::Descending, all, COUNTED + 1).await?.len()))
}

/// Messages of every chat that someone may read.
pub async fn everywhere(
    app: &App,
    user_id: Uuid,
    filter: &Filter,
    sort: &str,
    wanted: Wanted,
) -> Result<List<Message>> {
    let db = reading::everything(app).await?;
    let mut db = if wanted.is_download() { db.with_long_deadline(DOWNLOAD) } else { db };
    let transaction = db.transaction().await?;
    store::begin(&transaction).await?;
    let words = Words::of(&transaction, &filter.search).await?;
    let Some(limit) = wanted.limit() else {
        let rows = store::search_all(&transaction, user_id, &words, filter, sort).await?;
        return spooled(app, rows, wanted).await;
    };
    let direction = if sort == "created_at" { Direction::Ascending } else { Direction::Descending };
    let need = size(wanted.offset().saturating_add(limit)).max(COUNTED + 1);
    let hits = in_all::find(&transaction, user_id, &words, filter, direction, need).await?;
    let page = hits.iter().skip(size(wanted.offset())).take(size(limit));
    let (chat_ids, seqs): (Vec<_>, Vec<_>) = page.map(|(_, _, chat_id, seq)| (*chat_id, *seq)).unzip();
    listed(app, &transaction, &chat_ids, &seqs, Total::Found(hits.len())).await
}

fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// How many match in all.
enum Total {
    /// So many.
    Exact(i64),
    /// So many, or one more than are counted: then there may be more.
    Found(usize),
}

/// The messages at these places.
async fn listed(
    app: &App,
    db: &Transaction<'_>,
    chat_ids: &[Uuid],
    seqs: &[i64],
    total: Total,
) -> Result<List<Message>> {
    let public_url = app.public_url();
    let rows = if seqs.is_empty() { vec![] } else { store::list_found(db, chat_ids, seqs).await? };
    let items = rows.into_iter().map(|row| row.view(&public_url)).collect();
    let (total, total_is_exact) = match total {
        Total::Exact(total) => (total, None),
        Total::Found(found) => (found.min(COUNTED) as i64, (found > COUNTED).then_some(false)),
    };
    Ok(List::Page(Listed { items, total, total_is_exact }))
}

/// A download of these messages.
async fn spooled(app: &App, rows: Rows<MessageRow>, wanted: Wanted) -> Result<List<Message>> {
    let public_url = app.public_url();
    let messages = rows.map_ok(move |row| row.view(&public_url));
    wanted.answer(Box::pin(messages), async { Ok(0) }).await
}
