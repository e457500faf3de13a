//! What signing in leaves behind ends some day: refresh tokens, sessions, API tokens.

use serde_json::{Value, json};
use trunkline::{auth, jobs::Runner, worker::TASKS};

use crate::support::{Answer, Person, Visitor, World};

const REFRESH: &str = "/api/v1/auth/token/refresh";
const UNCOUNTED: (&str, &str) = ("TRUNKLINE_LIMITS__ENABLED", "false");

async fn refresh(person: &Person, token: &str) -> Answer {
    Visitor::at(&person.base).post(REFRESH, &json!({"refresh_token": token})).await
}

fn of(pair: &Value) -> String {
    pair["refresh_token"].as_str().unwrap().to_owned()
}

async fn count(world: &World, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    world.psql().await.query_one(&sql, &[]).await.unwrap().get(0)
}

/// The tokens of everybody become older.
async fn grow_old(world: &World, seconds: i32) {
    let sql = "update refresh_tokens
        set issued_at = issued_at - make_interval(secs => $1), spent_at = spent_at - make_interval(secs => $1)";
    world.psql().await.execute(sql, &[&f64::from(seconds)]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_a_few_tokens_however_often_it_is_refreshed() {
    let world = World::with(&[UNCOUNTED]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut token = alice.refresh_token.clone();
    let first = token.clone();
    for _ in 0..5 {
        // A storm: each is spent many times, as long as that is allowed.
        for _ in 0..30 {
            refresh(&alice, &token).await.expect(200);
        }
        token = of(&refresh(&alice, &token).await.expect(200));
        grow_old(&world, 11).await;
        token = of(&refresh(&alice, &token).await.expect(200));
        grow_old(&world, 11).await;
        token = of(&refresh(&alice, &token).await.expect(200));
        assert!(count(&world, "refresh_tokens").await <= 35);
    }
    grow_old(&world, 11).await;
    token = of(&refresh(&alice, &token).await.expect(200));
    assert!(count(&world, "refresh_tokens").await <= 3);
    // The first is long gone from the table, and known all the same.
    refresh(&alice, &first).await.refused(401, "session_over");
    refresh(&alice, &token).await.refused(401, "session_over");
    alice.get("/api/v1/users/me").await.refused(401, "not_signed_in");
    let why = "select revoked_because from sessions where user_id = $1";
    let why: String = world.psql().await.query_one(why, &[&alice.id]).await.unwrap().get(0);
    assert_eq!(why, "refresh token reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_go_on_from_one_token_one_is_left() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    // A thief was as quick as the owner.
    let owner = of(&refresh(&alice, &alice.refresh_token).await.expect(200));
    let thief = of(&refresh(&alice, &alice.refresh_token).await.expect(200));
    grow_old(&world, 900).await;
    let owner = of(&refresh(&alice, &owner).await.expect(200));
    // Two tabs at once are still two tabs …
    refresh(&alice, &thief).await.expect(200);
    grow_old(&world, 11).await;
    // … and one that comes later ends both.
    refresh(&alice, &thief).await.refused(401, "session_over");
    refresh(&alice, &owner).await.refused(401, "session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_never_ours_ends_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut forged = alice.refresh_token.clone();
    let last = if forged.ends_with('A') { "Q" } else { "A" };
    forged.replace_range(forged.len() - 1.., last);
    refresh(&alice, &forged).await.refused(401, "session_over");
    let mut forged = alice.refresh_token.clone();
    let middle = if forged[40..41] == *"A" { "B" } else { "A" };
    forged.replace_range(40..41, middle);
    refresh(&alice, &forged).await.refused(401, "session_over");
    refresh(&alice, &alice.refresh_token).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refreshes_is_counted_as_a_person() {
    let world = World::with(&[("TRUNKLINE_LIMITS__REQUESTS_PER_SECOND", "1")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut let_in = 0;
    for _ in 0..40 {
        match refresh(&alice, &alice.refresh_token).await {
            answer if answer.status == 200 => let_in += 1,
            refused => {
                refused.refused(429, "too_many_requests");
                assert!(let_in >= 10);
                return;
            }
        }
    }
    panic!("a session is refreshed without end");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_long_ago_is_removed_and_what_goes_on_stays() {
    let world = World::with(&[UNCOUNTED]).await;
    let here = world.instance().await;
    let mut alice = here.person("Alice").await;
    for way in ["signed out", "expired", "lately"] {
        for _ in 0..3 {
            alice.signs_in().await;
            let made = alice.post("/api/v1/auth/tokens", &json!({"name": way})).await.expect(201);
            let path = format!("/api/v1/auth/tokens/{}", made["id"].as_str().unwrap());
            if way != "expired" {
                alice.delete(&path).await.expect(204);
                alice.act("/api/v1/auth/logout").await.expect(204);
            }
        }
    }
    alice.signs_in().await;
    let bot = alice.post("/api/v1/auth/tokens", &json!({"name": "stays"})).await.expect(201);
    let psql = world.psql().await;
    psql.batch_execute(
        "update sessions set revoked_at = now() - interval '8 days'
        where revoked_at is not null and id in (select id from sessions where revoked_at is not null order by id limit 3);
        update api_tokens set revoked_at = now() - interval '8 days' where name = 'signed out';
        update api_tokens set expires_at = now() - interval '31 days' where name = 'expired'",
    )
    .await
    .unwrap();
    let sql = "update sessions set expires_at = now() - interval '8 days'
        where revoked_at is null and id <> (select max(id::text)::uuid from sessions)";
    assert_eq!(psql.execute(sql, &[]).await.unwrap(), 4);
    psql.batch_execute("insert into jobs (task) values ('sweep_sign_ins')").await.unwrap();
    Runner::run_all(here.app.clone(), TASKS, |_| {}).await.unwrap();
    world.rests().await;
    assert_eq!((count(&world, "sessions").await, count(&world, "api_tokens").await), (4, 4));
    assert_eq!(count(&world, "refresh_tokens").await, 4);
    alice.get("/api/v1/users/me").await.expect(200);
    alice.bearing(bot["token"].as_str().unwrap()).get("/api/v1/users/me").await.expect(200);
    assert_eq!(auth::jobs::sweep_sign_ins(&here.app).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_has_so_many_sessions_and_the_least_used_ends() {
    let world = World::with(&[UNCOUNTED]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let sql = "insert into sessions (user_id, last_used_at, expires_at)
        select $1, now() - make_interval(hours => n), now() + interval '1 day' from generate_series(1, 199) as n";
    world.psql().await.execute(sql, &[&alice.id]).await.unwrap();
    let mut again = alice.clone();
    again.signs_in().await;
    assert_eq!(again.get("/api/v1/auth/sessions").await.expect(200)["total"], 200);
    alice.get("/api/v1/users/me").await.expect(200);
    bob.get("/api/v1/users/me").await.expect(200);
    let psql = world.psql().await;
    let ended = "select revoked_because, last_used_at < now() - interval '198 hours' from sessions where revoked_at is not null";
    let ended = psql.query(ended, &[]).await.unwrap();
    assert_eq!(ended.len(), 1);
    assert_eq!((ended[0].get::<_, String>(0).as_str(), ended[0].get(1)), ("too many sessions", true));
    assert_eq!(count(&world, "audit where action = 'session_revoked'").await, 0);
}
