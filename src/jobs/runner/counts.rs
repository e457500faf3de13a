//! How attempts ended.

/// How many attempts ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs that were done.
    pub succeeded: u64,
    /// Jobs that failed for good.
    pub failed: u64,
    /// Attempts that failed and will be repeated.
    pub again: u64,
    /// Attempts whose job another instance has taken over.
    pub lost: u64,
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            succeeded: self.succeeded + other.succeeded,
            failed: self.failed + other.failed,
            again: self.again + other.again,
            lost: self.lost + other.lost,
        }
    }
}
