//! Whether the logs are still the ones that were read: after a restored backup, or a failover that lost their tails, the
//! same number is another entry. Whoever was told of what is gone is told `reset`.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    chats::{self, Head, Position},
    error::Result,
    realtime::{channel::Channel, hub::Hub},
    telemetry::metrics::names,
};

/// The most chats of one query.
const CHATS: usize = 1_000;

/// Compares what was read of these chats with their logs: one that is another now begins anew, the others learn how far
/// they go. Answers which of the chats are gone.
pub(super) async fn compare(hub: &Hub, channels: &[Arc<Channel>]) -> Result<Vec<Uuid>> {
    let mut gone = Vec::new();
    for some in channels.chunks(CHATS) {
        // Read before the tables are: a log that then ends earlier than this was cut off.
        let read: Vec<_> = some.iter().map(|channel| channel.head()).collect();
        let chat_ids: Vec<_> = some.iter().map(|channel| channel.chat_id).collect();
        let seqs: Vec<_> = read.iter().map(|read| read.map_or(0, |read| read.seq)).collect();
        let (ids, after) = (&chat_ids, &seqs);
        let ask = |db| async move { chats::store::heads(&db, ids, after).await };
        let heads = hub.app().pool.ask(ask).await?;
        let heads: HashMap<_, _> = heads.into_iter().map(|head| (head.chat_id, head)).collect();
        for (channel, read) in some.iter().zip(read) {
            match heads.get(&channel.chat_id) {
                Some(head) if read.is_some_and(|read| head.is_another_than(read)) => {
                    restart(hub, channel, head).await?;
                }
                Some(head) => channel.announce(head.last.seq),
                None => gone.push(channel.chat_id),
            }
        }
    }
    Ok(gone)
}

/// A log is another one than was read: what is held of that goes, and everyone who follows the chat begins anew, if the
/// tables still let them.
async fn restart(hub: &Hub, channel: &Channel, head: &Head) -> Result<()> {
    let followers = channel.followers();
    let people: HashSet<_> = followers.iter().map(|session| session.caller.user_id).collect();
    let people: Vec<_> = people.into_iter().collect();
    let members: HashSet<_> = match head.is_open {
        true => people.into_iter().collect(),
        false => {
            let (chat_id, ids) = (channel.chat_id, &people);
            let ask = |db| async move { chats::store::list_among(&db, chat_id, ids).await };
            let members = hub.app().pool.ask(ask).await?;
            members.into_iter().collect()
        }
    };
    let lost = channel.restart(head.last);
    metrics::counter!(names::LOGS_REPLACED).increment(1);
    tracing::warn!(
        chat_id = %channel.chat_id,
        read_seq = lost.unwrap_or(Position::START).seq,
        last_seq = head.last.seq,
        "the log of a chat is another one than before (a restored backup, a failover that lost its tail): \
         its followers begin anew"
    );
    for session in followers {
        match members.contains(&session.caller.user_id) {
            true => session.restart(lost, head),
            false => session.exclude(channel.chat_id),
        }
    }
    Ok(())
}
