//! Who travels with the next batch: everyone has a share of it, and what it carries is bounded, so that one person's flood
//! makes nobody else's message late.

use std::{
    collections::{HashMap, VecDeque},
    mem,
};

use uuid::Uuid;

/// The most sends of one batch: what a statement carries well, and what a commit is long enough for.
pub(super) const BATCH: usize = 256;
/// How many sends of one person go before the others had theirs.
const SHARE: usize = 32;
/// The most bytes of text in a batch: what the database reads and indexes in about 20 ms.
const BYTES: usize = 256 * 1024;

/// What counts of a send.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    /// Whose it is.
    pub sender: Uuid,
    /// How long its text is.
    pub bytes: usize,
}

/// Takes the next batch out of those who wait; the others keep their order, and so do the sends of each person.
pub(super) fn choose<T>(waiting: &mut VecDeque<T>, weigh: impl Fn(&T) -> Weight) -> Vec<T> {
    let mut batch = Batch { chosen: Vec::new(), bytes: 0 };
    let mut shares: HashMap<Uuid, usize> = HashMap::new();
    let mut rest = VecDeque::new();
    let mut queue = mem::take(waiting).into_iter();
    for next in queue.by_ref() {
        let weight = weigh(&next);
        let share = shares.entry(weight.sender).or_default();
        if *share < SHARE && batch.takes(weight.bytes) {
            *share += 1;
            batch.add(next, weight.bytes);
        } else {
            // What comes after it from the same person stays behind it.
            *share = SHARE;
            rest.push_back(next);
        }
        if batch.chosen.len() == BATCH {
            break;
        }
    }
    rest.extend(queue);
    // There is room left: whoever has sent most may have it.
    while let Some(next) = rest.pop_front() {
        let bytes = weigh(&next).bytes;
        if !batch.takes(bytes) {
            rest.push_front(next);
            break;
        }
        batch.add(next, bytes);
    }
    *waiting = rest;
    batch.chosen
}

struct Batch<T> {
    chosen: Vec<T>,
    bytes: usize,
}

impl<T> Batch<T> {
    fn takes(&self, bytes: usize) -> bool {
        self.chosen.is_empty() || (self.chosen.len() < BATCH && self.bytes + bytes <= BYTES)
    }

    fn add(&mut self, one: T, bytes: usize) {
        self.bytes += bytes;
        self.chosen.push(one);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::{collection, prelude::*};
    use uuid::Uuid;

    use super::{BATCH, BYTES, SHARE, Weight, choose};

    type One = (u128, usize, usize);

    fn next(waiting: &mut VecDeque<One>) -> Vec<One> {
        choose(waiting, |(sender, bytes, _)| Weight { sender: Uuid::from_u128(*sender), bytes: *bytes })
    }

    #[test]
    fn who_floods_lets_the_others_go_first() {
        let mut waiting: VecDeque<_> = (0..1_000).map(|n| (1, 10, n)).collect();
        waiting.extend((0..20).map(|n| (2 + n as u128, 10, n)));
        let batch = next(&mut waiting);
        assert_eq!(batch.len(), BATCH);
        assert_eq!(batch.iter().filter(|(sender, ..)| *sender != 1).count(), 20);
        assert_eq!(next(&mut waiting).len(), BATCH, "who is alone has all the room");
    }

    #[test]
    fn long_texts_are_few_and_the_longest_travels_alone() {
        let mut waiting = VecDeque::from_iter((0..200).map(|n| (n as u128, 16_000, n)));
        assert_eq!(next(&mut waiting).len(), BYTES / 16_000);
        let mut waiting = VecDeque::from([(1, BYTES * 2, 0), (2, 1, 1)]);
        assert_eq!(next(&mut waiting), [(1, BYTES * 2, 0)]);
        assert_eq!(next(&mut waiting), [(2, 1, 1)]);
    }

    proptest! {
        #[test]
        fn everyone_travels_once_and_in_order(
            sends in collection::vec((0_u128..5, prop_oneof![0_usize..50, 10_000_usize..300_000]), 0..600),
        ) {
            let mut waiting: VecDeque<_> =
                sends.iter().enumerate().map(|(n, (sender, bytes))| (*sender, *bytes, n)).collect();
            let mut gone = Vec::new();
            while !waiting.is_empty() {
                let batch = next(&mut waiting);
                prop_assert!(!batch.is_empty() && batch.len() <= BATCH);
                prop_assert!(batch.len() == 1 || batch.iter().map(|(_, bytes, _)| bytes).sum::<usize>() <= BYTES);
                gone.extend(batch);
            }
            for one in 0..5 {
                let theirs: Vec<_> = gone.iter().filter(|(sender, ..)| *sender == one).map(|(.., n)| *n).collect();
                prop_assert!(theirs.is_sorted(), "{theirs:?}");
            }
            prop_assert_eq!(gone.len(), sends.len());
            prop_assert!(SHARE < BATCH);
        }
    }
}
