//! What the workers have still to do, as notifications and clients have told it.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::Hub;
use crate::ephemeral::EphemeralEvent;

/// The most claims that wait for the tables; beyond that everything is looked at instead.
const CLAIMS: usize = 50_000;
/// The most ephemeral events that wait; more are forgotten.
const EVENTS: usize = 10_000;

/// How long entries wait for the tables to say whether a session is over.
const SESSIONS: Duration = Duration::from_secs(2);
/// The pause before the tables are asked again.
const PAUSE: Duration = Duration::from_millis(200);

/// What was told of logs since the last round.
#[derive(Default)]
pub struct Pending {
    /// Followed chats with news.
    pub announced: HashSet<Uuid>,
    /// Chats whose log may be another one than was read.
    pub doubted: HashSet<Uuid>,
    /// What may be forgotten.
    pub events: Vec<EphemeralEvent>,
    /// Notifications may have been missed: look at every followed chat once.
    pub recheck_logs: bool,
    /// The same, for who is in which chat.
    pub recheck_people: bool,
}

/// What was told of who is online.
#[derive(Default)]
pub struct Presences {
    /// Who came online somewhere or went offline there.
    pub changed: HashSet<Uuid>,
    /// Notifications may have been missed: look at everyone who is watched.
    pub recheck_all: bool,
}

/// What was told of notifications of people.
#[derive(Default)]
pub struct Notified {
    /// Who has news, or has just connected, and has a socket here.
    pub people: HashSet<Uuid>,
    /// Who has read something, and has a socket here; and what, as far as it was said.
    pub read: HashMap<Uuid, HashSet<Uuid>>,
    /// Of whom something was removed, and who has a socket here; and what, as far as it was said.
    pub removed: HashMap<Uuid, HashSet<Uuid>>,
    /// Some may have been missed: look at everyone who is here.
    pub recheck_all: bool,
}

/// What notifications claim that would take something from somebody. Any role of the database may send one, so the tables
/// are asked first.
#[derive(Default)]
pub struct Claims {
    /// These sessions and API tokens are over.
    pub sessions: HashSet<Uuid>,
    /// These chats, which somebody here follows, are gone.
    pub chats: HashSet<Uuid>,
    /// These people, who have a socket here, came into these chats or went out of them.
    pub members: HashSet<(Uuid, Uuid)>,
    /// These people, who have a socket here, were banned from these chats.
    pub banned: HashSet<(Uuid, Uuid)>,
    /// What roles permit has changed.
    pub roles: bool,
    /// These people have other roles now.
    pub people: HashSet<Uuid>,
    /// What the tables are being asked about.
    pub asked: Asked,
}

/// A question to the tables.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// Which one it is, counted from 1.
    pub number: u64,
    /// They have not answered yet.
    pub under_way: bool,
    /// It is about sessions, among others.
    pub of_sessions: bool,
}

impl Claims {
    /// Takes all of them to ask the tables about; [`Hub::answered`] is to be called when they have answered.
    pub fn take(&mut self) -> Self {
        let number = self.asked.number + 1;
        let asked = Asked { number, under_way: true, of_sessions: !self.sessions.is_empty() };
        std::mem::replace(self, Self { asked, ..Self::default() })
    }

    /// The number of the question after whose answer it is known of every session that was said to be over whether it is; `None`
    /// when that is known.
    fn awaited(&self) -> Option<u64> {
        let Asked { number, under_way, of_sessions } = self.asked;
        match self.sessions.is_empty() {
            false => Some(number + 1),
            true => (under_way && of_sessions).then_some(number),
        }
    }

    /// Whether there is anything the tables have not said yet.
    pub fn is_pending(&self) -> bool {
        self.asked.under_way || self.roles || !self.people.is_empty() || self.count() > 0
    }

    /// How many the tables are to be asked about.
    pub fn count(&self) -> usize {
        self.sessions.len() + self.chats.len() + self.members.len() + self.banned.len()
    }

    /// Adds what could not be looked up.
    pub fn take_back(&mut self, other: Self) {
        self.sessions.extend(other.sessions);
        self.chats.extend(other.chats);
        self.members.extend(other.members);
        self.banned.extend(other.banned);
        self.roles |= other.roles;
        self.people.extend(other.people);
    }
}

impl Hub {
    /// Ephemeral events have come.
    pub fn receive(&self, events: Vec<EphemeralEvent>) {
        {
            let registry = self.registry();
            let mut pending = self.pending();
            let room = EVENTS.saturating_sub(pending.events.len());
            let followed =
                events.into_iter().filter(|event| registry.channels.contains_key(&event.chat_id()));
            pending.events.extend(followed.take(room));
            if pending.events.is_empty() {
                return;
            }
        }
        self.wake().pending.notify_one();
    }

    /// Notes that these people are said to have notifications, as far as they have a socket here.
    pub(in crate::realtime) fn note_notified(&self, people: impl Iterator<Item = Uuid>) {
        {
            let registry = self.registry();
            self.notified().people.extend(people.filter(|id| registry.people.contains_key(id)));
        }
        self.wake().notified.notify_one();
    }

    /// Notes that people are said to have read notifications, or that some of theirs are gone (the first of each pair is the person).
    pub(super) fn note_of_list(
        &self,
        pairs: Vec<(Uuid, Uuid)>,
        part: impl Fn(&mut Notified) -> &mut HashMap<Uuid, HashSet<Uuid>>,
    ) {
        let pairs = self.of_people_here(pairs);
        if pairs.is_empty() {
            return;
        }
        {
            let mut notified = self.notified();
            for (user_id, id) in pairs {
                part(&mut notified).entry(user_id).or_default().insert(id);
            }
        }
        self.wake().notified.notify_one();
    }

    /// Notes that notifications of anybody may have been missed.
    pub(super) fn recheck_notified(&self) {
        self.notified().recheck_all = true;
        self.wake().notified.notify_one();
    }

    /// Notes a session or an API token that is said to be over.
    pub(super) fn claim_ended(&self, id: Uuid) {
        // What is remembered of a token is no more than a saved question.
        self.app().api_tokens.forget(id);
        self.claim(|claims| _ = claims.sessions.insert(id));
    }

    /// Notes a chat that is said to be gone.
    pub(super) fn claim_deleted(&self, chat_id: Uuid) {
        if self.registry().channels.contains_key(&chat_id) {
            self.claim(|claims| _ = claims.chats.insert(chat_id));
        }
    }

    /// Notes people who are said to have come into chats or gone out of them (the first of each pair is the person).
    pub(in crate::realtime) fn claim_members(&self, pairs: Vec<(Uuid, Uuid)>) {
        let pairs = self.of_people_here(pairs);
        if !pairs.is_empty() {
            self.claim(|claims| claims.members.extend(pairs));
        }
    }

    /// Notes people who are said to be banned from chats (the first of each pair is the person).
    pub(super) fn claim_banned(&self, pairs: Vec<(Uuid, Uuid)>) {
        let pairs = self.of_people_here(pairs);
        if !pairs.is_empty() {
            self.claim(|claims| claims.banned.extend(pairs));
        }
    }

    fn of_people_here(&self, mut pairs: Vec<(Uuid, Uuid)>) -> Vec<(Uuid, Uuid)> {
        let registry = self.registry();
        pairs.retain(|(user_id, _)| registry.people.contains_key(user_id));
        pairs
    }

    /// Notes that these people, or all, are said to have other roles. What is remembered of them is forgotten at once: that is
    /// no more than a saved question.
    pub(super) fn claim_roles(&self, people: Option<Vec<Uuid>>) {
        match people {
            Some(people) => {
                self.app().permissions.forget(&people);
                self.claim(|claims| claims.people.extend(people));
            }
            None => {
                self.app().permissions.forget_all();
                self.claim(|claims| claims.roles = true);
            }
        }
    }

    /// The tables have answered.
    pub(in crate::realtime) fn answered(&self) {
        let number = {
            let asked = &mut self.claims().asked;
            asked.under_way = false;
            asked.number
        };
        self.wake().answered.send_replace(number);
    }

    /// Waits until the tables have said of every session that was said to be over whether it is, or for [`SESSIONS`]: whoever was
    /// signed out before something was said hears nothing of it.
    pub(in crate::realtime) async fn sessions_are_known(&self) {
        let awaited = self.claims().awaited();
        if let Some(number) = awaited {
            let mut answered = self.wake().answered.subscribe();
            let _ = timeout(SESSIONS, answered.wait_for(|answered| *answered >= number)).await;
        }
    }

    /// Notes what could not be looked up, or not be done: after a pause the tables are asked about it anew.
    pub(in crate::realtime) async fn claim_again(&self, claims: Claims) {
        sleep(PAUSE).await;
        self.claims().take_back(claims);
        self.wake().claims.notify_one();
    }

    fn claim(&self, note: impl FnOnce(&mut Claims)) {
        let is_flooded = {
            let mut claims = self.claims();
            if claims.people.len() > CLAIMS {
                claims.people.clear();
                claims.roles = true;
            }
            let is_flooded = claims.count() > CLAIMS;
            if is_flooded {
                *claims = Claims { roles: true, asked: claims.asked, ..Claims::default() };
            }
            note(&mut claims);
            is_flooded
        };
        if is_flooded {
            self.recheck_all();
        }
        self.wake().claims.notify_one();
    }
}
