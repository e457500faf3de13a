//! The log, read with SQL when all is over, against what writers were told and readers saw.

use std::{fmt, pin::pin};

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{
    reader::{View, fingerprint},
    stage::Stage,
};

/// The logs of all chats.
pub struct Log {
    views: Vec<View>,
    gaps: usize,
    /// How often each ticket is in a log, and where.
    places: Vec<(usize, i64)>,
    strangers: usize,
}

/// Reads everything.
pub async fn read(stage: &Stage) -> Log {
    let psql = stage.psql().await;
    let mut log = Log { views: vec![], gaps: 0, places: vec![(0, 0); stage.tickets()], strangers: 0 };
    for (chat, chat_id) in stage.chats.iter().enumerate() {
        let sql = "select seq, id, kind = 'text', client_id from messages where chat_id = $1 order by seq";
        let mut rows = pin!(psql.query_raw(sql, [chat_id]).await.unwrap());
        let mut view = View { chat, seen: 0, print: 0 };
        while let Some(row) = rows.try_next().await.unwrap() {
            let (seq, id, is_message): (i64, Uuid, bool) = (row.get(0), row.get(1), row.get(2));
            log.gaps += usize::from(seq != view.seen + 1);
            view.seen = seq;
            view.print = fingerprint(view.print, seq, is_message.then_some(id));
            let client_id: Option<&str> = row.get(3);
            let ticket = client_id.and_then(|id| id.strip_prefix("ticket ")?.parse::<usize>().ok());
            match ticket.and_then(|ticket| log.places.get_mut(ticket)) {
                Some((count, place)) => (*count, *place) = (*count + 1, seq),
                None => log.strangers += usize::from(is_message),
            }
        }
        let sql = "select last_seq from chats where id = $1";
        let last_seq: i64 = psql.query_one(sql, &[chat_id]).await.unwrap().get(0);
        log.gaps += usize::from(last_seq != view.seen);
        log.views.push(view);
    }
    log
}

/// What is to be said of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    sent: usize,
    /// Acknowledged and not in the log, or elsewhere than the answer said.
    lost: usize,
    /// In the log more than once, or though nobody sent it.
    doubled: usize,
    /// Numbers that are not 1, 2, 3 …, and views that are not the log.
    disordered: usize,
    views: usize,
}

impl Log {
    /// Where each ends.
    pub fn ends(&self) -> Vec<i64> {
        self.views.iter().map(|view| view.seen).collect()
    }

    /// Compares.
    pub fn judge(&self, stage: &Stage, views: &[Vec<View>]) -> Outcome {
        let mut outcome = Outcome { sent: stage.tickets(), ..Outcome::default() };
        let mut acknowledged = vec![false; self.places.len()];
        for ack in stage.tally.acks() {
            let (count, place) = self.places[ack.ticket];
            outcome.lost += usize::from(count == 0 || ack.seq.is_some_and(|seq| seq != place));
            acknowledged[ack.ticket] = true;
        }
        // Writers go on until they are told, so everything was acknowledged.
        outcome.lost += acknowledged.iter().filter(|acknowledged| !**acknowledged).count();
        outcome.doubled = self.places.iter().filter(|(count, _)| *count > 1).count() + self.strangers;
        let differ = |view: &&View| self.views[view.chat] != **view;
        outcome.disordered = self.gaps + views.iter().flatten().filter(differ).count();
        outcome.views = views.iter().flatten().count();
        outcome
    }
}

impl Outcome {
    /// How many were acknowledged and are not there.
    pub fn lost(&self) -> usize {
        self.lost
    }

    /// Nothing doubled or out of order, whatever was lost.
    pub fn is_told(&self) -> bool {
        (self.doubled, self.disordered) == (0, 0)
    }

    /// Nothing lost, doubled or out of order.
    pub fn is_perfect(&self) -> bool {
        (self.lost, self.doubled, self.disordered) == (0, 0, 0)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sent, lost, doubled, disordered, views } = self;
        write!(
            f,
            "  sent {sent}, lost {lost}, doubled {doubled}, disordered {disordered}; {views} views compared"
        )
    }
}
