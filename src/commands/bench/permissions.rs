//! What asking for a permission costs, beside the cheapest request that asks for one.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    Bench,
    client::Failure,
    history,
    report::{Progress, Section},
};
use crate::{permissions::Permissions, server};

/// How many people are remembered: more than fit into a processor's nearest caches.
const PEOPLE: usize = 50_000;
/// How long checks are made, and how many between two looks at the clock.
const CHECKING: Duration = Duration::from_secs(1);
const CHECKS: usize = 100_000;

/// Times the check alone, in this process: whether the roles of one of many people hold the permission of one of the
/// operations, each time another. Then everyone asks the server for their own profile again and again: what its CPU does
/// for such a request is what the check is a share of.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    progress.say("permissions: checking");
    let nanos = spawn_blocking(nanos_per_check).await?;
    progress.say("permissions: asking");
    let (requests, usage) = history::ask(bench, "/api/v1/users/me").await?;
    let mut section = Section::new("permissions");
    section.number("nanos_per_check", nanos, 1);
    section.number("requests_per_second", requests.len() as f64 / usage.wall, 0);
    if bench.options.pid.is_some() {
        let micros = usage.server * 1e6 / requests.len().max(1) as f64;
        section.number("server_micros_per_request", micros, 2);
        section.number("percent_of_request", nanos / 10.0 / micros.max(1e-3), 3);
    }
    Ok(section)
}

fn nanos_per_check() -> f64 {
    let codes: Vec<_> = server::operations().into_iter().map(|operation| operation.permission).collect();
    let people: Vec<_> = (0..PEOPLE).map(|_| Uuid::now_v7()).collect();
    let permissions = Permissions::default();
    let roles = vec![("user".to_owned(), codes.clone()), ("greeter".to_owned(), codes[..1].to_vec())];
    let held = people.iter().map(|id| (*id, vec!["greeter".to_owned(), "user".to_owned()]));
    permissions.keep(0, Some(roles), held.collect());
    let (begun, mut made, mut permitted) = (Instant::now(), 0, 0);
    while begun.elapsed() < CHECKING {
        for number in made..made + CHECKS {
            // Prime, and so everyone comes once before anyone comes twice.
            let person = people[number.wrapping_mul(7919) % PEOPLE];
            permitted += usize::from(permissions.permits(person, &codes[number % codes.len()]) == Some(true));
        }
        made += CHECKS;
    }
    let nanos = begun.elapsed().as_nanos() as f64 / made as f64;
    debug_assert_eq!(black_box(permitted), made);
    nanos
}
