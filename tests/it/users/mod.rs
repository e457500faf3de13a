//! Profiles, who sees what of them, and pictures.

mod erasing;
mod finding;
mod including;
mod pictures;
mod profiles;
mod replacing;
mod seeing;
