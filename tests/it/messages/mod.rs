//! What is said: what may be said, once, and how one looks back.

mod alone;
mod anything;
mod changing;
mod clearing;
mod filtering;
mod history;
mod indexing;
mod mentioning;
mod mirror;
mod pinning;
mod reacting;
mod reading;
mod searching;
mod sending;
mod trimming;
