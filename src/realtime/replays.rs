//! Pages of logs for those who resume or have fallen behind, each read for all who wait for the same: who comes back together has
//! missed the same.

use std::{
    collections::{HashMap, hash_map},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    frames,
    tail::{Entry, Tail},
};
use crate::{
    app::App,
    chats::Position,
    db::Client,
    error::{Error, Result},
    messages::{self, LogEntry, log::LogRow},
};

/// What is read of the log at once.
const PAGE: i64 = 200;
/// How long the replica has for a page: all who want it wait for this.
const REPLICA: Duration = Duration::from_secs(1);
/// About the most bytes that are queued at once.
const PAGE_BYTES: usize = 512 * 1024;

/// Some entries after a place.
pub struct Page {
    /// All that were read.
    pub entries: Vec<LogEntry>,
    /// Which entry stands at the place.
    pub after_id: Option<Uuid>,
    /// The frames of those up to the first gap and about [`PAGE_BYTES`]; the rest is read again.
    pub frames: Vec<Entry>,
}

impl Page {
    /// Reads what comes after an entry.
    pub async fn read(app: &App, db: &Client, chat_id: Uuid, after: i64) -> Result<Self> {
        let rows = messages::store::list_after(db, chat_id, after, PAGE).await?;
        let after_id = rows.first().and_then(LogRow::after_id);
        let public_url = app.public_url();
        let entries: Vec<_> = rows.into_iter().map(|row| row.view(&public_url)).collect::<Result<_>>()?;
        let frames = encode(&entries, after);
        Ok(Self { entries, after_id, frames })
    }
}

fn encode(entries: &[LogEntry], after: i64) -> Vec<Entry> {
    let mut encoded = Vec::with_capacity(entries.len());
    let mut bytes = 0;
    for (entry, seq) in entries.iter().zip(after + 1..) {
        if entry.seq != seq || bytes > PAGE_BYTES {
            break;
        }
        let frame = frames::json(entry);
        bytes += frame.len();
        encoded.push(Entry::new(seq, entry.id, frame, None));
    }
    encoded
}

/// A chat, and the entry after which its log is wanted.
type Wanted = (Uuid, i64);

/// Who waits for a page, and the tail of the log as they know it.
type Waiting = Vec<(Arc<Tail>, oneshot::Sender<Result<Arc<Page>>>)>;

/// The pages that are being read. A clone is cheap.
#[derive(Clone, Default)]
pub struct Replays(Arc<Mutex<HashMap<Wanted, Waiting>>>);

impl Replays {
    fn waiting(&self) -> MutexGuard<'_, HashMap<Wanted, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What comes after an entry of the log whose tail this is, as the tables are after this is called: one that is being read
    /// already for others may lack a recall, and is not taken.
    pub async fn page(&self, app: &App, tail: &Arc<Tail>, after: i64) -> Result<Arc<Page>> {
        let wanted = (tail.chat_id, after);
        let (sender, page) = oneshot::channel();
        let asking = (Arc::clone(tail), sender);
        let is_first = match self.waiting().entry(wanted) {
            hash_map::Entry::Occupied(mut others) => {
                others.get_mut().push(asking);
                false
            }
            hash_map::Entry::Vacant(nobody) => {
                nobody.insert(vec![asking]);
                true
            }
        };
        if is_first {
            tokio::spawn(Reading { replays: self.clone(), wanted, is_over: false }.work(app.clone()));
        }
        page.await.map_err(|_| Error::unavailable("the server is stopping", 1))?
    }
}

/// A page is read again and again, as long as somebody waits for it.
struct Reading {
    replays: Replays,
    wanted: Wanted,
    /// Nobody waits any more, and who comes now is the first.
    is_over: bool,
}

impl Reading {
    async fn work(mut self, app: App) {
        while let Some(those) = self.next() {
            // A tail that nobody follows any more stands still.
            let head = those.iter().filter_map(|(tail, _)| tail.head()).max_by_key(|head| head.seq);
            let page = read(&app, head, self.wanted).await.map(Arc::new);
            for (_, one) in those {
                let _ = one.send(page.as_ref().map(Arc::clone).map_err(Error::repeat));
            }
        }
    }

    /// Those who wait now.
    fn next(&mut self) -> Option<Waiting> {
        let mut waiting = self.replays.waiting();
        let those = waiting.get_mut(&self.wanted).map(std::mem::take).filter(|those| !those.is_empty());
        if those.is_none() {
            waiting.remove(&self.wanted);
            self.is_over = true;
        }
        those
    }
}

impl Drop for Reading {
    /// It broke off: who waits is told so.
    fn drop(&mut self) {
        if !self.is_over {
            self.replays.waiting().remove(&self.wanted);
        }
    }
}

/// Reads at the replica, if it holds what this instance has read of the log, and answers soon.
async fn read(app: &App, head: Option<Position>, (chat_id, after): Wanted) -> Result<Page> {
    if let (Some(replica), Some(Position { seq, id: Some(id) })) = (&app.replica, head)
        && let Some(db) = replica.holding(chat_id, seq, Some(id)).await
        && let Ok(page) = Page::read(app, &db.with_short_deadline(REPLICA), chat_id, after).await
    {
        return Ok(page);
    }
    app.pool.ask(|db| async move { Page::read(app, &db, chat_id, after).await }).await
}
