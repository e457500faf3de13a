//! Who comes and goes: told on the gateway, whether or not the chat is followed there.

use std::sync::Arc;

use uuid::Uuid;

use super::Hub;
use crate::{
    chats,
    error::Result,
    realtime::{
        frames::Notice,
        session::{Kind, Session},
        subscription,
    },
};

impl Hub {
    /// These people came into these chats: their gateways hear `chat_added`, and those that follow everything follow on.
    pub(super) async fn welcome_members(self, pairs: Vec<(Uuid, Uuid)>) {
        for (user_id, chat_id) in pairs {
            for session in self.gateways_of(user_id) {
                if let Err(error) = self.add_chat(&session, chat_id).await {
                    tracing::debug!(%error, %chat_id, "a chat that was added could not be told");
                }
            }
        }
    }

    /// These people went: a gateway that follows the chat is told in the order of its log, the others now.
    pub(super) fn dismiss_members(&self, pairs: &[(Uuid, Uuid)]) {
        for (user_id, chat_id) in pairs {
            for session in self.gateways_of(*user_id) {
                if !session.follows(*chat_id) {
                    session.tell(&Notice::ChatRemoved { chat_id: *chat_id });
                }
            }
        }
    }

    /// After bells may have been missed: who follows everything follows what came meanwhile.
    pub(super) async fn complete_followers(&self, sessions: &[Arc<Session>]) -> Result<()> {
        for session in sessions.iter().filter(|session| session.kind == (Kind::Gateway { all: true })) {
            let user_id = session.caller.user_id;
            let heads = chats::store::heads_of(&self.0.app.db().await?, user_id).await?;
            for (chat_id, _) in heads.into_iter().filter(|(chat_id, _)| !session.follows(*chat_id)) {
                self.add_chat(session, chat_id).await?;
            }
        }
        Ok(())
    }

    async fn add_chat(&self, session: &Arc<Session>, chat_id: Uuid) -> Result<()> {
        let chat = chats::service::get(&self.0.app, session.caller, chat_id).await?;
        session.tell(&Notice::ChatAdded { chat: &chat });
        if session.kind == (Kind::Gateway { all: true }) && !session.follows(chat_id) {
            subscription::begin(self, session, chat_id, None, |_| {}).await?;
        }
        Ok(())
    }

    fn gateways_of(&self, user_id: Uuid) -> Vec<Arc<Session>> {
        let theirs =
            |session: &&Arc<Session>| session.caller.user_id == user_id && session.kind != Kind::Chat;
        self.places().sessions.values().filter(theirs).cloned().collect()
    }
}
