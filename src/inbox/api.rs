//! The list of chats over HTTP.

use poem_openapi::{Enum, Object, OpenApi, param::Query};
use serde::Serialize;

use super::store;
use crate::{
    app::App,
    chats::Chat,
    error::Result,
    http::{Caller, Json, Limit, Listed, Offset, Search},
    messages::Message,
    tags::Tags,
};

/// The list of chats.
pub struct InboxApi {
    /// The running product.
    pub app: App,
}

/// A chat in a list: mine come with what is new in them.
#[derive(Debug, Clone, Object, Serialize)]
pub struct ListedChat {
    /// The chat.
    #[oai(flatten)]
    #[serde(flatten)]
    pub chat: Chat,
    /// Its latest message; null when nothing was said yet. Absent with `scope=public`, like the following.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Option<Message>>,
    /// Messages of others after my read mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread_count: Option<i64>,
    /// Those of them that mention me.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mention_count: Option<i64>,
    /// How far I have read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_read_seq: Option<i64>,
}

/// Which chats to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Scope {
    /// Those the caller is in.
    #[default]
    Mine,
    /// All public ones.
    Public,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Chats")]
impl InboxApi {
    /// List chats
    ///
    /// Mine, newest activity first, each with `last_message`, `unread_count`, `mention_count` and `last_read_seq`;
    /// or with `scope=public` all public ones, to discover.
    #[oai(path = "/chats", method = "get", operation_id = "list_chats")]
    async fn list_chats(
        &self,
        caller: Caller,
        /// Whose chats.
        #[oai(default)]
        scope: Query<Scope>,
        /// Every word must occur in title or description, ignoring case.
        search: Query<Option<String>>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to pass over.
        #[oai(default)]
        offset: Query<Offset>,
    ) -> poem::Result<Json<Listed<ListedChat>>> {
        let (limit, offset) = (limit.0.0, offset.0.0);
        let search = Search::parse(search.0.as_deref())?;
        Ok(Json(match scope.0 {
            Scope::Mine => mine(&self.app, caller, search.patterns(), limit, offset).await?,
            Scope::Public => public(&self.app, &search, limit, offset).await?,
        }))
    }
}

async fn mine(
    app: &App,
    caller: Caller,
    patterns: &[String],
    limit: i64,
    offset: i64,
) -> Result<Listed<ListedChat>> {
    let db = app.db().await?;
    let rows = store::list_mine(&db, caller.user_id, patterns, limit, offset).await?;
    let total = match rows.first() {
        Some(row) => row.total,
        // A page beyond the end has no row to tell the total.
        None => store::count_mine(&db, caller.user_id, patterns).await?,
    };
    Ok(listed(app, rows, total))
}

async fn public(app: &App, search: &Search, limit: i64, offset: i64) -> Result<Listed<ListedChat>> {
    let db = app.db().await?;
    let Some(longest) = search.longest() else {
        let rows = store::list_public(&db, limit, offset).await?;
        let total = match rows.first() {
            Some(row) => row.total,
            None => store::count_public(&db).await?,
        };
        return Ok(listed(app, rows, total));
    };
    let patterns = search.patterns();
    let rows = store::search_public(&db, longest, patterns, limit, offset).await?;
    let total = match rows.first() {
        Some(row) => row.total,
        None => store::count_search_public(&db, longest, patterns).await?,
    };
    Ok(listed(app, rows, total))
}

fn listed(app: &App, rows: Vec<store::ListedRow>, total: i64) -> Listed<ListedChat> {
    let public_url = app.public_url();
    Listed { items: rows.into_iter().map(|row| row.view(&public_url)).collect(), total }
}
