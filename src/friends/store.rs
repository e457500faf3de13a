//! The table `friends`: one function per query file.

use uuid::Uuid;

use super::model::{Direction, FriendRow, FriendSort, Relation, RequestRow, RequestSort};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// Asks, or accepts what the other one asked; `None` when that changes nothing.
pub async fn ask(db: &impl GenericClient, user_id: Uuid, other_id: Uuid) -> Result<Option<Relation>> {
    query::opt(db, include_str!("../../sql/queries/friends/ask.sql"), &[&user_id, &other_id]).await
}

/// What stands between two people.
pub async fn find(db: &impl GenericClient, user_id: Uuid, other_id: Uuid) -> Result<Option<Relation>> {
    query::opt(db, include_str!("../../sql/queries/friends/find.sql"), &[&user_id, &other_id]).await
}

/// Ends what stands between someone and another, if anything does; says whether there is such a person.
pub async fn delete(db: &impl GenericClient, user_id: Uuid, other_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/friends/delete.sql");
    Ok(query::scalar(db, sql, &[&user_id, &other_id]).await?.unwrap_or(false))
}

/// someone's friends.
pub async fn list(
    db: &impl GenericClient,
    user_id: Uuid,
    patterns: &[String],
    sort: FriendSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<FriendRow>> {
    let sql = include_str!("../../sql/queries/friends/list.sql");
    query::rows(db, sql, &[&user_id, &sort.word(), &patterns, &limit, &offset]).await
}

/// How many friends someone has.
pub async fn count(db: &impl GenericClient, user_id: Uuid, patterns: &[String]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/friends/count.sql");
    Ok(query::scalar(db, sql, &[&user_id, &patterns]).await?.unwrap_or(0))
}

/// the requests from and to someone, or of those one way.
pub async fn list_requests(
    db: &impl GenericClient,
    user_id: Uuid,
    direction: Option<Direction>,
    patterns: &[String],
    sort: RequestSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<RequestRow>> {
    let sql = include_str!("../../sql/queries/friends/list_requests.sql");
    let is_own = direction.map(|direction| direction == Direction::Outgoing);
    query::rows(db, sql, &[&user_id, &is_own, &sort.word(), &patterns, &limit, &offset]).await
}

/// How many requests there are from and to someone, or one way.
pub async fn count_requests(
    db: &impl GenericClient,
    user_id: Uuid,
    direction: Option<Direction>,
    patterns: &[String],
) -> Result<i64> {
    let sql = include_str!("../../sql/queries/friends/count_requests.sql");
    let is_own = direction.map(|direction| direction == Direction::Outgoing);
    Ok(query::scalar(db, sql, &[&user_id, &is_own, &patterns]).await?.unwrap_or(0))
}
