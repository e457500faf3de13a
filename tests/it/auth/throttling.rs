//! Guessing passwords: slowed down by account and by address, on all instances together, and nobody else's affair.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::task::JoinSet;

use super::sessions::faceless;
use crate::support::{Answer, Visitor, World};

const LOGIN: &str = "/api/v1/auth/login";
const THREE: (&str, &str) = ("TRUNKLINE_LIMITS__LOGINS_PER_MINUTE", "3");

async fn signs_in(visitor: &Visitor, email: &str, password: &str, address: &str) -> Answer {
    let form = json!({"email": email, "password": password});
    visitor.post_with(LOGIN, &[("x-forwarded-for", address)], &form).await
}

fn must_wait(answer: Answer) {
    let seconds: u32 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    answer.refused(429, "too_many_requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_at_one_account_waits_wherever_they_come_from() {
    let world = World::with(&[THREE]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (one, other) = (Visitor::at(&here.base), Visitor::at(&there.base));
    // What is right does not count.
    for _ in 0..4 {
        signs_in(&one, &alice.email, "trunkline1", "198.51.100.1").await.expect(200);
    }
    for (number, visitor) in [&one, &other, &one].into_iter().enumerate() {
        let address = format!("198.51.100.1{number}");
        signs_in(visitor, &alice.email, "wrong1", &address).await.refused(401, "wrong_credentials");
    }
    must_wait(signs_in(&other, &alice.email, "wrong1", "198.51.100.8").await);
    must_wait(signs_in(&one, &alice.email.to_uppercase(), "trunkline1", "198.51.100.9").await);
    signs_in(&one, &bob.email, "trunkline1", "198.51.100.9").await.expect(200);
    // From where she has signed in before she is not kept out by what others do elsewhere, at whatever instance.
    signs_in(&other, &alice.email, "trunkline1", "198.51.100.1").await.expect(200);
    let form = json!({"current_password": "wrong1", "new_password": "trunkline2"});
    for _ in 0..3 {
        alice.at(&there).post("/api/v1/auth/password", &form).await.refused(403, "wrong_password");
    }
    // Who is in already may not guess on without end either.
    must_wait(alice.at(&there).post("/api/v1/auth/password", &form).await);
    world.psql().await.batch_execute("update throttles set expires_at = now()").await.unwrap();
    signs_in(&one, &alice.email, "trunkline1", "198.51.100.9").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_at_many_accounts_waits_too() {
    let world = World::with(&[THREE]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (one, other) = (Visitor::at(&here.base), Visitor::at(&there.base));
    for (number, visitor) in [&one, &other, &one].into_iter().enumerate() {
        let nobody = format!("nobody{number}@example.com");
        signs_in(visitor, &nobody, "wrong1", "2001:db8::1").await.refused(401, "wrong_credentials");
    }
    must_wait(signs_in(&other, &alice.email, "trunkline1", "2001:db8::2").await);
    signs_in(&other, &alice.email, "trunkline1", "2001:db9::1").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_address_after_address_waits_too() {
    let world = World::with(&[THREE]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let mut people = Vec::new();
    for name in ["Alice", "Bob", "Carol", "Dora"] {
        people.push(here.person(name).await);
    }
    let signs_up = async |visitor: &Visitor, email: &str, address: &str| {
        let form = json!({"email": email, "password": "trunkline1", "name": "Eve"});
        visitor.post_with("/api/v1/auth/register", &[("x-forwarded-for", address)], &form).await
    };
    let (one, other) = (Visitor::at(&here.base), Visitor::at(&there.base));
    for (person, visitor) in people.iter().zip([&one, &other, &one]) {
        signs_up(visitor, &person.email, "198.51.100.1").await.refused(409, "email_taken");
    }
    must_wait(signs_up(&other, &people[3].email, "198.51.100.1").await);
    must_wait(signs_up(&one, "new@example.com", "198.51.100.1").await);
    signs_up(&one, "new@example.com", "198.51.100.2").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_no_more_are_answered() {
    let world = World::with(&[THREE]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let mut all = JoinSet::new();
    for number in 0..40 {
        let visitor = Visitor::at(if number % 2 == 0 { &here.base } else { &there.base });
        let email = alice.email.clone();
        all.spawn(async move { signs_in(&visitor, &email, "wrong1", &format!("198.51.100.{number}")).await });
    }
    let answers = all.join_all().await;
    let (wrong, wait): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 401);
    assert_eq!((wrong.len(), wait.len()), (3, 37));
    wait.into_iter().for_each(must_wait);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_not_there_is_guessed_at_like_any_other() {
    let world = World::with(&[THREE]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let mut told = Vec::new();
    for email in [alice.email.as_str(), "nobody@example.com"] {
        let mut answers = Vec::new();
        for number in 0..5 {
            let mut answer = signs_in(&visitor, email, "wrong1", &format!("203.0.113.{number}")).await;
            answer.headers.remove("retry-after");
            answers.push((answer.status, faceless(answer.body)));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].iter().map(|(status, _)| *status).collect::<Vec<_>>(), [401, 401, 401, 429, 429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_limits_nobody_waits() {
    let world = World::with(&[THREE, ("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    for _ in 0..8 {
        signs_in(&visitor, &alice.email, "wrong1", "198.51.100.1").await.refused(401, "wrong_credentials");
    }
    let counted: i64 = world.psql().await.query_one("select count(*) from cache", &[]).await.unwrap().get(0);
    assert_eq!(counted, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_sign_ins_is_turned_away_and_the_rest_goes_on() {
    let cost = ("TRUNKLINE_AUTH__BCRYPT_COST", "11");
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false"), cost]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let asked = async || {
        let began = Instant::now();
        for _ in 0..5 {
            alice.get("/api/v1/users/me").await.expect(200);
        }
        began.elapsed()
    };
    let mut storm = JoinSet::new();
    for _ in 0..400 {
        let (visitor, email) = (Visitor::at(&here.base), alice.email.clone());
        storm.spawn(async move { signs_in(&visitor, &email, "trunkline1", "198.51.100.1").await });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let took = asked().await;
    let mut answers = VecDeque::new();
    while let Some(answer) = storm.try_join_next() {
        answers.push_back(answer.unwrap());
    }
    assert!(!storm.is_empty(), "whoever asks for something else had to wait for all who sign in: {took:?}");
    // Those for whom there is no room are told so while the others still wait.
    let mut let_in = 0;
    let turned_away = loop {
        let answer = match answers.pop_front() {
            Some(answer) => answer,
            None => storm.join_next().await.unwrap().unwrap(),
        };
        if answer.status != 200 {
            break answer;
        }
        let_in += 1;
    };
    assert!(let_in < 64 && turned_away.headers.contains_key("retry-after"), "{let_in} {turned_away:?}");
    turned_away.refused(503, "not_ready");
    storm.abort_all();
}
