//! What a NOTIFY of the triggers says.

use std::str::FromStr;

use uuid::Uuid;

/// What a NOTIFY says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notification {
    /// These chats have news up to these entries.
    Entries(Vec<(Uuid, i64)>),
    /// These people came into these chats (the first of each pair is the person).
    Came(Vec<(Uuid, Uuid)>),
    /// These people went out of these chats.
    Went(Vec<(Uuid, Uuid)>),
    /// These people, who only watched, were banned from these chats.
    Banned(Vec<(Uuid, Uuid)>),
    /// These people have notifications up to these numbers.
    Notified(Vec<(Uuid, i64)>),
    /// These people have read these notifications (the first of each pair is the person), or many, where it is the person again.
    Read(Vec<(Uuid, Uuid)>),
    /// These notifications of these people were removed, in the same form.
    Removed(Vec<(Uuid, Uuid)>),
    /// These people came online somewhere, or went offline there.
    Presence(Vec<Uuid>),
    /// This chat is gone.
    Deleted(Uuid),
    /// This session is over.
    Ended(Uuid),
    /// What roles permit has changed, or who has them.
    RolesChanged,
    /// These people were given roles, or lost some.
    RolesGiven(Vec<Uuid>),
}

impl Notification {
    /// Reads a payload as the triggers write it; `None` for what is meant for somebody else.
    pub fn parse(payload: &str) -> Option<Self> {
        let (kind, rest) = payload.split_once(' ')?;
        match kind {
            "m" => pairs(rest).map(Self::Entries),
            "n" => pairs(rest).map(Self::Notified),
            "u" => pairs(rest).map(Self::Read),
            "x" => pairs(rest).map(Self::Removed),
            "a" => pairs(rest).map(Self::Came),
            "r" => pairs(rest).map(Self::Went),
            "b" => pairs(rest).map(Self::Banned),
            "o" => ids(rest).map(Self::Presence),
            "g" if rest == "*" => Some(Self::RolesChanged),
            "g" => ids(rest).map(Self::RolesGiven),
            "d" => rest.parse().ok().map(Self::Deleted),
            "s" => rest.parse().ok().map(Self::Ended),
            _ => None,
        }
    }
}

/// `one,other…`
fn ids(text: &str) -> Option<Vec<Uuid>> {
    text.split(',').map(|id| id.parse().ok()).collect()
}

/// `one:other,one:other…`
fn pairs<A: FromStr, B: FromStr>(text: &str) -> Option<Vec<(A, B)>> {
    let pair = |pair: &str| {
        let (one, other) = pair.split_once(':')?;
        Some((one.parse().ok()?, other.parse().ok()?))
    };
    text.split(',').map(pair).collect()
}
