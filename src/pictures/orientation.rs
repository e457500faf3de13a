//! Which side of a picture is up: the one thing of its Exif data that is kept.

use image::metadata::Orientation;

/// Whether width and height change places when it is shown.
pub fn is_sideways(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Exif data that say what these did about the orientation, and nothing else; `None` when the picture stands upright.
pub fn keep(exif: &[u8]) -> Option<[u8; 26]> {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let orientation = Orientation::from_exif_chunk(exif)?;
    if orientation == Orientation::NoTransforms {
        return None;
    }
    // A TIFF header, and a directory of one entry: tag 0x0112, one 16-bit number.
    let mut kept = *b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";
    kept[18] = orientation.to_exif();
    Some(kept)
}
