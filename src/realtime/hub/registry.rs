//! Who is connected, what each follows, and what a person may hold at once over all their sockets.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use uuid::Uuid;

use super::super::{channel::Channel, session::Session};
use crate::{
    error::{Error, Result},
    limits::all_held,
    telemetry::metrics::names,
};

/// Everyone who is connected to this instance.
pub struct Registry {
    /// The followed chats.
    pub channels: HashMap<Uuid, Arc<Channel>>,
    sessions: HashMap<u64, Held>,
    /// Who has a socket here.
    pub people: HashMap<Uuid, Person>,
    /// Whose coming and going somebody here wants to know of.
    pub watched: HashMap<Uuid, Watched>,
    /// Nobody is let in any more.
    pub draining: bool,
    /// How many subscriptions there are.
    subscriptions: usize,
    most_subscriptions: usize,
    most_watched: usize,
}

/// A client, and what it follows.
struct Held {
    session: Arc<Session>,
    chats: HashSet<Uuid>,
}

/// Somebody who is connected.
#[derive(Default)]
pub struct Person {
    sessions: HashMap<u64, Arc<Session>>,
    /// What all their sockets follow.
    subscriptions: usize,
    /// Whom all their sockets watch.
    watched: usize,
}

/// Somebody whose coming and going is watched here.
#[derive(Default)]
pub struct Watched {
    /// What was last told of them.
    pub online: Option<bool>,
    /// The sockets that want to know.
    pub sessions: HashSet<u64>,
}

/// What a client held that is gone.
pub struct Departure {
    /// What it followed.
    pub chats: Vec<Uuid>,
    /// Its person has no other socket here.
    pub was_last: bool,
}

impl Registry {
    /// Nobody is connected. A person may hold so many subscriptions over all their sockets, and watch so many people.
    pub fn new(most_subscriptions: usize, most_watched: usize) -> Self {
        Self {
            channels: HashMap::new(),
            sessions: HashMap::new(),
            people: HashMap::new(),
            watched: HashMap::new(),
            draining: false,
            subscriptions: 0,
            most_subscriptions,
            most_watched,
        }
    }

    /// Everyone who is connected.
    pub fn sessions(&self) -> impl ExactSizeIterator<Item = Arc<Session>> {
        self.sessions.values().map(|held| Arc::clone(&held.session))
    }

    /// A client by its number.
    pub fn session(&self, number: u64) -> Option<&Arc<Session>> {
        self.sessions.get(&number).map(|held| &held.session)
    }

    /// The clients of somebody.
    pub fn of_person(&self, user_id: Uuid) -> impl Iterator<Item = &Arc<Session>> {
        self.people.get(&user_id).into_iter().flat_map(|person| person.sessions.values())
    }

    /// Lets a client in; says whether it is its person's first, `None` when nobody is let in.
    pub fn enter(&mut self, session: &Arc<Session>) -> Option<bool> {
        if self.draining {
            return None;
        }
        let held = Held { session: Arc::clone(session), chats: HashSet::new() };
        self.sessions.insert(session.number, held);
        let person = self.people.entry(session.caller.user_id).or_default();
        person.sessions.insert(session.number, Arc::clone(session));
        let is_first = person.sessions.len() == 1;
        self.tell_metrics();
        Some(is_first)
    }

    /// A client is gone; what it followed is to be given to [`Registry::remove_follower`]. `None` when it was never let in.
    pub fn leave(&mut self, session: &Session) -> Option<Departure> {
        let held = self.sessions.remove(&session.number)?;
        self.unwatch(session, &session.take_watched());
        self.subscriptions -= held.chats.len();
        let user_id = session.caller.user_id;
        let mut was_last = false;
        if let Some(person) = self.people.get_mut(&user_id) {
            person.sessions.remove(&session.number);
            person.subscriptions -= held.chats.len();
            was_last = person.sessions.is_empty();
        }
        if was_last {
            self.people.remove(&user_id);
        }
        self.tell_metrics();
        Some(Departure { chats: held.chats.into_iter().collect(), was_last })
    }

    /// Takes a client's place at a channel. Who is gone takes none.
    pub fn follow(&mut self, chat_id: Uuid, session: &Arc<Session>) -> Result<Arc<Channel>> {
        let gone = || Error::unavailable("this socket has closed", 1);
        let held = self.sessions.get_mut(&session.number).ok_or_else(gone)?;
        let person = self.people.entry(session.caller.user_id).or_default();
        if !held.chats.contains(&chat_id) {
            if person.subscriptions >= self.most_subscriptions {
                let detail = "your sockets follow as many chats as they may; unsubscribe from some first";
                return Err(all_held(detail));
            }
            held.chats.insert(chat_id);
            person.subscriptions += 1;
            self.subscriptions += 1;
        }
        let channel = self.channels.entry(chat_id).or_insert_with(|| Arc::new(Channel::new(chat_id)));
        let channel = Arc::clone(channel);
        channel.follow(session);
        session.follow(Arc::clone(&channel.tail));
        self.tell_metrics();
        Ok(channel)
    }

    /// A client follows a chat no longer.
    pub fn unfollow(&mut self, chat_id: Uuid, number: u64) {
        if let Some(held) = self.sessions.get_mut(&number)
            && held.chats.remove(&chat_id)
        {
            self.subscriptions -= 1;
            if let Some(person) = self.people.get_mut(&held.session.caller.user_id) {
                person.subscriptions -= 1;
            }
        }
        self.remove_follower(chat_id, number);
    }

    /// Takes a client out of a channel; one that nobody follows goes.
    pub fn remove_follower(&mut self, chat_id: Uuid, number: u64) {
        if let Some(channel) = self.channels.get(&chat_id) {
            channel.unfollow(number);
            if channel.is_empty() {
                self.channels.remove(&chat_id);
            }
        }
        self.tell_metrics();
    }

    /// A client watches these people, too; says whom it did not before. Refused where its person watches as many as they may;
    /// ignored for one that is gone.
    pub fn watch(&mut self, session: &Session, user_ids: &[Uuid]) -> Result<Vec<Uuid>> {
        if !self.sessions.contains_key(&session.number) {
            return Ok(vec![]);
        }
        let Some(person) = self.people.get_mut(&session.caller.user_id) else { return Ok(vec![]) };
        let new = session.watch(user_ids);
        if person.watched + new.len() > self.most_watched {
            session.unwatch(&new);
            let detail = format!("your sockets may watch at most {} people", self.most_watched);
            return Err(all_held(detail));
        }
        person.watched += new.len();
        for user_id in &new {
            self.watched.entry(*user_id).or_default().sessions.insert(session.number);
        }
        Ok(new)
    }

    /// A client watches these people no longer, whom it did watch.
    pub fn unwatch(&mut self, session: &Session, user_ids: &[Uuid]) {
        for user_id in user_ids {
            if let Some(watched) = self.watched.get_mut(user_id) {
                watched.sessions.remove(&session.number);
                if watched.sessions.is_empty() {
                    self.watched.remove(user_id);
                }
            }
        }
        if let Some(person) = self.people.get_mut(&session.caller.user_id) {
            person.watched -= user_ids.len();
        }
    }

    fn tell_metrics(&self) {
        metrics::gauge!(names::SOCKETS).set(self.sessions.len() as f64);
        metrics::gauge!(names::FOLLOWED_CHATS).set(self.channels.len() as f64);
        metrics::gauge!(names::SUBSCRIPTIONS).set(self.subscriptions as f64);
    }
}
