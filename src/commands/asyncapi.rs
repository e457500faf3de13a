//! `trunkline asyncapi`

use super::{Outcome, answer};
use crate::server::sockets;

/// Prints the document.
pub fn run() -> Outcome {
    answer(serde_json::to_string_pretty(sockets())?)
}
