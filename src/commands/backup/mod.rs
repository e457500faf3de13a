//! `trunkline backup`: the database as of one moment, and the files that it refers to, as one archive that was read back.

mod contents;
mod store;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::{io::AsyncReadExt, process::Child};

use self::store::Moment;
use super::{
    Outcome, answer,
    archive::{self, DUMP, FORMAT, MANIFEST, Manifest, Reader, Writer},
    programs,
    setup::OfflineApp,
};
use crate::{
    app::App,
    config::Config,
    db::{GenericClient, Pool, query},
    time::Timestamp,
};

/// How long a page of names may take to be read, on a database that is busy or large.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two reads nothing is asked for as long as the dump takes, or the storage.
const IDLE: &str = "set idle_in_transaction_session_timeout = 0";
/// How this is called in `pg_stat_activity`.
const NAME: &str = "trunkline backup";
/// The most that is read from `pg_dump` at once.
const PIECE: usize = 256 * 1024;

/// What was written.
struct Written {
    manifest: Manifest,
    database_bytes: u64,
    /// Files that the database names and the storage does not have.
    missing: Vec<String>,
}

/// Writes the archive, reads it back, and gives it its name.
pub async fn run(config: Config, file: &Path, as_json: bool) -> Outcome {
    let begun = Instant::now();
    let mut writer = Writer::create(file)?;
    let is_private = config.database.url.is_none();
    let data_dir = config.data_dir.clone();
    let offline = OfflineApp::open_to_read(config).await?;
    let written = write(&offline.app, &mut writer).await;
    let config = offline.app.config.clone();
    offline.close().await;
    let written = written?;
    let end = writer.finish()?;
    let bytes = writer.part().metadata()?.len();
    let bar = spinner("verifying");
    archive::verify(&writer.part(), |read| bar.inc(read))?;
    can_be_restored(&config, &writer.part(), written.manifest.postgres).await?;
    bar.finish_and_clear();
    writer.publish()?;
    let Written { manifest, database_bytes, missing } = written;
    for key in &missing {
        tracing::warn!("{key} is named by the database, and is not in the storage");
    }
    let seconds = begun.elapsed().as_secs_f64();
    if as_json {
        return answer(json!({
            "file": file, "bytes": bytes, "database_bytes": database_bytes, "files": end.files,
            "file_bytes": end.file_bytes, "missing": missing, "source": manifest.source,
            "migration": manifest.migration, "created_at": manifest.created_at, "sha256": end.sha256, "seconds": seconds,
        }));
    }
    answer(format_args!(
        "{}: {bytes} bytes, the database and {} files, from the {}; verified",
        file.display(),
        end.files,
        manifest.source
    ))?;
    if is_private {
        answer(format_args!(
            "keep {0}/jwt_secret and {0}/secrets_key as well, in another place: they are not in it",
            data_dir.display()
        ))?;
    }
    Ok(())
}

/// Writes everything but the end: from the replica, if there is one that answers, else from the primary.
async fn write(app: &App, writer: &mut Writer) -> Outcome<Written> {
    if let Some(url) = &app.config.database.read_url {
        match open(url.expose()).await {
            Ok((pool, true)) => return dump(app, &pool, url.expose(), writer).await,
            Ok(_) => tracing::warn!("database.read_url leads to no replica; the primary is read"),
            Err(error) => tracing::warn!("the replica does not answer, the primary is read: {error}"),
        }
    }
    // Not through a pooler, where another way is known.
    let url = app.config.database.listen_url().map_or(app.database_url.as_str(), |url| url.expose());
    let (pool, _) = open(url).await?;
    dump(app, &pool, url, writer).await
}

/// A connection, and whether it leads to a replica.
async fn open(url: &str) -> Outcome<(Pool, bool)> {
    let pool = Pool::open_with(url, NAME, 1, PATIENCE, IDLE)?;
    let is_replica = store::begin(&pool.get().await?).await?.is_replica;
    Ok((pool, is_replica))
}

async fn dump(app: &App, pool: &Pool, url: &str, writer: &mut Writer) -> Outcome<Written> {
    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    query::batch(&transaction, "set transaction isolation level repeatable read read only").await?;
    let created_at = Timestamp::now().to_rfc3339();
    let moment = store::begin(&transaction).await?;
    let manifest = Manifest {
        format: FORMAT,
        trunkline: env!("CARGO_PKG_VERSION").to_owned(),
        migration: moment.migration,
        created_at,
        postgres: moment.major,
        pg_trgm_schema: moment.pg_trgm_schema.clone(),
        source: if moment.is_replica { "replica" } else { "primary" }.to_owned(),
    };
    writer.add(MANIFEST, &serde_json::to_vec(&manifest)?)?;
    let database_bytes = write_database(app, url, &moment, writer).await?;
    let missing = write_files(app, &transaction, writer).await?;
    transaction.rollback().await?;
    Ok(Written { manifest, database_bytes, missing })
}

async fn write_database(app: &App, url: &str, moment: &Moment, writer: &mut Writer) -> Outcome<u64> {
    let program = programs::find(&app.config, "pg_dump", moment.major)?;
    let mut command = programs::command(&program, url, NAME)?;
    // What is unlogged is of this moment alone; whose it is and who may do what says the place it is restored to.
    command.args(["--format=custom", "--schema=public", "--no-owner", "--no-privileges"]);
    command.args(["--no-unlogged-table-data", "--no-password", "--snapshot", &moment.snapshot]);
    command.stdout(std::process::Stdio::piped());
    let mut child = command.spawn()?;
    let bar = spinner("database");
    writer.begin(DUMP)?;
    let mut size = 0;
    if let Some(mut stdout) = child.stdout.take() {
        let mut piece = vec![0; PIECE];
        loop {
            let read = stdout.read(&mut piece).await?;
            if read == 0 {
                break;
            }
            writer.write(&piece[..read])?;
            size += read as u64;
            bar.inc(read as u64);
        }
    }
    programs::ends(&mut child, "pg_dump").await?;
    writer.end()?;
    bar.finish_and_clear();
    Ok(size)
}

async fn write_files(app: &App, db: &impl GenericClient, writer: &mut Writer) -> Outcome<Vec<String>> {
    let bar = spinner("files");
    let missing = contents::write(app, db, writer, |bytes| bar.inc(bytes)).await?;
    bar.finish_and_clear();
    Ok(missing)
}

/// Lets `pg_restore` read all of the dump in an archive, for nothing: what it cannot read now, it could not read when it is
/// needed.
async fn can_be_restored(config: &Config, archive: &Path, major: u32) -> Outcome {
    let program = programs::find(config, "pg_restore", major)?;
    let mut command = programs::bare(&program);
    command.arg("--file=/dev/null").stdin(std::process::Stdio::piped());
    feed(archive, command.spawn()?, |_| {}).await
}

/// Feeds the dump of an archive to `pg_restore`.
pub async fn feed(archive: &Path, mut child: Child, mut seen: impl FnMut(u64)) -> Outcome {
    use tokio::io::AsyncWriteExt;
    let mut reader = Reader::open(archive)?;
    let stdin = child.stdin.take();
    // Whatever it complains of is read while it is fed.
    let ends = async { programs::ends(&mut child, "pg_restore").await };
    let feeds = async {
        let mut stdin = stdin.ok_or("pg_restore takes no input")?;
        while let Some(entry) = reader.next()? {
            if entry.name != DUMP {
                continue;
            }
            let mut rest = entry.size;
            while rest > 0 {
                let piece = reader.piece(rest)?;
                rest -= piece.len() as u64;
                seen(piece.len() as u64);
                // One that has ended says why by itself.
                if stdin.write_all(&piece).await.is_err() {
                    return Ok(());
                }
            }
        }
        let _ = stdin.shutdown().await;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    };
    let (ended, fed) = tokio::join!(ends, feeds);
    ended?;
    fed
}

/// Shows how much was done, where that is seen.
pub fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {bytes} in {elapsed}, {bytes_per_sec}")
    {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}
