//! The world the stories happen in, and the words they are told with.

mod cluster;
mod entries;
mod person;
mod socket;
mod world;

pub use person::{Answer, Person};
pub use socket::Socket;
pub use world::{Instance, World};
