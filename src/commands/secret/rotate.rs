//! `trunkline secret rotate`: what the tables hold in old keys, encrypted anew with the present one, piece by piece.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    places::{ANSWERS, Place},
    store::{self, Answer, Resealed},
};
use crate::{
    app::App,
    commands::{Outcome, answer, setup::OfflineApp},
    config::Config,
    secrets::Keyring,
};

/// How many values are read at once, and written by one transaction.
const PAGE: i64 = 500;
/// How long a page may take to be found, where nearly all values are in the present key already.
const PATIENCE: Duration = Duration::from_secs(300);
/// How many values that no key opens are named.
const NAMED: usize = 20;

/// A value that no key opens.
#[derive(Serialize)]
struct Unreadable {
    place: &'static str,
    row: String,
}

/// What was done.
#[derive(Default)]
struct Done {
    resealed: u64,
    unreadable: Vec<Unreadable>,
}

/// Encrypts everything anew that is encrypted with an old key.
pub async fn run(config: Config, as_json: bool) -> Outcome {
    let offline = OfflineApp::open_existing(config).await?;
    let done = rotate(&offline.app).await;
    let key = offline.app.keyring.id().to_owned();
    offline.close().await;
    let Done { resealed, unreadable } = done?;
    if as_json {
        answer(json!({"key": key, "resealed": resealed, "unreadable": unreadable}))?;
    } else {
        for Unreadable { place, row } in unreadable.iter().take(NAMED) {
            answer(format_args!("{place} of {row}: no key decrypts it"))?;
        }
        answer(format_args!("{resealed} values were encrypted anew, with {key}"))?;
    }
    match unreadable.len() {
        0 if as_json => Ok(()),
        0 => answer("nothing is left in another key: the old keys can go"),
        count => {
            Err(format!("{count} values cannot be decrypted: their keys are not in secrets.old_keys").into())
        }
    }
}

async fn rotate(app: &App) -> Outcome<Done> {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}: {human_pos} values in {elapsed}") {
        bar.set_style(style);
    }
    let mut done = Done::default();
    for place in Place::ALL {
        bar.set_message(place.name());
        reseal(app, place, &mut done, &bar).await?;
    }
    bar.set_message("idempotency_keys.answer");
    reseal_answers(app, &mut done, &bar).await?;
    bar.finish_and_clear();
    Ok(done)
}

/// Goes through one column, in the order of ids: two that run at once wait for each other and go on.
async fn reseal(app: &App, place: Place, done: &mut Done, bar: &ProgressBar) -> Outcome {
    let mut db = app.db().await?.with_long_deadline(PATIENCE);
    let (mark, mut after) = (app.keyring.mark()?, Uuid::nil());
    loop {
        let page = place.list(&db, after, &mark, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        let mut all = Resealed { ids: Vec::new(), read: Vec::new(), values: Vec::new() };
        for (id, read) in page {
            let purpose = place.purpose(id);
            match app.keyring.open(&purpose, &read) {
                Ok(plain) => {
                    all.values.push(app.keyring.seal(&purpose, &plain)?);
                    all.ids.push(id);
                    all.read.push(read);
                }
                Err(_) => done.unreadable.push(Unreadable { place: place.name(), row: id.to_string() }),
            }
        }
        let transaction = db.transaction().await?;
        store::begin(&transaction).await?;
        let count = place.reseal(&transaction, &all).await?;
        transaction.commit().await?;
        done.resealed += count;
        bar.inc(count);
    }
}

/// The answers with secrets, which are kept for a day.
async fn reseal_answers(app: &App, done: &mut Done, bar: &ProgressBar) -> Outcome {
    let db = app.db().await?.with_long_deadline(PATIENCE);
    let mut after = (Uuid::nil(), String::new(), String::new());
    loop {
        let page = store::list_answers(&db, (after.0, &after.1, &after.2), PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = (last.user_id, last.path.clone(), last.key.clone());
        for kept in &page {
            if app.keyring.is_sealed_now(&kept.sealed) {
                continue;
            }
            match again(&app.keyring, kept)? {
                Some(value) => {
                    let count = u64::from(store::reseal_answer(&db, kept, &value).await?);
                    done.resealed += count;
                    bar.inc(count);
                }
                None => done.unreadable.push(Unreadable {
                    place: "idempotency_keys.answer",
                    row: format!("{} {}", kept.user_id, kept.path),
                }),
            }
        }
    }
}

/// The same answer in the present key; which of the purposes it has shows when it opens.
fn again(keyring: &Keyring, kept: &Answer) -> Outcome<Option<String>> {
    for purpose in ANSWERS {
        if let Ok(plain) = keyring.open_json::<serde_json::Value>(purpose, &kept.sealed) {
            return Ok(Some(keyring.seal_json(purpose, &plain)?));
        }
    }
    Ok(None)
}
