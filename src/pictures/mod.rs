//! Pictures: which are taken, what is taken out of them, and how much memory unpacking them may use at once.
//!
//! A picture is kept as it came, less what it tells about its maker: where and when it was taken, with what, by whom.
//! The pixels are not packed anew, an animation stays one, and which side is up is still written in it.

mod gif;
mod jpeg;
mod orientation;
mod png;
pub mod qr;
mod thumbnail;
mod webp;

use std::{
    io::{Read, Seek, SeekFrom},
    sync::Arc,
};

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use thumbnail::Thumbnail;

use crate::error::{Code, Error, Result};

/// The most pixels of any picture: what it takes to unpack grows with them, not with the file.
const MAX_PIXELS: u64 = 50_000_000;
/// What unpacked pictures may take together, and what each is counted for at least, so that they do not take every core
/// either. The largest picture, at 8 bytes a pixel, fits.
const MEMORY_MIB: u32 = 512;
const LEAST_MIB: u32 = 128;

/// A kind of picture that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JPEG
    Jpeg,
    /// PNG
    Png,
    /// GIF
    Gif,
    /// WebP
    WebP,
}

/// A picture that is whole and tells nothing about its maker.
pub struct Picture {
    /// Its kind.
    pub kind: Kind,
    /// The file.
    pub bytes: Bytes,
    /// Its size as it is shown, in pixels.
    pub width: u32,
    /// Its size as it is shown, in pixels.
    pub height: u32,
    /// A small one, if one was wanted.
    pub thumbnail: Option<Thumbnail>,
    /// Who holds the picture holds the memory it was counted for.
    _permit: OwnedSemaphorePermit,
}

/// Where pictures are unpacked: as many at once as there is memory for.
#[derive(Debug, Clone)]
pub struct Pictures(Arc<Semaphore>);

impl Default for Pictures {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MEMORY_MIB as usize)))
    }
}

impl Kind {
    /// What these bytes begin like; they may still be no picture.
    pub fn guess(head: &[u8]) -> Option<Self> {
        match image::guess_format(head).ok()? {
            ImageFormat::Jpeg => Some(Self::Jpeg),
            ImageFormat::Png => Some(Self::Png),
            ImageFormat::Gif => Some(Self::Gif),
            ImageFormat::WebP => Some(Self::WebP),
            _ => None,
        }
    }

    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::Gif => ImageFormat::Gif,
            Self::WebP => ImageFormat::WebP,
        }
    }

    /// The file without what is not needed to show it; `None` when it is not whole.
    fn clean(self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Jpeg => jpeg::clean(bytes),
            Self::Png => png::clean(bytes),
            Self::Gif => gif::clean(bytes),
            Self::WebP => webp::clean(bytes),
        }
    }
}

impl Pictures {
    /// Makes a picture fit to be shown. 413 beyond 50 megapixels, found out before anything is unpacked; 400 when it is
    /// cut off or damaged.
    pub async fn prepare(
        &self,
        source: impl Read + Seek + Send + 'static,
        kind: Kind,
        with_thumbnail: bool,
    ) -> Result<Picture> {
        let (source, pixels) = blocking(move || measure(source, kind)).await?;
        let mib = pixels
            .map_or(LEAST_MIB, |pixels| u32::try_from(pixels * 8 / (1024 * 1024)).unwrap_or(MEMORY_MIB));
        let mib = mib.clamp(LEAST_MIB, MEMORY_MIB);
        let permit = self.0.clone().acquire_many_owned(mib).await.map_err(Error::internal)?;
        blocking(move || match pixels {
            Some(_) => finish(source, kind, with_thumbnail, permit),
            None => Err(refuse(source, kind)?),
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// How many pixels it says it has, if that is not too many: only the header is read.
fn measure<R: Read + Seek>(mut source: R, kind: Kind) -> Result<(R, Option<u64>)> {
    source.rewind().map_err(Error::internal)?;
    let reader = ImageReader::with_format(std::io::BufReader::new(&mut source), kind.format());
    let pixels = match reader.into_dimensions() {
        Ok((width, height)) => u64::from(width) * u64::from(height),
        // What the library itself would not unpack is far beyond ours.
        Err(ImageError::Limits(_)) => u64::MAX,
        Err(_) => return Err(damaged()),
    };
    Ok((source, (pixels <= MAX_PIXELS).then_some(pixels)))
}

/// Why what says that it has too many pixels is not taken. A text that begins like a picture seems to say so, too: it is no
/// whole picture, and nothing has to be unpacked to see that.
fn refuse(mut source: impl Read + Seek, kind: Kind) -> Result<Error> {
    let bytes = read(&mut source)?;
    Ok(if kind.clean(&bytes).is_some() { too_many_pixels() } else { damaged() })
}

fn read(source: &mut (impl Read + Seek)) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    source.read_to_end(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

fn finish(
    mut source: impl Read + Seek,
    kind: Kind,
    with_thumbnail: bool,
    permit: OwnedSemaphorePermit,
) -> Result<Picture> {
    let bytes = read(&mut source)?;
    let bytes = kind.clean(&bytes).ok_or_else(damaged)?;
    let (image, orientation) = unpack(&bytes, kind).map_err(|_| damaged())?;
    let (mut width, mut height) = (image.width(), image.height());
    if orientation::is_sideways(orientation) {
        (width, height) = (height, width);
    }
    let thumbnail = if with_thumbnail { Some(Thumbnail::of(image, orientation)?) } else { None };
    Ok(Picture { kind, bytes: bytes.into(), width, height, thumbnail, _permit: permit })
}

/// The pixels, of an animation its first ones, and which side is up. What can't be unpacked is damaged, whatever its
/// header says.
fn unpack(bytes: &[u8], kind: Kind) -> image::ImageResult<(DynamicImage, Orientation)> {
    let mut reader = ImageReader::with_format(std::io::Cursor::new(bytes), kind.format());
    let mut limits = Limits::default();
    limits.max_alloc = Some(u64::from(MEMORY_MIB) * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

fn too_many_pixels() -> Error {
    Error::new(Code::TooLarge, "a picture may have at most 50 megapixels")
}

fn damaged() -> Error {
    Error::invalid_field("file", "must be a whole picture: this one is cut off or damaged")
}
