//! A line for what is dear (a core, a connection, a disk): those who wait are served in turn, one of each holder after the other, and when the
//! line is full, whoever holds most of it makes room.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use crate::error::{Code, Error, Result};

/// How long a person waits for a turn.
const SOON: Duration = Duration::from_secs(10);

/// Turns, so many at once and so many of one holder, and those who wait for one, so many and no more. Nobody is refused because
/// of what others hold, as long as there are fewer holders than places.
pub struct Line<K: Holder>(Arc<Inner<K>>);

/// What a line tells those who wait apart by.
pub trait Holder: Hash + Eq + Clone {}
impl<K: Hash + Eq + Clone> Holder for K {}

/// A turn; the next one's when it is dropped.
pub struct Turn<K: Holder>(Arc<Inner<K>>, K);

struct Inner<K: Holder> {
    at_once: usize,
    each: usize,
    longest: usize,
    state: Mutex<State<K>>,
}

struct State<K: Holder> {
    busy: usize,
    /// How many turns each has.
    held: HashMap<K, usize>,
    waiting: usize,
    last_id: u64,
    /// Whose turn is next; each who waits stands here once.
    order: VecDeque<K>,
    queues: HashMap<K, VecDeque<Waiting<K>>>,
}

/// Somebody who waits, and where their turn is sent.
type Waiting<K> = (u64, oneshot::Sender<Turn<K>>);

/// A place in the line, given up when it is dropped.
struct Place<'a, K: Holder> {
    inner: &'a Inner<K>,
    holder: K,
    id: u64,
}

impl<K: Holder> Line<K> {
    /// `at_once` have a turn, and `longest` wait.
    pub fn new(at_once: usize, longest: usize) -> Self {
        Self::of_each(at_once, at_once, longest)
    }

    /// The same, with so many turns for one holder at once, however many are free.
    pub fn of_each(each: usize, at_once: usize, longest: usize) -> Self {
        let (order, queues, held) = (VecDeque::new(), HashMap::new(), HashMap::new());
        let state = Mutex::new(State { busy: 0, held, waiting: 0, last_id: 0, order, queues });
        Self(Arc::new(Inner { at_once, each, longest, state }))
    }

    /// Waits for a turn; `None` when the line is full of others who hold no more than this holder, or had to make room for
    /// one who holds less.
    pub async fn turn(&self, holder: K) -> Option<Turn<K>> {
        let (place, turn) = {
            let mut state = self.0.state();
            if state.busy < self.0.at_once && state.may_begin(&holder, self.0.each) {
                state.begin(&holder);
                return Some(Turn(Arc::clone(&self.0), holder));
            }
            if state.waiting >= self.0.longest && !state.makes_room_for(&holder) {
                return None;
            }
            let (sender, turn) = oneshot::channel();
            let id = state.add(&holder, sender);
            (Place { inner: &self.0, holder, id }, turn)
        };
        let turn = turn.await.ok();
        drop(place);
        turn
    }

    /// The same, for no longer than a person waits: 429 when it does not come, whether the line is full or theirs are many.
    pub async fn turn_soon(&self, holder: K) -> Result<Turn<K>> {
        let turn = timeout(SOON, self.turn(holder)).await.ok().flatten();
        turn.ok_or_else(|| {
            Error::new(Code::TooManyRequests, "too much of this is under way; try again in a moment")
                .retry_after(5)
        })
    }
}

impl<K: Holder> Inner<K> {
    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Holder> State<K> {
    fn add(&mut self, holder: &K, sender: oneshot::Sender<Turn<K>>) -> u64 {
        let queue = self.queues.entry(holder.clone()).or_default();
        if queue.is_empty() {
            self.order.push_back(holder.clone());
        }
        self.last_id += 1;
        queue.push_back((self.last_id, sender));
        self.waiting += 1;
        self.last_id
    }

    /// Sends away the last of whoever holds most of the line, if that is more than this holder would have.
    fn makes_room_for(&mut self, holder: &K) -> bool {
        let own = self.queues.get(holder).map_or(0, VecDeque::len);
        let Some(most) = self.queues.values_mut().max_by_key(|queue| queue.len()) else { return false };
        if most.len() <= own + 1 {
            return false;
        }
        most.pop_back();
        self.waiting -= 1;
        true
    }

    /// Whether a holder may have one more turn, and nobody of theirs waits for it.
    fn may_begin(&self, holder: &K, each: usize) -> bool {
        self.held.get(holder).is_none_or(|held| *held < each) && !self.queues.contains_key(holder)
    }

    fn begin(&mut self, holder: &K) {
        self.busy += 1;
        *self.held.entry(holder.clone()).or_default() += 1;
    }

    fn end(&mut self, holder: &K) {
        self.busy -= 1;
        if let Some(held) = self.held.get_mut(holder) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(holder);
            }
        }
    }

    /// Whoever has waited longest of those that may have one more turn.
    fn next(&mut self, each: usize) -> Option<(K, oneshot::Sender<Turn<K>>)> {
        let may = |holder: &K| self.held.get(holder).is_none_or(|held| *held < each);
        let holder = self.order.iter().position(may).and_then(|place| self.order.remove(place))?;
        let queue = self.queues.get_mut(&holder)?;
        let (_, sender) = queue.pop_front()?;
        self.waiting -= 1;
        if queue.is_empty() {
            self.queues.remove(&holder);
        } else {
            self.order.push_back(holder.clone());
        }
        Some((holder, sender))
    }

    fn remove(&mut self, holder: &K, id: u64) {
        let Some(queue) = self.queues.get_mut(holder) else { return };
        let Some(place) = queue.iter().position(|(known, _)| *known == id) else { return };
        queue.remove(place);
        self.waiting -= 1;
        if queue.is_empty() {
            self.queues.remove(holder);
            self.order.retain(|waiting| waiting != holder);
        }
    }
}

impl<K: Holder> fmt::Debug for Turn<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turn")
    }
}

impl<K: Holder> Drop for Turn<K> {
    fn drop(&mut self) {
        let next = {
            let mut state = self.0.state();
            state.end(&self.1);
            let next = state.next(self.0.each);
            if let Some((holder, _)) = &next {
                state.begin(holder);
            }
            next
        };
        // Whoever has just given up gives this turn to the next, outside the lock.
        if let Some((holder, next)) = next {
            drop(next.send(Turn(Arc::clone(&self.0), holder)));
        }
    }
}

impl<K: Holder> Drop for Place<'_, K> {
    fn drop(&mut self) {
        self.inner.state().remove(&self.holder, self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::Pin, sync::Arc, task::Poll};

    use futures_util::poll;

    use super::{Line, Turn};

    type Waits = Pin<Box<dyn Future<Output = Option<Turn<char>>>>>;

    /// A place at the end of the line.
    async fn waits(line: &Arc<Line<char>>, who: char) -> Waits {
        let line = Arc::clone(line);
        let mut waiting: Waits = Box::pin(async move { line.turn(who).await });
        assert!(poll!(&mut waiting).is_pending());
        waiting
    }

    /// How many have a turn, and how many wait.
    fn held(line: &Line<char>) -> (usize, usize) {
        let state = line.0.state();
        (state.busy, state.waiting)
    }

    async fn is_refused(waiting: &mut Waits) -> bool {
        matches!(poll!(waiting), Poll::Ready(None))
    }

    async fn has_turn(waiting: &mut Waits) -> Option<Turn<char>> {
        match poll!(waiting) {
            Poll::Ready(turn) => turn,
            Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn each_has_a_turn_after_the_other_whoever_came_first() {
        let line = Arc::new(Line::new(1, 8));
        let turn = line.turn('a').await.unwrap();
        let (mut a1, mut a2, mut b) =
            (waits(&line, 'a').await, waits(&line, 'a').await, waits(&line, 'b').await);
        drop(turn);
        let turn = has_turn(&mut a1).await.unwrap();
        assert!(has_turn(&mut a2).await.is_none());
        drop(turn);
        let turn = has_turn(&mut b).await.expect("b before the second of a");
        drop(turn);
        drop(has_turn(&mut a2).await.unwrap());
        assert_eq!(held(&line), (0, 0));
        let state = line.0.state();
        assert!(state.queues.is_empty() && state.order.is_empty());
    }

    #[tokio::test]
    async fn whoever_holds_most_makes_room() {
        let line = Arc::new(Line::new(1, 3));
        let _turn = line.turn('a').await.unwrap();
        let (_a1, mut a2, mut a3) =
            (waits(&line, 'a').await, waits(&line, 'a').await, waits(&line, 'a').await);
        assert!(line.turn('a').await.is_none(), "the line is full of one's own");
        let _b = waits(&line, 'b').await;
        assert!(is_refused(&mut a3).await && !is_refused(&mut a2).await);
        let _c = waits(&line, 'c').await;
        assert!(is_refused(&mut a2).await);
        assert!(line.turn('d').await.is_none(), "nobody holds more than one");
    }

    #[tokio::test]
    async fn who_gives_up_leaves_no_gap() {
        let line = Arc::new(Line::new(1, 2));
        let turn = line.turn('a').await.unwrap();
        let (first, mut second) = (waits(&line, 'a').await, waits(&line, 'b').await);
        drop(first);
        let third = waits(&line, 'c').await;
        drop(turn);
        // The turn is on its way to somebody who gives up at this moment.
        let turn = has_turn(&mut second).await.unwrap();
        drop(turn);
        drop(third);
        assert_eq!(held(&line), (0, 0));
        assert!(line.turn('d').await.is_some());
    }

    #[tokio::test]
    async fn nobody_has_more_turns_than_each_may_however_many_are_free() {
        let line = Arc::new(Line::of_each(1, 3, 10));
        let first = line.turn('a').await.unwrap();
        let mut second = waits(&line, 'a').await;
        let (b, c) = (line.turn('b').await.unwrap(), line.turn('c').await.unwrap());
        let mut d = waits(&line, 'd').await;
        drop(b);
        // It is not the first in the line who may have it, since that one has a turn.
        let d = d.as_mut().await.unwrap();
        assert!(poll!(&mut second).is_pending());
        drop(first);
        let second = second.as_mut().await.unwrap();
        drop((second, c, d));
        assert_eq!(held(&line), (0, 0));
        assert!(line.0.state().held.is_empty());
    }
}
