//! The world the stories happen in, and the words they are told with.

mod balancer;
mod cluster;
mod document;
mod entries;
pub mod log;
mod person;
mod pictures;
mod pooler;
mod postbox;
mod process;
mod proxy;
mod receiver;
pub mod schema;
mod socket;
mod standby;
mod uploads;
mod visitor;
mod wire;
mod world;

pub use balancer::Balancer;
pub use cluster::url_of_superuser as superuser_of;
pub use document::{Operation, operations};
pub use person::{Answer, PASSWORD, Person};
pub use pictures::{FORMATS, SECRET, animation, clear_picture, holds, huge, noise, picture, telling};
pub use pooler::{Pooler, quiet_port};
pub use postbox::Postbox;
pub use process::Process;
pub use proxy::Proxy;
pub use receiver::{Manners, Receiver, Sent};
pub use socket::Socket;
pub use standby::Pair;
pub use uploads::Fetched;
pub use visitor::Visitor;
pub use wire::{Reply, Wire};
pub use world::{Instance, World};
