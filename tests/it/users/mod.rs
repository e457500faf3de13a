//! Profiles, who sees what of them, and pictures.

mod finding;
mod pictures;
mod profiles;
mod replacing;
mod seeing;
