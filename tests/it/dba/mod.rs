//! The folder for DBAs: what it says holds, and what it offers runs.

mod cookbook;
mod plans;
mod schema;

use std::path::Path;

/// The text of a file under `sql/`.
fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
