//! What must be so of one chat, whoever writes meanwhile.

use indicatif::ProgressBar;
use uuid::Uuid;

use super::store::{self, Head};
use crate::{db::GenericClient, error::Result};

/// How many rows are looked at in one statement: some tens of milliseconds, so that no snapshot is held for long.
const PIECE: i64 = 20_000;

/// What is wrong with a chat, as the row says that was read before its log; `None` when the log lost its beginning meanwhile
/// (a retention), or the chat is gone, so that nothing can be said.
pub async fn verify(db: &impl GenericClient, head: &Head, bar: &ProgressBar) -> Result<Option<Vec<String>>> {
    let mut wrong = of_counters(head);
    let (mut after, mut messages) = (head.first_seq - 1, 0);
    let (mut gap, mut naming, mut filing) = (None, None, None);
    while after < head.last_seq {
        let piece = store::entries(db, head.id, after, head.last_seq, PIECE, head.first_seq).await?;
        let Some(up_to) = piece.up_to else { break };
        gap = gap.or(piece.gap_after);
        naming = naming.or(piece.names_nothing);
        filing = filing.or(piece.lacks_files);
        after = up_to;
        messages += piece.messages;
        bar.inc(piece.entries.unsigned_abs());
    }
    if let Some(seq) = gap.or((after < head.last_seq).then_some(after)) {
        wrong.push(format!("the log has a gap after entry {seq}"));
    }
    if messages != head.message_count {
        wrong.push(format!("message_count is {} and the log holds {messages} messages", head.message_count));
    }
    if let Some(seq) = naming {
        wrong.push(format!("entry {seq} is about a message that does not stand before it"));
    }
    if let Some(seq) = filing {
        wrong.push(format!("message {seq} lacks files that came with it"));
    }
    let lost = [
        ("reactions hang", walk(async |after| store::reactions(db, head.id, after, PIECE).await).await?),
        ("a pin hangs", walk(async |after| store::pins(db, head.id, after, PIECE).await).await?),
        ("files hang", walk(async |after| store::files(db, head.id, after, PIECE).await).await?),
    ];
    for (what, message) in lost.into_iter().filter_map(|(what, lost)| Some((what, lost?))) {
        wrong.push(format!("{what} on message {message}, which is not there or was recalled"));
    }
    let is_same = store::head(db, head.id).await? == Some(head.first_seq);
    Ok(is_same.then_some(wrong))
}

/// What the row of the chat says against what the tables held in the same moment.
fn of_counters(head: &Head) -> Vec<String> {
    let mut wrong = Vec::new();
    let (first, last) = (head.first_seq, head.last_seq);
    if last < first - 1 {
        wrong.push(format!("first_seq is {first} and last_seq is {last}: less than nothing"));
    }
    if let Some(lowest) = head.lowest.filter(|lowest| *lowest != first) {
        wrong.push(format!("first_seq is {first} and the oldest entry is {lowest}"));
    }
    let highest = head.highest.unwrap_or(first - 1);
    if highest != last {
        wrong.push(format!("last_seq is {last} and the latest entry is {highest}"));
    }
    if head.member_count != head.members {
        wrong.push(format!("member_count is {} and there are {} members", head.member_count, head.members));
    }
    if head.lacks_creator {
        wrong.push("a group chat has a creator, and this one has none".to_owned());
    }
    if head.reads_beyond > 0 {
        wrong.push(format!("{} read marks lie beyond the end of the log", head.reads_beyond));
    }
    if let Some(searched) = head.searched.filter(|searched| *searched > last) {
        wrong.push(format!("the search knows entries up to {searched}, beyond the end of the log"));
    }
    if let Some(delivered) = head.delivered.filter(|delivered| *delivered > last) {
        wrong.push(format!("a webhook was sent entries up to {delivered}, beyond the end of the log"));
    }
    wrong
}

/// Walks over what refers to messages; the first message that is not there.
async fn walk(next: impl AsyncFn(Uuid) -> Result<store::Dangling>) -> Result<Option<Uuid>> {
    let mut after = Uuid::nil();
    loop {
        let piece = next(after).await?;
        if piece.lost.is_some() {
            return Ok(piece.lost);
        }
        let Some(up_to) = piece.up_to else { return Ok(None) };
        after = up_to;
    }
}
