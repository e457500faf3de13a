//! The table `users`: one function per query file.

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::model::{
    AccountStatus, Credentials, Filter, LogPiece, NamedRow, PostedRow, SeenRow, UserRow, UserSort,
};
use crate::{
    db::{
        GenericClient, Pool,
        query::{self, Rows},
    },
    error::Result,
};

/// A new account, as it goes into the table.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct NewUser<'a> {
    pub id: Uuid,
    pub email: &'a str,
    pub username: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
}

/// Adds an account with the role `user`.
pub async fn insert(db: &impl GenericClient, user: NewUser<'_>) -> Result<UserRow> {
    let sql = include_str!("../../sql/queries/users/insert.sql");
    query::one(db, sql, &[&user.id, &user.email, &user.username, &user.name, &user.password_hash]).await
}

/// One account.
pub async fn find(db: &impl GenericClient, id: Uuid) -> Result<Option<UserRow>> {
    query::opt(db, include_str!("../../sql/queries/users/find.sql"), &[&id]).await
}

/// Keeps somebody from being deleted until the transaction ends; says whether they are there.
pub async fn keep(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/users/keep.sql"), &[&id]).await? > 0)
}

/// Holds an account until the transaction ends; says whether there is one.
pub async fn lock(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/users/lock.sql"), &[&id]).await? == 1)
}

/// One account, as somebody sees it.
pub async fn find_seen(db: &impl GenericClient, id: Uuid, viewer_id: Uuid) -> Result<Option<SeenRow>> {
    query::opt(db, include_str!("../../sql/queries/users/find_seen.sql"), &[&id, &viewer_id]).await
}

/// everyone, as somebody sees them.
pub async fn list(
    db: &impl GenericClient,
    viewer_id: Uuid,
    filter: &Filter,
    sort: UserSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<SeenRow>> {
    let sql = include_str!("../../sql/queries/users/list.sql");
    let Filter { role, from, to, .. } = filter;
    query::rows(db, sql, &[&viewer_id, &sort.word(), &status(filter), role, from, to, &limit, &offset]).await
}

/// How many people there are.
pub async fn count(db: &impl GenericClient, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/users/count.sql");
    let Filter { role, from, to, .. } = filter;
    Ok(query::scalar(db, sql, &[&status(filter), role, from, to]).await?.unwrap_or(0))
}

/// these people, as somebody sees them.
pub async fn list_among(
    db: &impl GenericClient,
    ids: &[Uuid],
    viewer_id: Uuid,
    filter: &Filter,
    sort: UserSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<SeenRow>> {
    let sql = include_str!("../../sql/queries/users/list_among.sql");
    let Filter { role, from, to, .. } = filter;
    let (sort, status) = (sort.word(), status(filter));
    query::rows(db, sql, &[&viewer_id, &sort, &status, role, from, to, &limit, &offset, &ids]).await
}

/// How many of these people there are.
pub async fn count_among(db: &impl GenericClient, ids: &[Uuid], filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/users/count_among.sql");
    let Filter { role, from, to, .. } = filter;
    Ok(query::scalar(db, sql, &[&status(filter), role, from, to, &ids]).await?.unwrap_or(0))
}

/// those a search finds, as somebody sees them; the longest pattern finds them.
pub async fn search(
    db: &impl GenericClient,
    longest: &str,
    viewer_id: Uuid,
    filter: &Filter,
    sort: UserSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<SeenRow>> {
    let sql = include_str!("../../sql/queries/users/search.sql");
    let Filter { ids, search, role, from, to, .. } = filter;
    let (patterns, text, sort, status) = (search.patterns(), search.text(), sort.word(), status(filter));
    let parameters: [&(dyn ToSql + Sync); 12] =
        [&longest, &patterns, &text, &viewer_id, &sort, &status, role, from, to, &limit, &offset, ids];
    query::rows(db, sql, &parameters).await
}

/// How many people a search finds.
pub async fn count_search(db: &impl GenericClient, longest: &str, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/users/count_search.sql");
    let Filter { ids, search, role, from, to, .. } = filter;
    let (patterns, text, status) = (search.patterns(), search.text(), status(filter));
    let parameters: [&(dyn ToSql + Sync); 8] = [&longest, &patterns, &text, &status, role, from, to, ids];
    Ok(query::scalar(db, sql, &parameters).await?.unwrap_or(0))
}

/// What everybody may see of those of these people who are there.
pub async fn list_named(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<NamedRow>> {
    query::all(db, include_str!("../../sql/queries/users/list_named.sql"), &[&ids]).await
}

fn status(filter: &Filter) -> Option<&'static str> {
    filter.status.map(AccountStatus::word)
}

/// The account with this e-mail (ignoring case) or username.
pub async fn find_credentials(
    db: &impl GenericClient,
    email: Option<&str>,
    username: Option<&str>,
) -> Result<Option<Credentials>> {
    let sql = include_str!("../../sql/queries/users/find_credentials.sql");
    query::opt(db, sql, &[&email, &username]).await
}

/// What to change of a profile; what is `None` stays.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct Change<'a> {
    pub name: Option<&'a str>,
    pub username: Option<&'a str>,
    pub email: Option<&'a str>,
    pub bio: Option<&'a str>,
    pub contacts: Option<&'a [u8]>,
    /// No column to change: what has to be there.
    pub password_hash: Option<&'a str>,
}

/// The e-mail address of an account, which is held until the transaction ends.
pub async fn lock_email(db: &impl GenericClient, id: Uuid) -> Result<Option<String>> {
    query::scalar(db, include_str!("../../sql/queries/users/lock_email.sql"), &[&id]).await
}

/// Changes a profile; `None` when there is none, or its password is another one than had to be.
pub async fn update(db: &impl GenericClient, id: Uuid, change: Change<'_>) -> Result<Option<UserRow>> {
    let sql = include_str!("../../sql/queries/users/update.sql");
    let Change { name, username, email, bio, contacts, password_hash } = change;
    query::opt(db, sql, &[&id, &name, &username, &bio, &contacts, &email, &password_hash]).await
}

/// Sets where the picture lies.
pub async fn set_avatar(db: &impl GenericClient, id: Uuid, key: Option<&str>) -> Result<Option<UserRow>> {
    query::opt(db, include_str!("../../sql/queries/users/set_avatar.sql"), &[&id, &key]).await
}

/// Whether a person or a chat, `owner`, shows this picture.
pub async fn shows_picture(db: &impl GenericClient, key: &str, owner: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/users/shows_picture.sql");
    Ok(query::scalar(db, sql, &[&key, &owner]).await?.unwrap_or(true))
}

/// The hash of somebody's password.
pub async fn find_password(db: &impl GenericClient, id: Uuid) -> Result<Option<String>> {
    query::scalar(db, include_str!("../../sql/queries/users/find_password.sql"), &[&id]).await
}

/// Gives somebody another password, in place of `old` if that is named; says whether it was.
pub async fn set_password(db: &impl GenericClient, id: Uuid, new: &str, old: Option<&str>) -> Result<bool> {
    let sql = include_str!("../../sql/queries/users/set_password.sql");
    Ok(query::exec(db, sql, &[&id, &new, &old]).await? == 1)
}

/// Suspends somebody, or lets them in again.
pub async fn set_status(db: &impl GenericClient, id: Uuid, status: &str) -> Result<Option<UserRow>> {
    query::opt(db, include_str!("../../sql/queries/users/set_status.sql"), &[&id, &status]).await
}

/// Which of these roles exist.
pub async fn list_roles(db: &impl GenericClient, roles: &[String]) -> Result<Vec<String>> {
    query::raw(db, include_str!("../../sql/queries/users/list_roles.sql"), &[&roles])
        .await?
        .iter()
        .map(|row| Ok(row.try_get(0)?))
        .collect()
}

/// Makes the first administrator; says whether there was none before.
pub async fn insert_admin(db: &impl GenericClient, user: NewUser<'_>) -> Result<bool> {
    let sql = include_str!("../../sql/queries/users/insert_admin.sql");
    let NewUser { id, email, username, name, password_hash } = user;
    Ok(query::exec(db, sql, &[&id, &email, &username, &name, &password_hash]).await? > 0)
}

/// Whether there is an administrator.
pub async fn has_admin(db: &impl GenericClient) -> Result<bool> {
    let sql = include_str!("../../sql/queries/users/has_admin.sql");
    Ok(query::scalar(db, sql, &[]).await?.unwrap_or(false))
}

/// Erases somebody; says whether there was anybody to erase. What takes longer is left to a job.
pub async fn erase(db: &impl GenericClient, id: Uuid, clear_words: bool) -> Result<bool> {
    let sql = include_str!("../../sql/queries/users/erase.sql");
    Ok(query::scalar(db, sql, &[&id, &clear_words]).await?.unwrap_or(false))
}

/// Whether somebody is erased, and the job has not ended yet.
pub async fn is_erased(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/users/is_erased.sql");
    Ok(query::scalar(db, sql, &[&id]).await?.unwrap_or(false))
}

/// Chats that somebody who is erased has to be taken out of.
pub async fn list_to_leave(db: &impl GenericClient, id: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/users/list_to_leave.sql"), &[&id, &limit]).await
}

/// The events that are somebody's, for which they hold a ticket, or for which they wait.
pub async fn list_events_to_leave(db: &impl GenericClient, id: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/users/list_events_to_leave.sql"), &[&id, &limit]).await
}

/// Takes somebody who is erased out of an event, which ends if it is theirs.
pub async fn leave_event(db: &impl GenericClient, event_id: Uuid, id: Uuid) -> Result<()> {
    let sql = include_str!("../../sql/queries/users/leave_event.sql");
    query::exec(db, sql, &[&event_id, &id]).await?;
    Ok(())
}

/// Takes somebody who is erased out of a chat; false when it has to be tried again.
pub async fn leave_erased(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/users/leave_erased.sql");
    Ok(query::scalar(db, sql, &[&chat_id, &id]).await?.unwrap_or(true))
}

/// The chats after one, and which part of the log of each is there.
pub async fn list_chats(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<LogPiece>> {
    query::all(db, include_str!("../../sql/queries/users/list_chats.sql"), &[&after, &limit]).await
}

/// In which of these pieces of logs somebody has said something that still has words, by the places of the pieces here, and from
/// where to where.
pub async fn list_posted(db: &impl GenericClient, id: Uuid, pieces: &[LogPiece]) -> Result<Vec<PostedRow>> {
    let sql = include_str!("../../sql/queries/users/list_posted.sql");
    let chat_ids: Vec<_> = pieces.iter().map(|piece| piece.chat_id).collect();
    let (after, up_to): (Vec<_>, Vec<_>) = pieces.iter().map(|piece| (piece.after, piece.up_to)).unzip();
    query::all(db, sql, &[&id, &chat_ids, &after, &up_to]).await
}

/// How many bytes of files and pictures somebody has uploaded in the last day, and how many in all that are still kept.
pub async fn uploaded(db: &impl GenericClient, id: Uuid) -> Result<(u64, u64)> {
    let sql = include_str!("../../sql/queries/users/uploaded.sql");
    let pairs: Vec<(i64, i64)> = query::pairs(db, sql, &[&id]).await?;
    let (in_a_day, in_all) = pairs.first().copied().unwrap_or_default();
    Ok((in_a_day.unsigned_abs(), in_all.unsigned_abs()))
}

/// Notes a picture that somebody uploads.
pub async fn insert_picture(db: &impl GenericClient, id: Uuid, owner_id: Uuid, size: i64) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/users/insert_picture.sql"), &[&id, &owner_id, &size])
        .await?;
    Ok(())
}

/// Notes that a picture is no longer kept.
pub async fn end_picture(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/users/end_picture.sql"), &[&id]).await?;
    Ok(())
}

/// Removes what was noted of pictures that count no more; answers how many.
pub async fn sweep_pictures(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/users/sweep_pictures.sql"), &[]).await
}

/// Takes the words out of what somebody has said in a piece of a log, and tells of it, or not yet. Says how many messages that
/// were.
pub async fn clear_sender(db: &impl GenericClient, id: Uuid, piece: LogPiece, tells: bool) -> Result<u64> {
    let sql = include_str!("../../sql/queries/users/clear_sender.sql");
    let LogPiece { chat_id, after, up_to } = piece;
    let cleared: Option<i64> = query::scalar(db, sql, &[&chat_id, &id, &after, &up_to, &tells]).await?;
    Ok(cleared.unwrap_or_default().unsigned_abs())
}

/// Removes what is left of somebody who is erased.
pub async fn delete(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/users/delete.sql"), &[&id]).await?;
    Ok(())
}

/// Removes up to `most` comments and posts of somebody; answers how many.
pub async fn clear_posts(db: &impl GenericClient, user_id: Uuid, most: i32) -> Result<u64> {
    let sql = include_str!("../../sql/queries/users/clear_posts.sql");
    let removed: Option<i64> = query::scalar(db, sql, &[&user_id, &most]).await?;
    Ok(removed.unwrap_or_default().unsigned_abs())
}

/// Removes a piece of the notifications of somebody who is erased; answers how many.
pub async fn delete_notifications(db: &impl GenericClient, id: Uuid) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/users/delete_notifications.sql"), &[&id]).await
}
