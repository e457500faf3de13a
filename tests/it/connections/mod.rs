//! What becomes of a connection to the database when somebody hangs up, something hangs, or the database says no.

mod failing_over;
mod freezing;
mod hanging_up;
mod refusing;
mod settings;
mod standing_by;
mod timers;

/// How long a statement may take in these stories.
const SECONDS: &[(&str, &str)] = &[("TRUNKLINE_DATABASE__STATEMENT_SECONDS", "2")];
