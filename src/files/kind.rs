//! What a file is, by its bytes: pictures, audio, video and documents that are known keep their type.

use std::{
    fs::File,
    io::{Read, Seek},
};

use super::package;
use crate::{
    error::{Error, Result},
    pictures,
};

/// How much of a file is looked at to find out what it is.
const HEAD: u64 = 16 * 1024;
/// What is neither known nor text, and what a browser would run.
pub const UNKNOWN: &str = "application/octet-stream";

/// What a file is.
pub enum Kind {
    /// It begins like a picture.
    Picture(pictures::Kind),
    /// It is kept as it is, with this media type.
    Other(&'static str),
}

/// Finds out what a file is.
pub fn of(file: &mut File) -> Result<Kind> {
    let mut head = Vec::new();
    file.rewind().map_err(Error::internal)?;
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(Error::internal)?;
    if let Some(kind) = pictures::Kind::guess(&head) {
        return Ok(Kind::Picture(kind));
    }
    if package::begins(&head) {
        return Ok(Kind::Other(package::kind(file).map_err(Error::internal)?.unwrap_or(UNKNOWN)));
    }
    match infer::get(&head) {
        Some(found) => Ok(Kind::Other(known(found.mime_type()))),
        None => {
            file.rewind().map_err(Error::internal)?;
            let text = !is_markup(&head) && is_text(file)?;
            Ok(Kind::Other(if text { "text/plain; charset=utf-8" } else { UNKNOWN }))
        }
    }
}

/// Whether a page may show it; anything else is a download. Only pictures that were taken apart are called one.
pub fn is_shown(content_type: &str) -> bool {
    ["image/", "audio/", "video/"].iter().any(|start| content_type.starts_with(start))
}

/// The types that are kept, in the words browsers know. Whatever is not here is a download of no type.
fn known(found: &str) -> &'static str {
    match found {
        "audio/aac" => "audio/aac",
        "audio/amr" => "audio/amr",
        "audio/m4a" => "audio/mp4",
        "audio/midi" => "audio/midi",
        "audio/mpeg" => "audio/mpeg",
        "audio/ogg" | "audio/opus" => "audio/ogg",
        "audio/x-aiff" => "audio/aiff",
        "audio/x-flac" => "audio/flac",
        "audio/x-wav" => "audio/wav",
        "video/mp4" | "video/x-m4v" => "video/mp4",
        "video/mpeg" => "video/mpeg",
        "video/quicktime" => "video/quicktime",
        "video/webm" => "video/webm",
        "video/x-matroska" => "video/x-matroska",
        "video/x-msvideo" => "video/x-msvideo",
        "application/msword" => "application/msword",
        "application/pdf" => "application/pdf",
        "application/rtf" => "application/rtf",
        "application/vnd.ms-excel" => "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint" => "application/vnd.ms-powerpoint",
        _ => UNKNOWN,
    }
}

/// Whether it begins like HTML, SVG, XML or a script.
fn is_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    head.starts_with(b"<") || head.starts_with(b"#!")
}

/// Whether all of it is UTF-8 without control characters but for those of plain text.
fn is_text(file: &mut File) -> Result<bool> {
    let mut piece = vec![0; 64 * 1024];
    // What a piece began and the next one ends: a character of several bytes.
    let mut kept = 0;
    loop {
        let length = file.read(&mut piece[kept..]).map_err(Error::internal)?;
        let end = kept + length;
        let whole = match std::str::from_utf8(&piece[..end]) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() && length > 0 => error.valid_up_to(),
            Err(_) => return Ok(false),
        };
        let is_plain = |byte: &u8| *byte >= 0x20 && *byte != 0x7f || b"\t\n\r\x0c".contains(byte);
        if !piece[..whole].iter().all(is_plain) {
            return Ok(false);
        }
        if length == 0 {
            return Ok(true);
        }
        piece.copy_within(whole..end, 0);
        kept = end - whole;
    }
}
