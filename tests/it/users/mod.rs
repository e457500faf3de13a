//! Profiles and pictures.

mod pictures;
mod profiles;
