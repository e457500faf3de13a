//! Who are friends, and who has asked to be.
//!
//! One row for two people, whoever asked: a request until the other one asks, too, and a friendship from then on. Friends see
//! each other's contacts, and whether they are online. Unfriending, declining and withdrawing are the same: the row goes, and
//! the other one is not told.

pub mod api;
pub mod model;
pub mod service;
pub mod store;
