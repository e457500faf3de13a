//! `trunkline migrate`

use super::{Outcome, setup::Database};
use crate::{config::Config, db::migrate::migrate};

/// Brings the database to the schema of this version.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub async fn run(config: Config, json: bool) -> Outcome {
    let database = Database::open(&config).await?;
    let progress = migrate(&database.url).await;
    database.close().await;
    let progress = progress?;
    if json {
        println!("{}", serde_json::json!({"applied": progress.applied, "version": progress.version}));
    } else if progress.applied.is_empty() {
        println!("the database is at version {} already", progress.version);
    } else {
        println!("applied {}; the database is at version {}", progress.applied.join(", "), progress.version);
    }
    Ok(())
}
