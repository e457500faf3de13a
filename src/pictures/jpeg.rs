//! JPEG: a row of segments, then the packed pixels, up to the end marker.

use super::orientation;

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;

/// Without comments and application data, but for colours and orientation; `None` when it does not reach its end.
/// What stands behind the end (other pictures, a film) goes too.
pub fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.strip_prefix(b"\xff\xd8").map(|_| vec![0xff, 0xd8])?;
    let (mut at, mut exif) = (2, None);
    loop {
        let marker = next_marker(bytes, &mut at)?;
        match marker {
            END => {
                kept.extend([0xff, END]);
                if let Some(exif) = exif {
                    insert(&mut kept, exif);
                }
                return Some(kept);
            }
            // Those that stand alone.
            0x01 | 0xd0..=0xd7 => kept.extend([0xff, marker]),
            0xd8 => return None,
            _ => {
                let length = usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
                let data = bytes.get(at + 2..at + length)?;
                at += length;
                if is_needed(marker, data) {
                    kept.extend([0xff, marker]);
                    kept.extend_from_slice(&bytes[at - length..at]);
                } else if marker == APP1 && data.starts_with(b"Exif\0\0") {
                    exif = exif.or_else(|| orientation::keep(data));
                }
                if marker == SCAN {
                    let start = at;
                    at = scan_end(bytes, at)?;
                    kept.extend_from_slice(&bytes[start..at]);
                }
            }
        }
    }
}

/// The marker at this place, which may have fill bytes before it; the place is behind it then.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    if *bytes.get(*at)? != 0xff {
        return None;
    }
    while *bytes.get(*at)? == 0xff {
        *at += 1;
    }
    *at += 1;
    Some(bytes[*at - 1])
}

fn is_needed(marker: u8, data: &[u8]) -> bool {
    match marker {
        APP0 => data.starts_with(b"JFIF\0"),
        0xe2 => data.starts_with(b"ICC_PROFILE\0"),
        0xee => data.starts_with(b"Adobe"),
        0xe1..=0xfe => false,
        _ => true,
    }
}

/// Where the packed pixels end: at a marker that is neither a stuffed byte nor a restart.
fn scan_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// Puts Exif data where readers look for them: at the beginning, but behind what says that this is JFIF.
fn insert(kept: &mut Vec<u8>, exif: [u8; 26]) {
    let behind_jfif = match kept.get(2..6) {
        Some([0xff, APP0, high, low]) => 4 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => 2,
    };
    let segment = [&[0xff, APP1, 0, 34], &b"Exif\0\0"[..], &exif].concat();
    kept.splice(behind_jfif..behind_jfif, segment);
}
