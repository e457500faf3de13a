//! `trunkline migrate`

use super::{Outcome, answer, setup::Database, terminal};
use crate::{config::Config, db::migrate::migrate_showing};

/// Brings the database to the schema of this version.
pub async fn run(config: Config, json: bool) -> Outcome {
    let database = Database::open_beside(&config).await?;
    let bar = terminal::activity("migrating");
    let progress = migrate_showing(&database.url, &|step| bar.set_message(step.to_owned())).await;
    bar.finish_and_clear();
    database.close().await;
    let progress = progress?;
    if json {
        answer(serde_json::json!({
            "applied": progress.applied, "installed": progress.installed, "version": progress.version,
        }))
    } else if progress.installed.is_empty() {
        answer(format_args!("the database is at version {} already", progress.version))
    } else if progress.applied.is_empty() {
        let count = progress.installed.len();
        answer(format_args!(
            "installed {count} functions and triggers; the database is at version {}",
            progress.version
        ))
    } else {
        let applied = progress.applied.join(", ");
        answer(format_args!("applied {applied}; the database is at version {}", progress.version))
    }
}
