//! The shapes of how somebody wants to be told, kind by kind.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The messages of direct chats, which are no notifications.
pub const DIRECT: &str = "direct";

/// How somebody wants to be told of a kind.
#[derive(Debug, Clone, Copy, Object, Serialize, Deserialize)]
#[oai(rename = "NotificationWays")]
pub struct Ways {
    /// Whether it is told at once to sockets that are open. It is listed all the same.
    pub live: bool,
    /// Whether it is pushed to devices while no socket is open.
    pub push: bool,
}

/// A change of that; what is left out stays as it is.
#[derive(Debug, Clone, Copy, Object, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[oai(rename = "NotificationWaysChange")]
pub struct WaysChange {
    /// Whether it is told at once to sockets that are open.
    pub live: Option<bool>,
    /// Whether it is pushed to devices while no socket is open.
    pub push: Option<bool>,
}

macro_rules! preferences {
    ($($(#[doc = $about:literal])* $kind:ident: $push:literal,)*) => {
        /// How somebody wants to be told, by kind.
        #[derive(Debug, Clone, Object, Serialize)]
        #[oai(example)]
        #[oai(rename = "NotificationPreferences")]
        pub struct Preferences {
            $($(#[doc = $about])* pub $kind: Ways,)*
        }

        /// What is to be changed of that, by kind; what is left out stays as it is.
        #[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        #[oai(example)]
        #[oai(rename = "NotificationPreferencesChange")]
        pub struct PreferencesChange {
            $($(#[doc = $about])* pub $kind: Option<WaysChange>,)*
        }

        /// Every kind there is a preference for.
        pub const KINDS: &[&str] = &[$(stringify!($kind),)*];

        impl Preferences {
            /// From what the table says of each kind.
            pub fn of(known: &[(String, Ways)]) -> Result<Self> {
                let ways = |kind: &str| {
                    let found = known.iter().find(|(known, _)| known == kind).map(|(_, ways)| *ways);
                    found.ok_or_else(|| Error::internal(format!("no preference of {kind}")))
                };
                Ok(Self { $($kind: ways(stringify!($kind))?,)* })
            }
        }

        impl PreferencesChange {
            /// What is to be changed.
            pub fn named(&self) -> Vec<(&'static str, WaysChange)> {
                let all = [$((stringify!($kind), self.$kind),)*];
                all.into_iter().filter_map(|(kind, change)| Some((kind, change?))).collect()
            }
        }

        impl Example for Preferences {
            fn example() -> Self {
                Self { $($kind: Ways { live: true, push: $push },)* }
            }
        }
    };
}

preferences! {
    /// Somebody wants to be my friend.
    friend_request: true,
    /// Somebody accepted my friend request.
    friend_accepted: false,
    /// Somebody mentioned me in a chat.
    mention: true,
    /// Somebody replied to a message of mine.
    reply: true,
    /// Somebody added me to a chat.
    chat_added: false,
    /// Somebody commented on an event or a post of mine.
    comment: false,
    /// Somebody bought tickets for an event of mine.
    ticket_bought: false,
    /// An event that I hold a ticket for was changed or cancelled.
    event_changed: true,
    /// An event begins soon.
    event_soon: true,
    /// A place is free for me at an event that I wait for.
    place_free: true,
    /// A scheduled message of mine was not sent.
    scheduled_failed: false,
    /// An administrator has something to say.
    message: true,
    /// Messages of direct chats: frames of the chat tell of them as they come, so that only `push` can be changed.
    direct: true,
}

impl Example for PreferencesChange {
    fn example() -> Self {
        let quiet = WaysChange { live: Some(false), push: Some(false) };
        Self { friend_accepted: Some(quiet), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::KINDS;
    use crate::notifications::model::NotificationKind;

    #[test]
    fn every_kind_has_a_preference() {
        let mut kinds: Vec<_> = NotificationKind::ALL.iter().map(|kind| kind.word()).collect();
        kinds.push("direct");
        assert_eq!(kinds, KINDS);
    }
}
