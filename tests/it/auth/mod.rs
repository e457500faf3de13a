//! Signing up, in and out.

mod encrypting;
mod refreshing;
mod registering;
mod resetting;
mod sessions;
mod signing_in;
mod suspending;
mod throttling;
mod tokens;
