//! The small one of a picture.

use bytes::Bytes;
use image::{
    DynamicImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    metadata::Orientation,
};

use crate::error::{Error, Result};

/// The most pixels of either side.
const SIDE: u32 = 320;
/// Out of 100: at this size nobody sees the difference.
const QUALITY: u8 = 80;

/// A small picture: JPEG, or PNG where something shows through.
pub struct Thumbnail {
    /// The file.
    pub bytes: Bytes,
    /// Its media type.
    pub content_type: &'static str,
}

impl Thumbnail {
    /// Makes it, the right side up; what is small already keeps its size.
    pub fn of(image: DynamicImage, orientation: Orientation) -> Result<Self> {
        let is_small = image.width() <= SIDE && image.height() <= SIDE;
        let mut image = if is_small { image } else { image.thumbnail(SIDE, SIDE) };
        image.apply_orientation(orientation);
        let mut bytes = Vec::new();
        let content_type = if image.color().has_alpha() {
            let encoder = PngEncoder::new(&mut bytes);
            image.to_rgba8().write_with_encoder(encoder).map_err(Error::internal)?;
            "image/png"
        } else {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
            image.to_rgb8().write_with_encoder(encoder).map_err(Error::internal)?;
            "image/jpeg"
        };
        Ok(Self { bytes: bytes.into(), content_type })
    }
}
