//! Trunkline: the chat and community backend that needs nothing but PostgreSQL.
//!
//! The list below is the architecture: a module uses only modules above it, and PostgreSQL is the only channel between
//! those who write and those who watch.

// Lowest layer: errors, configuration, utilities; knows no entity.
pub mod error; //     what can go wrong, in the words of the product
pub mod time; //      times as the API writes them
pub mod validate; //  collects what is wrong with an input
pub mod tags; //      the headings of the API's documentation
pub mod config; //    every layer of the configuration; unknown keys refused
pub mod telemetry; // logs and metrics
pub mod db; //        pool, migrations, query helpers, LISTEN, the private PostgreSQL
pub mod export; //    rows to CSV and XLSX
pub mod cache; //     what all instances remember for a while
pub mod secrets; //   sealing what must not be readable in the tables
pub mod storage; //   a local folder or S3, behind one small trait
pub mod mail; //      e-mails, handed to an SMTP server
pub mod outbound; //   requests to addresses that somebody else has named
pub mod pictures; //  what is taken, and fit to be shown to others
pub mod tokens; //    access tokens: signed, verified, known to be dead
pub mod limits; //    how much may be asked for at once
pub mod permissions; // who may do what, remembered until a notification
pub mod ephemeral; //   what may be forgotten: gathered, sent with one NOTIFY
pub mod app; //       what every module is given
pub mod http; //      problem answers, JSON, who asks, paging, idempotency
pub mod jobs; //      work done later, by whichever instance has a worker free
pub mod schedules; // work done again and again: by the clock, at a pace, by the sun

// Middle layer: entities, in the order they may know each other.
pub mod audit; //     what was done that somebody may have to answer for
pub mod topics; //    a durable log for programs, shared by groups of consumers
pub mod roles; //     what people may do at all
pub mod users; //     people and their profiles
pub mod auth; //      signing up, in and out
pub mod notifications; // what people are told beside the messages of their chats
pub mod blocks; //    who wants nothing to do with whom
pub mod friends; //   who are friends, and who has asked to be
pub mod chats; //     chats, who is in them, and the one check of every endpoint
pub mod bans; //      who is kept out of which chat
pub mod files; //     what was uploaded, and who may fetch it
pub mod invites; //   what lets people into a chat who were not added to it
pub mod messages; //  what is said, the log, and the commits that are shared
pub mod chat_list; // my chats with what is new in them
pub mod webhooks; //  other programs that are told what happens in a chat
pub mod hooks; //     what other programs say in a chat
pub mod events; //    what takes place, when and where, and for how many
pub mod tickets; //   who has a place at an event, who waits for one, who has come
pub mod posts; //     what people write for everybody
pub mod comments; //  what they write about events and posts
pub mod calendars; // events as calendar programs read them
pub mod push; //      what reaches the devices of who is away
pub mod presences; // who is connected, and where

// Upper layer: those who watch.
pub mod realtime; //  notifications in, frames out
pub mod web; //       what browsers are given: the web client, and the client library under it

// Top layer: assembles, contains no rule.
pub mod worker; //    every task, and how often it is done
pub mod server; //    routes, middleware, our own accept loop, drain
pub mod commands; //  one file per command
