//! PNG: a row of chunks, each with its length and a checksum.

use super::orientation;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Where the first chunk, which tells the size, ends.
const HEADER_END: usize = 33;

/// What it takes to show the picture, or its animation.
const NEEDED: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT",
    b"bKGD", b"pHYs", b"hIST", b"acTL", b"fcTL", b"fdAT",
];

/// Without texts, times and Exif data, but for the orientation; `None` when it does not reach its end. What stands
/// behind the end goes too.
pub fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let (mut kept, mut exif) = (SIGNATURE.to_vec(), None);
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let (chunk, behind) = rest.split_at_checked(length.checked_add(12)?)?;
        let kind = chunk[4..].first_chunk()?;
        if NEEDED.contains(&kind) {
            kept.extend_from_slice(chunk);
        } else if kind == b"eXIf" {
            exif = orientation::keep(&chunk[8..8 + length]);
        }
        if kind == b"IEND" {
            break;
        }
        rest = behind;
    }
    if let Some(exif) = exif.filter(|_| kept.len() > HEADER_END) {
        let named = [b"eXIf", &exif[..]].concat();
        let chunk = [&26u32.to_be_bytes(), &named[..], &checksum(&named).to_be_bytes()].concat();
        kept.splice(HEADER_END..HEADER_END, chunk);
    }
    Some(kept)
}

/// CRC-32 as PNG has it; for a few bytes.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}
