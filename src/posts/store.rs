//! The table `posts`: one function per query file.

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::model::{Filter, NewPost, Post, PostSort};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// Which part of a list is read.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// How many posts; `None` is all.
    pub limit: Option<i64>,
    /// How many are passed over.
    pub offset: i64,
    /// How many characters of each.
    pub shown: i32,
}

/// Adds a post.
pub async fn insert(db: &impl GenericClient, owner_id: Uuid, new: &NewPost) -> Result<Post> {
    let sql = include_str!("../../sql/queries/posts/insert.sql");
    query::one(db, sql, &[&Uuid::now_v7(), &owner_id, &new.title, &new.content]).await
}

/// One post.
pub async fn find(db: &impl GenericClient, id: Uuid) -> Result<Option<Post>> {
    query::opt(db, include_str!("../../sql/queries/posts/find.sql"), &[&id]).await
}

/// Changes a post, with an `owner_id` only if it is theirs; `None` when there was nothing to change.
pub async fn update(
    db: &impl GenericClient,
    id: Uuid,
    new: &NewPost,
    owner_id: Option<Uuid>,
) -> Result<Option<Post>> {
    let sql = include_str!("../../sql/queries/posts/update.sql");
    query::opt(db, sql, &[&id, &new.title, &new.content, &owner_id]).await
}

/// Removes a post, with an `owner_id` only if it is theirs; says whether there was one.
pub async fn delete(db: &impl GenericClient, id: Uuid, owner_id: Option<Uuid>) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/posts/delete.sql"), &[&id, &owner_id]).await? == 1)
}

/// Posts with all the words of a search, in an order that is walked along until the page is full.
pub async fn list(
    db: &impl GenericClient,
    filter: &Filter,
    sort: PostSort,
    part: Part,
) -> Result<Rows<Post>> {
    match sort {
        PostSort::Newest => list_newest(db, filter, part).await,
        PostSort::Oldest => list_oldest(db, filter, part).await,
        PostSort::Title => list_by_title(db, filter, part).await,
        PostSort::TitleDescending => list_by_title_descending(db, filter, part).await,
    }
}

async fn list_newest(db: &impl GenericClient, filter: &Filter, part: Part) -> Result<Rows<Post>> {
    walk(db, include_str!("../../sql/queries/posts/list_newest.sql"), filter, part).await
}

async fn list_oldest(db: &impl GenericClient, filter: &Filter, part: Part) -> Result<Rows<Post>> {
    walk(db, include_str!("../../sql/queries/posts/list_oldest.sql"), filter, part).await
}

async fn list_by_title(db: &impl GenericClient, filter: &Filter, part: Part) -> Result<Rows<Post>> {
    walk(db, include_str!("../../sql/queries/posts/list_by_title.sql"), filter, part).await
}

async fn list_by_title_descending(
    db: &impl GenericClient,
    filter: &Filter,
    part: Part,
) -> Result<Rows<Post>> {
    walk(db, include_str!("../../sql/queries/posts/list_by_title_descending.sql"), filter, part).await
}

async fn walk(db: &impl GenericClient, sql: &str, filter: &Filter, part: Part) -> Result<Rows<Post>> {
    let Part { limit, offset, shown } = part;
    query::rows(db, sql, &[&filter.from, &filter.to, &filter.search.patterns(), &shown, &limit, &offset])
        .await
}

/// The posts of one person.
pub async fn list_owned(
    db: &impl GenericClient,
    owner_id: Uuid,
    filter: &Filter,
    sort: PostSort,
    part: Part,
) -> Result<Rows<Post>> {
    let sql = include_str!("../../sql/queries/posts/list_owned.sql");
    let (patterns, word, Part { limit, offset, shown }) = (filter.search.patterns(), sort.word(), part);
    let parameters: [&(dyn ToSql + Sync); 8] =
        [&filter.from, &filter.to, &patterns, &shown, &limit, &offset, &owner_id, &word];
    query::rows(db, sql, &parameters).await
}

/// The posts that a search finds, all of which are put in order; the longest pattern finds them.
pub async fn search(
    db: &impl GenericClient,
    longest: &str,
    filter: &Filter,
    sort: PostSort,
    part: Part,
) -> Result<Rows<Post>> {
    let sql = include_str!("../../sql/queries/posts/search.sql");
    let (patterns, word, Part { limit, offset, shown }) = (filter.search.patterns(), sort.word(), part);
    let parameters: [&(dyn ToSql + Sync); 8] =
        [&filter.from, &filter.to, &patterns, &shown, &limit, &offset, &longest, &word];
    query::rows(db, sql, &parameters).await
}

/// How many posts there are, whatever they say.
pub async fn count(db: &impl GenericClient, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/posts/count.sql");
    Ok(query::scalar(db, sql, &[&filter.from, &filter.to]).await?.unwrap_or(0))
}

/// How many posts one person has written, up to `most`.
pub async fn count_owned(
    db: &impl GenericClient,
    owner_id: Uuid,
    filter: &Filter,
    most: Option<i64>,
) -> Result<i64> {
    let sql = include_str!("../../sql/queries/posts/count_owned.sql");
    let patterns = filter.search.patterns();
    Ok(query::scalar(db, sql, &[&filter.from, &filter.to, &patterns, &owner_id, &most]).await?.unwrap_or(0))
}

/// How many posts a search finds, up to `most`; the longest pattern finds them.
pub async fn count_found(db: &impl GenericClient, longest: &str, filter: &Filter, most: i64) -> Result<i64> {
    let sql = include_str!("../../sql/queries/posts/count_found.sql");
    let patterns = filter.search.patterns();
    Ok(query::scalar(db, sql, &[&filter.from, &filter.to, &patterns, &longest, &most]).await?.unwrap_or(0))
}

/// The same for words that are too short for the index: posts are looked at until there are so many.
pub async fn count_short(db: &impl GenericClient, filter: &Filter, most: i64) -> Result<i64> {
    let sql = include_str!("../../sql/queries/posts/count_short.sql");
    let patterns = filter.search.patterns();
    Ok(query::scalar(db, sql, &[&filter.from, &filter.to, &patterns, &most]).await?.unwrap_or(0))
}
