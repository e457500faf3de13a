//! Notifications on their way to the gateways of whom they are for. What they are is read from the table, after the number that
//! each gateway was told last: one that was announced twice, late or never makes no difference.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::{
    error::Result,
    notifications::{
        model::{News, ReadState},
        store,
    },
    realtime::{
        frames::{self, Notice},
        hub::{Hub, Notified},
        session::Session,
    },
};

/// How many gateways are asked for with one query, and how much of each.
const GATEWAYS: usize = 500;
const PAGE: i64 = 100;
/// Of how many people it is asked with one query where they stand.
const PEOPLE: usize = 5_000;
/// How many notifications that were read are told by name at once.
const READ: usize = 5_000;
/// When it is looked again at who has not taken what was told before, and after a question that was not answered.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn work(hub: Hub) {
    let mut later = HashSet::new();
    loop {
        let waiting = hub.wake().notified.notified();
        match later.is_empty() {
            true => waiting.await,
            false => _ = timeout(PAUSE, waiting).await,
        }
        let mut notified = std::mem::take(&mut *hub.notified());
        notified.people.extend(later.drain());
        match tell(&hub, &mut notified).await {
            Ok(rest) => later = rest,
            Err(error) => {
                tracing::debug!(%error, "notifications could not be read; trying again");
                {
                    let mut again = hub.notified();
                    again.people.extend(notified.people);
                    for (user_id, ids) in notified.read {
                        again.read.entry(user_id).or_default().extend(ids);
                    }
                    for (user_id, ids) in notified.removed {
                        again.removed.entry(user_id).or_default().extend(ids);
                    }
                    again.recheck_all |= notified.recheck_all;
                }
                sleep(PAUSE).await;
                hub.wake().notified.notify_one();
            }
        }
    }
}

/// Tells these people what is new, a page each; answers to whom there is more to tell, and who reads slowly.
async fn tell(hub: &Hub, notified: &mut Notified) -> Result<HashSet<Uuid>> {
    if notified.recheck_all {
        notified.people.extend(list_behind(hub).await?);
        notified.recheck_all = false;
    }
    tell_read(hub, &notified.read).await?;
    notified.read.clear();
    tell_removed(hub, &notified.removed).await?;
    notified.removed.clear();
    let gateways = notified.people.iter().flat_map(|user_id| hub.gateways_of(*user_id));
    let (ready, slow): (Vec<_>, Vec<_>) = gateways
        .filter(|session| session.notified().is_some() && !session.is_over())
        .partition(|session| session.takes_more());
    let mut later: HashSet<_> = slow.iter().map(|session| session.caller.user_id).collect();
    for some in ready.chunks(GATEWAYS) {
        let told = tell_some(hub, some).await?;
        if !told.is_empty() {
            later.extend(told);
            hub.wake().notified.notify_one();
        }
    }
    Ok(later)
}

/// Tells what people have read, as the tables say.
async fn tell_read(hub: &Hub, read: &HashMap<Uuid, HashSet<Uuid>>) -> Result<()> {
    let people: Vec<_> = read.keys().copied().collect();
    for some in people.chunks(PEOPLE) {
        let ids = &said_of(some, read);
        let ask = |db| async move {
            Ok((store::list_read(&db, ids).await?, store::list_read_states(&db, some).await?))
        };
        let (known, states) = hub.app().pool.ask(ask).await?;
        let mut of: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        known.into_iter().for_each(|(user_id, id)| of.entry(user_id).or_default().push(id));
        for ReadState { user_id, up_to_seq, unread_count } in states {
            let ids = of.remove(&user_id).unwrap_or_default();
            tell_person(hub, user_id, &Notice::NotificationsRead { ids, up_to_seq, unread_count });
        }
    }
    Ok(())
}

/// Tells what is gone of people's notifications: what is still there was not removed, whoever says so.
async fn tell_removed(hub: &Hub, removed: &HashMap<Uuid, HashSet<Uuid>>) -> Result<()> {
    let people: Vec<_> = removed.keys().copied().collect();
    for some in people.chunks(PEOPLE) {
        let ids = &said_of(some, removed);
        let ask = |db| async move {
            Ok((store::list_there(&db, ids).await?, store::list_read_states(&db, some).await?))
        };
        let (there, states) = hub.app().pool.ask(ask).await?;
        let said: HashSet<_> = ids.iter().filter(|id| !there.contains(id)).collect();
        for ReadState { user_id, up_to_seq, unread_count } in states {
            // Where it was much, the person stands in its place.
            let gone = removed.get(&user_id).into_iter().flatten().filter(|id| **id != user_id);
            let ids = gone.filter(|id| said.contains(id)).copied().collect();
            tell_person(hub, user_id, &Notice::NotificationsRemoved { ids, up_to_seq, unread_count });
        }
    }
    Ok(())
}

/// What was said of these people, up to as many as are told at once.
fn said_of(people: &[Uuid], said: &HashMap<Uuid, HashSet<Uuid>>) -> Vec<Uuid> {
    people.iter().filter_map(|user_id| said.get(user_id)).flatten().copied().take(READ).collect()
}

/// Tells all gateways of somebody that are told of notifications.
fn tell_person(hub: &Hub, user_id: Uuid, notice: &Notice<'_>) {
    let frame = frames::json(notice);
    let begun = hub.gateways_of(user_id).into_iter().filter(|session| session.notified().is_some());
    begun.for_each(|session| session.push(frame.clone()));
}

/// Tells these gateways a page each; answers to whom there is more to tell.
async fn tell_some(hub: &Hub, gateways: &[Arc<Session>]) -> Result<Vec<Uuid>> {
    let people: Vec<_> = gateways.iter().map(|session| session.caller.user_id).collect();
    let sessions: Vec<_> = gateways.iter().map(|session| session.caller.session_id).collect();
    let after: Vec<_> = gateways.iter().map(|session| session.notified().unwrap_or(i64::MAX)).collect();
    let (who, by, behind) = (&people, &sessions, &after);
    let ask = |db| async move { store::list_after(&db, who, by, behind, PAGE).await };
    let news = hub.app().pool.ask(ask).await?;
    let mut counts = vec![0; gateways.len()];
    for News { place, seq, live, notification } in news {
        let Some(session) = gateways.get(place) else { continue };
        counts[place] += 1;
        let frame = live.then(|| frames::json(&Notice::Notification { seq, notification: &notification }));
        session.tell_notification(seq, frame);
    }
    let full = counts.iter().zip(&people).filter(|(count, _)| **count == PAGE);
    Ok(full.map(|(_, user_id)| *user_id).collect())
}

/// Who is behind, after announcements may have been missed. A gateway that was told more than there is now (a restored backup, a
/// failover that lost its tail) is told to load the list again.
async fn list_behind(hub: &Hub) -> Result<Vec<Uuid>> {
    // What they were told is read before the tables are: those can only be further then.
    let told: Vec<_> =
        hub.sessions().into_iter().filter_map(|session| Some((session.notified()?, session))).collect();
    let people: HashSet<_> = told.iter().map(|(_, session)| session.caller.user_id).collect();
    let people: Vec<_> = people.into_iter().collect();
    let mut heads = HashMap::new();
    for some in people.chunks(PEOPLE) {
        heads.extend(hub.app().pool.ask(|db| async move { store::heads(&db, some).await }).await?);
    }
    let mut behind = Vec::new();
    for (seq, session) in told {
        let last_seq = heads.get(&session.caller.user_id).copied().unwrap_or(0);
        if last_seq > seq {
            behind.push(session.caller.user_id);
        } else if last_seq < seq {
            session.reset_notifications(last_seq);
        }
    }
    Ok(behind)
}
