//! `trunkline openapi`

use super::Outcome;
use crate::server::documentation;

/// Prints the document.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub fn run() -> Outcome {
    println!("{}", serde_json::to_string_pretty(&documentation())?);
    Ok(())
}
