//! Reading the news of many chats in one query, and telling them to whom they concern.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono::Utc;
use tokio::task::yield_now;
use uuid::Uuid;

use super::logs;
use crate::{
    chats::{self, Position, model::Visibility},
    error::Result,
    messages::{self, LogEntry},
    realtime::{
        channel::Channel,
        frames,
        hub::Hub,
        session::{Kind, Session},
        tail::Entry,
    },
    telemetry::{metrics::names, traces},
    time::Timestamp,
};

/// The most entries of one chat that are read at once; more are read in the next round.
const READ: i64 = 500;
/// The most chats of one query, and the most entries of all of them.
const CHATS: usize = 200;
/// How long what is being written here is waited for: the answer to a statement is there about as soon as the notification.
pub(super) const WRITING: Duration = Duration::from_millis(20);
/// How many sockets are written to in one go; others want the core, too.
const AT_ONCE: usize = 256;
const ENTRIES: i64 = 10_000;

/// Takes those out of these channels whose news this instance is just writing itself, as it seems, and that are not `urgent`: they
/// have a turn in the next round, which begins when it is known, or after [`WRITING`]. Answers whether there are any.
pub(super) fn postpone(hub: &Hub, channels: &mut Vec<Arc<Channel>>, urgent: &HashSet<Uuid>) -> bool {
    let all = channels.len();
    channels.retain(|channel| {
        let waits =
            channel.behind().is_some() && !urgent.contains(&channel.chat_id) && channel.may_wait(WRITING);
        if waits {
            hub.pending().announced.insert(channel.chat_id);
        }
        !waits
    });
    channels.len() < all
}

/// Reads what these channels lack. Whoever lacks more after that has a turn in the next round, so that a busy chat
/// does not make the others wait.
pub(super) async fn read(hub: &Hub, channels: Vec<Arc<Channel>>) -> Result<()> {
    let behind: Vec<_> = channels
        .into_iter()
        .filter_map(|channel| channel.behind().map(|(head, announced)| (channel, head, announced)))
        .collect();
    for some in behind.chunks(CHATS) {
        let mut ready = Vec::new();
        let told = read_some(hub, some, &mut ready).await;
        // Also when something failed: who was told must not wait for the next notification.
        flush(ready).await;
        told?;
    }
    let more = behind.iter().filter(|(channel, ..)| channel.behind().is_some());
    let more: Vec<_> = more.map(|(channel, ..)| channel.chat_id).collect();
    if !more.is_empty() {
        hub.pending().announced.extend(more);
        hub.wake().pending.notify_one();
    }
    Ok(())
}

/// Who has something to write, and of which chat.
type Ready = Vec<(Uuid, Arc<Session>)>;

/// Lets these write what they have to.
async fn flush(ready: Ready) {
    for some in ready.chunks(AT_ONCE) {
        some.iter().for_each(|(chat_id, session)| session.flush_chat(*chat_id));
        yield_now().await;
    }
}

/// Notes who follows a chat that has news. A gateway is told at once that it has, so that the news of all its chats are written
/// together; a socket of one chat is looked at once, when it writes.
fn note_ready(channel: &Channel, followers: Vec<Arc<Session>>, ready: &mut Ready) {
    let chat_id = channel.chat_id;
    let writing = followers.into_iter().filter(|session| session.kind == Kind::Chat || session.mark(chat_id));
    ready.extend(writing.map(|session| (chat_id, session)));
}

/// Tells what this instance has written itself, where it is the very next of what was told: that need not be read. They are
/// messages that were just said, which change nothing and put nobody out. While the tables have still to say whether somebody
/// may hear no more, nothing is told this way: it would be sooner than they are.
pub(super) async fn send_local(hub: &Hub, channels: &[Arc<Channel>]) {
    if hub.claims().is_pending() {
        return;
    }
    let mut ready = Vec::new();
    for channel in channels {
        send_local_of(channel, &mut ready);
    }
    flush(ready).await;
}

fn send_local_of(channel: &Channel, ready: &mut Ready) {
    let local = channel.take_local();
    if local.is_empty() {
        return;
    }
    metrics::counter!(names::ENTRIES_NOT_READ).increment(local.len() as u64);
    let told: Vec<_> =
        local.iter().map(|local| (local.entry.id, local.entry.seq, note_delay(local.at))).collect();
    channel.push(local.into_iter().map(|local| local.entry).collect(), false);
    let followers = channel.followers();
    for (id, seq, delay) in told {
        traces::told(channel.chat_id, id, seq, delay, followers.len());
    }
    note_ready(channel, followers, ready);
}

/// One query for the news of many chats.
async fn read_some(hub: &Hub, behind: &[(Arc<Channel>, Position, i64)], ready: &mut Ready) -> Result<()> {
    let chat_ids: Vec<_> = behind.iter().map(|(channel, ..)| channel.chat_id).collect();
    let seqs: Vec<_> = behind.iter().map(|(_, head, _)| head.seq).collect();
    let most = (ENTRIES / chat_ids.len().max(1) as i64).min(READ);
    let (ids, after) = (&chat_ids, &seqs);
    let ask = |db| async move { messages::store::list_new(&db, ids, after, most).await };
    let rows = hub.app().pool.ask(ask).await?;
    // A session that ended before these were written may still be looked up.
    hub.sessions_are_known().await;
    let public_url = hub.app().public_url();
    let mut news: HashMap<Uuid, Vec<(LogEntry, bool)>> = HashMap::new();
    let mut stands: HashMap<Uuid, Option<Uuid>> = HashMap::new();
    for row in rows {
        let (after_id, is_read) = (row.after_id(), row.is_read());
        let entry = row.view(&public_url)?;
        stands.insert(entry.chat_id, after_id);
        news.entry(entry.chat_id).or_default().push((entry, is_read));
    }
    let is_another = |channel: &Channel, head: &Position| {
        stands.get(&channel.chat_id).is_some_and(|stands| head.contradicts(*stands))
    };
    let (replaced, behind): (Vec<_>, Vec<_>) =
        behind.iter().partition(|(channel, head, _)| is_another(channel, head));
    if !replaced.is_empty() {
        // These are no news of what was read: another entry stands where it ended.
        let replaced: Vec<_> = replaced.into_iter().map(|(channel, ..)| Arc::clone(channel)).collect();
        logs::compare(hub, &replaced).await?;
    }
    for (channel, _, announced) in behind {
        match news.remove(&channel.chat_id) {
            Some(entries) => tell(hub, channel, &entries, ready).await?,
            None => channel.settle(*announced),
        }
    }
    Ok(())
}

/// Puts entries, each with whether its sender has read up to it, into a channel and notes who has something to write.
async fn tell(
    hub: &Hub,
    channel: &Arc<Channel>,
    entries: &[(LogEntry, bool)],
    ready: &mut Ready,
) -> Result<()> {
    let frames: Vec<_> = entries
        .iter()
        .map(|(entry, is_read)| {
            let reader = entry.actor_id.filter(|_| *is_read);
            let read = reader.map(|sender| frames::read(entry.chat_id, sender, entry.seq));
            Entry::new(entry.seq, entry.id, frames::json(entry), read)
        })
        .collect();
    let delays: Vec<_> = entries.iter().map(|(entry, _)| note_delay(entry.created_at)).collect();
    // Who is put out must not see what comes after, so their limit is set before it is there to be seen.
    for (entry, _) in entries {
        if let Some(user_id) = entry.user_id.filter(|_| entry.kind == "member_left") {
            for session in hub.sessions_of(user_id) {
                session.limit(channel.chat_id, entry.seq, entry.seq);
            }
        }
        if entry.chat.as_ref().is_some_and(|chat| chat.visibility == Visibility::Private) {
            exclude_non_members(hub, channel, entry.seq).await?;
        }
    }
    let change = entries.iter().any(|(entry, _)| changes_messages(&entry.kind));
    channel.push(frames, change);
    let followers = channel.followers();
    for ((entry, _), delay) in
        entries.iter().zip(delays).filter(|((entry, _), _)| entry.kind == "new_message")
    {
        traces::told(entry.chat_id, entry.id, entry.seq, delay, followers.len());
    }
    note_ready(channel, followers, ready);
    Ok(())
}

/// Something that was written then is told now; after so many milliseconds.
fn note_delay(at: Timestamp) -> i64 {
    let delay = (Utc::now() - at.0).to_std().unwrap_or_default();
    metrics::histogram!(names::COMMIT_TO_SOCKET_SECONDS).record(delay.as_secs_f64());
    i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)
}

/// A chat has become private: who is not a member hears nothing from that entry on.
async fn exclude_non_members(hub: &Hub, channel: &Channel, seq: i64) -> Result<()> {
    let followers = channel.followers();
    let user_ids: Vec<_> = followers.iter().map(|session| session.caller.user_id).collect();
    let (chat_id, ids) = (channel.chat_id, &user_ids);
    let ask = |db| async move { chats::store::list_among(&db, chat_id, ids).await };
    let members = hub.app().pool.ask(ask).await?;
    for session in followers {
        if !members.contains(&session.caller.user_id) {
            session.limit(channel.chat_id, seq, seq - 1);
        }
    }
    Ok(())
}

/// Whether entries of this kind are about messages told before.
fn changes_messages(kind: &str) -> bool {
    let others = [
        "new_message",
        "member_joined",
        "member_left",
        "member_changed",
        "chat_updated",
        "pin_added",
        "pin_removed",
    ];
    !others.contains(&kind)
}
