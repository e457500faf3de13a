//! WebP: a row of chunks in a RIFF file, the first of which may tell what the others are.

use super::orientation;

const HEAD: usize = 12;
const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

/// Without Exif data, but for the orientation, and without XMP; `None` when it does not reach its end. What stands
/// behind the end goes too.
pub fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(*bytes.strip_prefix(b"RIFF")?.first_chunk()?) as usize;
    let mut rest = bytes.get(..size.checked_add(8)?)?.get(HEAD..)?;
    let mut kept = bytes[..HEAD].to_vec();
    let (mut flags_at, mut exif) = (None, None);
    while !rest.is_empty() {
        let length = u32::from_le_bytes(*rest.get(4..)?.first_chunk()?) as usize;
        let padded = length.checked_add(8 + length % 2)?;
        // Some writers forget the last padding.
        let (chunk, behind) = rest.split_at_checked(padded.min(rest.len()))?;
        let data = chunk.get(8..8 + length)?;
        match &chunk[..4] {
            b"EXIF" => exif = orientation::keep(data),
            b"VP8X" => {
                flags_at = Some(kept.len() + 8);
                kept.extend_from_slice(chunk);
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => {
                kept.extend_from_slice(chunk);
                kept.resize(kept.len() + padded - chunk.len(), 0);
            }
            _ => {}
        }
        rest = behind;
    }
    if let Some(flags) = flags_at.and_then(|at| kept.get_mut(at)) {
        *flags &= !(EXIF_FLAG | XMP_FLAG);
        if let Some(exif) = exif {
            *flags |= EXIF_FLAG;
            kept.extend(b"EXIF\x1a\0\0\0");
            kept.extend(exif);
        }
    }
    let size = u32::try_from(kept.len() - 8).ok()?;
    kept[4..8].copy_from_slice(&size.to_le_bytes());
    Some(kept)
}
