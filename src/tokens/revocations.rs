//! Which sessions and API tokens ended before what is known of them did.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use uuid::Uuid;

/// How many are remembered before what the tables do not know is no longer.
const UNKNOWN: usize = 200_000;

/// How much longer than it must be a revocation is remembered, so that a clock which is set back by up to that much gives
/// no token its life back.
const CLOCK_SET_BACK: Duration = Duration::from_secs(3600);

/// The sessions that were revoked within the lifetime of an access token, kept in memory and filled by the notification. A
/// session revoked longer ago has no access token left that would need refusing. API tokens, which go by their own id,
/// are among them: what [`super::ApiTokens`] believes of one is younger than that.
pub struct Revocations {
    ended: RwLock<HashMap<Uuid, Instant>>,
    keep: Duration,
}

impl Revocations {
    /// Remembers each session for the lifetime of an access token, and an hour more.
    pub fn new(lifetime: Duration) -> Self {
        Self { ended: RwLock::default(), keep: lifetime + CLOCK_SET_BACK }
    }

    /// From now on the session's tokens are refused.
    pub fn add(&self, session_id: Uuid) {
        let now = Instant::now();
        let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
        if ended.len() >= 1024 && ended.len().is_power_of_two() {
            ended.retain(|_, at| now.duration_since(*at) < self.keep);
        }
        ended.insert(session_id, now);
    }

    /// The same for one that the tables do not know: deleted, or made up by whoever told of it. So many and no more, or
    /// somebody who makes them up would take the memory.
    pub fn add_unknown(&self, session_id: Uuid) {
        if self.ended.read().unwrap_or_else(PoisonError::into_inner).len() < UNKNOWN {
            self.add(session_id);
        }
    }

    /// Whether the session's tokens are refused.
    pub fn contains(&self, session_id: &Uuid) -> bool {
        self.ended.read().unwrap_or_else(PoisonError::into_inner).contains_key(session_id)
    }

    /// How long a revoked session has to be remembered.
    pub fn keep(&self) -> Duration {
        self.keep
    }
}
