//! What was done that somebody may have to answer for: by whom, to whom, when and from where.
//!
//! Nothing here writes. The triggers of the tables do (`sql/functions/audit_*.sql`), in the transaction that does the
//! thing, so that no endpoint can forget it and psql is noted like everybody; [`crate::db::query::begin_as`] tells them who
//! acts, and from where. A row is never changed: a trigger refuses that to everyone, and the role a server should run as
//! (`sql/ops/roles_and_grants.sql`) may not even try. Old ones are removed where `audit.retention_days` says so.

pub mod api;
pub mod jobs;
pub mod model;
pub mod store;

pub use model::Record;
