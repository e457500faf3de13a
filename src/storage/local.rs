//! Files in a folder, shared by the instances of one machine (or of one network file system).

use std::{
    io::{ErrorKind, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::{
    fs::{self, File},
    io::{AsyncRead, AsyncReadExt, AsyncSeekExt, BufReader, copy_buf},
};
use tokio_util::io::ReaderStream;

use super::{Pieces, Storage, free_space, is_safe};
use crate::error::{Error, Result};

/// How much of a file is in memory at once when it is written or read piece by piece.
const PIECE: usize = 64 * 1024;

/// A folder of files.
pub struct Folder {
    root: PathBuf,
    least_free: u64,
}

impl Folder {
    /// Keeps files under `root`, which is made when the first file comes, as long as so many bytes are free there.
    pub fn new(root: PathBuf, least_free: u64) -> Self {
        Self { root, least_free }
    }

    fn path(&self, key: &str) -> Result<PathBuf> {
        if is_safe(key) {
            Ok(self.root.join(key))
        } else {
            Err(Error::internal(format!("unsafe storage key {key:?}")))
        }
    }

    async fn keep(&self, key: &str, from: impl AsyncRead + Unpin) -> Result<()> {
        let path = self.path(key)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let made = fs::create_dir_all(folder).await;
        made.map_err(|error| Error::of_file("made", folder, &error))?;
        // Written beside and renamed, so that nobody ever reads half a file.
        let half = folder.join(format!(".{}", uuid::Uuid::new_v4()));
        let written = async {
            let mut file = File::create(&half).await?;
            copy_buf(&mut BufReader::with_capacity(PIECE, from), &mut file).await?;
            // On the disk before it has its name: a row of the database will point to it.
            file.sync_all().await?;
            fs::rename(&half, &path).await
        };
        if let Err(error) = written.await {
            let _ = fs::remove_file(&half).await;
            return Err(Error::of_file("written", &path, &error));
        }
        Ok(())
    }
}

#[async_trait]
impl Storage for Folder {
    fn refuse_full(&self, size: u64) -> Result<()> {
        // The nearest folder that is there already.
        match self.root.ancestors().find(|place| place.is_dir()) {
            Some(place) => free_space::refuse_below(place, self.least_free.saturating_add(size)),
            None => Ok(()),
        }
    }

    async fn put(&self, key: &str, bytes: Bytes, _content_type: &str) -> Result<()> {
        self.keep(key, &bytes[..]).await
    }

    async fn put_file(&self, key: &str, file: File, size: u64, _content_type: &str) -> Result<()> {
        self.keep(key, file.take(size)).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>> {
        let path = self.path(key)?;
        match fs::read(&path).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::of_file("read", &path, &error)),
        }
    }

    async fn read(&self, key: &str, part: Range<u64>) -> Result<Option<Pieces>> {
        let path = self.path(key)?;
        let unread = |error| Error::of_file("read", &path, &error);
        let mut file = match File::open(&path).await {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unread(error)),
        };
        file.seek(SeekFrom::Start(part.start)).await.map_err(unread)?;
        let part = file.take(part.end - part.start);
        Ok(Some(ReaderStream::with_capacity(part, PIECE).boxed()))
    }

    async fn delete(&self, key: &str) -> Result<()> {
        let path = self.path(key)?;
        match fs::remove_file(&path).await {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Error::of_file("removed", &path, &error))
            }
            _ => Ok(()),
        }
    }
}
