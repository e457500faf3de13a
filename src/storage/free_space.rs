//! How much space is left where files are written.

use std::path::Path;

use crate::error::{Error, Result};

/// What stays free in the folder for temporary files.
const TEMPORARY: u64 = 64 * 1024 * 1024;

/// How many bytes are free for us at a place.
pub fn free_bytes(place: &Path) -> Result<u64> {
    let told = nix::sys::statvfs::statvfs(place)
        .map_err(|error| Error::internal(format!("{} cannot be inspected: {error}", place.display())))?;
    Ok(told.blocks_available() * told.fragment_size())
}

/// Refuses (503) what would take a place below so many free bytes: PostgreSQL may write to the same disk, and stops when it is
/// full.
pub(super) fn refuse_below(place: &Path, least: u64) -> Result<()> {
    let free = free_bytes(place)?;
    if free >= least {
        return Ok(());
    }
    tracing::error!(place = %place.display(), free, least, "the disk is almost full: no uploads and downloads until there is space");
    Err(Error::unavailable("there is not enough disk space for files right now; try again later", 60))
}

/// The same for the folder for temporary files, where something is about to be written. One that is missing is our fault, and the
/// cause stands in the error.
pub fn refuse_full_temporary() -> Result<()> {
    let folder = std::env::temp_dir();
    if !folder.is_dir() {
        return Err(Error::internal(format!("there is no temporary folder {}", folder.display())));
    }
    refuse_below(&folder, TEMPORARY)
}
