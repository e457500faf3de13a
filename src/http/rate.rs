//! How often somebody may do something: a bucket that is refilled evenly and may be emptied at once.

use std::time::Instant;

/// How many seconds' worth a bucket holds: a burst is no abuse.
const SECONDS: f64 = 10.0;

/// The allowance of one client.
#[derive(Debug)]
pub struct Bucket {
    per_second: f64,
    left: f64,
    at: Instant,
}

impl Bucket {
    /// A full bucket: ten seconds' worth at once, `per_second` in the long run.
    pub fn new(per_second: u32) -> Self {
        let per_second = f64::from(per_second);
        Self { per_second, left: per_second * SECONDS, at: Instant::now() }
    }

    /// Takes one; `false` when none is left.
    pub fn take(&mut self) -> bool {
        let now = Instant::now();
        let refill = now.duration_since(self.at).as_secs_f64() * self.per_second;
        self.left = (self.left + refill).min(self.per_second * SECONDS);
        self.at = now;
        if self.left < 1.0 {
            return false;
        }
        self.left -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Bucket;

    #[test]
    fn a_burst_is_allowed_and_a_flood_is_not() {
        let mut bucket = Bucket::new(1);
        assert!((0..10).all(|_| bucket.take()));
        assert!(!bucket.take());
    }
}
