//! GIF: a screen, then blocks up to the trailer: pictures, and extensions between them.

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;

/// Without comments, texts and application data, but for what repeats an animation; `None` when it does not reach its
/// end. What stands behind the end goes too.
pub fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let screen = bytes.get(..13)?;
    let mut at = 13 + table_length(screen[10]);
    let mut kept = bytes.get(..at)?.to_vec();
    loop {
        let start = at;
        match *bytes.get(at)? {
            TRAILER => {
                kept.push(TRAILER);
                return Some(kept);
            }
            PICTURE => {
                // Its place and size, its own colours, the code size, and the pixels.
                at = blocks_end(bytes, at + 11 + table_length(*bytes.get(at + 9)?))?;
                kept.extend_from_slice(&bytes[start..at]);
            }
            EXTENSION => {
                at = blocks_end(bytes, at + 2)?;
                if is_needed(&bytes[start..at]) {
                    kept.extend_from_slice(&bytes[start..at]);
                }
            }
            _ => return None,
        }
    }
}

/// The bytes of the table of colours that these flags tell of.
fn table_length(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 0x07) + 1) }
}

/// The end of blocks that each begin with their length, up to an empty one.
fn blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

/// How long a picture stands, and how often all of them are repeated.
fn is_needed(extension: &[u8]) -> bool {
    match extension[1] {
        0xf9 => true,
        0xff => [&b"\x0bNETSCAPE2.0"[..], b"\x0bANIMEXTS1.0"].iter().any(|id| extension[2..].starts_with(id)),
        _ => false,
    }
}
