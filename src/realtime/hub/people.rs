//! Who is online, told to those who asked and may know.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use uuid::Uuid;

use super::{Heard, Hub, Places};
use crate::{
    error::{Error, Result},
    presences::store,
    realtime::{frames::Notice, register::Register, session::Session},
};

/// The most people one socket may watch.
const WATCHED: usize = 5_000;

/// Somebody whose coming and going is watched here.
#[derive(Default)]
pub(super) struct Watched {
    /// What was last told of them.
    online: Option<bool>,
    /// The sockets that want to know.
    sessions: HashSet<u64>,
}

/// What is to be told to a client.
type Seen<'a> = (Arc<Session>, &'a store::Presence);

impl Places {
    /// A client watches these people no longer.
    pub(super) fn unwatch(&mut self, user_ids: &[Uuid], number: u64) {
        for user_id in user_ids {
            if let Some(watched) = self.watched.get_mut(user_id) {
                watched.sessions.remove(&number);
                if watched.sessions.is_empty() {
                    self.watched.remove(user_id);
                }
            }
        }
    }
}

impl Hub {
    pub(in crate::realtime) fn register(&self) -> &Register {
        &self.0.register
    }

    /// Who has a socket here.
    pub(in crate::realtime) fn people_here(&self) -> HashSet<Uuid> {
        self.places().people.keys().copied().collect()
    }

    /// Those of these people who have a socket here, and those who have none.
    pub(in crate::realtime) fn partition_by_presence(
        &self,
        people: &HashSet<Uuid>,
    ) -> (Vec<Uuid>, Vec<Uuid>) {
        let places = self.places();
        people.iter().partition(|id| places.people.contains_key(id))
    }

    /// Tells a client whether these people are online, now and whenever it changes: those it may know of. Fails when that
    /// is none of them.
    pub async fn watch(&self, session: &Arc<Session>, user_ids: &[Uuid]) -> Result<()> {
        let me = vec![session.caller.user_id; user_ids.len()];
        let visible = store::list_visible(&self.app().db().await?, &me, user_ids).await?;
        let visible: Vec<_> = visible.into_iter().map(|presence| presence.user_id).collect();
        if visible.is_empty() {
            return Err(Error::not_found("person among your friends and chats"));
        }
        let mut places = self.places();
        if !places.sessions.contains_key(&session.number) {
            return Ok(());
        }
        if !session.watch(&visible, WATCHED) {
            let detail = format!("one socket may watch at most {WATCHED} people");
            return Err(Error::invalid_field("user_ids", detail));
        }
        for user_id in &visible {
            places.watched.entry(*user_id).or_default().sessions.insert(session.number);
        }
        self.heard().asked.push((Arc::clone(session), visible));
        self.0.bell.notify_one();
        Ok(())
    }

    /// Tells a client no longer about these people.
    pub fn unwatch(&self, session: &Session, user_ids: &[Uuid]) {
        let mut places = self.places();
        session.unwatch(user_ids);
        places.unwatch(user_ids, session.number);
    }

    /// Looks at whom bells told of, and at whom somebody has just asked about.
    pub(super) async fn tell_presences(&self, heard: &Heard) -> Result<()> {
        let changed: Vec<(Arc<Session>, Uuid)> = {
            let places = self.places();
            let all = heard.look_at_presences;
            places
                .watched
                .iter()
                .filter(|(user_id, _)| all || heard.presences.contains(user_id))
                .flat_map(|(user_id, watched)| watched.sessions.iter().map(|number| (*number, *user_id)))
                .filter_map(|(number, user_id)| Some((Arc::clone(places.sessions.get(&number)?), user_id)))
                .collect()
        };
        let asked = heard.asked.iter();
        let asked: Vec<_> = asked
            .flat_map(|(session, user_ids)| {
                user_ids.iter().map(move |user_id| (Arc::clone(session), *user_id))
            })
            .collect();
        if changed.is_empty() && asked.is_empty() {
            return Ok(());
        }
        let pairs: HashSet<(Uuid, Uuid)> = changed
            .iter()
            .chain(&asked)
            .map(|(session, user_id)| (session.caller.user_id, *user_id))
            .collect();
        let (watchers, people): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        // Asked again each time: who is no friend any more, shares no chat or is blocked hears nothing of them.
        let visible = store::list_visible(&self.app().db().await?, &watchers, &people).await?;
        let visible: HashMap<(Uuid, Uuid), _> =
            visible.into_iter().map(|seen| ((seen.watcher_id, seen.user_id), seen)).collect();
        let seen = |(session, user_id): &(Arc<Session>, Uuid)| {
            visible.get(&(session.caller.user_id, *user_id)).map(|seen| (Arc::clone(session), seen))
        };
        let news = self.compare(changed.iter().filter_map(seen).collect());
        let answers: Vec<_> = asked.iter().filter_map(seen).collect();
        self.remember(&answers);
        for (session, seen) in answers.into_iter().chain(news) {
            session.tell(&Notice::Presence {
                user_id: seen.user_id,
                online: seen.online,
                last_online_at: seen.last_online_at,
            });
        }
        Ok(())
    }

    /// What is other than what was last told of these people; it is what was last told from now on.
    fn compare<'a>(&self, seen: Vec<Seen<'a>>) -> Vec<Seen<'a>> {
        let mut places = self.places();
        let (news, _): (Vec<Seen<'_>>, Vec<Seen<'_>>) = seen.into_iter().partition(|(_, seen)| {
            places.watched.get(&seen.user_id).is_some_and(|watched| watched.online != Some(seen.online))
        });
        for (_, seen) in &news {
            if let Some(watched) = places.watched.get_mut(&seen.user_id) {
                watched.online = Some(seen.online);
            }
        }
        news
    }

    /// What somebody is told who has just asked may be newer than what the others were told: they are told next.
    fn remember(&self, answers: &[Seen<'_>]) {
        let mut places = self.places();
        let mut heard = self.heard();
        for (_, seen) in answers {
            if let Some(watched) = places.watched.get_mut(&seen.user_id)
                && *watched.online.get_or_insert(seen.online) != seen.online
            {
                heard.presences.insert(seen.user_id);
                self.0.bell.notify_one();
            }
        }
    }
}
