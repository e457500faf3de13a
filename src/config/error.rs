//! What is wrong with a configuration, in sentences.

use std::fmt;

/// Everything wrong with a configuration, not just the first thing. Each sentence names the key as it was written
/// and where; none shows a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    pub(super) fn new(problems: Vec<String>) -> Self {
        Self { problems }
    }

    /// The sentences, one line and one problem each; at least one.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    /// One line, as supervisors and log collectors like it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("; "))
    }
}

impl std::error::Error for ConfigError {}
