//! The shapes of a listed chat, and which are wanted.

use poem_openapi::{Enum, Object};
use serde::Serialize;

use crate::{
    chats::{
        Chat,
        model::{Visibility, mute::Mute},
    },
    http::Search,
    messages::Message,
    time::Timestamp,
};

/// A chat in a list: mine come with what is new in them.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "ChatSummary")]
pub struct ListedChat {
    /// The chat.
    #[oai(flatten)]
    #[serde(flatten)]
    pub chat: Chat,
    /// Its latest message; null when nothing was said yet. Absent with `scope=public`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Option<Message>>,
    /// Messages of others after my read mark: exact up to 999, 1000 means that or more; absent with `scope=public`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread_count: Option<i64>,
    /// Those of them that mention me: exact up to 999, 1000 means that or more; absent with `scope=public`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention_count: Option<i64>,
    /// How far I have read; absent with `scope=public`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_read_seq: Option<i64>,
    /// How I have muted it; null when I have not. Absent with `scope=public`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mute: Option<Option<Mute>>,
}

/// Which chats to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[oai(rename_all = "snake_case")]
#[oai(rename = "ChatScope")]
pub enum Scope {
    /// Those the caller is in.
    #[default]
    Mine,
    /// All public ones.
    Public,
}

/// What a chat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ChatKind {
    /// For any number of people, under a title.
    Group,
    /// The one between two.
    Direct,
}

impl ChatKind {
    /// As the column has it.
    pub fn as_column(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Direct => "direct",
        }
    }
}

/// Which chats are wanted; `None` is any.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The words that must occur.
    pub search: Search,
    /// What it is.
    pub kind: Option<ChatKind>,
    /// Who may find and enter it.
    pub visibility: Option<Visibility>,
    /// Made at this moment or later.
    pub from: Option<Timestamp>,
    /// Made at this moment or earlier.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// Whether it leaves nothing out.
    pub fn is_any(&self) -> bool {
        let Self { search, kind, visibility, from, to } = self;
        search.longest().is_none() && kind.is_none() && visibility.is_none() && from.is_none() && to.is_none()
    }
}
