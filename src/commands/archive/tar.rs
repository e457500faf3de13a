//! The headers of a tar file, in the form of POSIX (ustar). A size from 8 GiB on is written as GNU tar does.

use crate::commands::Outcome;

/// Everything in a tar file is padded to a multiple of this.
pub const BLOCK: usize = 512;

/// What a name may have in its own field, and what may stand before it in another.
const NAME: usize = 100;
const PREFIX: usize = 155;
/// The most that eleven octal digits say.
const OCTAL_MOST: u64 = 0o777_7777_7777;

/// The header of a plain file that only its owner may read.
pub fn header(name: &str, size: u64, written_at: u64) -> Outcome<[u8; BLOCK]> {
    let mut block = [0; BLOCK];
    let (prefix, name) = split(name)?;
    put(&mut block, 0, name.as_bytes());
    put(&mut block, 100, b"0000600\0");
    put(&mut block, 108, b"0000000\0");
    put(&mut block, 116, b"0000000\0");
    if size <= OCTAL_MOST {
        put(&mut block, 124, format!("{size:011o}\0").as_bytes());
    } else {
        block[124] = 0x80;
        put(&mut block, 128, &size.to_be_bytes());
    }
    put(&mut block, 136, format!("{:011o}\0", written_at.min(OCTAL_MOST)).as_bytes());
    block[156] = b'0';
    put(&mut block, 257, b"ustar\x0000");
    put(&mut block, 345, prefix.as_bytes());
    let sum = format!("{:06o}\0 ", checksum(&block));
    put(&mut block, 148, sum.as_bytes());
    Ok(block)
}

/// The name and the size in a header; `None` for the empty block at the end, and an error for what is no header.
pub fn read(block: &[u8; BLOCK]) -> Result<Option<(String, u64)>, &'static str> {
    if block.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let said = octal(&block[148..156]).ok_or("a header has no checksum")?;
    if said != u64::from(checksum(block)) {
        return Err("the checksum of a header is wrong");
    }
    let text = |from: usize, length: usize| {
        let field = &block[from..from + length];
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(length);
        std::str::from_utf8(&field[..end]).map_err(|_| "a name is no text")
    };
    let (prefix, name) = (text(345, PREFIX)?, text(0, NAME)?);
    let name = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
    let size = if block[124] & 0x80 == 0 {
        octal(&block[124..136]).ok_or("a header has no size")?
    } else {
        let digits: [u8; 8] = block[128..136].try_into().map_err(|_| "a header has no size")?;
        u64::from_be_bytes(digits)
    };
    Ok(Some((name, size)))
}

/// How many bytes fill the last block of so many.
pub fn padding(size: u64) -> usize {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    if over == 0 { 0 } else { BLOCK - over }
}

fn split(name: &str) -> Outcome<(&str, &str)> {
    if name.len() <= NAME {
        return Ok(("", name));
    }
    let parts = name.match_indices('/').map(|(at, _)| (&name[..at], &name[at + 1..]));
    let fits = |(prefix, rest): &(&str, &str)| prefix.len() <= PREFIX && rest.len() <= NAME;
    Ok(parts.into_iter().find(fits).ok_or_else(|| format!("{name}: this name is too long for an archive"))?)
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The sum of all bytes, where its own field counts as spaces.
fn checksum(block: &[u8; BLOCK]) -> u32 {
    let byte = |(at, byte): (usize, &u8)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) };
    block.iter().enumerate().map(byte).sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches([' ', '\0']), 8).ok()
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, header, padding, read};

    #[test]
    fn a_header_says_what_was_written() {
        let long = format!("files/{}/{}.png", "a".repeat(90), "b".repeat(40));
        for (name, size) in
            [("end.json", 0), ("database.dump", 1 << 33), ("a", (1 << 33) - 1), (&long, u64::MAX / 4)]
        {
            let block = header(name, size, 1_780_000_000).unwrap();
            assert_eq!(read(&block).unwrap(), Some((name.to_owned(), size)), "{name}");
            let mut changed = block;
            changed[3] ^= 1;
            assert!(read(&changed).is_err(), "{name}");
        }
        assert_eq!(read(&[0; BLOCK]).unwrap(), None);
        assert!(header(&"x".repeat(101), 1, 1).is_err());
        assert_eq!((padding(0), padding(1), padding(512), padding(1025)), (0, 511, 0, 511));
    }
}
