//! Where files lie: a local folder or an S3-compatible service, behind one small trait.

mod local;
pub mod free_space;
mod s3;

use std::{ops::Range, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use tokio::fs::File;

use crate::{
    config::Config,
    error::{Error, Result},
};

/// The bytes of a file as they come.
pub type Pieces = BoxStream<'static, std::io::Result<Bytes>>;

/// Keeps bytes under keys such as `avatars/<user>/<random>.png`.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Keeps `bytes` under `key`, whole or not at all.
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<()>;

    /// Keeps the first `size` bytes of `file` under `key`, whole or not at all, piece by piece.
    async fn put_file(&self, key: &str, file: File, size: u64, content_type: &str) -> Result<()>;

    /// What lies under `key`; `None` when nothing does.
    async fn get(&self, key: &str) -> Result<Option<Bytes>>;

    /// A part of what lies under `key`, piece by piece; `None` when nothing does. The part must not be empty, and must
    /// not reach beyond the end.
    async fn read(&self, key: &str, part: Range<u64>) -> Result<Option<Pieces>>;

    /// An address at which what lies under `key` can be fetched for a while without asking us, shown as the link says;
    /// `None` where there is no such thing.
    fn link(&self, _key: &str, _link: &Link<'_>) -> Option<String> {
        None
    }

    /// Refuses (503) so many bytes more where hardly any space would be left for anything else.
    fn refuse_full(&self, _size: u64) -> Result<()> {
        Ok(())
    }

    /// Removes what lies under `key`; nothing there is no error.
    async fn delete(&self, key: &str) -> Result<()>;

    /// Whether files can be written and read right now; says what is wrong if not.
    async fn check(&self) -> Result<()> {
        let key = format!("checks/{}", uuid::Uuid::new_v4());
        self.put(&key, Bytes::from_static(b"trunkline"), "text/plain").await?;
        let read = self.get(&key).await;
        // Whatever came back, nothing stays behind.
        self.delete(&key).await?;
        if read?.as_deref() == Some(b"trunkline") {
            Ok(())
        } else {
            Err(Error::internal("what was written to the storage did not come back"))
        }
    }
}

/// How a file is shown by the service that keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// The media type.
    pub content_type: &'a str,
    /// The header `Content-Disposition`.
    pub disposition: &'a str,
    /// How long the address is good.
    pub life: Duration,
}

/// Opens the configured storage.
pub fn open(config: &Config) -> Result<Box<dyn Storage>> {
    Ok(match &config.storage.s3 {
        Some(settings) => Box::new(s3::Bucket::new(settings)?),
        None => Box::new(local::Folder::new(config.data_dir.join("files"), config.storage.min_free_bytes())),
    })
}

/// Keys are made by us; a key that could leave the folder is a bug, not a file.
fn is_safe(key: &str) -> bool {
    !key.is_empty()
        && key.split('/').all(|part| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn keys_stay_inside_the_folder() {
        assert!(super::is_safe("avatars/0199/a-b_c.png"));
        for key in ["", "/etc/passwd", "a/../b", "a//b", ".hidden", "a\\b", "a b", "a/\0"] {
            assert!(!super::is_safe(key), "{key:?}");
        }
    }
}
