//! Stories about people on the real thing: real PostgreSQL, real HTTP, real sockets, two instances where it matters.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; a helper process talks on standard output"
)]

mod another_log;
mod asyncapi;
mod audit;
mod auth;
mod bench;
mod cache;
mod calendars;
mod blocks;
mod chaos;
mod chats;
mod close_codes;
mod commands;
mod comments;
mod connections;
mod conversation;
mod crowds;
mod dba;
mod delivery;
mod departures;
mod doctor;
mod downloads;
mod embedded;
mod errors;
mod events;
mod exporting;
mod files;
mod forged_notifications;
mod friends;
mod gateway;
mod heartbeat;
mod hooks;
mod hostile;
mod house;
mod http;
mod jobs;
mod ephemeral;
mod limits;
mod lock_order;
mod logs;
mod manual;
mod messages;
mod metrics;
mod notifications;
mod openapi;
mod operating;
mod origins;
mod outages;
mod pooler;
mod posts;
mod presence;
mod promises;
mod properties;
mod proxies;
mod push;
mod rates;
mod readme;
mod replica;
mod resume;
mod roles;
mod rotating;
mod scheduled;
mod schedules;
mod seeding;
mod socket_io;
mod sockets;
mod sql;
mod sql_client;
mod statements;
mod storage;
mod storms;
mod strangers;
mod support;
mod terminals;
mod tickets;
mod topics;
#[cfg(feature = "otel")]
mod traces;
mod users;
mod verifying;
mod web;
mod webhooks;
mod wild;
mod wild_frames;
