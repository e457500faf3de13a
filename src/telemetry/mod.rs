//! What the program tells its operators: logs, metrics and, where it was built for that, traces.

pub mod logging;
pub mod metrics;
pub mod traces;
