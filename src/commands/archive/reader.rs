//! Reads an archive, and verifies that it is whole.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read},
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256};

use super::{
    END, End, FILES, FORMAT, MANIFEST, Manifest,
    tar::{self, BLOCK, padding},
    writer::hexadecimal,
};
use crate::commands::Outcome;

/// How much of an entry is in memory at once.
const PIECE: usize = 256 * 1024;
/// What the manifest and the end may have: what is larger is no archive of ours.
const SMALL: u64 = 64 * 1024;

/// An entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
}

/// An archive that is read from its beginning.
pub struct Reader {
    file: BufReader<File>,
    path: PathBuf,
    /// How much of the present entry is not read yet, its padding included.
    left: u64,
}

impl Reader {
    /// Opens an archive.
    pub fn open(path: &Path) -> Outcome<Self> {
        let file = File::open(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        Ok(Self { file: BufReader::with_capacity(PIECE, file), path: path.to_owned(), left: 0 })
    }

    /// Goes to the next entry, over what is left of the present one; `None` at the end.
    pub fn next(&mut self) -> Outcome<Option<Entry>> {
        self.file.seek_relative(i64::try_from(self.left)?)?;
        self.left = 0;
        let mut block = [0; BLOCK];
        self.fill(&mut block)?;
        let read = tar::read(&block).map_err(|wrong| self.damaged(wrong))?;
        let Some((name, size)) = read else { return Ok(None) };
        self.left =
            size.checked_add(padding(size) as u64).ok_or_else(|| self.damaged("an entry has no end"))?;
        Ok(Some(Entry { name, size }))
    }

    /// Reads an entry whole; it must have no more than `most` bytes.
    pub fn whole(&mut self, entry: &Entry, most: u64) -> Outcome<Vec<u8>> {
        if entry.size > most {
            return Err(self.damaged(&format!("{} is too large", entry.name)).into());
        }
        let mut bytes = Vec::new();
        self.pieces(entry, |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(bytes)
    }

    /// Reads an entry piece by piece.
    pub fn pieces(&mut self, entry: &Entry, mut take: impl FnMut(&[u8]) -> Outcome) -> Outcome {
        let (mut buffer, mut rest) = (vec![0; PIECE], entry.size);
        while rest > 0 {
            let next = usize::try_from(rest.min(PIECE as u64))?;
            self.fill(&mut buffer[..next])?;
            take(&buffer[..next])?;
            rest -= next as u64;
            self.left -= next as u64;
        }
        Ok(())
    }

    /// Reads the next piece of an entry of which `rest` bytes are left; nothing at its end.
    pub fn piece(&mut self, rest: u64) -> Outcome<Vec<u8>> {
        let next = usize::try_from(rest.min(PIECE as u64))?;
        let mut piece = vec![0; next];
        self.fill(&mut piece)?;
        self.left -= next as u64;
        Ok(piece)
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Outcome {
        match self.file.read_exact(buffer) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(self.damaged("it is cut off").into())
            }
            read => Ok(read?),
        }
    }

    fn damaged(&self, how: &str) -> String {
        format!("{} is damaged, or no backup of Trunkline: {how}", self.path.display())
    }
}

/// Reads an archive from the first byte to the last: whether it is ours, whole, and as it was written. `seen` hears how much
/// was read.
pub fn verify(path: &Path, mut seen: impl FnMut(u64)) -> Outcome<(Manifest, End)> {
    let mut reader = Reader::open(path)?;
    let mut sums = Context::new(&SHA256);
    let (mut manifest, mut end, mut files, mut file_bytes) = (None::<Manifest>, None::<End>, 0, 0);
    while let Some(entry) = reader.next()? {
        if end.is_some() {
            return Err(reader.damaged("something stands behind its end").into());
        }
        if entry.name == END {
            end = Some(serde_json::from_slice(&reader.whole(&entry, SMALL)?)?);
            continue;
        }
        sums.update(entry.name.as_bytes());
        if manifest.is_none() {
            if entry.name != MANIFEST {
                return Err(reader.damaged("it does not begin with what it is").into());
            }
            let bytes = reader.whole(&entry, SMALL)?;
            sums.update(&bytes);
            let read: Manifest = serde_json::from_slice(&bytes)?;
            if read.format > FORMAT {
                let version = &read.trunkline;
                return Err(format!(
                    "{} was written by trunkline {version}: use that version or a newer one",
                    path.display()
                )
                .into());
            }
            manifest = Some(read);
        } else {
            reader.pieces(&entry, |piece| {
                sums.update(piece);
                seen(piece.len() as u64);
                Ok(())
            })?;
        }
        sums.update(&entry.size.to_be_bytes());
        if entry.name.starts_with(FILES) {
            files += 1;
            file_bytes += entry.size;
        }
    }
    let (Some(manifest), Some(end)) = (manifest, end) else {
        return Err(reader.damaged("it has no end").into());
    };
    let found = End { files, file_bytes, sha256: hexadecimal(sums.finish().as_ref()) };
    if found != end {
        return Err(reader.damaged("its checksum is another one").into());
    }
    Ok((manifest, end))
}
