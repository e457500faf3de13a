//! HTTP as real clients, proxies and browsers speak it.

mod cookies;
mod faults;
mod hosts;
mod packing;
mod resting;
