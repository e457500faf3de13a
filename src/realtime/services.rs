//! What a socket needs of the program.

use super::hub::Hub;
use crate::messages::Outbox;

/// What a socket needs of the program. A clone is cheap.
#[derive(Clone)]
pub struct Services {
    /// Who watches.
    pub hub: Hub,
    /// The way into the log.
    pub outbox: Outbox,
}
