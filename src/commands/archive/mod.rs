//! The archive of a backup: a tar file of `trunkline-backup.json`, which says what it is, `database.dump`, which `pg_restore`
//! reads, what lies in the storage under `files/`, and `end.json` with a checksum of all that. An archive without its end is
//! not whole.

mod reader;
mod tar;
mod writer;

use serde::{Deserialize, Serialize};

pub use reader::{Reader, verify};
pub use writer::Writer;

/// The name of the entry with the [`Manifest`]; it comes first.
pub const MANIFEST: &str = "trunkline-backup.json";
/// The name of the entry with the database, as `pg_dump --format=custom` writes it.
pub const DUMP: &str = "database.dump";
/// What the names of the entries with files begin with; their key in the storage follows.
pub const FILES: &str = "files/";
/// The name of the last entry.
const END: &str = "end.json";

/// The form of the archive that this program writes. It reads this one and older ones.
pub const FORMAT: u32 = 1;

/// What an archive says of itself at its beginning.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// The version of the program that wrote it.
    pub trunkline: String,
    /// The migration the database was at.
    pub migration: i32,
    /// When the backup began: it holds what the server that was read had by then.
    pub created_at: String,
    /// The major version of the database's server.
    pub postgres: u32,
    /// The schema of the extension `pg_trgm`: indexes name it.
    pub pg_trgm_schema: String,
    /// Whether it was read from the primary or from a replica.
    pub source: String,
}

/// What an archive says of itself at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How many files it holds.
    pub files: u64,
    /// How many bytes they have.
    pub file_bytes: u64,
    /// SHA-256 of the names and contents of all entries before, in hexadecimal digits.
    pub sha256: String,
}
