//! `trunkline config`

use super::{Outcome, answer};
use crate::config::Config;

/// Shows what is in force; loading it has checked it.
pub fn check(config: &Config) -> Outcome {
    answer(config.to_yaml().trim_end())?;
    config.check_for_serving()?;
    Ok(())
}
