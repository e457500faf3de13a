//! What an instance does for everyone who watches, for as long as it runs: reads the news and tells them, asks the tables
//! about what notifications claim, keeps up who is online. Each of the loops waits for nobody but the database.

mod claims;
mod departures;
mod heartbeat;
mod ephemeral;
mod logs;
mod members;
mod notifications;
mod entries;
mod permissions;
mod presences;
mod register;
mod rounds;

pub use register::{close as close_register, work as keep_register};

use super::hub::Hub;
use crate::app::App;

/// Starts the workers of a new hub. They end with the runtime.
pub fn start(app: App) -> Hub {
    let hub = Hub::new(app);
    tokio::spawn(rounds::work(hub.clone()));
    tokio::spawn(claims::work(hub.clone()));
    tokio::spawn(presences::work(hub.clone()));
    tokio::spawn(notifications::work(hub.clone()));
    tokio::spawn(heartbeat::work(hub.clone()));
    hub
}
