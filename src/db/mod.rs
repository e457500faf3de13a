//! The database: the private PostgreSQL, the pool, migrations and query helpers.

pub mod embedded;
