//! `trunkline config`

use super::Outcome;
use crate::config::Config;

/// Shows what is in force; loading it has checked it.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub fn check(config: &Config) -> Outcome {
    print!("{}", config.to_yaml());
    config.check_for_serving()?;
    Ok(())
}
