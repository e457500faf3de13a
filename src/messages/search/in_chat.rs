//! Finding messages in one chat: from an end of the log on, until enough are found.

use uuid::Uuid;

use super::{
    Filter, Words,
    direction::{Direction, Places, RUN, still_to_see},
    store,
};
use crate::{db::Transaction, error::Result};

/// Runs of a segment, which has hashes of its own.
const SEGMENT: i64 = 8_192;
/// Up to this entry a chat has no hashes of its own, and is read: that takes some milliseconds.
const BEGINNING: i64 = 4_096;
/// Entries that are read at once where nothing is known of them: at first, and at most.
const PIECES: (i64, i64) = (512, 16_384);
/// Runs that are read at once: at first, and at most.
const RUNS: (usize, usize) = (32, 256);
/// Stretches that are looked into at once, at most.
const SEGMENTS: i64 = 64;

/// What is looked for in a chat.
pub struct Scan<'a> {
    /// One snapshot of everything.
    pub db: &'a Transaction<'a>,
    /// The chat.
    pub chat_id: Uuid,
    /// The words.
    pub words: &'a Words,
    /// What else must fit.
    pub filter: &'a Filter,
    /// How far the index goes.
    pub end: store::End,
}

impl Scan<'_> {
    /// Places of messages that match among these, in this direction: all of them, or `need` at least.
    pub async fn find(&self, direction: Direction, within: Places, need: usize) -> Result<Vec<i64>> {
        let store::End { known_to, first_seq, last_seq } = self.end;
        let beginning = BEGINNING.min(known_to);
        let mut zones = [
            (false, Places { after: first_seq - 1, up_to: beginning }),
            (true, Places { after: beginning.max(first_seq - 1), up_to: known_to }),
            (false, Places { after: known_to.max(first_seq - 1), up_to: last_seq }),
        ];
        if direction == Direction::Descending {
            zones.reverse();
        }
        let mut found = vec![];
        for (is_known, zone) in zones {
            let zone = zone.and(within);
            if zone.is_empty() || found.len() >= need {
                continue;
            }
            if is_known {
                self.look_up(direction, zone, need, &mut found).await?;
            } else {
                self.read(direction, zone, need, &mut found).await?;
            }
        }
        Ok(found)
    }

    /// By reading everything.
    async fn read(
        &self,
        direction: Direction,
        mut zone: Places,
        need: usize,
        found: &mut Vec<i64>,
    ) -> Result<()> {
        let (mut piece, most) = PIECES;
        while !zone.is_empty() && found.len() < need {
            let part = match direction {
                Direction::Descending => Places { after: zone.after.max(zone.up_to - piece), ..zone },
                Direction::Ascending => Places { up_to: zone.up_to.min(zone.after + piece), ..zone },
            };
            self.collect(direction, &[part], found).await?;
            match direction {
                Direction::Descending => zone.up_to = part.after,
                Direction::Ascending => zone.after = part.up_to,
            }
            piece = (piece * 2).min(most);
        }
        Ok(())
    }

    /// By the index.
    async fn look_up(
        &self,
        direction: Direction,
        zone: Places,
        need: usize,
        found: &mut Vec<i64>,
    ) -> Result<()> {
        let (mut first, mut last) = (zone.after / RUN, (zone.up_to - 1) / RUN);
        let (mut segments, mut seen, before) = (1, 0, found.len());
        let (mut piece, most) = RUNS;
        while first <= last {
            let (low, high) = match direction {
                Direction::Descending => (first.max((last / SEGMENT - segments + 1) * SEGMENT), last),
                Direction::Ascending => (first, last.min((first / SEGMENT + segments) * SEGMENT - 1)),
            };
            let grams = &self.words.grams;
            // All of them at once: asked for by parts, the same stretch would be looked through anew for each.
            let likely = store::list_likely(self.db, self.chat_id, (low, high), grams, direction).await?;
            let mut rest = likely.as_slice();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(piece.min(rest.len()));
                rest = later;
                let places: Vec<_> = now.iter().map(|run| Places::of_run(*run).and(zone)).collect();
                self.collect(direction, &places, found).await?;
                if found.len() >= need {
                    return Ok(());
                }
                piece = (piece * 2).min(most);
            }
            match direction {
                Direction::Descending => last = low - 1,
                Direction::Ascending => first = high + 1,
            }
            seen += high - low + 1;
            let rest = still_to_see(seen as f64, found.len() - before, need - before);
            segments = ((rest / SEGMENT as f64).ceil() as i64).clamp(1, (segments * 4).min(SEGMENTS));
        }
        Ok(())
    }

    async fn collect(&self, direction: Direction, places: &[Places], found: &mut Vec<i64>) -> Result<()> {
        let Self { db, chat_id, words, filter, .. } = self;
        found.extend(store::match_in_chat(*db, *chat_id, places, words, filter, direction).await?);
        Ok(())
    }
}
