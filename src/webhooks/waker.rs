//! Receives which chats have news, and wakes the webhooks of those that have some.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};
use uuid::Uuid;

use super::store;
use crate::{app::App, error::Result};

/// The time between two rounds: an instance that hears very many notifications asks twenty times a second and no more.
const PAUSE: Duration = Duration::from_millis(50);
/// The time before what failed is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// How often the chats that have webhooks are asked for anew, so that those without any more are forgotten.
const REFRESH: Duration = Duration::from_secs(300);
/// The most chats of one statement.
const CHATS: usize = 1_000;

/// The chat of the notification of `notify_webhooks`; `None` for what is meant for somebody else.
pub fn made_in(payload: &str) -> Option<Uuid> {
    payload.strip_prefix("w ")?.parse().ok()
}

/// Which chats have webhooks, as far as this instance knows, and which of them have news. A clone is cheap.
#[derive(Clone, Default)]
pub struct Waker(Arc<Inner>);

#[derive(Default)]
struct Inner {
    places: Mutex<Places>,
    notification: Notify,
}

#[derive(Default)]
struct Places {
    /// The chats that have webhooks.
    known: HashSet<Uuid>,
    /// Those that were made while the table was being asked.
    made: HashSet<Uuid>,
    /// The chats with webhooks that have news.
    notified: HashSet<Uuid>,
    /// Notifications may have been missed: ask for every chat, and look at each.
    recheck_all: bool,
}

impl Waker {
    fn places(&self) -> MutexGuard<'_, Places> {
        self.0.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These chats have news. Where nobody has webhooks it costs one look at an empty table in memory.
    pub fn on_notification(&self, chats: &[(Uuid, i64)]) {
        let mut places = self.places();
        if places.known.is_empty() {
            return;
        }
        let Places { known, notified, .. } = &mut *places;
        let before = notified.len();
        notified.extend(chats.iter().map(|(chat_id, _)| *chat_id).filter(|chat_id| known.contains(chat_id)));
        if notified.len() > before {
            self.0.notification.notify_one();
        }
    }

    /// A webhook was made in this chat, or switched on again.
    pub fn learn(&self, chat_id: Uuid) {
        let mut places = self.places();
        places.known.insert(chat_id);
        places.made.insert(chat_id);
        places.notified.insert(chat_id);
        self.0.notification.notify_one();
    }

    /// Notifications may have been missed: looks at everything once.
    pub fn recheck_all(&self) {
        self.places().recheck_all = true;
        self.0.notification.notify_one();
    }

    /// Wakes webhooks for as long as the program runs.
    pub async fn work(self, app: App) {
        let mut refreshed = Instant::now();
        loop {
            self.0.notification.notified().await;
            let (notified, recheck_all) = {
                let mut places = self.places();
                let is_due = refreshed.elapsed() > REFRESH;
                (std::mem::take(&mut places.notified), std::mem::take(&mut places.recheck_all) || is_due)
            };
            if recheck_all {
                refreshed = Instant::now();
            }
            if let Err(error) = self.round(&app, &notified, recheck_all).await {
                tracing::debug!(%error, "webhook jobs could not be queued; trying again");
                {
                    let mut places = self.places();
                    places.notified.extend(notified);
                    places.recheck_all |= recheck_all;
                }
                sleep(AGAIN).await;
                self.0.notification.notify_one();
            }
            sleep(PAUSE).await;
        }
    }

    async fn round(&self, app: &App, notified: &HashSet<Uuid>, recheck_all: bool) -> Result<()> {
        let mut chats: Vec<_> = notified.iter().copied().collect();
        if recheck_all {
            self.places().made.clear();
            let found = store::list_chats(&app.db().await?).await?;
            let mut places = self.places();
            places.known = found.into_iter().chain(places.made.iter().copied()).collect();
            chats = places.known.iter().copied().collect();
        }
        for some in chats.chunks(CHATS) {
            store::wake(&app.db().await?, some).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_chats_with_webhooks_are_heard() {
        let waker = Waker::default();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        waker.on_notification(&[(one, 1), (other, 1)]);
        assert!(waker.places().notified.is_empty());
        waker.learn(one);
        waker.places().notified.clear();
        waker.on_notification(&[(one, 2), (other, 2)]);
        assert_eq!(waker.places().notified, HashSet::from([one]));
    }

    #[test]
    fn a_notification_of_webhooks_names_their_chat() {
        let chat = Uuid::from_u128(1);
        assert_eq!(made_in(&format!("w {chat}")), Some(chat));
        assert_eq!(made_in(&format!("m {chat}:1")), None);
        assert_eq!(made_in("w one"), None);
    }
}
