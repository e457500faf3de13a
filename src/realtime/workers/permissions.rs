//! Roles have changed: who may no longer have their socket loses it.

use std::{collections::HashSet, sync::Arc};

use uuid::Uuid;

use crate::{
    error::{Code, Result},
    realtime::{
        frames::CloseCode,
        hub::{Claims, Hub},
        session::Session,
    },
    roles,
};

/// These people, or all, may have other roles now: what was remembered of them is forgotten, and their sockets are looked at.
/// Where the tables do not answer, all of that is done again, for as long as it takes.
pub(super) fn review(hub: &Hub, people: Option<&HashSet<Uuid>>) {
    let sessions: Vec<_> = match people {
        Some(people) => {
            hub.app().permissions.forget(&people.iter().copied().collect::<Vec<_>>());
            people.iter().flat_map(|user_id| hub.sessions_of(*user_id)).collect()
        }
        None => {
            hub.app().permissions.forget_all();
            hub.sessions()
        }
    };
    if sessions.is_empty() {
        return;
    }
    let (hub, people) = (hub.clone(), people.cloned());
    tokio::spawn(async move {
        if let Err(error) = dismiss_unpermitted(&hub, &sessions).await {
            tracing::debug!(%error, "permissions could not be read; trying again");
            let roles = people.is_none();
            hub.claim_again(Claims { roles, people: people.unwrap_or_default(), ..Claims::default() }).await;
        }
    });
}

/// Closes those of these sockets whose holders may not have them.
pub(super) async fn dismiss_unpermitted(hub: &Hub, sessions: &[Arc<Session>]) -> Result<()> {
    if sessions.is_empty() {
        return Ok(());
    }
    let people: HashSet<_> = sessions.iter().map(|session| session.caller.user_id).collect();
    let people: Vec<_> = people.into_iter().collect();
    roles::service::recall(hub.app(), &people).await?;
    for session in sessions {
        match roles::service::check(hub.app(), session.caller, session.kind.permission()).await {
            Err(error) if error.code() == Code::Forbidden => {
                session.close(CloseCode::NotAllowed, "no role of yours permits this socket any more");
            }
            Err(error) if error.code() == Code::NotSignedIn => {
                session.close(CloseCode::SessionOver, "this account is no longer there");
            }
            answer => answer?,
        }
    }
    Ok(())
}
