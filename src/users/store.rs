//! The table `users`: one function per query file.

use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::model::{AccountStatus, Credentials, Filter, SeenRow, UserRow, UserSort};
use crate::{
    db::{
        GenericClient,
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
    let Filter { search, role, from, to, .. } = filter;
    let (patterns, text, sort, status) = (search.patterns(), search.text(), sort.word(), status(filter));
    let parameters: [&(dyn ToSql + Sync); 11] =
        [&longest, &patterns, &text, &viewer_id, &sort, &status, role, from, to, &limit, &offset];
    query::rows(db, sql, &parameters).await
}

/// How many people a search finds.
pub async fn count_search(db: &impl GenericClient, longest: &str, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/users/count_search.sql");
    let Filter { search, role, from, to, .. } = filter;
    let (patterns, text, status) = (search.patterns(), search.text(), status(filter));
    Ok(query::scalar(db, sql, &[&longest, &patterns, &text, &status, role, from, to]).await?.unwrap_or(0))
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
