//! `trunkline verify`: walks the log of every chat and counts the tickets of every event, and names those that are not as they must be.
//! It writes nothing and locks nothing; each question is a short one, and who writes meanwhile is no mistake.

mod chat;
mod event;
mod store;

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{Outcome, answer, setup::OfflineApp};
use crate::{
    app::App,
    config::Config,
    db::GenericClient,
    error::{Error, Result},
};

/// How many chats are read at once.
const CHATS: i64 = 100;
/// How long a statement may take: the members of a hundred very large chats are counted in one.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The same, of those whose log is asked for without its chat.
const LOGS: i32 = 500;
/// How often a chat is looked at whose log loses its beginning meanwhile, before it is an error.
const ATTEMPTS: usize = 20;

/// A chat that is not as it must be.
#[derive(Serialize)]
struct Failed {
    chat_id: Uuid,
    title: Option<String>,
    problems: Vec<String>,
}

/// An event that is not as it must be.
#[derive(Serialize)]
struct FailedEvent {
    event_id: Uuid,
    name: String,
    problems: Vec<String>,
}

/// What was found.
#[derive(Default)]
struct Findings {
    chats: u64,
    entries: u64,
    failed: Vec<Failed>,
    events: u64,
    failed_events: Vec<FailedEvent>,
}

/// Verifies every chat.
pub async fn run(config: Config, as_json: bool) -> Outcome {
    let offline = OfflineApp::open_to_read(config).await?;
    let found = verify(&offline.app).await;
    offline.close().await;
    let Findings { chats, entries, failed, events, failed_events } = found?;
    if as_json {
        answer(json!({
            "chats": chats, "entries": entries, "failed": failed, "events": events, "failed_events": failed_events
        }))?;
    } else {
        for Failed { chat_id, title, problems } in &failed {
            let title = title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
            for problem in problems {
                answer(format_args!("{chat_id}{title}: {problem}"))?;
            }
        }
        for FailedEvent { event_id, name, problems } in &failed_events {
            for problem in problems {
                answer(format_args!("event {event_id} ({name}): {problem}"))?;
            }
        }
        if failed.is_empty() && failed_events.is_empty() {
            answer(format_args!("{chats} chats with {entries} entries: all is as it must be"))?;
        }
    }
    match (failed.len(), failed_events.len()) {
        (0, 0) => Ok(()),
        (1, 0) => Err("one chat is not as it must be".into()),
        (0, 1) => Err("one event is not as it must be".into()),
        (count, 0) => Err(format!("{count} chats are not as they must be").into()),
        (0, count) => Err(format!("{count} events are not as they must be").into()),
        (chats, events) => Err(format!("{chats} chats and {events} events are not as they must be").into()),
    }
}

async fn verify(app: &App) -> Result<Findings> {
    let db = app.db().await?.patient(TIMEOUT);
    let mut found = Findings::default();
    let count = store::count(&db).await?;
    let bar = ProgressBar::new(count.entries.unsigned_abs());
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} entries, {eta}: {msg}")
    {
        bar.set_style(style);
    }
    let mut after = Uuid::nil();
    loop {
        let heads = store::heads(&db, after, CHATS).await?;
        let Some(last) = heads.last() else { break };
        after = last.id;
        for head in heads {
            bar.set_message(format!("chat {} of {}", found.chats + 1, count.chats));
            let (id, title, before) = (head.id, head.title.clone(), bar.position());
            let Some(problems) = look(&db, head, &bar).await? else { continue };
            found.chats += 1;
            found.entries += bar.position() - before;
            if !problems.is_empty() {
                found.failed.push(Failed { chat_id: id, title, problems });
            }
        }
    }
    let mut after = Uuid::nil();
    loop {
        let logs = store::lost(&db, after, LOGS).await?;
        let Some((last, _)) = logs.last() else { break };
        after = *last;
        for (chat_id, _) in logs.iter().filter(|(_, is_there)| !is_there) {
            let problems = vec!["there are entries, and there is no such chat".to_owned()];
            found.failed.push(Failed { chat_id: *chat_id, title: None, problems });
        }
    }
    let mut after = Uuid::nil();
    loop {
        let events = store::events(&db, after, CHATS).await?;
        let Some(last) = events.last() else { break };
        after = last.id;
        found.events += events.len() as u64;
        for event in events {
            let problems = event::problems(&event);
            if !problems.is_empty() {
                found.failed_events.push(FailedEvent { event_id: event.id, name: event.name, problems });
            }
        }
    }
    bar.finish_and_clear();
    Ok(found)
}

/// What is wrong with a chat; `None` when it is gone. One that loses its beginning meanwhile is looked at again.
async fn look(
    db: &impl GenericClient,
    mut head: store::Head,
    bar: &ProgressBar,
) -> Result<Option<Vec<String>>> {
    let (id, position) = (head.id, bar.position());
    for _ in 0..ATTEMPTS {
        // The row may have been read a while ago, with those of other chats: what is wrong is wrong in a fresh one, too.
        let found = chat::look(db, &head, bar).await?;
        if found.as_ref().is_some_and(Vec::is_empty) {
            return Ok(found);
        }
        let fresh = store::heads(db, before(id), 1).await?.pop().filter(|fresh| fresh.id == id);
        let Some(fresh) = fresh else { return Ok(None) };
        if found.is_some() {
            return Ok(found);
        }
        head = fresh;
        bar.set_position(position);
    }
    Err(Error::internal(format!(
        "the log of chat {id} loses its beginning faster than it can be read: try again later"
    )))
}

/// The id just before this one.
fn before(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_sub(1))
}
