//! The scripts of `sql/ops/`: each is run by psql as a plain owner, stops at the first error, and does what its head says.

use tokio_postgres::Client;

use super::{healthy, number, read, runs, runs_with};
use crate::support::World;

/// Scripts that only look: with whom the answer is about, and how many rows the demo gives, where that is known.
const LOOKS: [(&str, Option<usize>); 13] = [
    ("biggest_chats", Some(3)),
    ("bloat", None),
    ("chat_holders", None),
    ("check_logs", Some(0)),
    ("health", Some(13)),
    ("listeners", Some(1)),
    ("long_transactions", None),
    ("notification_queue", Some(1)),
    ("old_snapshots", None),
    ("retention", Some(1)),
    ("slow_queries", None),
    // A server that runs takes back what its worker has left.
    ("stuck_jobs", None),
    // Without a name it says what it wants to be told.
    ("revoke_sessions", None),
];

/// Scripts that write, each with a story of its own below.
const WRITES: [&str; 8] = [
    "archive",
    "erase_person",
    "partition_messages",
    "reader_row_security",
    "recount",
    "revoke_sessions",
    "roles_and_grants",
    "trim_audit",
];

/// A world with the demo in it.
pub(super) async fn demo() -> (World, Client) {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute(&read("seeds/demo.sql")).await.unwrap();
    (world, psql)
}

/// Runs a script as the owner, with these variables, wherever the session looks for names: what it printed.
pub(super) async fn does(world: &World, script: &str, variables: &[&str]) -> String {
    let text = format!("set search_path = '';\n{}", read(&format!("ops/{script}.sql")));
    let (out, complaint) = runs_with(&world.url, variables, text.as_bytes()).await;
    let complaint: Vec<_> = complaint.lines().filter(|line| !line.contains("NOTICE:")).collect();
    assert!(complaint.is_empty(), "{script}: {complaint:?}");
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn every_script_says_what_it_does_and_is_told_of() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/ops");
    let (mut found, about) = (Vec::new(), read("README.md"));
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let text = read(&format!("ops/{name}"));
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with("--")).collect();
        assert!(head[0].starts_with("-- What: "), "{name}");
        for word in ["-- Role: ", "-- Writes: ", "-- Locks: "] {
            assert!(head.iter().any(|line| line.starts_with(word)), "{name}: {word}");
        }
        assert!(about.contains(&format!("`{name}`")) || about.contains(&format!("`ops/{name}`")), "{name}");
        found.push(name.trim_end_matches(".sql").to_owned());
    }
    let mut known: Vec<_> = LOOKS.iter().map(|(name, _)| *name).chain(WRITES).map(str::to_owned).collect();
    found.sort();
    known.sort();
    known.dedup();
    assert_eq!(found, known);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_runs_as_a_plain_owner() {
    let (world, psql) = demo().await;
    let here = world.instance().await;
    here.listens(&world).await;
    psql.batch_execute(
        "update chats set retention_days = 30 where title = 'Lobby';
        insert into jobs (task, status, attempts, finished_at, error) values ('nothing', 'failed', 5, now(), 'why');
        insert into jobs (task, run_at) values ('none does this', now() - interval '1 hour');
        insert into jobs (task, status, attempts, lease, leased_until) values
            ('none does that', 'running', 1, gen_random_uuid(), now() - interval '1 hour')",
    )
    .await
    .unwrap();
    let holder = world.psql().await;
    holder.batch_execute("begin; update chats set description = 'held'; select pg_sleep(1.1)").await.unwrap();
    for (script, rows) in LOOKS {
        if script == "revoke_sessions" {
            continue;
        }
        let text = format!("set search_path = '';\n{}", read(&format!("ops/{script}.sql")));
        let (out, complaint) = runs_with(&world.url, &["ON_ERROR_STOP=1"], text.as_bytes()).await;
        if script == "slow_queries" {
            assert!(complaint.contains("create extension pg_stat_statements"), "{complaint}");
            continue;
        }
        assert_eq!(complaint, "", "{script}");
        let last = out.lines().last().unwrap_or_default();
        let count: usize = last.trim_start_matches('(').split(' ').next().unwrap().parse().unwrap();
        assert_eq!(rows.unwrap_or(count), count, "{script}: {out}");
        match script {
            "chat_holders" | "long_transactions" => assert!(out.contains("held"), "{out}"),
            "health" => assert!(out.contains("jobs that are a minute late|1|> 0|f|"), "{out}"),
            "stuck_jobs" => assert!(out.contains("failed for good|") && out.contains("late|"), "{out}"),
            _ => {}
        }
    }
    holder.batch_execute("rollback").await.unwrap();
    // With the extension: statements by their names.
    world.counts_statements().await;
    let there = world.instance().await;
    let alice = there.person("Alice").await;
    alice.says(alice.creates_chat("Attic").await, "hello").await;
    let url = world.url.replace("//owner:", "//trunkline_reader:");
    let (out, complaint) = runs_with(&url, &[], read("ops/slow_queries.sql").as_bytes()).await;
    assert_eq!((complaint.as_str(), out.contains("total_ms")), ("", true), "{out}");
    // As somebody who may see what others run.
    let text = read("ops/slow_queries.sql");
    let (_, text) = text.split_once("\\if :counts\n").unwrap();
    let (text, _) = text.split_once("\\else").unwrap();
    let rows = world.superuser().await.query(text, &[]).await.unwrap();
    let out: Vec<String> = rows.iter().map(|row| row.get("statement")).collect();
    // PostgreSQL 18 leaves out what stands before a statement.
    let version = number(&psql, "select current_setting('server_version_num')::bigint").await;
    assert!(version >= 180_000 || out.iter().any(|name| name == "messages/post_one"), "{out:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_wants_to_know_whom_asks() {
    let (world, psql) = demo().await;
    for (script, wants) in [
        ("revoke_sessions", "-v email="),
        ("erase_person", "-v email="),
        ("archive", "-v days="),
        ("trim_audit", "-v days="),
        ("partition_messages", "-v partitions="),
    ] {
        let said = runs(&world.url, read(&format!("ops/{script}.sql")).as_bytes()).await;
        assert!(said.contains(wants) && said.lines().count() == 1, "{said}");
    }
    let here = world.instance().await;
    let form = serde_json::json!({"email": "alice@example.com", "password": "trunkline1"});
    crate::support::Visitor::at(&here.base).post("/api/v1/auth/login", &form).await.expect(200);
    let token = "insert into api_tokens (user_id, name, hash) select id, 'bot', 'x' from users where username = 'alice'";
    psql.batch_execute(token).await.unwrap();
    let out = does(&world, "revoke_sessions", &["email=nobody@example.com"]).await;
    assert!(out.contains("nobody has the e-mail nobody@example.com"), "{out}");
    does(&world, "revoke_sessions", &["email=Alice@Example.com"]).await;
    let revoked = "select (select count(*) from sessions where revoked_at is not null)
        + (select count(*) from api_tokens where revoked_because = 'by an operator')";
    assert_eq!(number(&psql, revoked).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_by_their_address() {
    let (world, psql) = demo().await;
    let here = world.instance().await;
    let there = "select count(*) from users where email = 'erin@example.com'";
    let out = does(&world, "erase_person", &["email=nobody@example.com"]).await;
    assert!(out.contains("nobody has the e-mail"), "{out}");
    let refused = runs_with(
        &world.url,
        &["email=erin@example.com", "words=all"],
        read("ops/erase_person.sql").as_bytes(),
    )
    .await;
    assert!(refused.1.contains("keep or clear"), "{refused:?}");
    assert_eq!(number(&psql, there).await, 1);
    psql.batch_execute(
        "insert into messages (chat_id, sender_id, content) select chats.id, users.id, 'by erin' from chats, users
        where title = 'Lobby' and username = 'erin'",
    )
    .await
    .unwrap();
    let out = does(&world, "erase_person", &["email=Erin@example.com", "words=clear"]).await;
    assert!(out.contains("|erin|t"), "{out}");
    assert_eq!(number(&psql, there).await, 0);
    world.rests().await;
    assert_eq!(number(&psql, "select count(*) from messages where content = 'by erin'").await, 0);
    assert_eq!(number(&psql, "select count(*) from users where erased_at is not null").await, 0);
    healthy(&psql).await;
    drop(here);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_is_archived_and_the_audit_trimmed() {
    let (world, psql) = demo().await;
    psql.batch_execute(
        "update messages set created_at = now() - interval '400 days' where content like 'Welcome%' or content like 'Thank you%';
        update messages set recalled_at = now() where content like 'Thank you%'",
    )
    .await
    .unwrap();
    let before = number(&psql, "select count(*) from messages").await;
    for _ in 0..2 {
        does(&world, "archive", &["days=365"]).await;
    }
    let archived = "select string_agg(format('%s %s: %s', chat, sender, content), ',') from archive.messages";
    let archived: String = psql.query_one(archived, &[]).await.unwrap().get(0);
    assert_eq!(archived, "Lobby alice: Welcome to the lobby, Bob!", "once, and not what was recalled");
    assert_eq!(number(&psql, "select count(*) from messages").await, before);

    let noted = "insert into audit (at, action, target) select now() - make_interval(days => n), 'x', 'y' from generate_series(1, 200) as n";
    psql.batch_execute(noted).await.unwrap();
    does(&world, "trim_audit", &["days=100"]).await;
    let left = "select max(extract(day from now() - at))::bigint from audit where action = 'x'";
    assert_eq!(number(&psql, left).await, 99);
    let (_, refused) = runs_with(&world.url, &["days=29"], read("ops/trim_audit.sql").as_bytes()).await;
    assert!(refused.contains("audit keeps the last thirty days at least"), "{refused}");
    assert_eq!(number(&psql, left).await, 99);
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_and_grants_are_written_again_as_they_are() {
    let (world, psql) = demo().await;
    for script in ["recount", "roles_and_grants"] {
        for _ in 0..2 {
            does(&world, script, &[]).await;
        }
    }
    healthy(&psql).await;
}
