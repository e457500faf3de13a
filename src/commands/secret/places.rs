//! Where the database holds what is encrypted with `secrets.key`: what is not here is lost when an old key goes.

use uuid::Uuid;

use super::store::{self, Resealed, Sealed};
use crate::{
    auth, calendars,
    db::{GenericClient, Transaction},
    error::Result,
    hooks, invites, push, users, webhooks,
};

/// A column of encrypted values, one a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Contacts,
    Webhooks,
    LoginKeys,
    PushKeys,
    PushSubscriptions,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Contacts, Self::Webhooks, Self::LoginKeys, Self::PushKeys, Self::PushSubscriptions];

    /// The column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contacts => "users.contacts",
            Self::Webhooks => "webhooks.secret",
            Self::LoginKeys => "login_keys.private_key",
            Self::PushKeys => push::keys::PURPOSE,
            Self::PushSubscriptions => "push_subscriptions.secret",
        }
    }

    /// What the value of this row is encrypted for.
    pub fn purpose(self, id: Uuid) -> String {
        match self {
            Self::Contacts => users::view::purpose(id),
            Self::Webhooks => webhooks::model::purpose(id),
            Self::LoginKeys => auth::service::keys::purpose(id),
            Self::PushKeys => push::keys::PURPOSE.to_owned(),
            Self::PushSubscriptions => push::model::purpose(id),
        }
    }

    /// The next values in another key.
    pub async fn list(self, db: &impl GenericClient, after: Uuid, mark: &[u8], limit: i64) -> Result<Sealed> {
        match self {
            Self::Contacts => store::list_contacts(db, after, mark, limit).await,
            Self::Webhooks => store::list_webhooks(db, after, mark, limit).await,
            Self::LoginKeys => store::list_login_keys(db, after, mark, limit).await,
            Self::PushKeys => store::list_push_keys(db, after, mark, limit).await,
            Self::PushSubscriptions => store::list_push_subscriptions(db, after, mark, limit).await,
        }
    }

    /// Replaces values that are still what was read; says how many.
    pub async fn reseal(self, db: &Transaction<'_>, all: &Resealed) -> Result<u64> {
        match self {
            Self::Contacts => store::reseal_contacts(db, all).await,
            Self::Webhooks => store::reseal_webhooks(db, all).await,
            Self::LoginKeys => store::reseal_login_keys(db, all).await,
            Self::PushKeys => store::reseal_push_keys(db, all).await,
            Self::PushSubscriptions => store::reseal_push_subscriptions(db, all).await,
        }
    }
}

/// What the answers are encrypted for that are kept for an `Idempotency-Key` and hold a secret.
pub const ANSWERS: [&str; 5] = [
    auth::service::tokens::ANSWER_PURPOSE,
    calendars::service::ANSWER_PURPOSE,
    hooks::service::ANSWER_PURPOSE,
    invites::service::ANSWER_PURPOSE,
    webhooks::service::ANSWER_PURPOSE,
];
