//! What many people are told: a job does it, some hundred of them a transaction, each once whatever breaks in between.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    model::announcement::{Announcement, Progress},
    store,
};
use crate::{
    app::App,
    db::{
        GenericClient,
        query::{Actor, begin_as},
    },
    error::{Error, Result},
    jobs::{self, Job, NewJob},
};

/// The task that does it. Statements know it by the same word.
pub const TASK: &str = "announce";
/// How many people are told in one transaction: some hundredths of a second.
const PIECE: usize = 500;
/// How often it may be begun anew: it goes on where it was.
const ATTEMPTS: i32 = 20;

/// What the job is done with.
#[derive(Serialize, Deserialize)]
struct Args {
    sender_id: Uuid,
    message: String,
    /// None is everybody.
    recipient_ids: Option<Vec<Uuid>>,
}

/// Queues an announcement, in the caller's transaction.
pub async fn queue(
    db: &impl GenericClient,
    sender_id: Uuid,
    message: String,
    recipient_ids: Option<Vec<Uuid>>,
) -> Result<Announcement> {
    let recipient_ids = recipient_ids.map(|mut ids| {
        ids.sort_unstable();
        ids.dedup();
        ids
    });
    let args = json!(Args { sender_id, message, recipient_ids });
    let job = jobs::queue(db, NewJob { max_attempts: ATTEMPTS, ..NewJob::new(TASK, args) }).await?;
    let found = store::find_announcement(db, job.id).await?;
    found.ok_or_else(|| Error::internal("the announcement that was just queued is not there"))
}

/// An announcement, for whoever may make one.
pub async fn get(app: &App, id: Uuid) -> Result<Announcement> {
    let found = store::find_announcement(&app.db().await?, id).await?;
    found.ok_or_else(|| Error::not_found("announcement"))
}

/// Tells everybody who was not told yet. How far it has got is noted in the transaction that tells them.
pub async fn announce(app: &App, job: Job) -> Result<Value> {
    let Args { sender_id, message, recipient_ids } =
        serde_json::from_value(job.args).map_err(Error::internal)?;
    let (mut known, mut progress) = (job.result.clone(), Progress::read(job.result.as_ref()));
    if progress.total.is_none() {
        progress.total = Some(match &recipient_ids {
            Some(ids) => ids.len() as i64,
            None => store::count_people(&*app.job_db().await?).await?,
        });
    }
    loop {
        let mut db = app.job_db().await?;
        let people = match &recipient_ids {
            Some(ids) => ids.iter().filter(|id| **id > progress.after).take(PIECE).copied().collect(),
            None => store::list_people(&*db, progress.after, PIECE as i64).await?,
        };
        let Some(last) = people.last() else { break };
        let actor = Actor { user_id: Some(sender_id), address: None };
        let transaction = begin_as(&mut db, actor).await?;
        progress.after = *last;
        progress.done += people.len() as i64;
        let now = json!(progress);
        if !store::note_progress(&transaction, job.id, known.as_ref(), &now).await? {
            return Err(Error::unavailable("another instance goes on with this announcement", 1));
        }
        store::notify_people(&transaction, &people, &message, sender_id).await?;
        transaction.commit().await?;
        known = Some(now);
    }
    Ok(json!(progress))
}
