//! What the bells say.

use uuid::Uuid;

/// What a bell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bell {
    /// These chats have news up to these entries.
    News(Vec<(Uuid, i64)>),
    /// This chat is gone.
    Deleted(Uuid),
    /// This session is over.
    Ended(Uuid),
}

impl Bell {
    /// Reads a payload as the triggers write it; `None` for what is meant for somebody else.
    pub fn parse(payload: &str) -> Option<Self> {
        let (kind, rest) = payload.split_once(' ')?;
        match kind {
            "m" => rest
                .split(',')
                .map(|pair| {
                    let (chat_id, seq) = pair.split_once(':')?;
                    Some((chat_id.parse().ok()?, seq.parse().ok()?))
                })
                .collect::<Option<_>>()
                .map(Self::News),
            "d" => rest.parse().ok().map(Self::Deleted),
            "s" => rest.parse().ok().map(Self::Ended),
            _ => None,
        }
    }
}
