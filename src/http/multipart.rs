//! Forms as they come: the parts of a `multipart/form-data` body, one after the other (RFC 7578), read the way browsers and
//! old programs write them.

use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

use crate::error::{Code, Error, Result};

/// The most bytes of the head of a part, and of what may stand before the first one.
const MOST: usize = 16 * 1024;

/// The parts of a form.
pub struct Parts<S> {
    body: S,
    buffer: BytesMut,
    /// What stands between two parts: a new line, two dashes, and the boundary.
    delimiter: Vec<u8>,
    /// Whether all of the present part has been read.
    at_delimiter: bool,
}

/// The head of a part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The field.
    pub name: Option<String>,
    /// The file, as its sender calls it.
    pub file_name: Option<String>,
}

/// The boundary that a media type names.
pub fn boundary(content_type: &str) -> Option<String> {
    let (essence, parameters) = content_type.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary =
        parameter(parameters.as_bytes(), "boundary").and_then(|value| String::from_utf8(value).ok())?;
    (1..=256).contains(&boundary.len()).then_some(boundary)
}

impl<S: Stream<Item = Result<Bytes>> + Unpin> Parts<S> {
    /// The parts of this body.
    pub fn new(body: S, boundary: &str) -> Self {
        // The first delimiter may stand at the very beginning.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
        Self { body, buffer, delimiter, at_delimiter: false }
    }

    /// The next part, of which nothing has been read; what is left of the one before is passed over. `None` at the end.
    pub async fn next_part(&mut self) -> Result<Option<Head>> {
        while self.next_piece().await?.is_some() {}
        self.buffer.advance(self.delimiter.len());
        self.at_delimiter = false;
        self.fill(2).await?;
        if self.buffer.starts_with(b"--") {
            return Ok(None);
        }
        // Blanks may pad the line.
        let line = self.line().await?;
        if !line.iter().all(u8::is_ascii_whitespace) {
            return Err(unreadable());
        }
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let mut size = 0;
        loop {
            let line = self.line().await?;
            size += line.len();
            if size > MOST {
                return Err(unreadable());
            }
            match (line.first(), lines.last_mut()) {
                (None, _) => break,
                (Some(b' ' | b'\t'), Some(folded)) => folded.extend_from_slice(&line),
                _ => lines.push(line),
            }
        }
        // The new line before the next delimiter may be the one that ended the head.
        self.buffer = [&b"\r\n"[..], &self.buffer].concat().as_slice().into();
        if !self.buffer_is_delimiter().await? {
            self.buffer.advance(2);
        }
        Ok(Some(Head::read(&lines)))
    }

    /// The next bytes of the present part; `None` when there are no more.
    pub async fn next_piece(&mut self) -> Result<Option<Bytes>> {
        loop {
            if self.at_delimiter {
                return Ok(None);
            }
            let found = find(&self.buffer, &self.delimiter);
            // The delimiter may have begun in what has come so far.
            let sure = found.unwrap_or(self.buffer.len().saturating_sub(self.delimiter.len() - 1));
            self.at_delimiter = found.is_some();
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            if found.is_none() && !self.more().await? {
                return Err(unreadable());
            }
        }
    }

    /// The rest of this line, without its end.
    async fn line(&mut self) -> Result<Vec<u8>> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n") {
                let line = self.buffer.split_to(end).to_vec();
                self.buffer.advance(2);
                return Ok(line);
            }
            if self.buffer.len() > MOST || !self.more().await? {
                return Err(unreadable());
            }
        }
    }

    async fn buffer_is_delimiter(&mut self) -> Result<bool> {
        while self.buffer.len() < self.delimiter.len() && self.delimiter.starts_with(&self.buffer) {
            if !self.more().await? {
                return Ok(false);
            }
        }
        Ok(self.buffer.starts_with(&self.delimiter))
    }

    /// At least so many bytes.
    async fn fill(&mut self, count: usize) -> Result<()> {
        while self.buffer.len() < count {
            if !self.more().await? {
                return Err(unreadable());
            }
        }
        Ok(())
    }

    async fn more(&mut self) -> Result<bool> {
        match self.body.next().await.transpose()? {
            Some(piece) => {
                self.buffer.extend_from_slice(&piece);
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

impl Head {
    fn read(lines: &[Vec<u8>]) -> Self {
        let disposition = lines.iter().find_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = line[..colon].trim_ascii();
            name.eq_ignore_ascii_case(b"content-disposition").then(|| &line[colon + 1..])
        });
        let Some(disposition) = disposition else { return Self::default() };
        let extended = parameter(disposition, "filename*").and_then(|value| decode_extended(&value));
        let plain = || parameter(disposition, "filename").map(text);
        Self { name: parameter(disposition, "name").map(text), file_name: extended.or_else(plain) }
    }
}

fn unreadable() -> Error {
    Error::new(Code::Malformed, "the form cannot be read")
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut start = 0;
    loop {
        let at = start + bytes.get(start..)?.iter().position(|byte| byte == first)?;
        if bytes[at + 1..].starts_with(rest) {
            return Some(at);
        }
        start = at + 1;
    }
}

/// The value of a parameter in a list separated by semicolons, quotes taken off.
fn parameter(list: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut rest = list;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b';' | b'=')).unwrap_or(rest.len());
        let key = rest[..end].trim_ascii();
        if rest.get(end) != Some(&b'=') {
            rest = rest.get(end + 1..).unwrap_or_default();
            continue;
        }
        let (value, behind) = value(rest[end + 1..].trim_ascii_start());
        if key.eq_ignore_ascii_case(name.as_bytes()) {
            return Some(value);
        }
        rest = behind;
    }
    None
}

/// A value, and what stands behind the semicolon that ends it.
fn value(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let after = |from: usize| {
        let behind = text.get(from..).unwrap_or_default();
        let semicolon = behind.iter().position(|byte| *byte == b';');
        semicolon.map_or(&[][..], |at| &behind[at + 1..])
    };
    if text.first() != Some(&b'"') {
        let end = text.iter().position(|byte| *byte == b';').unwrap_or(text.len());
        return (text[..end].trim_ascii().to_vec(), after(end));
    }
    let (mut value, mut at) = (Vec::new(), 1);
    while let Some(byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'"', _) => break,
            // Of a path with backslashes each is one.
            (b'\\', Some(b'"')) => {
                value.push(b'"');
                at += 1;
            }
            _ => value.push(*byte),
        }
        at += 1;
    }
    (value, after(at))
}

/// `UTF-8''na%C3%AFve.txt` (RFC 8187); `None` for another character set.
fn decode_extended(value: &[u8]) -> Option<String> {
    let mut parts = value.splitn(3, |byte| *byte == b'\'');
    let (charset, _language, escaped) = (parts.next()?, parts.next()?, parts.next()?);
    let mut bytes = Vec::new();
    let mut rest = escaped;
    while let Some((byte, behind)) = rest.split_first() {
        let digit = |at: usize| behind.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(*byte);
                rest = behind;
            }
        }
    }
    if charset.eq_ignore_ascii_case(b"utf-8") {
        String::from_utf8(bytes).ok()
    } else {
        charset.eq_ignore_ascii_case(b"iso-8859-1").then(|| bytes.into_iter().map(char::from).collect())
    }
}

/// As text: UTF-8, or what programs sent before there was any.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::stream;
    use proptest::{collection, prelude::*};

    use super::{Head, Parts, boundary};
    use crate::error::{Code, Result};

    async fn read(body: &[u8], piece: usize) -> Result<Vec<(Head, Vec<u8>)>> {
        let pieces: Vec<_> =
            body.chunks(piece.max(1)).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let mut parts = Parts::new(stream::iter(pieces), "x-y");
        let mut found = Vec::new();
        while let Some(head) = parts.next_part().await? {
            let mut bytes = Vec::new();
            while let Some(piece) = parts.next_piece().await? {
                bytes.extend_from_slice(&piece);
            }
            found.push((head, bytes));
        }
        Ok(found)
    }

    fn head(name: &str, file_name: Option<&str>) -> Head {
        Head { name: Some(name.to_owned()), file_name: file_name.map(str::to_owned) }
    }

    #[tokio::test]
    async fn a_form_is_read_in_whatever_pieces_it_comes() {
        let body = b"preamble\r\n--x-y \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--x\r\n\r\n--x-y\r\n\
            CONTENT-DISPOSITION:form-data;\r\n name=file ; filename=\"b \\\"c\\\"; d.txt\"\r\nContent-Type: text/html\r\n\r\n\r\n--x-y\r\n\
            \r\nbare\r\n--x-y--\r\nepilogue";
        for piece in [1, 2, 3, 7, 64, 10_000] {
            let parts = read(body, piece).await.unwrap();
            assert_eq!(parts.len(), 3, "{piece}");
            assert_eq!(parts[0], (head("a", None), b"one\r\n--x\r\n".to_vec()), "{piece}");
            assert_eq!(parts[1], (head("file", Some("b \"c\"; d.txt")), vec![]), "{piece}");
            assert_eq!(parts[2], (Head::default(), b"bare".to_vec()), "{piece}");
        }
    }

    #[tokio::test]
    async fn a_name_is_read_as_it_was_meant() {
        let named = async |line: &[u8]| {
            let form = [b"--x-y\r\n", line, b"\r\n\r\nhi\r\n--x-y--"].concat();
            read(&form, 5).await.unwrap().remove(0).0.file_name
        };
        for (disposition, name) in [
            (
                "form-data; name=f; filename=\"=?utf-8?B?w6k=?=\"; filename*=utf-8''%C3%A9t%C3%A9.txt",
                Some("été.txt"),
            ),
            ("form-data; filename*=UTF-8'en'%e2%82%ac; filename=euro", Some("€")),
            ("form-data; filename*=iso-8859-1''%E9", Some("é")),
            ("form-data; filename*=koi8-r''%E9; filename=plain", Some("plain")),
            ("form-data; filename*=UTF-8''%ff; filename=plain", Some("plain")),
            ("form-data; filename*=nonsense; filename=plain", Some("plain")),
            ("form-data; filename=\"C:\\me\\a.txt\"", Some("C:\\me\\a.txt")),
            ("form-data; filename=\"a\u{1}b\u{7f}\u{1b}[2J.txt\"", Some("a\u{1}b\u{7f}\u{1b}[2J.txt")),
            ("form-data; filename=\"never closed", Some("never closed")),
            ("form-data; filename=", Some("")),
            ("form-data; filenames=x", None),
        ] {
            let line = format!("Content-Disposition: {disposition}");
            assert_eq!(named(line.as_bytes()).await.as_deref(), name, "{disposition}");
        }
        assert_eq!(
            named(b"Content-Disposition: form-data; filename=\"\xe9.txt\"").await.as_deref(),
            Some("é.txt")
        );
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        for body in
            ["", "rubbish", "--x-y", "--x-y\r\n", "--x-yz\r\n\r\nhi\r\n--x-y--", "--x-y\r\na: b\r\n\r\nshort"]
        {
            assert_eq!(read(body.as_bytes(), 4).await.unwrap_err().code(), Code::Malformed, "{body}");
        }
        let long = format!("--x-y\r\n{}\r\n\r\nhi\r\n--x-y--", "a: b\r\n".repeat(10_000));
        assert_eq!(read(long.as_bytes(), 1000).await.unwrap_err().code(), Code::Malformed);
        assert_eq!(read(b"--x-y--", 1).await.unwrap(), []);
    }

    #[test]
    fn a_boundary_is_named_or_not() {
        for (content_type, found) in [
            ("multipart/form-data; boundary=x", Some("x")),
            ("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"", Some("a b")),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            ("multipart/mixed; boundary=x", None),
        ] {
            assert_eq!(boundary(content_type).as_deref(), found, "{content_type}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_out_as_they_went_in(
            parts in collection::vec(collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'-'), Just(b'x'), any::<u8>()], 0..40), 0..4),
            piece in 1usize..20,
        ) {
            let mut body = Vec::new();
            for part in &parts {
                body.extend_from_slice(b"--x-y\r\nContent-Disposition: form-data; name=n\r\n\r\n");
                body.extend_from_slice(part);
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(b"--x-y--\r\n");
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let found = runtime.block_on(read(&body, piece)).unwrap();
            prop_assert_eq!(found.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>(), parts);
        }

        #[test]
        fn no_bytes_do_harm(body in collection::vec(any::<u8>(), 0..200), piece in 1usize..20) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let _ = runtime.block_on(read(&[b"--x-y\r\n", &body[..]].concat(), piece));
        }
    }
}
