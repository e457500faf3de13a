//! Who comes and goes: told on the gateway, whether or not the chat is followed there.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

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

/// How many gateways are completed with one query.
const GATEWAYS: usize = 200;

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
                if session.goes_out_of(*chat_id) {
                    session.tell(&Notice::ChatRemoved { chat_id: *chat_id });
                }
            }
        }
    }

    /// After bells may have been missed: every gateway is told what has come and gone meanwhile.
    pub(super) async fn complete_gateways(&self) -> Result<()> {
        let gateways: Vec<_> = {
            let places = self.places();
            places.sessions.values().filter(|session| session.kind != Kind::Chat).cloned().collect()
        };
        for some in gateways.chunks(GATEWAYS) {
            let people: Vec<_> = some.iter().map(|session| session.caller.user_id).collect();
            // What it was told is read before the tables are: what comes in between rings.
            let told: Vec<_> = some.iter().map(|session| session.mine()).collect();
            let pairs = chats::store::list_of_people(&self.0.app.db().await?, &people).await?;
            let mut chats: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
            for (user_id, chat_id) in pairs {
                chats.entry(user_id).or_default().insert(chat_id);
            }
            for (session, told) in some.iter().zip(told) {
                let Some(told) = told else { continue };
                let mine = chats.get(&session.caller.user_id).cloned().unwrap_or_default();
                let user_id = session.caller.user_id;
                self.dismiss_members(
                    &told.difference(&mine).map(|chat_id| (user_id, *chat_id)).collect::<Vec<_>>(),
                );
                for chat_id in mine.difference(&told) {
                    self.add_chat(session, *chat_id).await?;
                }
            }
        }
        Ok(())
    }

    /// Tells a gateway that its user came into a chat, if that is news; and follows it, if it follows everything.
    pub(in crate::realtime) async fn add_chat(&self, session: &Arc<Session>, chat_id: Uuid) -> Result<()> {
        if !session.comes_into(chat_id) {
            return Ok(());
        }
        let added = async {
            let chat = chats::service::get(&self.0.app, session.caller, chat_id).await?;
            let is_told = session.tell_of(chat_id, &Notice::ChatAdded { chat: &chat });
            if is_told && session.kind == (Kind::Gateway { all: true }) && !session.follows(chat_id) {
                let begun = subscription::begin(self, session, chat_id, None, |_| {}).await;
                if begun.is_err() {
                    // They are out again, or it can not be known: it is told when it is next looked for.
                    session.tell(&Notice::ChatRemoved { chat_id });
                }
                begun?;
            }
            Ok(())
        };
        let added = added.await;
        if added.is_err() {
            // It is told when it is next looked for.
            session.forget(chat_id);
        }
        added
    }

    /// A gateway was put out of a chat by an entry of its log. Its user may have come back meanwhile, when it was still told to
    /// be in: that is told now.
    pub(in crate::realtime) async fn look_again(&self, session: &Arc<Session>, chat_id: Uuid) -> Result<()> {
        let user_id = session.caller.user_id;
        let members = chats::store::list_among(&self.0.app.db().await?, chat_id, &[user_id]).await?;
        if !members.is_empty() && session.kind != Kind::Chat {
            self.add_chat(session, chat_id).await?;
        }
        Ok(())
    }

    fn gateways_of(&self, user_id: Uuid) -> Vec<Arc<Session>> {
        let theirs =
            |session: &&Arc<Session>| session.caller.user_id == user_id && session.kind != Kind::Chat;
        self.places().sessions.values().filter(theirs).cloned().collect()
    }
}
