//! The table `files`: one function per query file.

use uuid::Uuid;

use super::model::{FileRow, StoredFile};
use crate::{
    db::{GenericClient, query},
    error::Result,
};

/// Adds a file whose bytes are on their way.
pub async fn insert(
    db: &impl GenericClient,
    file: &FileRow,
    thumbnail_size: Option<i32>,
    owner_id: Uuid,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/files/insert.sql");
    query::exec(
        db,
        sql,
        &[
            &file.id,
            &owner_id,
            &file.name,
            &file.content_type,
            &file.size,
            &file.width,
            &file.height,
            &file.thumbnail_type,
            &thumbnail_size,
        ],
    )
    .await?;
    Ok(())
}

/// The bytes have arrived; says whether they were still waited for.
pub async fn settle(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/files/settle.sql"), &[&id]).await? == 1)
}

/// Leaves a file that no message has to be swept.
pub async fn give_up(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/files/give_up.sql"), &[&id]).await?;
    Ok(())
}

/// A file that may be fetched by somebody.
pub async fn find(db: &impl GenericClient, id: Uuid) -> Result<Option<StoredFile>> {
    query::opt(db, include_str!("../../sql/queries/files/find.sql"), &[&id]).await
}

/// Leaves up to `limit` files that no message took in a day to be swept; says how many.
pub async fn give_up_old(db: &impl GenericClient, limit: i64) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/files/give_up_old.sql"), &[&limit]).await
}

/// Up to `limit` orphaned files after an id.
pub async fn list_orphaned(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/files/list_orphaned.sql"), &[&after, &limit]).await
}

/// Removes orphaned files from the table; says how many were there.
pub async fn delete_orphaned(db: &impl GenericClient, ids: &[Uuid]) -> Result<u64> {
    query::exec(db, include_str!("../../sql/queries/files/delete_orphaned.sql"), &[&ids]).await
}
