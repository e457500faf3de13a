//! Writes an archive.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::digest::{Context, SHA256};

use super::{
    END, End, FILES,
    tar::{BLOCK, header, padding},
};
use crate::commands::Outcome;

/// An archive that is being written, beside the name that it gets when it is whole.
pub struct Writer {
    file: BufWriter<File>,
    path: PathBuf,
    sums: Context,
    files: u64,
    file_bytes: u64,
    /// The entry whose size is not known yet: its name, where its header is, and how much there is of it.
    open: Option<(String, u64, u64)>,
}

impl Writer {
    /// Begins an archive, which only its owner may read. What is there already is not overwritten.
    pub fn create(path: &Path) -> Outcome<Self> {
        let cannot = |error| format!("{} cannot be written: {error}", path.display());
        if path.try_exists().map_err(cannot)? {
            return Err(
                format!("{} is there already: a backup never overwrites a file", path.display()).into()
            );
        }
        let part = part(path);
        let _ = fs::remove_file(&part);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(cannot)?;
        Ok(Self {
            file: BufWriter::with_capacity(256 * 1024, file),
            path: path.to_owned(),
            sums: Context::new(&SHA256),
            files: 0,
            file_bytes: 0,
            open: None,
        })
    }

    /// Adds an entry that is at hand.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Outcome {
        self.begin(name)?;
        self.write(bytes)?;
        self.end()
    }

    /// Begins an entry of a size that is not known yet.
    pub fn begin(&mut self, name: &str) -> Outcome {
        self.open = Some((name.to_owned(), self.file.stream_position()?, 0));
        self.sums.update(name.as_bytes());
        self.file.write_all(&header(name, 0, now())?)?;
        Ok(())
    }

    /// Writes more of the entry.
    pub fn write(&mut self, bytes: &[u8]) -> Outcome {
        if let Some((_, _, size)) = &mut self.open {
            *size += bytes.len() as u64;
        }
        self.sums.update(bytes);
        self.file.write_all(bytes)?;
        Ok(())
    }

    /// Ends the entry: its header gets the size.
    pub fn end(&mut self) -> Outcome {
        let Some((name, at, size)) = self.open.take() else { return Ok(()) };
        self.file.write_all(&[0; BLOCK][..padding(size)])?;
        let end = self.file.stream_position()?;
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(&header(&name, size, now())?)?;
        self.file.seek(SeekFrom::Start(end))?;
        self.sums.update(&size.to_be_bytes());
        if name.starts_with(FILES) {
            self.files += 1;
            self.file_bytes += size;
        }
        Ok(())
    }

    /// Writes the end, and sees to it that all of it is on the disk.
    pub fn finish(&mut self) -> Outcome<End> {
        let sha256 = hexadecimal(self.sums.clone().finish().as_ref());
        let end = End { files: self.files, file_bytes: self.file_bytes, sha256 };
        self.add(END, &serde_json::to_vec(&end)?)?;
        self.file.write_all(&[0; 2 * BLOCK])?;
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok(end)
    }

    /// Where it lies until it gets its name.
    pub fn part(&self) -> PathBuf {
        part(&self.path)
    }

    /// Gives it its name.
    pub fn publish(self) -> Outcome {
        // Whoever was quicker keeps the name.
        fs::hard_link(part(&self.path), &self.path)
            .or_else(|error| match error.kind() {
                // A file system without such links.
                std::io::ErrorKind::Unsupported | std::io::ErrorKind::PermissionDenied => {
                    fs::rename(part(&self.path), &self.path)
                }
                _ => Err(error),
            })
            .map_err(|error| format!("{} cannot be written: {error}", self.path.display()))?;
        Ok(())
    }
}

impl Drop for Writer {
    /// What is not whole does not stay.
    fn drop(&mut self) {
        let _ = fs::remove_file(part(&self.path));
    }
}

/// As checksums are written.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
