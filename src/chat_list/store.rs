//! Chats with what is new in them: one function per query file.

use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use super::model::{ChatKind, Filter, ListedChat};
use crate::{
    chats::model::{ChatRow, Visibility, mute::Mute},
    db::{
        FromRow, GenericClient,
        query::{self, Rows},
    },
    error::Result,
    messages::model::{COLUMNS, MessageRow},
};

/// A row of a list, with how many rows there are in all where its statement counts them.
pub struct ListedRow {
    chat: ChatRow,
    pub total: Option<i64>,
    mine: Option<Mine>,
}

struct Mine {
    last_message: Option<MessageRow>,
    unread_count: i64,
    mention_count: i64,
    last_read_seq: i64,
    mute: Option<Mute>,
}

impl FromRow for ListedRow {
    fn from_row(row: &Row) -> Result<Self> {
        let has = |name| row.columns().iter().any(|column| column.name() == name);
        let mine = if has("last_read_seq") {
            let first = row.len() - COLUMNS;
            let has_message = row.try_get::<_, Option<Uuid>>(first)?.is_some();
            Some(Mine {
                last_message: if has_message { Some(MessageRow::from_columns(row, first)?) } else { None },
                unread_count: row.try_get("unread_count")?,
                mention_count: row.try_get("mention_count")?,
                last_read_seq: row.try_get("last_read_seq")?,
                mute: Mute::in_list(row)?,
            })
        } else {
            None
        };
        let total = if has("total") { Some(row.try_get("total")?) } else { None };
        Ok(Self { chat: ChatRow::from_row(row)?, total, mine })
    }
}

impl ListedRow {
    /// The row as clients see it.
    pub fn view(self, public_url: &str) -> ListedChat {
        let mut listed = ListedChat {
            chat: self.chat.view(public_url),
            last_message: None,
            unread_count: None,
            mention_count: None,
            last_read_seq: None,
            mute: None,
        };
        if let Some(mine) = self.mine {
            listed.last_message = Some(mine.last_message.map(|message| message.view(public_url)));
            listed.unread_count = Some(mine.unread_count);
            listed.mention_count = Some(mine.mention_count);
            listed.last_read_seq = Some(mine.last_read_seq);
            listed.mute = Some(mine.mute);
        }
        listed
    }
}

/// The chats someone is in that are wanted.
pub async fn list_mine(
    db: &impl GenericClient,
    user_id: Uuid,
    filter: &Filter,
    sort: &str,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<ListedRow>> {
    let sql = include_str!("../../sql/queries/chat_list/list_mine.sql");
    let (kind, visibility) = columns(filter);
    let Filter { search, from, to, .. } = filter;
    query::rows(
        db,
        sql,
        &[&user_id, &search.patterns(), &sort, &kind, &visibility, from, to, &limit, &offset],
    )
    .await
}

/// How many of the chats someone is in are wanted.
pub async fn count_mine(db: &impl GenericClient, user_id: Uuid, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/chat_list/count_mine.sql");
    let (kind, visibility) = columns(filter);
    let Filter { search, from, to, .. } = filter;
    let count = query::scalar(db, sql, &[&user_id, &search.patterns(), &kind, &visibility, from, to]).await?;
    Ok(count.unwrap_or(0))
}

/// Public chats that somebody may enter, the newest activity first; of no other kind and visibility. About as many are looked through as
/// are wanted. Of those that a search finds, a full page or none: then they are too few to be met this way.
pub async fn list_newest_public(
    db: &impl GenericClient,
    user_id: Uuid,
    filter: &Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<ListedRow>> {
    let sql = include_str!("../../sql/queries/chat_list/list_newest_public.sql");
    let Filter { search, from, to, .. } = filter;
    query::rows(db, sql, &[&user_id, from, to, &search.patterns(), &limit, &offset]).await
}

/// Public chats that somebody may enter, in another order.
pub async fn list_public(
    db: &impl GenericClient,
    user_id: Uuid,
    filter: &Filter,
    sort: &str,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<ListedRow>> {
    let sql = include_str!("../../sql/queries/chat_list/list_public.sql");
    let (kind, visibility) = columns(filter);
    let Filter { from, to, .. } = filter;
    query::rows(db, sql, &[&sort, &kind, &visibility, from, to, &limit, &offset, &user_id]).await
}

/// How many public chats somebody may enter.
pub async fn count_public(db: &impl GenericClient, user_id: Uuid, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/chat_list/count_public.sql");
    let (kind, visibility) = columns(filter);
    let Filter { from, to, .. } = filter;
    Ok(query::scalar(db, sql, &[&kind, &visibility, from, to, &user_id]).await?.unwrap_or(0))
}

/// Public chats that somebody may enter and in which every word occurs, all of which are put in order; the longest finds them.
pub async fn search_public(
    db: &impl GenericClient,
    user_id: Uuid,
    longest: &str,
    filter: &Filter,
    sort: &str,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<ListedRow>> {
    let sql = include_str!("../../sql/queries/chat_list/search_public.sql");
    let (kind, visibility) = columns(filter);
    let Filter { search, from, to, .. } = filter;
    query::rows(
        db,
        sql,
        &[&longest, &search.patterns(), &sort, &kind, &visibility, from, to, &limit, &offset, &user_id],
    )
    .await
}

/// How many of them there are, up to `most`.
pub async fn count_search_public(
    db: &impl GenericClient,
    user_id: Uuid,
    longest: &str,
    filter: &Filter,
    most: i64,
) -> Result<i64> {
    let sql = include_str!("../../sql/queries/chat_list/count_search_public.sql");
    let (kind, visibility) = columns(filter);
    let Filter { search, from, to, .. } = filter;
    let patterns = search.patterns();
    let parameters: [&(dyn ToSql + Sync); 8] =
        [&longest, &patterns, &kind, &visibility, from, to, &user_id, &most];
    Ok(query::scalar(db, sql, &parameters).await?.unwrap_or(0))
}

fn columns(filter: &Filter) -> (Option<&'static str>, Option<&'static str>) {
    (filter.kind.map(ChatKind::as_column), filter.visibility.map(Visibility::as_column))
}
