//! Signing up, in and out.

mod crowding;
mod encrypting;
mod forging;
mod growing;
mod proving;
mod refreshing;
mod registering;
mod resetting;
mod rotating;
mod sessions;
mod signing_in;
mod suspending;
mod throttling;
mod tokens;

pub use signing_in::dies;
