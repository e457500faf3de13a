//! Everything that can break breaks, and nothing is lost, doubled or out of order.
//!
//! Two instances (the real program, each a process) on a PostgreSQL of their own that flushes what it commits. Writers over
//! HTTP, over sockets and in SQL; readers on chats' own sockets and on the gateway, which go on at either instance where
//! they stopped. Meanwhile [`faults`] happen. At the end the log is read and compared with what writers were told and with
//! what each reader saw.
//!
//! The test run takes the short form: every fault about once, under a light load. The long form writes as fast as it can:
//!
//! ```sh
//! CHAOS_MESSAGES=1000000 cargo test --release --test it chaos -- --nocapture
//! ```
//!
//! The seed of what happens when is printed, and set by `CHAOS_SEED`. Three seconds lie between two faults, or `CHAOS_CALM_SECONDS`, and
//! there are four chats, or `CHAOS_CHATS`: with both as they are a million messages take a quarter of an hour.

mod audit;
mod failover;
mod faults;
mod instance;
mod reader;
mod socket;
mod stage;
mod tally;
mod writer;

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng, rngs::StdRng};

use self::{
    faults::Faults,
    reader::{Reader, Way},
    stage::Stage,
    tally::Tally,
};

/// Nothing moves for this long: something hangs. A slow machine under load recovers a database in less.
const STUCK: Duration = Duration::from_secs(120);

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Form {
    messages: usize,
    http_writers: usize,
    socket_writers: usize,
    sql_writers: usize,
    /// Sends a socket writer has under way at once.
    window: usize,
    /// What a writer rests between two sends.
    rest: Duration,
    /// What lies between two faults.
    calm: Duration,
}

impl Form {
    fn chosen() -> Self {
        match std::env::var("CHAOS_MESSAGES") {
            Ok(messages) => Self {
                messages: messages.parse().expect("CHAOS_MESSAGES is a number"),
                http_writers: 32,
                socket_writers: 32,
                sql_writers: 4,
                window: 8,
                rest: Duration::ZERO,
                calm: Duration::from_secs(
                    std::env::var("CHAOS_CALM_SECONDS")
                        .map_or(3, |seconds| seconds.parse().expect("CHAOS_CALM_SECONDS is a number")),
                ),
            },
            Err(_) => Self {
                messages: 1000,
                http_writers: 3,
                socket_writers: 3,
                sql_writers: 2,
                window: 3,
                rest: Duration::from_millis(20),
                calm: Duration::from_millis(500),
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_breaks_every_message_arrives_once_and_in_order() {
    let form = Form::chosen();
    let seed = std::env::var("CHAOS_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("chaos: CHAOS_SEED={seed} CHAOS_MESSAGES={}", form.messages);
    let mut dice = StdRng::seed_from_u64(seed);
    let begun = Instant::now();
    let stage = Arc::new(Stage::set().await);
    let mut roles = tokio::task::JoinSet::new();
    let mut writers = tokio::task::JoinSet::new();
    let tally = &stage.tally;

    for _ in 0..form.http_writers {
        writers.spawn(writer::over_http(Arc::clone(&stage), form, dice.random()));
    }
    for _ in 0..form.socket_writers {
        writers.spawn(writer::over_sockets(Arc::clone(&stage), form, dice.random()));
    }
    for _ in 0..form.sql_writers {
        writers.spawn(writer::in_sql(Arc::clone(&stage), dice.random()));
    }
    for chat in 0..stage.chats.len() {
        roles.spawn(Reader::new(&stage, Way::Chat(chat), dice.random()).run());
    }
    for _ in 0..2 {
        roles.spawn(Reader::new(&stage, Way::Gateway, dice.random()).run());
    }

    // Written on until everything has happened once.
    let mut faults = Faults::new(&stage, form.calm, dice.random());
    while !faults.all_happened() || tally.acknowledged() < form.messages {
        tally.assert_sound();
        faults.next().await;
        watch(tally, tokio::time::sleep(faults.calm())).await;
    }
    stage.stop_writing();
    watch(tally, async { while writers.join_next().await.is_some_and(|ended| ended.is_ok()) {} }).await;
    assert!(writers.is_empty(), "a writer failed");
    let writing = begun.elapsed();

    let log = audit::read(&stage).await;
    stage.announce_ends(log.ends());
    // These come when all is over, and read everything from the beginning.
    for _ in 0..2 {
        roles.spawn(Reader::new(&stage, Way::Gateway, dice.random()).run());
    }
    let mut views = Vec::new();
    watch(tally, async {
        while let Some(view) = roles.join_next().await {
            views.push(view.unwrap());
        }
    })
    .await;
    let outcome = log.judge(&stage, &views);
    stage.end().await;
    println!("chaos: written in {writing:.1?}, over after {:.1?}\n{tally}{outcome}", begun.elapsed());
    tally.assert_sound();
    assert!(outcome.is_perfect(), "{outcome}");
}

/// Waits, as long as anything moves and nothing is wrong.
async fn watch(tally: &Tally, what: impl Future<Output = ()>) {
    tokio::pin!(what);
    let (mut moves, mut since) = (0, Instant::now());
    loop {
        tokio::select! {
            () = &mut what => return,
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
        }
        tally.assert_sound();
        let now = tally.moves.load(Ordering::Relaxed);
        if now != moves {
            (moves, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < STUCK, "nothing has moved for {STUCK:?}\n{tally}");
    }
}
