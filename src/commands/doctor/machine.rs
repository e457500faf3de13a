//! What the server's own machine must give.

use std::io::Write;

use chrono::{DateTime, Utc};
use tempfile::NamedTempFile;
use tokio::{task::spawn_blocking, time::Instant};

use crate::{
    app::App,
    db::query,
    error::{Error, Result},
    storage::free_space,
};

use super::Verdict;

/// What a temporary file must hold: a piece of an upload.
const PIECE: usize = 64 * 1024;
/// Free space below which somebody should look, and below which uploads and downloads soon fail.
const LITTLE: u64 = 1024 * 1024 * 1024;
const NONE_LEFT: u64 = 100 * 1024 * 1024;
/// How far clocks may be apart before tokens and logs suffer.
const APART: i64 = 2_000;

/// Where uploads and downloads lie while they are read and written.
pub(super) async fn temporary_folder() -> Result<String> {
    let folder = std::env::temp_dir();
    let shown = folder.display().to_string();
    spawn_blocking(move || {
        let mut file = NamedTempFile::new_in(&folder)?;
        file.write_all(&[0; PIECE])?;
        file.flush()
    })
    .await
    .map_err(Error::internal)?
    .map_err(|error| {
        Error::internal(format!("{shown} cannot be written to: {error} (TMPDIR names another)"))
    })?;
    Ok(shown)
}

/// How much space is left where files and temporary files are.
pub(super) async fn space(app: &App) -> Result<Verdict> {
    let places = match app.config.storage.s3 {
        Some(_) => vec![std::env::temp_dir()],
        None => vec![app.config.data_dir.clone(), std::env::temp_dir()],
    };
    let (text, least) = spawn_blocking(move || {
        let mut said = Vec::new();
        let mut least = u64::MAX;
        for place in places {
            let free = free_space::free_bytes(&place)?;
            least = least.min(free);
            said.push(format!("{} MiB at {}", free / (1024 * 1024), place.display()));
        }
        Ok::<_, Error>((said.join(", "), least))
    })
    .await
    .map_err(Error::internal)??;
    if least < NONE_LEFT {
        Err(Error::internal(format!("hardly any is left: {text}")))
    } else if least < LITTLE {
        Ok(Verdict::Warning(format!("little is left: {text}")))
    } else {
        Ok(Verdict::Fine(text))
    }
}

/// How far this machine's clock and the database's are apart, and which of them is ahead.
pub(super) async fn clock(app: &App) -> Result<String> {
    let db = app.db().await?;
    let (before, asked) = (Utc::now(), Instant::now());
    let sql = include_str!("../../../sql/queries/doctor/clock.sql");
    let theirs: Option<DateTime<Utc>> = query::scalar(&db, sql, &[]).await?;
    // Theirs was read half way through.
    let ours = before + asked.elapsed() / 2;
    let apart = theirs.map_or(0, |theirs| (theirs - ours).num_milliseconds());
    let which = if apart > 0 { "behind" } else { "ahead of" };
    let text = format!("{} ms {which} the database's", apart.abs());
    if apart.abs() < APART {
        Ok(text)
    } else {
        Err(Error::internal(format!("{text}: tokens, schedules and logs need both to agree")))
    }
}
