//! `trunkline seed`

use std::time::Duration;

use serde_json::json;

use super::{Outcome, answer, setup::OfflineApp, terminal};
use crate::{
    app::App,
    config::Config,
    db::{GenericClient, query},
    error::{Error, Result},
};

/// The demo data: a small town, as psql would make it.
const DEMO: &str = include_str!("../../sql/seeds/demo.sql");

/// The whole town may take a minute.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Makes a small town to try things out in.
pub async fn run(config: Config, as_json: bool) -> Outcome {
    let offline = OfflineApp::open(config).await?;
    let bar = terminal::activity("making people, chats and messages");
    let made = build(&offline.app).await;
    bar.finish_and_clear();
    offline.close().await;
    let [people, chats, messages] = made?;
    if as_json {
        return answer(json!({"people": people, "chats": chats, "messages": messages}));
    }
    if [people, chats, messages] == [0; 3] {
        answer("the town was there already")?;
    } else {
        answer(format_args!("made {people} people, {chats} chats and {messages} messages"))?;
    }
    answer("sign in as alice@example.com, bob@example.com, carol@…, dave@… or erin@…, password trunkline1")
}

/// Builds what is not there yet; answers how many people, chats and messages that were.
async fn build(app: &App) -> Result<[i64; 3]> {
    let db = app.db().await?.with_long_deadline(TIMEOUT);
    let before = count(&db).await?;
    query::batch(&db, DEMO).await?;
    let after = count(&db).await?;
    Ok([0, 1, 2].map(|place| after[place] - before[place]))
}

async fn count(db: &impl GenericClient) -> Result<[i64; 3]> {
    let rows = query::raw(db, include_str!("../../sql/queries/seed/count.sql"), &[]).await?;
    let row = rows.first().ok_or_else(|| Error::internal("no counts"))?;
    Ok([row.try_get("people")?, row.try_get("chats")?, row.try_get("messages")?])
}
