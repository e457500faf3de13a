//! What notifications claim, and what the tables say of it: none of them ends a session, opens or closes a chat, or puts
//! somebody out by itself.

use std::collections::HashSet;

use uuid::Uuid;

use super::{departures, members, permissions};
use crate::{
    auth, bans, chats,
    db::Client,
    error::Result,
    realtime::hub::{Claims, Hub},
    telemetry::metrics::names,
};

/// The most of one query.
const ASKED: usize = 5_000;
pub(super) async fn work(hub: Hub) {
    loop {
        hub.wake().claims.notified().await;
        let claims = hub.claims().take();
        match check(&hub, &claims).await {
            Ok(()) => hub.answered(),
            Err(error) => {
                tracing::debug!(%error, "what notifications claim could not be looked up; trying again");
                hub.claim_again(claims).await;
            }
        }
    }
}

async fn check(hub: &Hub, claims: &Claims) -> Result<()> {
    if claims.count() > 0 {
        let refused = hub.app().pool.ask(|db| async move { check_tables(hub, &db, claims).await }).await?;
        metrics::counter!(names::NOTIFICATIONS_REFUSED).increment(refused as u64);
    }
    if claims.roles {
        permissions::review(hub, None);
    } else if !claims.people.is_empty() {
        permissions::review(hub, Some(&claims.people));
    }
    Ok(())
}

/// Does what the tables say of all these; answers how many of them the tables know nothing of.
async fn check_tables(hub: &Hub, db: &Client, claims: &Claims) -> Result<usize> {
    let mut refused = check_sessions(hub, db, claims).await?;
    refused += check_chats(hub, db, claims).await?;
    check_members(hub, db, claims).await?;
    check_bans(hub, db, claims).await?;
    Ok(refused)
}

/// Ends the sessions that are over; answers how many are not.
async fn check_sessions(hub: &Hub, db: &Client, claims: &Claims) -> Result<usize> {
    let mut refused = 0;
    let ids: Vec<_> = claims.sessions.iter().copied().collect();
    for some in ids.chunks(ASKED) {
        let over = auth::store::list_over_or_unknown(db, some).await?;
        refused += some.len() - over.len();
        for (id, is_known) in &over {
            match is_known {
                true => hub.app().revocations.add(*id),
                false => hub.app().revocations.add_unknown(*id),
            }
        }
        departures::end_sessions(hub, &over.into_iter().map(|(id, _)| id).collect::<Vec<_>>());
    }
    Ok(refused)
}

/// Ends the chats that are gone; answers how many are not.
async fn check_chats(hub: &Hub, db: &Client, claims: &Claims) -> Result<usize> {
    let mut refused = 0;
    let chat_ids: Vec<_> = claims.chats.iter().copied().collect();
    for some in chat_ids.chunks(ASKED) {
        let there = chats::store::heads(db, some, &vec![0; some.len()]).await?;
        let there: HashSet<_> = there.into_iter().map(|head| head.chat_id).collect();
        refused += there.len();
        let gone: Vec<Uuid> = some.iter().filter(|chat_id| !there.contains(chat_id)).copied().collect();
        departures::end_chats(hub, &gone);
    }
    Ok(refused)
}

/// Tells who came and who went.
async fn check_members(hub: &Hub, db: &Client, claims: &Claims) -> Result<()> {
    let pairs: Vec<_> = claims.members.iter().copied().collect();
    for some in pairs.chunks(ASKED) {
        let there: HashSet<_> = chats::store::list_pairs(db, some).await?.into_iter().collect();
        let (came, went): (Vec<_>, Vec<_>) = some.iter().partition(|pair| there.contains(pair));
        members::dismiss(hub, &went);
        if !came.is_empty() {
            tokio::spawn(members::welcome(hub.clone(), came));
        }
    }
    Ok(())
}

/// Puts out who is banned.
async fn check_bans(hub: &Hub, db: &Client, claims: &Claims) -> Result<()> {
    let pairs: Vec<_> = claims.banned.iter().copied().collect();
    for some in pairs.chunks(ASKED) {
        members::exclude_banned(hub, &bans::store::list_pairs(db, some).await?);
    }
    Ok(())
}
