//! `trunkline openapi`

use super::{Outcome, answer};
use crate::server::documentation;

/// Prints the document.
pub fn run() -> Outcome {
    answer(serde_json::to_string_pretty(documentation())?)
}
