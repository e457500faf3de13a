//! The database: connections and their guard, the pool, migrations, query helpers, questions that share a statement, the
//! connection that listens, and the private PostgreSQL.

pub mod client;
pub mod connect;
mod counted;
pub mod embedded;
mod gather;
pub mod guard;
pub mod listen;
mod manager;
pub mod migrate;
pub mod pool;
pub mod query;
pub mod replica;
pub mod session;
pub mod timeline;
pub mod tls;

pub use client::{Client, GenericClient, Transaction};
pub use counted::Counted;
pub use gather::Gather;
pub use pool::Pool;
pub use query::FromRow;
pub use replica::Replica;
