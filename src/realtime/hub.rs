//! Who watches on this instance, and what notifications have told that the workers have not done yet.
//!
//! This is the registry alone: [`super::workers`] read the news and tell them.

mod local;
mod pending;
mod registry;

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    task::yield_now,
    time::sleep,
};
use uuid::Uuid;

pub(super) use self::{
    pending::{Claims, Notified, Pending, Presences},
    registry::Registry,
};
use super::{
    channel::Channel,
    frames::CloseCode,
    notification::Notification,
    register::Register,
    replays::Replays,
    session::{Kind, Session},
};
use crate::{
    app::App,
    chats::{self, Place, Position, access},
    db::Gather,
    error::Result,
};

/// After notifications may have been missed: how long it takes until every instance that lives has given a heartbeat and has
/// written anew who is connected to it.
const SETTLED: Duration = Duration::from_secs(12);

/// How many channels are let go of in one go.
const AT_ONCE: usize = 256;
/// How many who come back together are looked up by one statement.
const PLACES: usize = 256;

/// Everyone who watches on this instance. A clone is cheap.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    app: App,
    registry: Mutex<Registry>,
    pending: Mutex<Pending>,
    claims: Mutex<Claims>,
    presences: Mutex<Presences>,
    notified: Mutex<Notified>,
    wake: Wake,
    register: Register,
    places: Gather<(Uuid, Uuid, i64), Option<Place>>,
    replays: Replays,
    numbers: AtomicU64,
}

/// Notified when a worker has something to do.
#[derive(Default)]
pub(super) struct Wake {
    /// There is something in [`Pending`].
    pub pending: Notify,
    /// There is something in [`Claims`].
    pub claims: Notify,
    /// There is something in [`Presences`].
    pub presences: Notify,
    /// There is something in [`Notified`].
    pub notified: Notify,
    /// The latest question about [`Claims`] that the tables have answered.
    pub answered: watch::Sender<u64>,
}

impl Hub {
    /// A hub nobody is connected to.
    pub(super) fn new(app: App) -> Self {
        let registry = Registry::new(app.limits.subscriptions(), app.limits.watched());
        let pool = app.pool.clone();
        let places = Gather::start(PLACES, move |asked: Vec<_>| {
            let pool = pool.clone();
            async move {
                let asked = &asked;
                pool.ask(|db| async move { chats::store::list_places(&db, asked).await }).await
            }
        });
        Self(Arc::new(Inner {
            app,
            places,
            replays: Replays::default(),
            registry: Mutex::new(registry),
            pending: Mutex::default(),
            claims: Mutex::default(),
            presences: Mutex::default(),
            notified: Mutex::default(),
            wake: Wake::default(),
            register: Register::new(),
            numbers: AtomicU64::new(1),
        }))
    }

    /// The running product.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    pub(super) fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn claims(&self) -> MutexGuard<'_, Claims> {
        self.0.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn presences(&self) -> MutexGuard<'_, Presences> {
        self.0.presences.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn notified(&self) -> MutexGuard<'_, Notified> {
        self.0.notified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wake(&self) -> &Wake {
        &self.0.wake
    }

    pub(super) fn register(&self) -> &Register {
        &self.0.register
    }

    /// What somebody is to a chat, where its log ends, and which entry stands at a place of it: asked with others who come at the
    /// same time. Refused for whom the chat is not there.
    pub async fn place(&self, chat_id: Uuid, user_id: Uuid, seq: i64) -> Result<Place> {
        access::enter_at(self.0.places.ask((chat_id, user_id, seq)).await?)
    }

    /// The pages of logs that are being read for clients.
    pub(super) fn replays(&self) -> &Replays {
        &self.0.replays
    }

    /// A number for the next client.
    pub fn next_number(&self) -> u64 {
        self.0.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// A client has connected; `false` when the server is draining and takes none.
    pub fn enter(&self, session: &Arc<Session>) -> bool {
        match self.registry().enter(session) {
            Some(is_first) => {
                if is_first {
                    self.0.register.note(session.caller.user_id);
                }
                true
            }
            None => false,
        }
    }

    /// A client is gone: it holds nothing any more, and nothing can be followed for it.
    pub async fn leave(&self, session: &Session) {
        let Some(left) = self.registry().leave(session) else { return };
        if left.was_last {
            self.0.register.note(session.caller.user_id);
        }
        for some in left.chats.chunks(AT_ONCE) {
            {
                let mut registry = self.registry();
                some.iter().for_each(|chat_id| registry.remove_follower(*chat_id, session.number));
            }
            yield_now().await;
        }
        // The task of the socket may keep it for the good-bye: not what it followed.
        session.forget_all();
    }

    /// Begins to follow a chat: the place at its channel and the client's own are one, taken under one lock. Where its log
    /// stands is to be read after this, and said with [`Hub::start_channel`]. Refused for a client that is gone, and where its
    /// person follows as many as they may.
    pub fn follow(&self, chat_id: Uuid, session: &Arc<Session>) -> Result<Arc<Channel>> {
        self.registry().follow(chat_id, session)
    }

    /// A client follows a chat no longer.
    pub fn unfollow(&self, chat_id: Uuid, session: &Session) {
        self.registry().unfollow(chat_id, session.number);
    }

    /// A client was put out of a chat, and follows it no longer unless it has come back: its new place is not to be taken.
    pub fn let_go(&self, chat_id: Uuid, session: &Session) {
        let mut registry = self.registry();
        if !session.follows(chat_id) {
            registry.unfollow(chat_id, session.number);
        }
    }

    /// Says where the log of a channel stood after it was followed.
    pub fn start_channel(&self, channel: &Channel, last: Position) {
        channel.start_at(last);
        channel.announce(last.seq);
        if channel.behind().is_some() {
            self.pending().announced.insert(channel.chat_id);
            self.0.wake.pending.notify_one();
        }
    }

    /// Somebody has found that the log of a chat is not the one that was read.
    pub fn doubt(&self, chat_id: Uuid) {
        self.pending().doubted.insert(chat_id);
        self.0.wake.pending.notify_one();
    }

    /// A notification has come.
    pub fn on_notification(&self, notification: Notification) {
        match notification {
            Notification::Entries(chats) => {
                let registry = self.registry();
                let mut pending = self.pending();
                for (chat_id, seq) in chats {
                    if let Some(channel) = registry.channels.get(&chat_id) {
                        channel.announce(seq);
                        pending.announced.insert(chat_id);
                    }
                }
                if pending.announced.is_empty() {
                    return;
                }
            }
            Notification::Presence(people) => {
                let registry = self.registry();
                let watched = people.iter().filter(|id| registry.watched.contains_key(id));
                self.presences().changed.extend(watched);
                return self.0.wake.presences.notify_one();
            }
            Notification::Notified(people) => {
                return self.note_notified(people.into_iter().map(|(id, _)| id));
            }
            Notification::Read(pairs) => return self.note_of_list(pairs, |notified| &mut notified.read),
            Notification::Removed(pairs) => {
                return self.note_of_list(pairs, |notified| &mut notified.removed);
            }
            // What ends, ends when the tables say so, whatever the worker waits for.
            Notification::Came(pairs) | Notification::Went(pairs) => return self.claim_members(pairs),
            Notification::Banned(pairs) => return self.claim_banned(pairs),
            Notification::Deleted(chat_id) => return self.claim_deleted(chat_id),
            Notification::Ended(session_id) => return self.claim_ended(session_id),
            Notification::RolesChanged => return self.claim_roles(None),
            Notification::RolesGiven(people) => return self.claim_roles(Some(people)),
        }
        self.0.wake.pending.notify_one();
    }

    /// Notifications do not come through: looks at every followed chat and every session once.
    pub fn recheck_logs(&self) {
        self.0.app.permissions.forget_all();
        self.pending().recheck_logs = true;
        self.0.wake.pending.notify_one();
        self.recheck_notified();
    }

    /// Notifications may have been missed: looks at everything once.
    pub fn recheck_all(&self) {
        self.0.app.permissions.forget_all();
        {
            let mut pending = self.pending();
            (pending.recheck_logs, pending.recheck_people) = (true, true);
        }
        self.0.wake.pending.notify_one();
        self.recheck_notified();
        let hub = self.clone();
        tokio::spawn(async move {
            // When PostgreSQL has crashed nobody is online in its tables, until every instance has had its turn.
            sleep(SETTLED).await;
            hub.presences().recheck_all = true;
            hub.0.wake.presences.notify_one();
        });
    }

    /// Sends everyone away, each with a moment of its own to come back.
    pub fn drain(&self) {
        let sessions: Vec<_> = {
            let mut registry = self.registry();
            registry.draining = true;
            registry.sessions().collect()
        };
        let count = sessions.len() as u64;
        for (place, session) in sessions.iter().enumerate() {
            // A thousand a second is what another instance takes in its stride.
            let retry_after_ms = 100 + place as u64 * count.clamp(1, 10_000) / count.max(1);
            session
                .close_after_queue(CloseCode::Draining, &format!("{{\"retry_after_ms\":{retry_after_ms}}}"));
        }
    }

    /// How many clients are connected.
    pub fn clients(&self) -> usize {
        self.registry().sessions().len()
    }

    /// Everyone who is connected.
    pub(super) fn sessions(&self) -> Vec<Arc<Session>> {
        self.registry().sessions().collect()
    }

    /// Every followed chat.
    pub(super) fn channels(&self) -> Vec<Arc<Channel>> {
        self.registry().channels.values().cloned().collect()
    }

    /// This chat, if it is followed.
    fn channel(&self, chat_id: Uuid) -> Option<Arc<Channel>> {
        self.registry().channels.get(&chat_id).cloned()
    }

    /// Those of these chats that are followed.
    pub(super) fn channels_of(&self, chat_ids: &HashSet<Uuid>) -> Vec<Arc<Channel>> {
        let registry = self.registry();
        chat_ids.iter().filter_map(|chat_id| registry.channels.get(chat_id).cloned()).collect()
    }

    /// The gateways of somebody.
    pub(super) fn gateways_of(&self, user_id: Uuid) -> Vec<Arc<Session>> {
        self.registry().of_person(user_id).filter(|session| session.kind != Kind::Chat).cloned().collect()
    }

    /// The sockets of somebody.
    pub(super) fn sessions_of(&self, user_id: Uuid) -> Vec<Arc<Session>> {
        self.registry().of_person(user_id).cloned().collect()
    }

    /// Who has a socket here.
    pub(super) fn people_here(&self) -> HashSet<Uuid> {
        self.registry().people.keys().copied().collect()
    }

    /// Those of these people who have a socket here, and those who have none.
    pub(super) fn partition_by_presence(&self, people: &HashSet<Uuid>) -> (Vec<Uuid>, Vec<Uuid>) {
        let registry = self.registry();
        people.iter().partition(|id| registry.people.contains_key(id))
    }
}
