//! How many of something each may hold at once: connections of an address, sockets of a person, deliveries
//! of what a person has made.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// What each holds, and the most it may.
pub(super) struct Slots<K: Hash + Eq + Clone>(Arc<Held<K>>);

struct Held<K> {
    most: u32,
    by_holder: Mutex<HashMap<K, Taken>>,
}

#[derive(Default)]
struct Taken {
    count: u32,
    /// When one more was last wanted and refused.
    refused_at: Option<Instant>,
}

/// A slot that is held; released when it is dropped.
pub struct Slot<K: Hash + Eq + Clone> {
    held: Arc<Held<K>>,
    holder: K,
}

impl<K: Hash + Eq + Clone> Slots<K> {
    pub fn new(most: u32) -> Self {
        Self(Arc::new(Held { most, by_holder: Mutex::default() }))
    }

    /// A slot for this holder; `None` when all of theirs are taken.
    pub fn take(&self, holder: K) -> Option<Slot<K>> {
        let mut by_holder = self.0.by_holder.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = by_holder.entry(holder.clone()).or_default();
        if taken.count >= self.0.most {
            taken.refused_at = Some(Instant::now());
            return None;
        }
        taken.count += 1;
        Some(Slot { held: Arc::clone(&self.0), holder })
    }

    /// Whether this holder was refused one more since then: something of theirs waits for a slot.
    pub fn has_refused(&self, holder: &K, since: Instant) -> bool {
        let by_holder = self.0.by_holder.lock().unwrap_or_else(PoisonError::into_inner);
        by_holder.get(holder).and_then(|taken| taken.refused_at).is_some_and(|at| at >= since)
    }
}

impl<K: Hash + Eq + Clone> Drop for Slot<K> {
    fn drop(&mut self) {
        let mut by_holder = self.held.by_holder.lock().unwrap_or_else(PoisonError::into_inner);
        match by_holder.get_mut(&self.holder) {
            Some(taken) if taken.count > 1 => taken.count -= 1,
            _ => drop(by_holder.remove(&self.holder)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Slots;

    #[test]
    fn a_place_is_for_one_and_comes_back() {
        let (slots, begun) = (Slots::new(2), Instant::now());
        let (one, _two, _other) = (slots.take("a"), slots.take("a"), slots.take("b").unwrap());
        assert!(!slots.has_refused(&"a", begun));
        assert!(slots.take("a").is_none());
        assert!(slots.has_refused(&"a", begun) && !slots.has_refused(&"b", begun));
        assert!(!slots.has_refused(&"a", Instant::now() + Duration::from_secs(1)));
        drop(one);
        let again = slots.take("a").unwrap();
        assert!(slots.take("a").is_none());
        drop((again, _two));
        assert!(!slots.0.by_holder.lock().unwrap().contains_key("a"), "who holds nothing is forgotten");
    }
}
