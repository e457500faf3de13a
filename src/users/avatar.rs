//! Pictures of people and chats: what is taken, how one takes the place of another, and where it is fetched.

use std::io::Cursor;

use image::{ImageError, ImageFormat, ImageReader};
use uuid::Uuid;

use crate::{
    app::App,
    error::{Code, Error, Result},
};

/// The most bytes of an avatar or a chat's image.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The most pixels of any picture: what it takes to unpack grows with them, not with the file.
const MAX_PIXELS: u64 = 50_000_000;

/// The extension and media type of a picture, decided by its bytes; refuses what is none, or too large.
pub fn check(bytes: &[u8]) -> Result<(&'static str, &'static str)> {
    if bytes.is_empty() {
        return Err(Error::invalid_field("file", "must not be empty"));
    }
    if bytes.len() > MAX_BYTES {
        return Err(Error::new(Code::TooLarge, "a picture may have at most 5 MiB"));
    }
    let not_a_picture = || Error::new(Code::UnsupportedMediaType, "must be a JPEG, PNG, GIF or WebP picture");
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| not_a_picture())?;
    let kind = match reader.format() {
        Some(ImageFormat::Jpeg) => ("jpg", "image/jpeg"),
        Some(ImageFormat::Png) => ("png", "image/png"),
        Some(ImageFormat::Gif) => ("gif", "image/gif"),
        Some(ImageFormat::WebP) => ("webp", "image/webp"),
        _ => return Err(not_a_picture()),
    };
    let too_many_pixels = || Error::new(Code::TooLarge, "a picture may have at most 50 megapixels");
    // Only the header is read.
    let (width, height) = reader.into_dimensions().map_err(|error| match error {
        // What the library itself would not unpack is far beyond ours.
        ImageError::Limits(_) => too_many_pixels(),
        _ => not_a_picture(),
    })?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_many_pixels());
    }
    Ok(kind)
}

/// Puts a picture into a folder of the storage in the place of another. `keep` writes its key where it belongs and answers
/// what became of it, and the key of the old one.
pub async fn replace<T, F: Future<Output = Result<(T, Option<String>)>>>(
    app: &App,
    folder: &str,
    picture: Vec<u8>,
    keep: impl FnOnce(String) -> F,
) -> Result<T> {
    let (extension, content_type) = check(&picture)?;
    let key = format!("{folder}/{}.{extension}", Uuid::new_v4().simple());
    app.storage.put(&key, picture.into(), content_type).await?;
    match keep(key.clone()).await {
        Ok((kept, old)) => {
            discard(app, old).await;
            Ok(kept)
        }
        Err(error) => {
            app.storage.delete(&key).await?;
            Err(error)
        }
    }
}

/// Removes a picture that nothing points to any more. One that would not go is litter, no failure.
pub async fn discard(app: &App, key: Option<String>) {
    if let Some(key) = key
        && let Err(error) = app.storage.delete(&key).await
    {
        tracing::warn!(key, %error, "an old picture could not be removed");
    }
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
