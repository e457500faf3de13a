//! What the program tells its operators: logs and metrics.

pub mod logging;
pub mod metrics;
