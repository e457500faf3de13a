//! Who comes and goes: told on the gateways, whether or not the chat is followed there.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    bans, chats,
    error::{Code, Result},
    realtime::{
        frames::Notice,
        gateway,
        hub::{Claims, Hub},
        session::{Kind, Session},
    },
};

/// How many gateways are completed with one query, and about the most chats of all of them.
const GATEWAYS: usize = 200;
const CHATS: usize = 20_000;
/// Of how many people the bans are asked for with one query.
const PEOPLE: usize = 5_000;

/// These people came into these chats: their gateways hear `chat_added`, and those that follow everything follow on. Where
/// the tables do not answer, they are asked again whether somebody is there, and then it is told.
pub(super) async fn welcome(hub: Hub, pairs: Vec<(Uuid, Uuid)>) {
    let mut untold = HashSet::new();
    for (user_id, chat_id) in pairs {
        for session in hub.gateways_of(user_id) {
            let Err(error) = gateway::add_chat(&hub, &session, chat_id).await else { continue };
            tracing::debug!(%chat_id, "a chat that was added could not be told: {error}{}", error.causes());
            // What is refused stays refused; what the database could not answer it can a moment later.
            if matches!(error.code(), Code::NotReady | Code::OutcomeUnknown) {
                untold.insert((user_id, chat_id));
            }
        }
    }
    if !untold.is_empty() {
        hub.claim_again(Claims { members: untold, ..Claims::default() }).await;
    }
}

/// These people went: a gateway that follows the chat is told in the order of its log, the others now.
pub(super) fn dismiss(hub: &Hub, pairs: &[(Uuid, Uuid)]) {
    for (user_id, chat_id) in pairs {
        for session in hub.gateways_of(*user_id) {
            dismiss_from(&session, *chat_id);
        }
    }
}

fn dismiss_from(session: &Session, chat_id: Uuid) {
    if session.goes_out_of(chat_id) {
        session.tell(&Notice::ChatRemoved { chat_id });
    }
}

/// These people are banned from these chats: whoever of them only watches hears no more. (Members are told by the entry that
/// puts them out.)
pub(super) fn exclude_banned(hub: &Hub, pairs: &[(Uuid, Uuid)]) {
    for (user_id, chat_id) in pairs {
        for session in hub.sessions_of(*user_id) {
            session.ban(*chat_id);
        }
    }
}

/// The same for everyone who is here, after notifications may have been missed.
pub(super) async fn exclude_all_banned(hub: &Hub) -> Result<()> {
    let people = Vec::from_iter(hub.people_here());
    for some in people.chunks(PEOPLE) {
        let banned =
            hub.app().pool.ask(|db| async move { bans::store::list_of_people(&db, some).await }).await?;
        exclude_banned(hub, &banned);
    }
    Ok(())
}

/// After notifications may have been missed: every gateway is told what has come and gone meanwhile.
pub(super) async fn complete_gateways(hub: &Hub) -> Result<()> {
    let mut gateways = hub.sessions();
    gateways.retain(|session| session.kind != Kind::Chat);
    let mut rest = gateways.as_slice();
    while !rest.is_empty() {
        let (some, others) = rest.split_at(some_of(rest));
        complete(hub, some).await?;
        rest = others;
    }
    Ok(())
}

/// How many of these are completed with one query.
fn some_of(gateways: &[Arc<Session>]) -> usize {
    let mut chats = 0;
    let fit = gateways.iter().take(GATEWAYS).take_while(|session| {
        chats += session.mine_count();
        chats <= CHATS
    });
    fit.count().max(1)
}

async fn complete(hub: &Hub, gateways: &[Arc<Session>]) -> Result<()> {
    let people: HashSet<_> = gateways.iter().map(|session| session.caller.user_id).collect();
    let people: Vec<_> = people.into_iter().collect();
    // What it was told is read before the tables are: what comes in between is announced.
    let told: Vec<_> = gateways.iter().map(|session| session.mine()).collect();
    let ids = &people;
    let pairs = hub.app().pool.ask(|db| async move { chats::store::list_of_people(&db, ids).await }).await?;
    let mut chats: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for (user_id, chat_id) in pairs {
        chats.entry(user_id).or_default().insert(chat_id);
    }
    let none = HashSet::new();
    let mut came = HashSet::new();
    for (session, told) in gateways.iter().zip(told) {
        let Some(told) = told else { continue };
        let mine = chats.get(&session.caller.user_id).unwrap_or(&none);
        told.difference(mine).for_each(|chat_id| dismiss_from(session, *chat_id));
        came.extend(mine.difference(&told).map(|chat_id| (session.caller.user_id, *chat_id)));
    }
    if !came.is_empty() {
        // Each is looked up by itself, which the news of the chats do not wait for.
        tokio::spawn(welcome(hub.clone(), came.into_iter().collect()));
    }
    Ok(())
}
