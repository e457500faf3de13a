//! The files of this folder, as they are compiled in. A debug build reads them from the disk each time, so that a page shows
//! an edit after a reload.

use rust_embed::Embed;

#[derive(Embed)]
#[folder = "src/web"]
#[include = "client/*.js"]
#[include = "app/*"]
#[exclude = "app/*.json"]
#[exclude = "app/*.md"]
struct Files;

/// The paths of all files, in order.
pub fn paths() -> Vec<String> {
    let mut paths: Vec<String> = Files::iter().map(Into::into).collect();
    paths.sort_unstable();
    paths
}

/// What a file holds.
pub fn bytes(path: &str) -> Option<Vec<u8>> {
    Files::get(path).map(|file| file.data.into_owned())
}

/// What a file of text holds; nothing where there is none.
pub fn text(path: &str) -> String {
    bytes(path).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
