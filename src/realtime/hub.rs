//! Where bells become frames: gathers the bells that have arrived, keeps those somebody here follows, reads all their
//! news in one query, encodes each frame once and hands the same bytes to every socket.

mod claims;
mod letters;
mod logs;
mod members;
mod news;
mod people;
mod permits;
mod rounds;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::sleep};
use uuid::Uuid;

use self::{claims::Claims, people::Watched};
use super::{
    bell::Bell,
    channel::Channel,
    frames::{self, CloseCode, HEARTBEAT_SECONDS},
    register::Register,
    session::Session,
};
use crate::{app::App, chats::Position, letters::Letter, telemetry::metrics::names};

/// After bells may have been missed: how long it takes until every instance that lives has given a sign of life and has
/// written anew who is connected to it.
const SETTLED: Duration = Duration::from_secs(12);

/// Everyone who watches on this instance. A clone is cheap.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    app: App,
    places: Mutex<Places>,
    heard: Mutex<Heard>,
    bell: Notify,
    claims: Mutex<Claims>,
    claimed: Notify,
    register: Register,
    numbers: AtomicU64,
}

#[derive(Default)]
struct Places {
    channels: HashMap<Uuid, Arc<Channel>>,
    sessions: HashMap<u64, Arc<Session>>,
    /// How many sockets each person has here.
    people: HashMap<Uuid, usize>,
    /// Whose coming and going somebody here wants to know of.
    watched: HashMap<Uuid, Watched>,
    draining: bool,
}

/// What bells have told since the last round.
#[derive(Default)]
struct Heard {
    rung: HashSet<Uuid>,
    /// Chats whose log may be another one than was read.
    doubted: HashSet<Uuid>,
    letters: Vec<Letter>,
    /// Who came online somewhere or went offline there.
    presences: HashSet<Uuid>,
    /// Who wants to know at once whether these people are online.
    asked: Vec<(Arc<Session>, Vec<Uuid>)>,
    /// Bells may have been missed: look at every followed chat once.
    look_at_logs: bool,
    /// The same, for who is in which chat.
    look_at_people: bool,
    /// The same, for who is online.
    look_at_presences: bool,
}

impl Places {
    /// A client follows a chat no longer; a channel that nobody follows goes.
    fn unfollow(&mut self, chat_id: Uuid, number: u64) {
        if self.channels.get(&chat_id).is_some_and(|channel| channel.unfollow(number)) {
            self.channels.remove(&chat_id);
        }
        metrics::gauge!(names::FOLLOWED_CHATS).set(self.channels.len() as f64);
    }
}

impl Hub {
    /// Starts the hub's worker and its heartbeat. They end with the runtime.
    pub fn start(app: App) -> Self {
        let hub = Self(Arc::new(Inner {
            app,
            places: Mutex::default(),
            heard: Mutex::default(),
            bell: Notify::new(),
            claims: Mutex::default(),
            claimed: Notify::new(),
            register: Register::new(),
            numbers: AtomicU64::new(1),
        }));
        tokio::spawn(hub.clone().work());
        tokio::spawn(hub.clone().judge_claims());
        tokio::spawn(hub.clone().beat());
        hub
    }

    /// The running product.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.0.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claims(&self) -> MutexGuard<'_, Claims> {
        self.0.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for the next client.
    pub fn next_number(&self) -> u64 {
        self.0.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// A client has connected; `false` when the server is draining and takes none.
    pub fn enter(&self, session: &Arc<Session>) -> bool {
        let mut places = self.places();
        if places.draining {
            return false;
        }
        places.sessions.insert(session.number, Arc::clone(session));
        let user_id = session.caller.user_id;
        let sockets = places.people.entry(user_id).or_default();
        *sockets += 1;
        if *sockets == 1 {
            self.0.register.note(user_id);
        }
        metrics::gauge!(names::SOCKETS).set(places.sessions.len() as f64);
        true
    }

    /// A client is gone.
    pub fn leave(&self, session: &Session) {
        let mut places = self.places();
        if places.sessions.remove(&session.number).is_none() {
            return;
        }
        for chat_id in session.chats() {
            places.unfollow(chat_id, session.number);
        }
        places.unwatch(&session.take_watched(), session.number);
        let user_id = session.caller.user_id;
        if let Some(sockets) = places.people.get_mut(&user_id) {
            *sockets -= 1;
            if *sockets == 0 {
                places.people.remove(&user_id);
                self.0.register.note(user_id);
            }
        }
        metrics::gauge!(names::SOCKETS).set(places.sessions.len() as f64);
    }

    /// Begins to follow a chat: the place at its channel and the client's own are one, taken under one lock. Where its log stands is to be read after this, and said with [`Hub::start_channel`].
    pub fn follow(&self, chat_id: Uuid, session: &Arc<Session>) -> Arc<Channel> {
        let mut places = self.places();
        let channel =
            Arc::clone(places.channels.entry(chat_id).or_insert_with(|| Arc::new(Channel::new(chat_id))));
        channel.follow(session);
        session.follow(Arc::clone(&channel));
        metrics::gauge!(names::FOLLOWED_CHATS).set(places.channels.len() as f64);
        channel
    }

    /// A client follows a chat no longer.
    pub fn unfollow(&self, chat_id: Uuid, session: &Session) {
        self.places().unfollow(chat_id, session.number);
    }

    /// A client was put out of a chat, and follows it no longer unless it has come back: its new place is not to be taken.
    pub fn let_go(&self, chat_id: Uuid, session: &Session) {
        let mut places = self.places();
        if !session.follows(chat_id) {
            places.unfollow(chat_id, session.number);
        }
    }

    /// Says where the log of a channel stood after it was followed.
    pub fn start_channel(&self, channel: &Channel, last: Position) {
        channel.start_at(last);
        channel.ring(last.seq);
        self.heard().rung.insert(channel.chat_id);
        self.0.bell.notify_one();
    }

    /// Somebody has found that the log of a chat is not the one that was read.
    pub fn doubt(&self, chat_id: Uuid) {
        self.heard().doubted.insert(chat_id);
        self.0.bell.notify_one();
    }

    /// A bell rang.
    pub fn hear(&self, bell: Bell) {
        match bell {
            Bell::News(chats) => {
                let places = self.places();
                let mut heard = self.heard();
                for (chat_id, seq) in chats {
                    if let Some(channel) = places.channels.get(&chat_id) {
                        channel.ring(seq);
                        heard.rung.insert(chat_id);
                    }
                }
                if heard.rung.is_empty() {
                    return;
                }
            }
            Bell::Came(pairs) | Bell::Went(pairs) => return self.claim_members(pairs),
            Bell::Presence(people) => {
                let places = self.places();
                let mut heard = self.heard();
                heard.presences.extend(people.iter().filter(|id| places.watched.contains_key(id)));
                if heard.presences.is_empty() {
                    return;
                }
            }
            // What ends, ends when the tables say so, whatever the worker waits for.
            Bell::Deleted(chat_id) => return self.claim_deleted(chat_id),
            Bell::Ended(session_id) => return self.claim_ended(session_id),
            Bell::RolesChanged => return self.claim_roles(None),
            Bell::RolesGiven(people) => return self.claim_roles(Some(people)),
        }
        self.0.bell.notify_one();
    }

    /// Bells do not come through: looks at every followed chat and every session once.
    pub fn look_at_logs(&self) {
        self.0.app.permissions.forget_all();
        self.heard().look_at_logs = true;
        self.0.bell.notify_one();
    }

    /// Bells may have been missed: looks at everything once.
    pub fn look_at_all(&self) {
        self.0.app.permissions.forget_all();
        {
            let mut heard = self.heard();
            (heard.look_at_logs, heard.look_at_people) = (true, true);
        }
        self.0.bell.notify_one();
        let hub = self.clone();
        tokio::spawn(async move {
            // When PostgreSQL has crashed nobody is online in its tables, until every instance has had its turn.
            sleep(SETTLED).await;
            hub.heard().look_at_presences = true;
            hub.0.bell.notify_one();
        });
    }

    /// Sends everyone away, each with a moment of its own to come back.
    pub fn drain(&self) {
        let sessions: Vec<_> = {
            let mut places = self.places();
            places.draining = true;
            places.sessions.values().cloned().collect()
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
        self.places().sessions.len()
    }

    /// Pings every client every 15 seconds, a fifteenth of them each second, and lets idle rings go.
    async fn beat(self) {
        let ping = frames::ping();
        for second in 0_u64.. {
            sleep(Duration::from_secs(1)).await;
            let turn = second % HEARTBEAT_SECONDS;
            let (sessions, channels): (Vec<_>, Vec<_>) = {
                let places = self.places();
                let due = |number: &u64| number % HEARTBEAT_SECONDS == turn;
                let sessions = places.sessions.iter().filter(|(number, _)| due(number));
                let channels = if turn == 0 { places.channels.values().cloned().collect() } else { vec![] };
                (sessions.map(|(_, session)| Arc::clone(session)).collect(), channels)
            };
            for session in sessions {
                session.ping(&ping);
            }
            for channel in channels {
                channel.trim();
            }
        }
    }
}
