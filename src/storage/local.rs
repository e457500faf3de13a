//! Files in a folder, shared by the instances of one machine (or of one network file system).

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::{fs, io::AsyncWriteExt};

use super::{Storage, is_safe};
use crate::error::{Error, Result};

/// A folder of files.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Keeps files under `root`, which is made when the first file comes.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn path(&self, key: &str) -> Result<PathBuf> {
        if is_safe(key) {
            Ok(self.root.join(key))
        } else {
            Err(Error::internal(format!("unsafe storage key {key:?}")))
        }
    }
}

#[async_trait]
impl Storage for Folder {
    async fn put(&self, key: &str, bytes: Bytes, _content_type: &str) -> Result<()> {
        let path = self.path(key)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).await.map_err(Error::internal)?;
        // Written beside and renamed, so that nobody ever reads half a file.
        let half = folder.join(format!(".{}", uuid::Uuid::new_v4()));
        let written = async {
            let mut file = fs::File::create(&half).await?;
            file.write_all(&bytes).await?;
            // On the disk before it has its name: a row of the database will point to it.
            file.sync_all().await?;
            fs::rename(&half, &path).await
        };
        if let Err(error) = written.await {
            let _ = fs::remove_file(&half).await;
            return Err(Error::internal(error));
        }
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>> {
        match fs::read(self.path(key)?).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::internal(error)),
        }
    }

    async fn delete(&self, key: &str) -> Result<()> {
        match fs::remove_file(self.path(key)?).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::internal(error)),
            _ => Ok(()),
        }
    }
}
