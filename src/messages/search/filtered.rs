//! Messages of a chat that fit, whatever they say: all of them are counted, piece by piece, so that no statement takes long however
//! long the chat is; and a page is read where it stands.

use std::collections::HashSet;

use uuid::Uuid;

use super::{
    Filter, Words,
    direction::{Direction, Places, RUN, places_of},
    store,
};
use crate::{db::Transaction, error::Result, messages::window::Window};

/// Entries that one statement looks through, some hundredths of a second: 2,048 runs of the index.
const PIECE: i64 = 2_048 * RUN;

/// The messages of a chat that fit a filter.
pub struct Filtered<'a> {
    db: &'a Transaction<'a>,
    chat_id: Uuid,
    filter: &'a Filter,
    /// The pieces in which there are any, from the beginning of the log, and how many.
    pieces: Vec<(Places, i64)>,
}

impl<'a> Filtered<'a> {
    /// Counts them. Where times are asked for, only what the index does not know to be of other times is read.
    pub async fn count(
        db: &'a Transaction<'a>,
        chat_id: Uuid,
        filter: &'a Filter,
        end: store::End,
    ) -> Result<Self> {
        let known: Option<HashSet<i64>> = if filter.from.is_some() || filter.to.is_some() {
            Some(store::list_pieces(db, chat_id, filter.from, filter.to).await?.into_iter().collect())
        } else {
            None
        };
        let log = Places { after: end.first_seq - 1, up_to: end.last_seq };
        let mut pieces = vec![];
        let mut number = log.after.max(0) / PIECE;
        while number * PIECE < log.up_to {
            let piece = Places { after: number * PIECE, up_to: (number + 1) * PIECE };
            let may_hold =
                known.as_ref().is_none_or(|known| known.contains(&number) || piece.up_to > end.known_to);
            if may_hold {
                let piece = piece.and(log);
                let count = store::count_in(db, chat_id, piece, filter).await?;
                if count > 0 {
                    pieces.push((piece, count));
                }
            }
            number += 1;
        }
        Ok(Self { db, chat_id, filter, pieces })
    }

    /// How many there are.
    pub fn total(&self) -> i64 {
        self.pieces.iter().map(|(_, count)| count).sum()
    }

    /// The places of a page, in its order.
    pub async fn page(
        &self,
        window: Window,
        direction: Direction,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<i64>> {
        let places = places_of(window);
        match window {
            Window::Latest => self.take(direction, places, offset, limit).await,
            Window::Before(_) => self.take(Direction::Descending, places, offset, limit).await,
            Window::After(_) => {
                let mut seqs = self.take(Direction::Ascending, places, offset, limit).await?;
                seqs.reverse();
                Ok(seqs)
            }
            Window::Around(seq) => {
                let (after, before) = (Places { after: seq, ..places }, Places { up_to: seq, ..places });
                let mut seqs = self.take(Direction::Ascending, after, 0, (limit - 1) / 2).await?;
                seqs.reverse();
                seqs.extend(self.take(Direction::Descending, before, 0, limit / 2 + 1).await?);
                Ok(seqs)
            }
        }
    }

    /// So many of those between two places, in this direction, after the first ones.
    async fn take(&self, direction: Direction, within: Places, mut skip: i64, take: i64) -> Result<Vec<i64>> {
        let take = usize::try_from(take).unwrap_or(0);
        let mut pieces: Vec<_> = self.pieces.iter().collect();
        if direction == Direction::Descending {
            pieces.reverse();
        }
        let words = Words::none();
        let mut seqs = vec![];
        for (piece, count) in pieces {
            if seqs.len() >= take {
                break;
            }
            let part = piece.and(within);
            let is_whole = part.after == piece.after && part.up_to == piece.up_to;
            if part.is_empty() || (is_whole && *count <= skip) {
                skip -= if part.is_empty() { 0 } else { *count };
                continue;
            }
            let found =
                store::match_in_chat(self.db, self.chat_id, &[part], &words, self.filter, direction).await?;
            let passed = skip.min(found.len() as i64);
            skip -= passed;
            let rest = take - seqs.len();
            seqs.extend(found.into_iter().skip(usize::try_from(passed).unwrap_or(0)).take(rest));
        }
        Ok(seqs)
    }
}
