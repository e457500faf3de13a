//! `trunkline config`

use super::{Outcome, answer};
use crate::config::Config;

/// Shows the configuration; loading it has checked it. A server that runs was started with what was there then.
pub fn check(config: &Config) -> Outcome {
    answer("# what a server started here would use, and where each value comes from; secrets are masked")?;
    answer(config.to_yaml().trim_end())?;
    config.check_for_serving()?;
    Ok(())
}
