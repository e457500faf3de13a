//! `trunkline verify`: walks the log of every chat, counts the tickets and comments of every event and post, and the notifications of every
//! person, and names those that are not as they must be.
//! It writes nothing and locks nothing; each question is a short one, and who writes meanwhile is no mistake.

mod chat;
mod event;
mod person;
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

/// A post that is not as it must be.
#[derive(Serialize)]
struct FailedPost {
    post_id: Uuid,
    title: String,
    problems: Vec<String>,
}

/// Somebody whose notifications are not as they must be.
#[derive(Serialize)]
struct FailedPerson {
    user_id: Uuid,
    problems: Vec<String>,
}

/// What was found.
#[derive(Default, Serialize)]
struct Findings {
    chats: u64,
    entries: u64,
    failed: Vec<Failed>,
    events: u64,
    failed_events: Vec<FailedEvent>,
    posts: u64,
    failed_posts: Vec<FailedPost>,
    people: u64,
    failed_people: Vec<FailedPerson>,
}

impl Findings {
    /// Each thing that is wrong, behind what it is wrong with.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![];
        let mut add = |name: String, problems: &[String]| {
            lines.extend(problems.iter().map(|problem| format!("{name}: {problem}")));
        };
        for Failed { chat_id, title, problems } in &self.failed {
            let title = title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
            add(format!("{chat_id}{title}"), problems);
        }
        for FailedEvent { event_id, name, problems } in &self.failed_events {
            add(format!("event {event_id} ({name})"), problems);
        }
        for FailedPost { post_id, title, problems } in &self.failed_posts {
            add(format!("post {post_id} ({title})"), problems);
        }
        for FailedPerson { user_id, problems } in &self.failed_people {
            add(format!("notifications of {user_id}"), problems);
        }
        lines
    }

    /// What is not as it must be, in a sentence; `None` where all is.
    fn verdict(&self) -> Option<String> {
        let counts = [
            (self.failed.len(), "chat", "chats"),
            (self.failed_events.len(), "event", "events"),
            (self.failed_posts.len(), "post", "posts"),
            (self.failed_people.len(), "person's notifications", "people's notifications"),
        ];
        let some = counts.iter().filter(|(count, ..)| *count > 0);
        let parts: Vec<_> = some
            .map(|(count, one, many)| match count {
                1 => format!("one {one}"),
                _ => format!("{count} {many}"),
            })
            .collect();
        let is_one = matches!(&parts[..], [part] if part.starts_with("one ") && !part.ends_with('s'));
        let ending = if is_one { "is not as it must be" } else { "are not as they must be" };
        let (last, others) = parts.split_last()?;
        Some(match others {
            [] => format!("{last} {ending}"),
            others => format!("{} and {last} {ending}", others.join(", ")),
        })
    }
}

/// Verifies every chat.
pub async fn run(config: Config, as_json: bool) -> Outcome {
    let offline = OfflineApp::open_to_read(config).await?;
    let found = verify(&offline.app).await;
    offline.close().await;
    let found = found?;
    let verdict = found.verdict();
    if as_json {
        answer(json!(found))?;
    } else {
        for line in found.lines() {
            answer(line)?;
        }
        if verdict.is_none() {
            let Findings { chats, entries, .. } = found;
            answer(format_args!("{chats} chats with {entries} entries: all is as it must be"))?;
        }
    }
    match verdict {
        None => Ok(()),
        Some(verdict) => Err(verdict.into()),
    }
}

async fn verify(app: &App) -> Result<Findings> {
    let db = app.db().await?.with_long_deadline(TIMEOUT);
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
    verify_events(&db, &mut found).await?;
    verify_posts(&db, &mut found).await?;
    verify_people(&db, &mut found).await?;
    bar.finish_and_clear();
    Ok(found)
}

async fn verify_events(db: &impl GenericClient, found: &mut Findings) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let events = store::events(db, after, CHATS).await?;
        let Some(last) = events.last() else { return Ok(()) };
        after = last.id;
        found.events += events.len() as u64;
        for event in events {
            let problems = event::problems(&event);
            if !problems.is_empty() {
                found.failed_events.push(FailedEvent { event_id: event.id, name: event.name, problems });
            }
        }
    }
}

async fn verify_posts(db: &impl GenericClient, found: &mut Findings) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let posts = store::posts(db, after, CHATS).await?;
        let Some(last) = posts.last() else { return Ok(()) };
        after = last.id;
        found.posts += posts.len() as u64;
        for post in posts {
            let problems = event::problems_of_post(&post);
            if !problems.is_empty() {
                found.failed_posts.push(FailedPost { post_id: post.id, title: post.title, problems });
            }
        }
    }
}

async fn verify_people(db: &impl GenericClient, found: &mut Findings) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let people = store::people(db, after, CHATS).await?;
        let Some(last) = people.last() else { break };
        after = last.user_id;
        found.people += people.len() as u64;
        for person in people {
            let problems = person::problems(&person);
            if !problems.is_empty() {
                found.failed_people.push(FailedPerson { user_id: person.user_id, problems });
            }
        }
    }
    let mut after = Uuid::nil();
    loop {
        let people = store::uncounted(db, after, LOGS).await?;
        let Some((last, _)) = people.last() else { return Ok(()) };
        after = *last;
        for (user_id, _) in people.iter().filter(|(_, is_counted)| !is_counted) {
            found.failed_people.push(FailedPerson { user_id: *user_id, problems: person::is_uncounted() });
        }
    }
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
        let found = chat::verify(db, &head, bar).await?;
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
