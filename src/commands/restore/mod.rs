//! `trunkline restore`: an archive of `trunkline backup` into an empty database, and its files into the storage.
//!
//! The numbers of each log go on where they ended in the backup, and every entry from there on has an id of its own, also
//! what was scheduled before. So whoever had read what is gone is told `reset` when they come back with the id of what they
//! have read, and whoever had read only what is there goes on.

mod store;

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde_json::json;

use self::store::SignedOut;
use super::{
    Outcome, answer,
    archive::{self, End, FILES, Manifest, Reader},
    backup::{feed, spinner},
    programs,
    setup::Database,
};
use crate::{
    config::{Config, read_database_url},
    db::{Pool, migrate, query},
    storage,
};

/// How long a statement may take: counting what is encrypted, or the statistics of a large database.
const PATIENCE: Duration = Duration::from_secs(3600);
/// How this is called in `pg_stat_activity`.
const NAME: &str = "trunkline restore";
/// The most that a file has: an upload, or more.
const FILE: u64 = 1 << 30;
/// What whoever keeps bytes is told they are; whoever fetches them is told by the database.
const CONTENT_TYPE: &str = "application/octet-stream";

/// What was found and done in the restored database.
struct Restored {
    /// The keys with which something is encrypted and that are not configured, and how much each.
    unknown: Vec<(String, i64)>,
    /// Who was signed out, where that was wanted.
    signed_out: Option<SignedOut>,
}

/// Restores an archive; with `sign_out` nobody in it is signed in any more.
pub async fn run(config: Config, file: &Path, sign_out: bool, as_json: bool) -> Outcome {
    let begun = Instant::now();
    let bar = spinner("verifying");
    let (manifest, end) = archive::verify(file, |read| bar.inc(read))?;
    bar.finish_and_clear();
    if manifest.migration > migrate::latest() {
        return Err(format!(
            "the backup is of trunkline {} (migration {}), newer than this one (migration {}): restore it with the newer",
            manifest.trunkline,
            manifest.migration,
            migrate::latest()
        )
        .into());
    }
    let database = Database::open(&config).await?;
    let restored = restore(&config, &database.url, file, &manifest, sign_out).await;
    database.close().await;
    report(&manifest, &end, &restored?, begun.elapsed(), as_json)
}

async fn restore(
    config: &Config,
    url: &str,
    file: &Path,
    manifest: &Manifest,
    sign_out: bool,
) -> Outcome<Restored> {
    let pool = Pool::open(url, NAME, 1, PATIENCE)?;
    let major = prepare(&pool, manifest).await?;
    // Of the server's version, so that it sets nothing that the server does not know; an older one that reads the dump will do.
    let program = programs::find(config, "pg_restore", major)
        .or_else(|missing| programs::find(config, "pg_restore", manifest.postgres).map_err(|_| missing))?;
    write_files(config, file).await?;
    write_database(&program, url, file).await?;
    let unfinished = |error| {
        let signed_in = if sign_out { " (nobody is signed out yet)" } else { "" };
        format!("the database is restored{signed_in}, and `trunkline migrate` must be run: {error}")
    };
    let db = pool.get().await?;
    store::rename_scheduled(&db).await?;
    drop(db);
    pool.discard_idle();
    migrate::migrate(url).await.map_err(unfinished)?;
    let db = pool.get().await?;
    let signed_out = if sign_out { Some(store::sign_out(&db).await?) } else { None };
    // Without statistics the first hours would be slow.
    query::batch(&db, "analyze").await?;
    let known: Vec<&str> = [&config.secrets.key]
        .into_iter()
        .flatten()
        .chain(&config.secrets.old_keys)
        .filter_map(|key| key.expose().split_once(':').map(|(id, _)| id))
        .collect();
    let kept = config.data_dir.join("secrets_key");
    let kept = std::fs::read_to_string(kept).ok().filter(|_| config.database.url.is_none());
    let kept = kept.as_deref().and_then(|key| key.split_once(':')).map(|(id, _)| id);
    let mut unknown = store::keys(&db).await?;
    unknown.retain(|(id, _)| !known.contains(&id.as_str()) && kept != Some(id.as_str()));
    Ok(Restored { unknown, signed_out })
}

/// Refuses a database in which anything lies, and makes what the dump relies on. Answers the version of the server.
async fn prepare(pool: &Pool, manifest: &Manifest) -> Outcome<u32> {
    let schema = manifest.pg_trgm_schema.as_str();
    let mut db = pool.get().await?;
    let place = store::place(&db, schema).await?;
    if place.is_replica {
        return Err("this is a standby (read only): restore into a primary".into());
    }
    if place.major < manifest.postgres {
        return Err(format!(
            "the backup is of PostgreSQL {}, and this server is {}: restore into the same version or a newer one",
            manifest.postgres, place.major
        )
        .into());
    }
    if let Some(occupant) = store::occupant(&db).await? {
        return Err(format!(
            "the database is not empty, it has the {occupant}: restore into one that was just made"
        )
        .into());
    }
    match place.pg_trgm_schema {
        Some(found) if found == schema => {}
        Some(found) => {
            return Err(format!(
                "the extension pg_trgm is in the schema {found} here, and was in {schema}: \
                 drop extension pg_trgm, and restore again"
            )
            .into());
        }
        None if !place.has_schema => {
            return Err(format!(
                "the extension pg_trgm was in the schema {schema}: create that schema first"
            )
            .into());
        }
        None => {
            let transaction = db.transaction().await?;
            store::make_in(&transaction, schema).await?;
            query::batch(&transaction, "create extension pg_trgm").await?;
            transaction.commit().await?;
        }
    }
    Ok(place.major)
}

/// Before the database, so that no row refers to what is not there. Files have names that no other has; one that is there
/// already is the same.
async fn write_files(config: &Config, file: &Path) -> Outcome {
    let storage = storage::open(config)?;
    let bar = spinner("files");
    let mut reader = Reader::open(file)?;
    while let Some(entry) = reader.next()? {
        let Some(key) = entry.name.strip_prefix(FILES).map(str::to_owned) else { continue };
        let bytes = reader.whole(&entry, FILE)?;
        storage.refuse_full(entry.size)?;
        storage.put(&key, Bytes::from(bytes), CONTENT_TYPE).await?;
        bar.inc(entry.size);
    }
    bar.finish_and_clear();
    Ok(())
}

/// One transaction: all of it, or nothing.
async fn write_database(program: &Path, url: &str, file: &Path) -> Outcome {
    let mut command = programs::command(program, url, NAME)?;
    let database = read_database_url(url)?;
    let name = database.get_dbname().or(database.get_user()).unwrap_or("postgres").to_owned();
    // The schema itself is there.
    command.args(["--schema=public", "--no-owner", "--no-privileges", "--no-password"]);
    command.args(["--single-transaction", "--exit-on-error", "--dbname", &name]).stdin(Stdio::piped());
    let bar = spinner("database");
    feed(file, command.spawn()?, |bytes| bar.inc(bytes)).await?;
    bar.finish_and_clear();
    Ok(())
}

fn report(manifest: &Manifest, end: &End, restored: &Restored, took: Duration, as_json: bool) -> Outcome {
    let Restored { unknown, signed_out } = restored;
    if as_json {
        let unknown: Vec<_> = unknown.iter().map(|(id, count)| json!({"id": id, "values": count})).collect();
        return answer(json!({
            "created_at": manifest.created_at, "migration": migrate::latest(), "files": end.files,
            "file_bytes": end.file_bytes, "unknown_keys": unknown, "signed_out": signed_out, "seconds": took.as_secs_f64(),
        }));
    }
    answer(format_args!(
        "restored as of {}: the database and {} files. Next: `trunkline verify`; sql/ops/roles_and_grants.sql, where servers \
         sign in as trunkline_app",
        manifest.created_at, end.files
    ))?;
    if let Some(SignedOut { sessions, api_tokens }) = signed_out {
        answer(format_args!(
            "{sessions} sessions and {api_tokens} API tokens have ended: everybody signs in anew"
        ))?;
    }
    for (id, count) in unknown {
        answer(format_args!(
            "{count} values are encrypted with the key {id}, which is not configured: put it into secrets.key or \
             secrets.old_keys (with the private PostgreSQL: the file secrets_key) before you serve"
        ))?;
    }
    Ok(())
}
