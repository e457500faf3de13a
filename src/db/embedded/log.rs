//! PostgreSQL's log file: one per life, the last life's beside it, bounded.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
};

use super::{EmbeddedError, home::Home};

/// A log that has grown beyond this is moved aside, over the one before it: at most twice this on disk.
const LIMIT_BYTES: u64 = 16 * 1024 * 1024;

/// How many of the last lines an error quotes.
const QUOTED_LINES: usize = 5;

/// `postgres.log` and `postgres.log.1`.
#[derive(Debug, Clone)]
pub(super) struct Log {
    home: Home,
}

impl Log {
    /// Moves the last life's log aside.
    pub fn begin(home: &Home) -> Self {
        let log = Self { home: home.clone() };
        let _ = fs::rename(log.path(), log.home.dir.join("postgres.log.1"));
        log
    }

    pub fn path(&self) -> PathBuf {
        self.home.dir.join("postgres.log")
    }

    /// For a server to write to. Appending, so that it goes on at the new end when the file is cut.
    pub fn open(&self) -> Result<File, EmbeddedError> {
        self.home.open("postgres.log", OpenOptions::new().append(true).create(true))
    }

    /// Where the log ends now, for `tail`.
    pub fn end(&self) -> u64 {
        fs::metadata(self.path()).map(|m| m.len()).unwrap_or(0)
    }

    /// The last lines after the position `since`, on one line.
    pub fn tail(&self, since: u64) -> String {
        let mut bytes = Vec::new();
        let read = File::open(self.path()).and_then(|mut f| {
            f.seek(SeekFrom::Start(since.max(self.end().saturating_sub(4096))))?;
            f.take(4096).read_to_end(&mut bytes)
        });
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<_> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        match (read, lines.is_empty()) {
            (Ok(_), false) => lines[lines.len().saturating_sub(QUOTED_LINES)..].join(" / "),
            _ => "(nothing)".to_owned(),
        }
    }

    /// Copies a log that has grown too long aside and empties it.
    pub fn bound(&self) {
        if self.end() > LIMIT_BYTES {
            let open = || {
                self.home.open("postgres.log.1", OpenOptions::new().write(true).create(true).truncate(true))
            };
            let cut = || -> std::io::Result<()> {
                let aside = &mut open().map_err(std::io::Error::other)?;
                std::io::copy(&mut File::open(self.path())?.take(2 * LIMIT_BYTES), aside)?;
                OpenOptions::new().write(true).open(self.path())?.set_len(0)
            };
            if let Err(e) = cut() {
                tracing::warn!("cannot shorten {}: {e}", self.path().display());
            }
        }
    }
}
