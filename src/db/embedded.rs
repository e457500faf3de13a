//! A private PostgreSQL, created and run under the data directory.
