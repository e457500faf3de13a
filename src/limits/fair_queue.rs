//! A fair queue for what is scarce: a core, a connection, a disk. Of those who wait, whoever has used least of it lately gets the next
//! permit. Who has used much leaves the last permit free for others. When the queue is full, whoever has most places in it loses one.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

use crate::error::{Code, Error, Result};

/// How long a person waits for a permit.
const SOON: Duration = Duration::from_secs(10);
/// After so long what was used counts half.
const HALF_LIFE: Duration = Duration::from_secs(10);
/// How many seconds of use are much: a tenth of the time, for who goes on.
const MUCH: f64 = 1.5;
/// Who has used less is forgotten, when so many are known.
const LITTLE: (f64, usize) = (0.01, 256);

/// Permits, so many at once and so many of one holder, and those who wait for one, so many and no more. Nobody is refused because
/// of what others hold, as long as there are fewer holders than places.
pub struct FairQueue<K: Holder>(Arc<Inner<K>>);

/// By what a queue tells apart those who wait.
pub trait Holder: Hash + Eq + Clone {}
impl<K: Hash + Eq + Clone> Holder for K {}

/// A permit; the next who waits gets it when it is dropped.
pub struct Permit<K: Holder> {
    queue: Arc<Inner<K>>,
    holder: K,
    since: Instant,
}

struct Inner<K: Holder> {
    at_once: usize,
    each: usize,
    longest: usize,
    state: Mutex<State<K>>,
}

struct State<K: Holder> {
    busy: usize,
    /// How many permits each has.
    held: HashMap<K, usize>,
    /// How long each has held permits lately.
    used: HashMap<K, Used>,
    waiting: usize,
    last_id: u64,
    /// Who is next; each holder that waits is here once.
    order: VecDeque<K>,
    queues: HashMap<K, VecDeque<Waiting<K>>>,
}

/// Somebody who waits, and where their permit is sent.
type Waiting<K> = (u64, oneshot::Sender<Permit<K>>);

/// Seconds of use, as they counted at a moment.
struct Used {
    seconds: f64,
    at: Instant,
}

impl Used {
    fn now(&self) -> f64 {
        let halves = self.at.elapsed().as_secs_f64() / HALF_LIFE.as_secs_f64();
        self.seconds * (-halves).exp2()
    }
}

/// A place in the queue, given up when it is dropped.
struct Place<'a, K: Holder> {
    inner: &'a Inner<K>,
    holder: K,
    id: u64,
}

impl<K: Holder> FairQueue<K> {
    /// `at_once` have a permit, and `longest` wait.
    pub fn new(at_once: usize, longest: usize) -> Self {
        Self::of_each(at_once, at_once, longest)
    }

    /// The same, with so many permits for one holder at once, however many are free.
    pub fn of_each(each: usize, at_once: usize, longest: usize) -> Self {
        let state = State {
            busy: 0,
            held: HashMap::new(),
            used: HashMap::new(),
            waiting: 0,
            last_id: 0,
            order: VecDeque::new(),
            queues: HashMap::new(),
        };
        Self(Arc::new(Inner { at_once, each, longest, state: Mutex::new(state) }))
    }

    /// Waits for a permit; `None` when the queue is full of others who have no more places than this holder, or when the place
    /// was given to one who has fewer.
    pub async fn acquire(&self, holder: K) -> Option<Permit<K>> {
        let (place, permit) = {
            let mut state = self.0.state();
            if !state.queues.contains_key(&holder) && state.may_begin(&holder, &self.0) {
                state.begin(&holder);
                return Some(Permit { queue: Arc::clone(&self.0), holder, since: Instant::now() });
            }
            if state.waiting >= self.0.longest && !state.evict_for(&holder) {
                return None;
            }
            let (sender, permit) = oneshot::channel();
            let id = state.add(&holder, sender);
            (Place { inner: &self.0, holder, id }, permit)
        };
        let permit = permit.await.ok();
        drop(place);
        permit
    }

    /// The same, for no longer than a person waits: 429 when it does not come, whether the queue is full or theirs are many.
    pub async fn acquire_soon(&self, holder: K) -> Result<Permit<K>> {
        let permit = timeout(SOON, self.acquire(holder)).await.ok().flatten();
        permit.ok_or_else(|| {
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
    fn add(&mut self, holder: &K, sender: oneshot::Sender<Permit<K>>) -> u64 {
        let queue = self.queues.entry(holder.clone()).or_default();
        if queue.is_empty() {
            self.order.push_back(holder.clone());
        }
        self.last_id += 1;
        queue.push_back((self.last_id, sender));
        self.waiting += 1;
        self.last_id
    }

    /// Evicts the last of whoever has most places in the queue, if that is more than this holder would have.
    fn evict_for(&mut self, holder: &K) -> bool {
        let own = self.queues.get(holder).map_or(0, VecDeque::len);
        let Some(most) = self.queues.values_mut().max_by_key(|queue| queue.len()) else { return false };
        if most.len() <= own + 1 {
            return false;
        }
        most.pop_back();
        self.waiting -= 1;
        true
    }

    /// Whether a holder may have one more permit. Who has used much may not have the last one, where there are several.
    fn may_begin(&self, holder: &K, queue: &Inner<K>) -> bool {
        let left = queue.at_once.saturating_sub(self.busy);
        let wanted = if queue.at_once > 1 && self.used(holder) > MUCH { 2 } else { 1 };
        left >= wanted && self.held.get(holder).is_none_or(|held| *held < queue.each)
    }

    /// How many seconds a holder has had permits lately.
    fn used(&self, holder: &K) -> f64 {
        self.used.get(holder).map_or(0.0, Used::now)
    }

    fn begin(&mut self, holder: &K) {
        self.busy += 1;
        *self.held.entry(holder.clone()).or_default() += 1;
    }

    fn end(&mut self, holder: &K, since: Instant) {
        self.busy -= 1;
        let (little, many) = LITTLE;
        if self.used.len() > many {
            self.used.retain(|_, used| used.now() > little);
        }
        let seconds = self.used(holder) + since.elapsed().as_secs_f64();
        self.used.insert(holder.clone(), Used { seconds, at: Instant::now() });
        if let Some(held) = self.held.get_mut(holder) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(holder);
            }
        }
    }

    /// Whoever has used least of those that may have one more permit; of equals, who has waited longest.
    fn next(&mut self, queue: &Inner<K>) -> Option<(K, oneshot::Sender<Permit<K>>)> {
        let ready = self.order.iter().enumerate().filter(|(_, holder)| self.may_begin(holder, queue));
        let least =
            ready.map(|(place, holder)| (self.used(holder), place)).min_by(|a, b| a.0.total_cmp(&b.0));
        let holder = least.and_then(|(_, place)| self.order.remove(place))?;
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

impl<K: Holder> fmt::Debug for Permit<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit")
    }
}

impl<K: Holder> Drop for Permit<K> {
    fn drop(&mut self) {
        let next = {
            let mut state = self.queue.state();
            state.end(&self.holder, self.since);
            let next = state.next(&self.queue);
            if let Some((holder, _)) = &next {
                state.begin(holder);
            }
            next
        };
        // If that one has just given up, the dropped permit goes to the next; so this is outside the lock.
        if let Some((holder, next)) = next {
            drop(next.send(Permit { queue: Arc::clone(&self.queue), holder, since: Instant::now() }));
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
    use tokio::time::Instant;

    use super::{FairQueue, HALF_LIFE, Permit, Used};

    type Waits = Pin<Box<dyn Future<Output = Option<Permit<char>>>>>;

    /// A place at the end of the queue.
    async fn waits(queue: &Arc<FairQueue<char>>, who: char) -> Waits {
        let mut waiting = waits_or_not(queue, who);
        assert!(poll!(&mut waiting).is_pending());
        waiting
    }

    fn waits_or_not(queue: &Arc<FairQueue<char>>, who: char) -> Waits {
        let queue = Arc::clone(queue);
        Box::pin(async move { queue.acquire(who).await })
    }

    /// How many have a permit, and how many wait.
    fn held(queue: &FairQueue<char>) -> (usize, usize) {
        let state = queue.0.state();
        (state.busy, state.waiting)
    }

    async fn is_refused(waiting: &mut Waits) -> bool {
        matches!(poll!(waiting), Poll::Ready(None))
    }

    async fn has_permit(waiting: &mut Waits) -> Option<Permit<char>> {
        match poll!(waiting) {
            Poll::Ready(permit) => permit,
            Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn each_has_a_turn_after_the_other_whoever_came_first() {
        let queue = Arc::new(FairQueue::new(1, 8));
        let permit = queue.acquire('a').await.unwrap();
        let (mut a1, mut a2, mut b) =
            (waits(&queue, 'a').await, waits(&queue, 'a').await, waits(&queue, 'b').await);
        drop(permit);
        let permit = has_permit(&mut b).await.expect("b has had none yet");
        assert!(has_permit(&mut a1).await.is_none());
        drop(permit);
        let permit = has_permit(&mut a1).await.expect("a came before its second");
        assert!(has_permit(&mut a2).await.is_none());
        drop(permit);
        drop(has_permit(&mut a2).await.unwrap());
        assert_eq!(held(&queue), (0, 0));
        let state = queue.0.state();
        assert!(state.queues.is_empty() && state.order.is_empty());
    }

    #[tokio::test]
    async fn whoever_holds_most_makes_room() {
        let queue = Arc::new(FairQueue::new(1, 3));
        let _permit = queue.acquire('a').await.unwrap();
        let (_a1, mut a2, mut a3) =
            (waits(&queue, 'a').await, waits(&queue, 'a').await, waits(&queue, 'a').await);
        assert!(queue.acquire('a').await.is_none(), "the queue is full of one's own");
        let _b = waits(&queue, 'b').await;
        assert!(is_refused(&mut a3).await && !is_refused(&mut a2).await);
        let _c = waits(&queue, 'c').await;
        assert!(is_refused(&mut a2).await);
        assert!(queue.acquire('d').await.is_none(), "nobody holds more than one");
    }

    #[tokio::test]
    async fn who_gives_up_leaves_no_gap() {
        let queue = Arc::new(FairQueue::new(1, 2));
        let permit = queue.acquire('a').await.unwrap();
        let (first, mut second) = (waits(&queue, 'a').await, waits(&queue, 'b').await);
        drop(first);
        let third = waits(&queue, 'c').await;
        drop(permit);
        // The turn is on its way to somebody who gives up at this moment.
        let permit = has_permit(&mut second).await.unwrap();
        drop(permit);
        drop(third);
        assert_eq!(held(&queue), (0, 0));
        assert!(queue.acquire('d').await.is_some());
    }

    #[tokio::test]
    async fn nobody_has_more_turns_than_each_may_however_many_are_free() {
        let queue = Arc::new(FairQueue::of_each(1, 3, 10));
        let first = queue.acquire('a').await.unwrap();
        let mut second = waits(&queue, 'a').await;
        let (b, c) = (queue.acquire('b').await.unwrap(), queue.acquire('c').await.unwrap());
        let mut d = waits(&queue, 'd').await;
        drop(b);
        // It is not the first in the queue who may have it, since that one has a permit.
        let d = d.as_mut().await.unwrap();
        assert!(poll!(&mut second).is_pending());
        drop(first);
        let second = second.as_mut().await.unwrap();
        drop((second, c, d));
        assert_eq!(held(&queue), (0, 0));
        assert!(queue.0.state().held.is_empty());
    }

    #[tokio::test]
    async fn who_has_used_little_goes_first_and_finds_a_turn_free() {
        let queue = Arc::new(FairQueue::of_each(1, 2, 10));
        queue.0.state().used.insert('a', Used { seconds: 4.0, at: Instant::now() });
        // Alone, they have all they may.
        let permit = queue.acquire('a').await.unwrap();
        let mut b = waits_or_not(&queue, 'b');
        let b = has_permit(&mut b).await.expect("there are two turns");
        let (mut a, mut c) = (waits(&queue, 'a').await, waits(&queue, 'c').await);
        drop(permit);
        let c = has_permit(&mut c).await.expect("c has used less, and came later");
        assert!(has_permit(&mut a).await.is_none());
        drop(b);
        // One is free, and a has had permits for long.
        assert!(has_permit(&mut a).await.is_none());
        let d = queue.acquire('d').await.unwrap();
        drop((c, d));
        let a = has_permit(&mut a).await.expect("nobody else wants it");
        drop(a);
        let ago = Instant::now().checked_sub(HALF_LIFE * 6).unwrap();
        assert!(Used { seconds: 4.0, at: ago }.now() < 0.1, "it is long ago");
    }
}
