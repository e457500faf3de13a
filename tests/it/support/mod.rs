//! The world the stories happen in, and the words they are told with.

mod cluster;
mod person;
mod socket;
mod visitor;
mod world;

pub use person::{Answer, Person};
pub use socket::Socket;
pub use visitor::Visitor;
pub use world::{Instance, World};
