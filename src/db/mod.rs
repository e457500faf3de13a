//! The database: pool, migrations, query helpers, the connection that listens, and the private PostgreSQL.

pub mod embedded;
pub mod listen;
pub mod migrate;
pub mod pool;
pub mod query;
pub mod tls;

pub use deadpool_postgres::{Client, GenericClient, Pool, Transaction};
pub use query::FromRow;
