//! The files that a database refers to, from the storage into an archive.

use futures_util::{StreamExt, stream};
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    commands::{
        Outcome,
        archive::{FILES, Writer},
    },
    db::GenericClient,
    files,
};

/// How many rows are read at once.
const PAGE: i64 = 1_000;
/// How many files are fetched at once; each is in memory whole, and has 25 MiB at most.
const FETCHES: usize = 4;

/// Writes them all; answers the keys under which nothing lies.
pub async fn write(
    app: &App,
    db: &impl GenericClient,
    writer: &mut Writer,
    mut seen: impl FnMut(u64),
) -> Outcome<Vec<String>> {
    let mut missing = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let page = store::list_files(db, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        let keys = page.iter().flat_map(|(id, has_thumbnail)| {
            [Some(files::model::key(*id)), has_thumbnail.then(|| files::model::thumbnail_key(*id))]
        });
        copy(app, keys.flatten().collect(), writer, &mut missing, &mut seen).await?;
    }
    after = Uuid::nil();
    loop {
        let page = store::list_avatars(db, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        copy(app, page.into_iter().filter_map(|(_, key)| key).collect(), writer, &mut missing, &mut seen)
            .await?;
    }
    after = Uuid::nil();
    loop {
        let page = store::list_images(db, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        copy(app, page.into_iter().filter_map(|(_, key)| key).collect(), writer, &mut missing, &mut seen)
            .await?;
    }
    Ok(missing)
}

/// Several are fetched at once, and written in their order.
async fn copy(
    app: &App,
    keys: Vec<String>,
    writer: &mut Writer,
    missing: &mut Vec<String>,
    seen: &mut impl FnMut(u64),
) -> Outcome {
    let fetches = keys.into_iter().map(|key| async move {
        let bytes = app.storage.get(&key).await;
        (key, bytes)
    });
    let mut fetched = stream::iter(fetches).buffered(FETCHES);
    while let Some((key, bytes)) = fetched.next().await {
        match bytes? {
            Some(bytes) => {
                writer.add(&format!("{FILES}{key}"), &bytes)?;
                seen(bytes.len() as u64);
            }
            None => missing.push(key),
        }
    }
    Ok(())
}
