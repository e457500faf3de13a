//! Pictures of people and chats: what is taken, how one takes the place of another, and where it is fetched.

use std::io::Cursor;

use bytes::Bytes;
use chrono::TimeDelta;
use poem::{IntoResponse, Response, http::header};
use poem_openapi::{
    ApiResponse,
    payload::{Binary, Payload},
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{quota, store};
use crate::{
    app::App,
    error::{Code, Error, OnConstraint, Result},
    jobs::{self, Job, NewJob},
    pictures::{Kind, Picture},
    time::Timestamp,
};

/// The task that removes a picture.
pub const REMOVE: &str = "remove_picture";

/// After how long a picture that was stored is shown, or never will be.
const ORPHAN_AGE: TimeDelta = TimeDelta::hours(1);

/// The most bytes of an avatar or a chat's image.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// The picture that stands in the bytes that somebody sent, fit to be shown to anyone. 415 when it is none; 413 beyond 5 MiB or 50
/// megapixels; 400 when it is cut off or damaged.
pub async fn prepare(app: &App, sender: Uuid, bytes: Vec<u8>) -> Result<Picture> {
    if bytes.is_empty() {
        return Err(Error::invalid_field("file", "must not be empty"));
    }
    if bytes.len() > MAX_BYTES {
        return Err(Error::new(Code::TooLarge, "a picture may have at most 5 MiB"));
    }
    let not_a_picture = || Error::new(Code::UnsupportedMediaType, "must be a JPEG, PNG, GIF or WebP picture");
    let kind = Kind::guess(&bytes).ok_or_else(not_a_picture)?;
    let _permit = app.picturing.acquire_soon(sender).await?;
    app.pictures.prepare(Cursor::new(bytes), kind, false).await
}

/// Stores a picture in a folder of the storage, `avatars/<person>` or `images/<chat>`. `keep` writes its key where it
/// belongs; what stood there is removed. What comes to nothing, in whatever way, is removed an hour later. It counts as uploaded by
/// the sender, as files do: for a day, and as long as it is kept.
pub async fn store<T, F: Future<Output = Result<T>>>(
    app: &App,
    sender: Uuid,
    folder: &str,
    picture: Vec<u8>,
    keep: impl FnOnce(String) -> F,
) -> Result<T> {
    let _permit = app.uploading.acquire_soon(sender).await?;
    quota::refuse_full(app, sender, picture.len() as u64).await?;
    let picture = prepare(app, sender, picture).await?;
    let id = Uuid::new_v4();
    let key = format!("{folder}/{}.{}", id.simple(), picture.kind.extension());
    let unless_kept = NewJob {
        run_at: Some(Timestamp(Timestamp::now().0 + ORPHAN_AGE)),
        ..NewJob::new(REMOVE, json!(Removal { key: key.clone() }))
    };
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let size = i64::try_from(picture.bytes.len()).map_err(Error::internal)?;
    store::insert_picture(&transaction, id, sender, size)
        .await
        .on_constraint("pictures_owner_id_fkey", || {
            Error::new(Code::NotSignedIn, "this account is no longer there")
        })?;
    jobs::queue(&transaction, unless_kept).await?;
    transaction.commit().await?;
    drop(db);
    app.storage.put(&key, picture.bytes, picture.kind.content_type()).await?;
    keep(key).await
}

/// Removes a picture, unless somebody shows it.
pub async fn remove(app: &App, job: Job) -> Result<Value> {
    let Removal { key } = serde_json::from_value(job.args).map_err(Error::internal)?;
    let place = match key.split('/').collect::<Vec<_>>()[..] {
        ["avatars" | "images", owner, name] => owner.parse::<Uuid>().ok().map(|owner| (owner, name)),
        _ => None,
    };
    let (owner, name) =
        place.ok_or_else(|| Error::invalid_field("key", "must be that of an avatar or an image"))?;
    let is_shown = store::shows_picture(&app.db().await?, &key, owner).await?;
    if !is_shown {
        app.storage.delete(&key).await?;
        let id = name.split('.').next().and_then(|stem| stem.parse::<Uuid>().ok());
        if let Some(id) = id {
            store::end_picture(&app.db().await?, id).await?;
        }
    }
    Ok(json!({"removed": !is_shown}))
}

#[derive(Serialize, Deserialize)]
struct Removal {
    key: String,
}

/// Where a picture can be fetched without signing in.
pub fn url(public_url: &str, key: Option<&str>) -> Option<String> {
    key.map(|key| format!("{public_url}/api/v1/{key}"))
}

/// The media type of a stored picture, by the extension we gave it.
pub fn content_type(key: &str) -> &'static str {
    match key.rsplit('.').next() {
        Some("jpg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}

/// A picture as a download that a page may show and nothing else.
pub struct ShownPicture {
    /// Its media type.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Bytes,
}

impl IntoResponse for ShownPicture {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type(self.content_type)
            .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
            .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
            .header("cross-origin-resource-policy", "cross-origin")
            .body(self.bytes)
    }
}

impl ApiResponse for ShownPicture {
    fn meta() -> MetaResponses {
        let schema = Binary::<Vec<u8>>::schema_ref();
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The picture.",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType { content_type: "image/*", schema }],
                headers: vec![],
            }],
        }
    }

    fn register(_registry: &mut Registry) {}
}
