//! The tables `roles`, `user_roles` and `permissions`: one function per query file.

use uuid::Uuid;

use super::model::{Role, RoleSort};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
};

/// Roles in whose name or description every word occurs.
pub async fn list(
    db: &impl GenericClient,
    patterns: &[String],
    sort: RoleSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Role>> {
    let sql = include_str!("../../sql/queries/roles/list.sql");
    query::rows(db, sql, &[&patterns, &sort.word(), &limit, &offset]).await
}

/// How many roles a search finds.
pub async fn count(db: &impl GenericClient, patterns: &[String]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/roles/count.sql");
    Ok(query::scalar(db, sql, &[&patterns]).await?.unwrap_or(0))
}

/// One role.
pub async fn find(db: &impl GenericClient, name: &str) -> Result<Option<Role>> {
    query::opt(db, include_str!("../../sql/queries/roles/find.sql"), &[&name]).await
}

/// Makes a role.
pub async fn insert(
    db: &impl GenericClient,
    name: &str,
    description: &str,
    permissions: &[String],
) -> Result<Role> {
    let sql = include_str!("../../sql/queries/roles/insert.sql");
    query::one(db, sql, &[&name, &description, &permissions]).await
}

/// Changes a role; what is `None` stays.
pub async fn update(
    db: &impl GenericClient,
    name: &str,
    new_name: Option<&str>,
    description: Option<&str>,
    permissions: Option<&[String]>,
) -> Result<Option<Role>> {
    let sql = include_str!("../../sql/queries/roles/update.sql");
    query::opt(db, sql, &[&name, &new_name, &description, &permissions]).await
}

/// Removes a role; says whether there was one.
pub async fn delete(db: &impl GenericClient, name: &str) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/roles/delete.sql"), &[&name]).await? == 1)
}

/// Every role with what it permits.
pub async fn list_permissions(db: &impl GenericClient) -> Result<Vec<(String, Vec<String>)>> {
    query::pairs(db, include_str!("../../sql/queries/roles/list_permissions.sql"), &[]).await
}

/// Holds the roles that may everything, so that no two take them away at once.
pub async fn lock_administrators(db: &impl GenericClient) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/roles/lock_administrators.sql"), &[]).await?;
    Ok(())
}

/// Whether somebody who is not suspended may everything.
pub async fn has_administrator(db: &impl GenericClient) -> Result<bool> {
    let sql = include_str!("../../sql/queries/roles/has_administrator.sql");
    Ok(query::scalar(db, sql, &[]).await?.unwrap_or(false))
}

/// The names of the roles of each of these people; who has no account any more is missing.
pub async fn list_held(db: &impl GenericClient, people: &[Uuid]) -> Result<Vec<(Uuid, Vec<String>)>> {
    query::pairs(db, include_str!("../../sql/queries/user_roles/list_held.sql"), &[&people]).await
}

/// Gives somebody roles beside those they have.
pub async fn give(db: &impl GenericClient, user_id: Uuid, roles: &[String]) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/user_roles/give.sql"), &[&user_id, &roles]).await?;
    Ok(())
}

/// Takes every role but these from somebody.
pub async fn take_others(db: &impl GenericClient, user_id: Uuid, roles: &[String]) -> Result<()> {
    let sql = include_str!("../../sql/queries/user_roles/take_others.sql");
    query::exec(db, sql, &[&user_id, &roles]).await?;
    Ok(())
}

/// Notes permissions no server has known before, and adds those that are no administration to the role `user`.
pub async fn learn(db: &impl GenericClient, codes: &[String], is_administration: &[bool]) -> Result<()> {
    let sql = include_str!("../../sql/queries/permissions/learn.sql");
    query::exec(db, sql, &[&codes, &is_administration]).await?;
    Ok(())
}

/// Those of these codes that are no permission.
pub async fn list_unknown(db: &impl GenericClient, codes: &[String]) -> Result<Vec<String>> {
    let sql = include_str!("../../sql/queries/permissions/list_unknown.sql");
    query::raw(db, sql, &[&codes]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
