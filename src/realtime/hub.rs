//! Where bells become frames: gathers the bells that have arrived, keeps those somebody here follows, reads all their
//! news in one query, encodes each frame once and hands the same bytes to every socket.

mod members;
mod news;

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

use super::{
    bell::Bell,
    channel::Channel,
    frames::{self, CloseCode, HEARTBEAT_SECONDS, Notice},
    session::{Kind, Session},
};
use crate::{app::App, auth, chats, error::Result, telemetry::metrics::names};

/// Everyone who watches on this instance. A clone is cheap.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    app: App,
    places: Mutex<Places>,
    heard: Mutex<Heard>,
    bell: Notify,
    numbers: AtomicU64,
}

#[derive(Default)]
struct Places {
    channels: HashMap<Uuid, Arc<Channel>>,
    sessions: HashMap<u64, Arc<Session>>,
    draining: bool,
}

/// What bells have told since the last round.
#[derive(Default)]
struct Heard {
    rung: HashSet<Uuid>,
    /// Bells may have been missed: look at everything once.
    look_at_all: bool,
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
            numbers: AtomicU64::new(1),
        }));
        tokio::spawn(hub.clone().work());
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
        metrics::gauge!(names::SOCKETS).set(places.sessions.len() as f64);
        true
    }

    /// A client is gone.
    pub fn leave(&self, session: &Session) {
        let mut places = self.places();
        places.sessions.remove(&session.number);
        for chat_id in session.chats() {
            places.unfollow(chat_id, session.number);
        }
        metrics::gauge!(names::SOCKETS).set(places.sessions.len() as f64);
    }

    /// Begins to follow a chat. Where its log stands is to be read after this, and said with [`Hub::start_channel`].
    pub fn follow(&self, chat_id: Uuid, session: &Arc<Session>) -> Arc<Channel> {
        let mut places = self.places();
        let channel =
            Arc::clone(places.channels.entry(chat_id).or_insert_with(|| Arc::new(Channel::new(chat_id))));
        channel.follow(session);
        metrics::gauge!(names::FOLLOWED_CHATS).set(places.channels.len() as f64);
        channel
    }

    /// A client follows a chat no longer.
    pub fn unfollow(&self, chat_id: Uuid, session: &Session) {
        self.places().unfollow(chat_id, session.number);
    }

    /// Says where the log of a channel stood after it was followed.
    pub fn start_channel(&self, channel: &Channel, last_seq: i64) {
        channel.start_at(last_seq);
        channel.ring(last_seq);
        self.heard().rung.insert(channel.chat_id);
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
            Bell::Came(pairs) => {
                tokio::spawn(self.clone().welcome_members(pairs));
                return;
            }
            Bell::Went(pairs) => return self.dismiss_members(&pairs),
            // What ends, ends now, whatever the worker waits for.
            Bell::Deleted(chat_id) => return self.end_chats(&[chat_id]),
            Bell::Ended(session_id) => {
                self.0.app.revocations.add(session_id);
                return self.end_sessions(&[session_id]);
            }
        }
        self.0.bell.notify_one();
    }

    /// Bells may have been missed: looks at every followed chat and every session once.
    pub fn look_at_all(&self) {
        self.heard().look_at_all = true;
        self.0.bell.notify_one();
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

    async fn work(self) {
        loop {
            self.0.bell.notified().await;
            let heard = std::mem::take(&mut *self.heard());
            if let Err(error) = self.round(&heard).await {
                tracing::warn!(%error, "news could not be read; trying again");
                {
                    let mut again = self.heard();
                    again.rung.extend(heard.rung);
                    again.look_at_all |= heard.look_at_all;
                }
                sleep(Duration::from_millis(200)).await;
                self.0.bell.notify_one();
            }
        }
    }

    async fn round(&self, heard: &Heard) -> Result<()> {
        if heard.look_at_all {
            self.look_around().await?;
            let all: Vec<_> = self.places().channels.values().cloned().collect();
            return self.read_news(all).await;
        }
        let rung = {
            let places = self.places();
            heard.rung.iter().filter_map(|chat_id| places.channels.get(chat_id).cloned()).collect()
        };
        self.read_news(rung).await
    }

    /// Asks the tables what bells may not have told: where the logs stand, which chats and sessions are gone.
    async fn look_around(&self) -> Result<()> {
        auth::service::load_revocations(&self.0.app).await?;
        let (channels, sessions): (Vec<_>, Vec<_>) = {
            let places = self.places();
            (places.channels.values().cloned().collect(), places.sessions.values().cloned().collect())
        };
        // Read before the tables are: a log that then ends earlier than this was cut off.
        let read: Vec<_> = channels.iter().map(|channel| channel.head()).collect();
        let db = self.0.app.db().await?;
        let chat_ids: Vec<_> = channels.iter().map(|channel| channel.chat_id).collect();
        let heads: HashMap<_, _> = chats::store::heads(&db, &chat_ids).await?.into_iter().collect();
        let mut deleted = Vec::new();
        for (channel, read) in channels.iter().zip(read) {
            match heads.get(&channel.chat_id) {
                Some(last_seq) if read.is_some_and(|read| read > *last_seq) => {
                    channel.rewind(*last_seq);
                    for session in channel.followers() {
                        session.rewind(channel.chat_id, *last_seq);
                    }
                }
                Some(last_seq) => channel.ring(*last_seq),
                None => deleted.push(channel.chat_id),
            }
        }
        let session_ids: Vec<_> = sessions.iter().map(|session| session.caller.session_id).collect();
        let over = auth::store::list_over(&db, &session_ids).await?;
        drop(db);
        self.end_sessions(&over);
        self.end_chats(&deleted);
        self.complete_followers(&sessions).await
    }

    fn end_sessions(&self, ended: &[Uuid]) {
        if ended.is_empty() {
            return;
        }
        let sessions: Vec<_> = self.places().sessions.values().cloned().collect();
        for session in sessions.iter().filter(|session| ended.contains(&session.caller.session_id)) {
            session.close(CloseCode::SessionOver, "this session has ended");
        }
    }

    fn end_chats(&self, deleted: &[Uuid]) {
        for chat_id in deleted {
            let channel = self.places().channels.remove(chat_id);
            for session in channel.iter().flat_map(|channel| channel.followers()) {
                session.tell(&Notice::ChatDeleted { chat_id: *chat_id });
                match session.kind {
                    Kind::Chat => session.close_after_queue(CloseCode::ChatDeleted, "this chat was deleted"),
                    Kind::Gateway { .. } => _ = session.unfollow(*chat_id),
                }
            }
        }
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
