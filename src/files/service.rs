//! What people do with files: upload them, and fetch those they may see.

use std::{fs, io::Read, io::Seek};

use aws_lc_rs::digest;
use serde::Serialize;
use uuid::Uuid;

use super::{
    File, FileRow, kind,
    links::{self, FileLink},
    model::{StoredFile, key, thumbnail_key},
    name, store,
};
use crate::{
    app::App,
    chats::access,
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, Idempotency},
    pictures::{Picture, Thumbnail},
    storage::Link,
    time::Timestamp,
    users::quota,
};

/// The most bytes of an upload.
pub const MAX_BYTES: usize = 25 * 1024 * 1024;
/// Where an `Idempotency-Key` of [`upload`] counts.
const UPLOAD_PATH: &str = "POST:/api/v1/uploads";

/// What was sent, in a file that is gone when nobody holds it.
pub struct Sent {
    /// The name it came with.
    pub name: Option<String>,
    /// The bytes.
    pub file: fs::File,
}

/// What makes two uploads the same for an `Idempotency-Key`.
#[derive(Serialize)]
struct Request {
    name: String,
    sha256: String,
}

/// What is put into the storage.
enum Content {
    /// A picture, fit to be shown, and its thumbnail.
    Picture(Picture),
    /// Anything else, as it came.
    File(fs::File),
}

/// Keeps what was sent. The same key with the same file gives the same answer.
pub async fn upload(app: &App, caller: Caller, sent: Sent, key: Option<&str>) -> Result<File> {
    let size = sent.file.metadata().map_err(Error::internal)?.len();
    if size == 0 {
        return Err(Error::invalid_field("file", "must not be empty"));
    }
    if size > MAX_BYTES as u64 {
        return Err(Error::new(Code::TooLarge, "a file may have at most 25 MiB"));
    }
    let _permit = app.uploading.acquire_soon(caller.user_id).await?;
    quota::refuse_full(app, caller.user_id, size).await?;
    let name = name::clean(sent.name.as_deref().unwrap_or_default());
    let with_hash = key.is_some();
    let (mut file, kind, sha256) =
        tokio::task::spawn_blocking(move || look(sent.file, with_hash)).await.map_err(Error::internal)??;
    let picture = match kind {
        kind::Kind::Picture(kind) => {
            let source = file.try_clone().map_err(Error::internal)?;
            let _permit = app.picturing.acquire_soon(caller.user_id).await?;
            match app.pictures.prepare(source, kind, true).await {
                Ok(picture) => Ok(picture),
                // What is no whole picture is a file like any other: nobody is shown it as a picture.
                Err(error) if error.code() == Code::ValidationFailed => Err(kind::UNKNOWN),
                Err(error) => return Err(error),
            }
        }
        kind::Kind::Other(content_type) => Err(content_type),
    };
    let (row, content) = match picture {
        Ok(picture) => (row_of(name.clone(), &picture)?, Content::Picture(picture)),
        Err(content_type) => {
            file.rewind().map_err(Error::internal)?;
            let row = FileRow {
                id: Uuid::now_v7(),
                name: name.clone(),
                content_type: content_type.to_owned(),
                size: i64::try_from(size).map_err(Error::internal)?,
                width: None,
                height: None,
                thumbnail_type: None,
            };
            (row, Content::File(file))
        }
    };
    let id = row.id;
    let request = Request { name, sha256 };
    let kept = keep(app, caller, row, content, key.map(|key| (key, request))).await;
    // Its owner has the first one, or nothing: these bytes go with the next sweep, or at the latest after a day.
    if !matches!(&kept, Ok(file) if file.id == id)
        && let Err(error) = give_up(app, id).await
    {
        tracing::warn!(%id, "an upload is left to be swept after a day: {error}{}", error.causes());
    }
    kept
}

async fn give_up(app: &App, id: Uuid) -> Result<()> {
    store::give_up(&app.db().await?, id).await
}

/// Looks through a file once or twice: what it is, and what is in it.
fn look(mut file: fs::File, with_hash: bool) -> Result<(fs::File, kind::Kind, String)> {
    let kind = kind::of(&mut file)?;
    let mut sha256 = String::new();
    if with_hash {
        let (mut context, mut piece) = (digest::Context::new(&digest::SHA256), vec![0; 64 * 1024]);
        file.rewind().map_err(Error::internal)?;
        loop {
            let length = file.read(&mut piece).map_err(Error::internal)?;
            if length == 0 {
                break;
            }
            context.update(&piece[..length]);
        }
        sha256 = context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    }
    Ok((file, kind, sha256))
}

fn row_of(name: String, picture: &Picture) -> Result<FileRow> {
    let thumbnail_type = picture.thumbnail.as_ref().map(|small| small.content_type.to_owned());
    Ok(FileRow {
        id: Uuid::now_v7(),
        name,
        content_type: picture.kind.content_type().to_owned(),
        size: i64::try_from(picture.bytes.len()).map_err(Error::internal)?,
        width: i32::try_from(picture.width).ok(),
        height: i32::try_from(picture.height).ok(),
        thumbnail_type,
    })
}

/// The row, then the bytes, then the row says that they are there: whatever breaks off, the row tells of the bytes.
async fn keep(
    app: &App,
    caller: Caller,
    row: FileRow,
    content: Content,
    key: Option<(&str, Request)>,
) -> Result<File> {
    let thumbnail_size = match &content {
        Content::Picture(Picture { thumbnail: Some(small), .. }) => i32::try_from(small.bytes.len()).ok(),
        _ => None,
    };
    store::insert(&app.db().await?, &row, thumbnail_size, caller.user_id)
        .await
        .on_constraint("files_owner_id_fkey", || {
            Error::new(Code::NotSignedIn, "this account is no longer there")
        })?;
    put(app, &row, content).await?;
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let claim = match &key {
        Some((key, request)) => {
            match Idempotency::claim(&transaction, caller.user_id, UPLOAD_PATH, key, request).await? {
                Ok(claim) => Some(claim),
                Err(answer) => return Ok(answer),
            }
        }
        None => None,
    };
    if !store::settle(&transaction, row.id).await? {
        return Err(Error::unavailable("the upload took too long to be kept; try again", 1));
    }
    let file = row.view(&app.public_url());
    if let Some(claim) = claim {
        claim.keep(&transaction, &file).await?;
    }
    transaction.commit().await?;
    Ok(file)
}

async fn put(app: &App, row: &FileRow, content: Content) -> Result<()> {
    match content {
        Content::Picture(picture) => {
            app.storage.put(&key(row.id), picture.bytes, &row.content_type).await?;
            if let Some(Thumbnail { bytes, content_type }) = picture.thumbnail {
                app.storage.put(&thumbnail_key(row.id), bytes, content_type).await?;
            }
            Ok(())
        }
        Content::File(file) => {
            let size = u64::try_from(row.size).map_err(Error::internal)?;
            let file = tokio::fs::File::from_std(file);
            app.storage.put_file(&key(row.id), file, size, &row.content_type).await
        }
    }
}

/// A file that the caller may fetch: their own, or one that came with a message of a chat they may enter.
pub async fn find(app: &App, caller: Caller, id: Uuid) -> Result<StoredFile> {
    let missing = || Error::not_found("file");
    let db = app.db().await?;
    let kept = store::find(&db, id).await?.ok_or_else(missing)?;
    if kept.owner_id != Some(caller.user_id) {
        let chat_id = kept.chat_id.ok_or_else(missing)?;
        access::enter(&db, chat_id, caller.user_id).await.map_err(|error| match error.code() {
            Code::NotFound => missing(),
            _ => error,
        })?;
    }
    Ok(kept)
}

/// An address at which a file that the caller may fetch opens without a token for a while.
pub async fn link(app: &App, caller: Caller, id: Uuid) -> Result<FileLink> {
    let kept = find(app, caller, id).await?.file;
    let expires_at = Timestamp(Timestamp::now().0 + links::LIFE);
    let disposition = name::disposition(kind::is_shown(&kept.content_type), &kept.name);
    let life = links::LIFE.to_std().map_err(Error::internal)?;
    let stored = Link { content_type: &kept.content_type, disposition: &disposition, life };
    let here = || format!("{}/api/v1/links/{}", app.public_url(), links::sign(app, id, expires_at));
    Ok(FileLink { url: app.storage.link(&key(id), &stored).unwrap_or_else(here), expires_at })
}

/// The file that a link leads to, as long as the link is good and the file is there.
pub async fn open(app: &App, link: &str) -> Result<StoredFile> {
    let id = links::verify(app, link)?;
    store::find(&app.db().await?, id).await?.ok_or_else(|| Error::not_found("link"))
}
