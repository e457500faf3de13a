//! Profiles and pictures.

pub mod pictures;
mod profiles;
