//! What notifications claim that would take something from somebody, and what the tables say of it. Any role of the database
//! may send a notification: none of them ends a session, opens or closes a chat, or puts somebody out by itself.

use std::{collections::HashSet, time::Duration};

use tokio::time::sleep;
use uuid::Uuid;

use super::Hub;
use crate::{auth, chats, error::Result, telemetry::metrics::names};

/// The most claims of a kind that wait for the tables; beyond that everything is looked at instead.
const WAITING: usize = 50_000;
/// The most of one query.
const ASKED: usize = 5_000;
/// How long the tables have to answer before they are asked anew.
const PATIENCE: Duration = Duration::from_secs(2);
/// The pause after a question that was not answered.
const PAUSE: Duration = Duration::from_millis(200);

/// What was claimed since the tables were last asked.
#[derive(Default)]
pub(super) struct Claims {
    /// These sessions and API tokens are over.
    sessions: HashSet<Uuid>,
    /// These chats, which somebody here follows, are gone.
    chats: HashSet<Uuid>,
    /// These people, who have a socket here, came into these chats or went out of them.
    members: HashSet<(Uuid, Uuid)>,
    /// What roles permit has changed.
    roles: bool,
    /// These people have other roles now.
    people: HashSet<Uuid>,
}

impl Claims {
    fn count(&self) -> usize {
        self.sessions.len() + self.chats.len() + self.members.len()
    }

    fn take_back(&mut self, other: Self) {
        self.sessions.extend(other.sessions);
        self.chats.extend(other.chats);
        self.members.extend(other.members);
        self.roles |= other.roles;
        self.people.extend(other.people);
    }
}

impl Hub {
    /// Notes a session or an API token that is said to be over.
    pub(super) fn claim_ended(&self, id: Uuid) {
        // What is remembered of a token is no more than a saved question.
        self.0.app.api_tokens.forget(id);
        self.claim(|claims| _ = claims.sessions.insert(id));
    }

    /// Notes a chat that is said to be gone.
    pub(super) fn claim_deleted(&self, chat_id: Uuid) {
        if self.places().channels.contains_key(&chat_id) {
            self.claim(|claims| _ = claims.chats.insert(chat_id));
        }
    }

    /// Notes people who are said to have come into chats or gone out of them (the first of each pair is the person).
    pub(super) fn claim_members(&self, mut pairs: Vec<(Uuid, Uuid)>) {
        {
            let places = self.places();
            pairs.retain(|(user_id, _)| places.people.contains_key(user_id));
        }
        if !pairs.is_empty() {
            self.claim(|claims| claims.members.extend(pairs));
        }
    }

    /// Notes that these people, or all, are said to have other roles. What is remembered of them is forgotten at once: that is
    /// no more than a saved question.
    pub(super) fn claim_roles(&self, people: Option<Vec<Uuid>>) {
        match people {
            Some(people) => {
                self.0.app.permissions.forget(&people);
                self.claim(|claims| claims.people.extend(people));
            }
            None => {
                self.0.app.permissions.forget_all();
                self.claim(|claims| claims.roles = true);
            }
        }
    }

    fn claim(&self, note: impl FnOnce(&mut Claims)) {
        let is_flooded = {
            let mut claims = self.claims();
            if claims.people.len() > WAITING {
                claims.people.clear();
                claims.roles = true;
            }
            let is_flooded = claims.count() > WAITING;
            if is_flooded {
                *claims = Claims { roles: true, ..Claims::default() };
            }
            note(&mut claims);
            is_flooded
        };
        if is_flooded {
            self.look_at_all();
        }
        self.0.claimed.notify_one();
    }

    /// Asks the tables about what was claimed, for as long as the program runs.
    pub(super) async fn judge_claims(self) {
        loop {
            self.0.claimed.notified().await;
            let claims = std::mem::take(&mut *self.claims());
            if let Err(error) = self.judge(&claims).await {
                tracing::debug!(%error, "what notifications claim could not be looked up; trying again");
                self.claims().take_back(claims);
                sleep(PAUSE).await;
                self.0.claimed.notify_one();
            }
        }
    }

    async fn judge(&self, claims: &Claims) -> Result<()> {
        let app = &self.0.app;
        if claims.count() > 0 {
            let db = app.db().await?.patient(PATIENCE);
            let mut refused = 0;
            let sessions: Vec<_> = claims.sessions.iter().copied().collect();
            for some in sessions.chunks(ASKED) {
                let over = auth::store::judge(&db, some).await?;
                refused += some.len() - over.len();
                for (id, is_known) in &over {
                    match is_known {
                        true => app.revocations.add(*id),
                        false => app.revocations.add_unknown(*id),
                    }
                }
                self.end_sessions(&over.into_iter().map(|(id, _)| id).collect::<Vec<_>>());
            }
            let chat_ids: Vec<_> = claims.chats.iter().copied().collect();
            for some in chat_ids.chunks(ASKED) {
                let there = chats::store::heads(&db, some, &vec![0; some.len()]).await?;
                let there: HashSet<_> = there.into_iter().map(|head| head.chat_id).collect();
                refused += there.len();
                let gone: Vec<_> = some.iter().filter(|chat_id| !there.contains(chat_id)).copied().collect();
                self.end_chats(&gone);
            }
            let pairs: Vec<_> = claims.members.iter().copied().collect();
            for some in pairs.chunks(ASKED) {
                let members: HashSet<_> = chats::store::list_pairs(&db, some).await?.into_iter().collect();
                let (came, went): (Vec<_>, Vec<_>) = some.iter().partition(|pair| members.contains(pair));
                self.dismiss_members(&went);
                if !came.is_empty() {
                    tokio::spawn(self.clone().welcome_members(came));
                }
            }
            metrics::counter!(names::NOTIFICATIONS_REFUSED).increment(refused as u64);
        }
        if claims.roles {
            self.review(None);
        } else if !claims.people.is_empty() {
            self.review(Some(claims.people.iter().copied().collect()));
        }
        Ok(())
    }
}
