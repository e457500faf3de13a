//! The list of chats over HTTP.

use poem_openapi::{Enum, Object, OpenApi, param::Query};
use serde::Serialize;

use super::store::{self, Page};
use crate::{
    app::App,
    chats::{Chat, model::ChatSort},
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
    /// or with `scope=public` all public ones, to discover. Direct chats come with the other one as `peer`.
    #[oai(path = "/chats", method = "get", operation_id = "list_chats")]
    async fn list_chats(
        &self,
        caller: Caller,
        /// Whose chats.
        #[oai(default)]
        scope: Query<Scope>,
        /// Every word must occur in title or description, ignoring case; a direct chat is found by the other one's name.
        search: Query<Option<String>>,
        /// The order, the newest activity first when left out. A direct chat has the other one's name for a title.
        #[oai(default)]
        sort: Query<ChatSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to pass over.
        #[oai(default)]
        offset: Query<Offset>,
    ) -> poem::Result<Json<Listed<ListedChat>>> {
        let search = Search::parse(search.0.as_deref())?;
        let page = Page { sort: sort.0, limit: limit.0.0, offset: offset.0.0 };
        Ok(Json(match scope.0 {
            Scope::Mine => mine(&self.app, caller, search.patterns(), page).await?,
            Scope::Public => public(&self.app, &search, page).await?,
        }))
    }
}

async fn mine(app: &App, caller: Caller, patterns: &[String], page: Page) -> Result<Listed<ListedChat>> {
    let db = app.db().await?;
    let rows = store::list_mine(&db, caller.user_id, patterns, page).await?;
    let total = match rows.first() {
        Some(row) => row.total,
        // A page beyond the end has no row to tell the total.
        None => store::count_mine(&db, caller.user_id, patterns).await?,
    };
    Ok(listed(app, rows, total))
}

async fn public(app: &App, search: &Search, page: Page) -> Result<Listed<ListedChat>> {
    let db = app.db().await?;
    let Some(longest) = search.longest() else {
        let rows = store::list_public(&db, page).await?;
        let total = match rows.first() {
            Some(row) => row.total,
            None => store::count_public(&db).await?,
        };
        return Ok(listed(app, rows, total));
    };
    let patterns = search.patterns();
    let rows = store::search_public(&db, longest, patterns, page).await?;
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
