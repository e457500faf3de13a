//! Pictures of people: what is taken, and where it is fetched.

use std::io::Cursor;

use crate::{
    app::App,
    error::{Code, Error, Result},
    pictures::{Kind, Picture},
};

/// The most bytes of an avatar or a chat's image.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;

/// The picture that stands in these bytes, fit to be shown to anyone. 415 when it is none; 413 beyond 5 MiB or 50
/// megapixels; 400 when it is cut off or damaged.
pub async fn prepare(app: &App, bytes: Vec<u8>) -> Result<Picture> {
    if bytes.is_empty() {
        return Err(Error::invalid_field("file", "must not be empty"));
    }
    if bytes.len() > MAX_BYTES {
        return Err(Error::new(Code::TooLarge, "a picture may have at most 5 MiB"));
    }
    let not_a_picture = || Error::new(Code::UnsupportedMediaType, "must be a JPEG, PNG, GIF or WebP picture");
    let kind = Kind::guess(&bytes).ok_or_else(not_a_picture)?;
    app.pictures.prepare(Cursor::new(bytes), kind, false).await
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
