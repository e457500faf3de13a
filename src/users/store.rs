//! The table `users`: one function per query file.

use uuid::Uuid;

use super::model::{AvatarChange, Credentials, UserRow};
use crate::{
    db::{GenericClient, query},
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

/// The account with this e-mail (ignoring case) or username.
pub async fn find_credentials(
    db: &impl GenericClient,
    email: Option<&str>,
    username: Option<&str>,
) -> Result<Option<Credentials>> {
    let sql = include_str!("../../sql/queries/users/find_credentials.sql");
    query::opt(db, sql, &[&email, &username]).await
}

/// Changes a profile; what is `None` stays.
pub async fn update(
    db: &impl GenericClient,
    id: Uuid,
    name: Option<&str>,
    username: Option<&str>,
    bio: Option<&str>,
    contacts: Option<&[u8]>,
) -> Result<Option<UserRow>> {
    let sql = include_str!("../../sql/queries/users/update.sql");
    query::opt(db, sql, &[&id, &name, &username, &bio, &contacts]).await
}

/// Sets where the picture lies.
pub async fn set_avatar(
    db: &impl GenericClient,
    id: Uuid,
    key: Option<&str>,
) -> Result<Option<AvatarChange>> {
    query::opt(db, include_str!("../../sql/queries/users/set_avatar.sql"), &[&id, &key]).await
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
