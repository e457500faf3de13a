//! What may be forgotten: who is typing, how far somebody has read, the signals of a call. Gathered for a moment, then sent
//! to every instance with one NOTIFY that waits for no flush. Nothing is told again; a lost event is no harm. Each is signed
//! with a key that only servers have, for any role of the database may NOTIFY.

mod envelope;
mod keys;
mod store;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::db::Pool;
use chrono::Utc;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};
use uuid::Uuid;

pub use envelope::{Decoder, Taken};
pub use keys::Keys;

use envelope::Encoder;

/// The time between two posts of an instance. The first event after a pause goes at once.
const PAUSE: Duration = Duration::from_millis(100);
/// The most call signals that wait for one post; more are forgotten.
const SIGNALS: usize = 1_000;

/// One event. The names are short, for a notification holds 8,000 bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum EphemeralEvent {
    /// Someone is typing in a chat.
    #[serde(rename = "t")]
    Typing(Uuid, Uuid),
    /// Someone has read a chat up to an entry.
    #[serde(rename = "r")]
    Read(Uuid, Uuid, i64),
    /// In a chat, from one member to another: what their programs tell each other about a call, as JSON text, so that
    /// nobody else's event suffers from how deep it goes.
    #[serde(rename = "c")]
    CallSignal(Uuid, Uuid, Uuid, String),
}

impl EphemeralEvent {
    /// The chat it is about.
    pub fn chat_id(&self) -> Uuid {
        match self {
            Self::Typing(chat_id, ..) | Self::Read(chat_id, ..) | Self::CallSignal(chat_id, ..) => *chat_id,
        }
    }
}

/// Where events are posted. A clone is cheap.
#[derive(Clone)]
pub struct EphemeralEvents(Arc<Inner>);

struct Inner {
    keys: Keys,
    gathered: Mutex<Gathered>,
    waiting: Notify,
}

/// What has been posted since the last collection; who types twice types once.
#[derive(Default)]
struct Gathered {
    typing: HashSet<(Uuid, Uuid)>,
    reads: HashMap<(Uuid, Uuid), i64>,
    signals: Vec<EphemeralEvent>,
}

impl EphemeralEvents {
    /// Nothing posted yet; signed with these keys.
    pub fn new(keys: Keys) -> Self {
        Self(Arc::new(Inner { keys, gathered: Mutex::default(), waiting: Notify::new() }))
    }

    /// Who opens what others have signed.
    pub fn decoder(&self) -> Decoder {
        Decoder::new(self.0.keys.clone(), now_ms())
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.0.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Posts an event. It leaves within a tenth of a second, if the database can be reached then.
    pub fn post(&self, event: EphemeralEvent) {
        let mut gathered = self.gathered();
        match event {
            EphemeralEvent::Typing(chat_id, user_id) => _ = gathered.typing.insert((chat_id, user_id)),
            EphemeralEvent::Read(chat_id, user_id, seq) => {
                let mark = gathered.reads.entry((chat_id, user_id)).or_default();
                *mark = seq.max(*mark);
            }
            _ if gathered.signals.len() >= SIGNALS => return,
            EphemeralEvent::CallSignal(..) => gathered.signals.push(event),
        }
        self.0.waiting.notify_one();
    }

    /// Collects and sends, for as long as the program runs.
    pub async fn run(self, pool: Pool) {
        let mut encoder = Encoder::new(self.0.keys.clone());
        loop {
            self.0.waiting.notified().await;
            let events = std::mem::take(&mut *self.gathered()).events();
            let next = Instant::now() + PAUSE;
            if !events.is_empty()
                && let Err(error) = store::post(&pool, &encoder.encode(&events, now_ms())).await
            {
                tracing::debug!(%error, events = events.len(), "ephemeral events were dropped");
            }
            sleep_until(next).await;
        }
    }
}

/// The milliseconds since 1970.
pub fn now_ms() -> i64 {
    Utc::now().timestamp_millis()
}

impl Gathered {
    fn events(self) -> Vec<EphemeralEvent> {
        let typing =
            self.typing.into_iter().map(|(chat_id, user_id)| EphemeralEvent::Typing(chat_id, user_id));
        let reads = self
            .reads
            .into_iter()
            .map(|((chat_id, user_id), seq)| EphemeralEvent::Read(chat_id, user_id, seq));
        typing.chain(reads).chain(self.signals).collect()
    }
}
