//! Documents that are zip archives: Word, Excel, PowerPoint, OpenDocument, EPUB. Which one it is stands in an entry of the
//! archive, and that is found by the directory at its end, whatever the order of the parts.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

/// The end of an archive with the longest comment there can be.
const TAIL: u64 = 22 + 65_535;
/// The most bytes of a directory that are read; a document of 25 MiB has a small part of it.
const DIRECTORY: usize = 4 * 1024 * 1024;
/// The most bytes of an entry that are unpacked, however large it says it is.
const ENTRY: u64 = 1024 * 1024;

const OFFICE: [(&str, &str, &str); 3] = [
    (
        "word/",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ),
    (
        "xl/",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ),
    (
        "ppt/",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
];

/// Those that name their type in an entry called `mimetype`.
const NAMED: [&str; 4] = [
    "application/epub+zip",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
];

/// Whether a file begins like an archive.
pub fn begins(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// The media type of the document that an archive is; `None` for any other archive, and for what is none after all. One that
/// brings programs along (macros) is any other.
pub fn kind(file: &mut (impl Read + Seek)) -> io::Result<Option<&'static str>> {
    let Some(directory) = directory(file)? else { return Ok(None) };
    let entries = entries(&directory);
    let find = |name: &[u8]| entries.iter().find(|entry| entry.name == name);
    if let Some(entry) = find(b"mimetype") {
        let text = unpack(file, entry)?.unwrap_or_default();
        let text = text.trim_ascii();
        return Ok(NAMED.into_iter().find(|kind| kind.as_bytes() == text));
    }
    let Some(types) = find(b"[Content_Types].xml") else { return Ok(None) };
    let holds_programs = entries.iter().any(|entry| entry.name.ends_with(b"vbaProject.bin"));
    let types = String::from_utf8_lossy(&unpack(file, types)?.unwrap_or_default()).into_owned();
    if holds_programs || types.contains("macroEnabled") {
        return Ok(None);
    }
    let is_main = |kind: &str| types.contains(&format!("\"{kind}\"")) || types.contains(&format!("'{kind}'"));
    let by_type = OFFICE.into_iter().find(|(_, _, main)| is_main(main));
    // Some writers have types of their own; where the parts lie is the same with all.
    let by_folder = || {
        OFFICE
            .into_iter()
            .find(|(folder, ..)| entries.iter().any(|entry| entry.name.starts_with(folder.as_bytes())))
    };
    Ok(by_type.or_else(by_folder).map(|(_, kind, _)| kind))
}

/// An entry of the directory.
struct Entry<'a> {
    name: &'a [u8],
    method: u16,
    packed: u32,
    at: u32,
}

/// The directory at the end of an archive.
fn directory(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    let size = file.seek(SeekFrom::End(0))?;
    let start = size.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.by_ref().take(TAIL).read_to_end(&mut tail)?;
    let Some(end) = tail.windows(22).rposition(|bytes| bytes.starts_with(b"PK\x05\x06")) else {
        return Ok(None);
    };
    let (length, at) = (number(&tail, end + 12) as usize, number(&tail, end + 16));
    if length > DIRECTORY || u64::from(at) + length as u64 > size {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(u64::from(at)))?;
    let mut directory = vec![0; length];
    file.read_exact(&mut directory)?;
    Ok(Some(directory))
}

fn entries(directory: &[u8]) -> Vec<Entry<'_>> {
    let (mut entries, mut rest) = (Vec::new(), directory);
    while rest.starts_with(b"PK\x01\x02") && rest.len() >= 46 {
        let lengths = [28, 30, 32].map(|at| short(rest, at) as usize);
        let Some(name) = rest.get(46..46 + lengths[0]) else { break };
        entries.push(Entry { name, method: short(rest, 10), packed: number(rest, 20), at: number(rest, 42) });
        let Some(behind) = rest.get(46 + lengths.iter().sum::<usize>()..) else { break };
        rest = behind;
    }
    entries
}

/// The beginning of an entry; `None` when it is packed in a way that documents are not.
fn unpack(file: &mut (impl Read + Seek), entry: &Entry<'_>) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; 30];
    file.seek(SeekFrom::Start(u64::from(entry.at)))?;
    if file.read_exact(&mut head).is_err() || !begins(&head) {
        return Ok(None);
    }
    let skipped = i64::from(short(&head, 26)) + i64::from(short(&head, 28));
    file.seek(SeekFrom::Current(skipped))?;
    let packed = file.by_ref().take(u64::from(entry.packed));
    let mut bytes = Vec::new();
    let read = match entry.method {
        0 => packed.take(ENTRY).read_to_end(&mut bytes),
        8 => DeflateDecoder::new(packed).take(ENTRY).read_to_end(&mut bytes),
        _ => return Ok(None),
    };
    // What is damaged says as much as could be read.
    Ok(Some(bytes)).map(|bytes| bytes.filter(|_| read.is_ok()))
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::{collection, prelude::*};
    use rust_xlsxwriter::Workbook;

    use super::{OFFICE, kind};

    #[test]
    fn a_workbook_is_known_and_so_is_none_of_it() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet();
        let bytes = workbook.save_to_buffer().unwrap();
        let of = |bytes: &[u8]| kind(&mut Cursor::new(bytes)).unwrap();
        assert_eq!(of(&bytes), Some(OFFICE[1].1));
        for left in [0, 4, 30, bytes.len() / 2, bytes.len() - 23] {
            assert_eq!(of(&bytes[..left]), None, "{left}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(at in 0usize..6_000, noise in collection::vec(any::<u8>(), 1..40)) {
            let mut workbook = Workbook::new();
            workbook.add_worksheet();
            let mut bytes = workbook.save_to_buffer().unwrap();
            let start = at % bytes.len();
            let end = (start + noise.len()).min(bytes.len());
            bytes[start..end].copy_from_slice(&noise[..end - start]);
            let _ = kind(&mut Cursor::new(&bytes));
        }
    }
}
