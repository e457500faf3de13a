//! The table `hooks`: one function per query file.

use uuid::Uuid;

use super::{
    limits,
    model::{HookRow, HookSort},
};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::{OnConstraint, Result},
};

/// A hook to add.
#[expect(missing_docs, reason = "the columns of the tables, described in sql/")]
pub struct NewRow<'a> {
    pub id: Uuid,
    pub chat_id: Uuid,
    pub bot_id: Uuid,
    pub name: &'a str,
    pub token_hash: &'a [u8],
    pub created_by: Uuid,
}

/// Adds a hook and its bot; 409 when the chat has ten, or whoever makes it a hundred.
pub async fn insert(db: &impl GenericClient, new: NewRow<'_>) -> Result<HookRow> {
    let sql = include_str!("../../sql/queries/hooks/insert.sql");
    let NewRow { id, chat_id, bot_id, name, token_hash, created_by } = new;
    query::one(db, sql, &[&bot_id, &name, &id, &chat_id, &token_hash, &created_by])
        .await
        .on_constraint("hooks_place_check", limits::chat_is_full)
        .on_constraint("hooks_maker_place_check", limits::person_has_all)
        .on_constraint("hooks_created_by_check", limits::may_not)
}

/// The hooks of a chat.
pub async fn list(
    db: &impl GenericClient,
    chat_id: Uuid,
    sort: HookSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<HookRow>> {
    let sql = include_str!("../../sql/queries/hooks/list.sql");
    query::rows(db, sql, &[&chat_id, &sort.word(), &limit, &offset]).await
}

/// How many hooks a chat has.
pub async fn count(db: &impl GenericClient, chat_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/hooks/count.sql");
    Ok(query::scalar(db, sql, &[&chat_id]).await?.unwrap_or(0))
}

/// One hook of a chat.
pub async fn find(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<Option<HookRow>> {
    query::opt(db, include_str!("../../sql/queries/hooks/find.sql"), &[&chat_id, &id]).await
}

/// The hook with this hash of a token.
pub async fn find_by_token(db: &impl GenericClient, token_hash: &[u8]) -> Result<Option<HookRow>> {
    query::opt(db, include_str!("../../sql/queries/hooks/find_by_token.sql"), &[&token_hash]).await
}

/// Notes that a hook is used.
pub async fn touch(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/hooks/touch.sql"), &[&id]).await?;
    Ok(())
}

/// Gives the bot of a hook a picture, or takes it away; says whether there is such a hook.
pub async fn set_avatar(db: &impl GenericClient, chat_id: Uuid, id: Uuid, key: Option<&str>) -> Result<bool> {
    let sql = include_str!("../../sql/queries/hooks/set_avatar.sql");
    Ok(query::exec(db, sql, &[&chat_id, &id, &key]).await? == 1)
}

/// Removes a hook; says whether it was there.
pub async fn delete(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/hooks/delete.sql"), &[&chat_id, &id]).await? == 1)
}
