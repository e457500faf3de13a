//! What the hub does when bells have rung: a round over all they told.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::time::sleep;
use uuid::Uuid;

use super::{Heard, Hub};
use crate::{
    auth,
    error::Result,
    realtime::{
        channel::Channel,
        frames::{CloseCode, Notice},
        session::Kind,
    },
};

impl Hub {
    pub(super) async fn work(self) {
        loop {
            self.0.bell.notified().await;
            let heard = std::mem::take(&mut *self.heard());
            if let Err(error) = self.round(&heard).await {
                tracing::warn!(%error, "news could not be read; trying again");
                // But for letters: who hears them late is told what no longer is.
                {
                    let mut again = self.heard();
                    again.rung.extend(heard.rung);
                    again.doubted.extend(heard.doubted);
                    again.presences.extend(heard.presences);
                    again.asked.extend(heard.asked);
                    again.look_at_logs |= heard.look_at_logs;
                    again.look_at_people |= heard.look_at_people;
                    again.look_at_presences |= heard.look_at_presences;
                }
                sleep(Duration::from_millis(200)).await;
                self.0.bell.notify_one();
            }
        }
    }

    async fn round(&self, heard: &Heard) -> Result<()> {
        let told = self.ends_of(&heard.letters);
        if heard.look_at_logs {
            self.look_around().await?;
            let all: Vec<_> = self.places().channels.values().cloned().collect();
            self.read_news(all).await?;
        } else {
            self.compare_logs(&self.channels_of(&heard.doubted)).await?;
            self.read_news(self.channels_of(&heard.rung)).await?;
        }
        if heard.look_at_people {
            self.complete_gateways().await?;
        }
        // After the news that rang before them: who was put out meanwhile hears no letter.
        self.deliver(&heard.letters, &told);
        self.tell_presences(heard).await
    }

    fn channels_of(&self, chat_ids: &HashSet<Uuid>) -> Vec<Arc<Channel>> {
        let places = self.places();
        chat_ids.iter().filter_map(|chat_id| places.channels.get(chat_id).cloned()).collect()
    }

    /// Asks the tables what bells may not have told: where the logs stand, which chats and sessions are gone.
    async fn look_around(&self) -> Result<()> {
        auth::service::load_revocations(&self.0.app).await?;
        let (channels, sessions): (Vec<_>, Vec<_>) = {
            let places = self.places();
            (places.channels.values().cloned().collect(), places.sessions.values().cloned().collect())
        };
        let deleted = self.compare_logs(&channels).await?;
        let db = self.0.app.db().await?;
        let session_ids: Vec<_> = sessions.iter().map(|session| session.caller.session_id).collect();
        let over = auth::store::list_over(&db, &session_ids).await?;
        drop(db);
        // Those that were deleted are not among the revoked.
        over.iter().for_each(|id| self.0.app.revocations.add(*id));
        self.end_sessions(&over);
        self.end_chats(&deleted);
        self.dismiss_unpermitted(&sessions).await
    }

    pub(super) fn end_sessions(&self, ended: &[Uuid]) {
        if ended.is_empty() {
            return;
        }
        let sessions: Vec<_> = self.places().sessions.values().cloned().collect();
        for session in sessions.iter().filter(|session| ended.contains(&session.caller.session_id)) {
            session.close(CloseCode::SessionOver, "this session has ended");
        }
    }

    pub(super) fn end_chats(&self, deleted: &[Uuid]) {
        for chat_id in deleted {
            let channel = self.places().channels.remove(chat_id);
            for session in channel.iter().flat_map(|channel| channel.followers()) {
                session.forget(*chat_id);
                session.tell(&Notice::ChatDeleted { chat_id: *chat_id });
                match session.kind {
                    Kind::Chat => session.close_after_queue(CloseCode::ChatDeleted, "this chat was deleted"),
                    Kind::Gateway { .. } => _ = session.unfollow(*chat_id),
                }
            }
        }
    }
}
