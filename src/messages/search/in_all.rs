//! Finding messages in every chat somebody may read: part by part of the index, from the latest on, until enough are found
//! and none that is left can come before them.

use std::cmp::Reverse;

use uuid::Uuid;

use super::{
    Filter, Words,
    direction::{Direction, RUN, still_to_see},
    store::{self, Part, Place, Run},
};
use crate::{db::Transaction, error::Result};

/// Parts that are looked into at once, at most.
const PARTS: usize = 64;
/// Runs that are read at once: at first, and at most.
const RUNS: (usize, usize) = (32, 256);

/// A message that matches, by when it was made, in microseconds since 1970, and its id; and where it stands.
pub type Hit = (i64, Uuid, Uuid, i64);

/// Messages that match, in this direction: all of them, or `need` at least. `need` is not 0.
pub async fn find(
    db: &Transaction<'_>,
    user_id: Uuid,
    words: &Words,
    filter: &Filter,
    direction: Direction,
    need: usize,
) -> Result<Vec<Hit>> {
    store::plan(db).await?;
    // What nothing is known of may be of any time.
    let unknown = store::list_unknown(db, user_id).await?;
    let mut hits = store::match_in_all(db, &unknown, words, filter).await?;
    sort(&mut hits, direction);

    let mut parts = store::list_parts(db, user_id).await?;
    parts.sort_by_key(|part| Reverse(nearest(part.since, part.until, direction)));
    let mut parts = parts.as_slice();
    // The nearest is last.
    let mut runs: Vec<Run> = vec![];
    let (mut at_once, mut seen, before) = (1, 0, hits.len());
    let (mut piece, most) = RUNS;
    loop {
        let next_part = parts.first().map(|part| nearest(part.since, part.until, direction));
        let next_run = runs.last().map(|run| nearest(run.since, run.until, direction));
        let Some(next) = next_part.max(next_run) else { break };
        let last_hit = hits.get(need - 1).map(|hit| hit.0 * -direction.sign());
        if last_hit.is_some_and(|last| last > next) {
            break;
        }
        if next_part >= next_run {
            if seen > 0 {
                // As many as are likely to be enough, and those that come before what is known.
                let rest = still_to_see(seen as f64, hits.len() - before, need.saturating_sub(before));
                let known = last_hit.max(next_run).unwrap_or(i64::MAX);
                let nearer = |part: &&Part| nearest(part.since, part.until, direction) >= known;
                let nearer = parts.iter().take_while(nearer).count();
                at_once = nearer.max(rest.ceil() as usize).clamp(1, (at_once * 4).min(PARTS));
            }
            let (now, later) = parts.split_at(at_once.min(parts.len()));
            (parts, seen) = (later, seen + now.len());
            runs.extend(store::list_likely_in(db, user_id, now, &words.grams).await?);
            runs.sort_by_key(|run| nearest(run.since, run.until, direction));
        } else {
            let places: Vec<_> = runs.split_off(runs.len().saturating_sub(piece)).iter().map(place).collect();
            hits.extend(store::match_in_all(db, &places, words, filter).await?);
            sort(&mut hits, direction);
            piece = (piece * 2).min(most);
        }
    }
    Ok(hits)
}

/// The first in this direction that what was said between two times can be; the greater comes first.
fn nearest(since: i64, until: i64, direction: Direction) -> i64 {
    match direction {
        Direction::Descending => until,
        Direction::Ascending => since.saturating_neg(),
    }
}

fn place(run: &Run) -> Place {
    Place { chat_id: run.chat_id, after: run.run * RUN, up_to: (run.run + 1) * RUN }
}

fn sort(hits: &mut Vec<Hit>, direction: Direction) {
    hits.sort_unstable();
    // A run that the index holds may reach beyond what it is known to hold.
    hits.dedup();
    if direction == Direction::Descending {
        hits.reverse();
    }
}
