//! Trunkline: the chat and community backend that needs nothing but PostgreSQL.

pub mod config;
pub mod db;
pub mod telemetry;
