//! Signing up, in and out.

mod refreshing;
mod registering;
mod signing_in;
