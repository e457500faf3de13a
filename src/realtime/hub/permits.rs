//! Roles have changed: what was remembered of them is forgotten, and who may no longer have their socket loses it.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::time::sleep;
use uuid::Uuid;

use super::Hub;
use crate::{
    error::{Code, Result},
    realtime::{frames::CloseCode, session::Session},
    roles,
};

/// How often the tables are asked again when they do not answer, and how long in between.
const TRIES: usize = 50;
const PAUSE: Duration = Duration::from_millis(200);

impl Hub {
    /// These people, or all, may have other roles now.
    pub(super) fn review(&self, people: Option<Vec<Uuid>>) {
        match &people {
            Some(people) => self.0.app.permissions.forget(people),
            None => self.0.app.permissions.forget_all(),
        }
        let people: Option<HashSet<_>> = people.map(|people| people.into_iter().collect());
        let concerns = |session: &Session| match &people {
            Some(people) => people.contains(&session.caller.user_id),
            None => true,
        };
        let sessions: Vec<_> =
            self.places().sessions.values().filter(|session| concerns(session)).cloned().collect();
        if sessions.is_empty() {
            return;
        }
        let hub = self.clone();
        tokio::spawn(async move {
            for _ in 0..TRIES {
                match hub.dismiss_unpermitted(&sessions).await {
                    Ok(()) => return,
                    Err(error) => tracing::debug!(%error, "permissions could not be read; trying again"),
                }
                sleep(PAUSE).await;
            }
        });
    }

    /// Closes those of these sockets whose holders may not have them.
    pub(super) async fn dismiss_unpermitted(&self, sessions: &[Arc<Session>]) -> Result<()> {
        if sessions.is_empty() {
            return Ok(());
        }
        let people: HashSet<_> = sessions.iter().map(|session| session.caller.user_id).collect();
        let people: Vec<_> = people.into_iter().collect();
        roles::service::recall(&self.0.app, &people).await?;
        for session in sessions {
            match roles::service::check(&self.0.app, session.caller, session.kind.permission()).await {
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
}
