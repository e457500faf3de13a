//! The table `comments`: one function per query file.

use uuid::Uuid;

use super::model::{Comment, CommentSort, Filter, Place, PlaceRow};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// What is commented, if it is there.
pub async fn find_place(db: &impl GenericClient, place: Place) -> Result<Option<PlaceRow>> {
    let sql = include_str!("../../sql/queries/comments/find_place.sql");
    query::opt(db, sql, &[&place.event_id(), &place.post_id()]).await
}

/// Holds what is commented until the transaction ends; whose it is, if it is there.
pub async fn lock_place(db: &impl GenericClient, place: Place) -> Result<Option<Uuid>> {
    let sql = include_str!("../../sql/queries/comments/lock_place.sql");
    query::scalar(db, sql, &[&place.event_id(), &place.post_id()]).await
}

/// Adds a comment.
pub async fn insert(db: &impl GenericClient, place: Place, owner_id: Uuid, content: &str) -> Result<Comment> {
    let sql = include_str!("../../sql/queries/comments/insert.sql");
    query::one(db, sql, &[&Uuid::now_v7(), &place.event_id(), &place.post_id(), &owner_id, &content]).await
}

/// Removes a comment, with an `owner_id` only if it is theirs; says whether there was one.
pub async fn delete(db: &impl GenericClient, place: Place, id: Uuid, owner_id: Option<Uuid>) -> Result<bool> {
    let sql = include_str!("../../sql/queries/comments/delete.sql");
    Ok(query::exec(db, sql, &[&id, &place.event_id(), &place.post_id(), &owner_id]).await? == 1)
}

/// Whether there is such a comment there.
pub async fn exists(db: &impl GenericClient, place: Place, id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/comments/exists.sql");
    Ok(query::scalar(db, sql, &[&id, &place.event_id(), &place.post_id()]).await?.unwrap_or(false))
}

/// The comments on something.
pub async fn list(
    db: &impl GenericClient,
    place: Place,
    filter: Filter,
    sort: CommentSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Comment>> {
    match sort {
        CommentSort::Newest => list_newest(db, place, filter, limit, offset).await,
        CommentSort::Oldest => list_oldest(db, place, filter, limit, offset).await,
    }
}

async fn list_newest(
    db: &impl GenericClient,
    place: Place,
    Filter { from, to }: Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Comment>> {
    let sql = include_str!("../../sql/queries/comments/list_newest.sql");
    let is_event = place.event_id().is_some();
    query::rows(db, sql, &[&place.id(), &is_event, &from, &to, &limit, &offset]).await
}

async fn list_oldest(
    db: &impl GenericClient,
    place: Place,
    Filter { from, to }: Filter,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Comment>> {
    let sql = include_str!("../../sql/queries/comments/list_oldest.sql");
    let is_event = place.event_id().is_some();
    query::rows(db, sql, &[&place.id(), &is_event, &from, &to, &limit, &offset]).await
}

/// How many comments on something were written in a time.
pub async fn count(db: &impl GenericClient, place: Place, Filter { from, to }: Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/comments/count.sql");
    let is_event = place.event_id().is_some();
    Ok(query::scalar(db, sql, &[&place.id(), &is_event, &from, &to]).await?.unwrap_or(0))
}

/// Deleted events and posts whose comments are not removed yet, up to `most`.
pub async fn list_ended(db: &impl GenericClient, most: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/comments/list_ended.sql"), &[&most]).await
}

/// Removes up to `most` comments of one of them; answers how many.
pub async fn remove(db: &impl GenericClient, on_id: Uuid, most: i32) -> Result<u64> {
    let sql = include_str!("../../sql/queries/comments/remove.sql");
    let removed: Option<i64> = query::scalar(db, sql, &[&on_id, &most]).await?;
    Ok(removed.unwrap_or_default().unsigned_abs())
}
