//! What a client of the gateway was told of its chats and people, so that it hears of each coming and going once.

use std::{collections::HashSet, sync::atomic::Ordering};

use bytes::Bytes;
use uuid::Uuid;

use super::Session;
use crate::realtime::frames::{self, Notice};

/// The most frames that wait for a client that is told what may be forgotten.
const WAITING: usize = 256;
/// The most bytes that wait for a client that is told more notifications: the rest can be read when it has taken these.
const UNTOLD_BYTES: usize = 64 * 1024;

impl Session {
    /// It was welcomed to these chats; those that were joined meanwhile and are not among them.
    pub fn begin(&self, chats: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
        let mut out = self.out();
        let mine: HashSet<Uuid> = chats.collect();
        let mut early = std::mem::take(&mut out.told().early);
        early.retain(|chat_id| !mine.contains(chat_id));
        out.told().mine = Some(mine);
        early.into_iter().collect()
    }

    /// Its user came into a chat; says whether that is news to it, which [`Session::tell_of`] tells.
    pub fn comes_into(&self, chat_id: Uuid) -> bool {
        let mut out = self.out();
        let told = out.told();
        match &told.mine {
            Some(mine) if mine.contains(&chat_id) => false,
            Some(_) => told.coming.insert(chat_id),
            None => {
                told.early.insert(chat_id);
                false
            }
        }
    }

    /// Tells that its user came into a chat, unless they went out of it while the chat was looked up: then it hears of
    /// neither. Says whether it was told.
    pub fn tell_of(&self, chat_id: Uuid, added: &Notice<'_>) -> bool {
        let frame = frames::json(added);
        let mut out = self.out();
        if !out.told().coming.remove(&chat_id) {
            return false;
        }
        out.told().mine.get_or_insert_default().insert(chat_id);
        self.push_to(&mut out, frame);
        true
    }

    /// Its user went out of a chat; says whether that is news to it. Who follows the chat hears it in the order of its log.
    pub fn goes_out_of(&self, chat_id: Uuid) -> bool {
        let known = self.forget(chat_id);
        known && !self.follows(chat_id)
    }

    /// Its user is in a chat no longer; says whether it was told before that they are.
    pub fn forget(&self, chat_id: Uuid) -> bool {
        let mut out = self.out();
        let Some(told) = &mut out.told else { return false };
        told.early.remove(&chat_id);
        told.coming.remove(&chat_id);
        told.mine.as_mut().is_some_and(|mine| mine.remove(&chat_id))
    }

    /// The chats its user is in, as it was told; `None` until it is welcomed.
    pub fn mine(&self) -> Option<HashSet<Uuid>> {
        self.out().told.as_ref()?.mine.clone()
    }

    /// How many chats it was told that its user is in.
    pub fn mine_count(&self) -> usize {
        let out = self.out();
        out.told.as_ref().and_then(|told| told.mine.as_ref()).map_or(0, HashSet::len)
    }

    /// Wants to know of these people; says which of them it did not before.
    pub fn watch(&self, user_ids: &[Uuid]) -> Vec<Uuid> {
        let mut out = self.out();
        let told = out.told();
        user_ids.iter().copied().filter(|id| told.watched.insert(*id)).collect()
    }

    /// Wants to know of these people no longer; says of which of them it did.
    pub fn unwatch(&self, user_ids: &[Uuid]) -> Vec<Uuid> {
        let mut out = self.out();
        let told = out.told();
        user_ids.iter().copied().filter(|id| told.watched.remove(id)).collect()
    }

    /// Everyone it wanted to know of, who then are none.
    pub fn take_watched(&self) -> Vec<Uuid> {
        let watched = self.out().told.as_mut().map(|told| std::mem::take(&mut told.watched));
        watched.unwrap_or_default().into_iter().collect()
    }

    /// Whether it hears a chat live and may, and the chat is known to be no direct one, which a block could close.
    pub fn is_live_in_group(&self, chat_id: Uuid) -> bool {
        self.out().cursor(chat_id).is_some_and(|cursor| cursor.is_live() && cursor.in_group)
    }

    /// Notes that a chat is no direct one, if it has a place there.
    pub fn note_group(&self, chat_id: Uuid) {
        if let Some(cursor) = self.out().cursor(chat_id) {
            cursor.in_group = true;
        }
    }

    /// Queues what may be forgotten, unless it reads slowly or does not hear the chat live; says whether a
    /// [`Session::flush`] will find something to do.
    pub fn send_ephemeral(&self, chat_id: Uuid, frame: Bytes) -> bool {
        let mut out = self.out();
        // Between two polls is not slow.
        let reads_slowly = out.blocked && !out.transport.is_away();
        if reads_slowly || out.over || out.queue.len() > WAITING {
            return false;
        }
        let live = out.cursor(chat_id).is_some_and(|cursor| cursor.is_live());
        if live {
            out.enqueue(frame);
        }
        live
    }

    /// From now on it is told the notifications after this number.
    pub fn begin_notifications(&self, seq: i64) {
        self.notified.store(seq, Ordering::Relaxed);
    }

    /// The number of the notification it was told last; `None` until it is told any.
    pub fn notified(&self) -> Option<i64> {
        Some(self.notified.load(Ordering::Relaxed)).filter(|seq| *seq >= 0)
    }

    /// Whether it has taken most of what was told before.
    pub fn takes_more(&self) -> bool {
        self.out().queued_bytes < UNTOLD_BYTES
    }

    /// Tells its user of a notification, unless it was told or they do not want it at once.
    pub fn tell_notification(&self, seq: i64, frame: Option<Bytes>) {
        let mut out = self.out();
        if self.notified.fetch_max(seq, Ordering::Relaxed) < seq
            && let Some(frame) = frame
        {
            self.push_to(&mut out, frame);
        }
    }

    /// There are fewer notifications than it was told of: says so, and goes on from there.
    pub fn reset_notifications(&self, last_seq: i64) {
        let mut out = self.out();
        self.notified.store(last_seq, Ordering::Relaxed);
        self.push_to(&mut out, frames::json(&Notice::NotificationsReset { last_seq }));
    }
}
