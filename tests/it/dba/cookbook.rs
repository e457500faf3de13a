//! What the folder offers to people with psql: the seed, the cookbook, the tools.

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::{connect, healthy, number, read};
use crate::support::{Visitor, World};

/// A world with the demo in it.
async fn demo() -> (World, Client) {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute(&read("seeds/demo.sql")).await.unwrap();
    (world, psql)
}

/// The statements of the cookbook, by the heading before them.
fn recipes(text: &str) -> Vec<(String, String)> {
    let cookbook = text.split_once("## Cookbook").unwrap().1;
    let mut parts = cookbook.split("```");
    let mut recipes = Vec::new();
    while let (Some(heading), Some(block)) = (parts.next(), parts.next()) {
        let sql = block.strip_prefix("sql\n").unwrap();
        recipes.push((heading.trim().lines().last().unwrap().to_owned(), sql.to_owned()));
    }
    recipes
}

/// The lobby among the chats of somebody.
fn lobby(mine: &Value) -> &Value {
    mine["items"].as_array().unwrap().iter().find(|chat| chat["title"] == "Lobby").unwrap()
}

async fn signs_in(visitor: &Visitor, email: &str) -> String {
    let form = json!({"email": email, "password": "trunkline1"});
    let pair = visitor.post("/api/v1/auth/login", &form).await.expect(200);
    format!("Bearer {}", pair["access_token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_can_be_repeated_and_signed_in_to() {
    let (world, psql) = demo().await;
    let everything = "select format('%s %s %s %s', count(*), (select count(*) from users),
        (select count(*) from members), (select string_agg(last_seq::text, ',' order by title) from chats)) from messages";
    let before: String = psql.query_one(everything, &[]).await.unwrap().get(0);
    assert_eq!(before, "28 5 11 6,8,14");
    psql.batch_execute(&read("seeds/demo.sql")).await.unwrap();
    let after: String = psql.query_one(everything, &[]).await.unwrap().get(0);
    assert_eq!(after, before);
    healthy(&psql).await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for email in ["alice@example.com", "bob@example.com"] {
        let bearer = signs_in(&visitor, email).await;
        let mine = visitor.get_with("/api/v1/chats", &[("authorization", &bearer)]).await.expect(200);
        assert_eq!(lobby(&mine)["last_message"]["content"], "大家好!");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recipe_of_the_cookbook_does_what_it_says() {
    let (world, psql) = demo().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let (alice, bob) =
        (signs_in(&visitor, "alice@example.com").await, signs_in(&visitor, "bob@example.com").await);
    let harbour = "insert into files (owner_id, name, content_type, size, state)
        select id, 'harbour.jpg', 'image/jpeg', 1, 'loose' from users where username = 'alice'";
    psql.batch_execute(harbour).await.unwrap();
    let mut then = Vec::new();
    for (heading, sql) in recipes(&read("README.md")) {
        for _ in 0..2 {
            psql.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{heading}: {error}"));
        }
        if sql.contains("moves as (") {
            then = psql.query(&sql, &[]).await.unwrap();
        }
    }
    // Who was in the lobby then: its creator, too.
    let mut then: Vec<String> = then.iter().map(|row| row.get(0)).collect();
    then.sort();
    assert_eq!(then, ["alice", "bob", "carol", "dave", "erin"]);
    healthy(&psql).await;
    let count =
        async |what: &str| number(&psql, &format!("select count(*) from messages where {what}")).await;
    assert_eq!(count("content = 'Good morning, everyone'").await, 2);
    assert_eq!(count("kind = 'message_edited'").await, 3);
    assert_eq!(count("kind = 'system'").await, 34);
    assert_eq!(count("content = 'Happy new year'").await, 1);
    assert_eq!(count("kind = 'media'").await, 1);
    assert_eq!(count("kind = 'message_recalled'").await, 1);
    assert_eq!(count("content like 'Thank you%'").await, 0);
    assert_eq!(count("kind in ('reaction_added', 'pin_added')").await, 8);
    let actor = "select username::text from users join messages on users.id = messages.sender_id
        where messages.kind = 'message_recalled'";
    assert_eq!(psql.query_one(actor, &[]).await.unwrap().get::<_, String>(0), "alice");
    let walkers = "select count(*) from members join chats on chats.id = members.chat_id
        where chats.title = 'Harbour walks' and members.role = case chats.owner_id when members.user_id then 'creator' else 'member' end";
    assert_eq!(number(&psql, walkers).await, 3);
    let admins = "select count(*) from members where role = 'admin'";
    assert_eq!(number(&psql, admins).await, 1);
    // The server tells it all, and the session that was revoked hears nothing of it.
    let mine = visitor.get_with("/api/v1/chats", &[("authorization", &alice)]).await.expect(200);
    let chat = lobby(&mine)["id"].as_str().unwrap();
    let log = visitor
        .get_with(&format!("/api/v1/chats/{chat}/log?limit=100"), &[("authorization", &alice)])
        .await
        .expect(200);
    let kinds: Vec<_> = log["items"].as_array().unwrap().iter().map(|item| &item["type"]).collect();
    for kind in ["member_joined", "message_edited", "message_recalled", "member_changed"] {
        assert!(kinds.contains(&&Value::from(kind)), "{kind}: {kinds:?}");
    }
    for _ in 0..100 {
        let answer = visitor.get_with("/api/v1/users/me", &[("authorization", &bob)]).await;
        if answer.status == 401 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("a revoked session lives on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_log_is_found() {
    let (_world, psql) = demo().await;
    psql.batch_execute("set trunkline.repairing = on").await.unwrap();
    psql.batch_execute("delete from messages where content = 'Everyone you invite.'").await.unwrap();
    assert_eq!(psql.query(&read("ops/check_logs.sql"), &[]).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_says_what_it_may_not_see() {
    let (world, psql) = demo().await;
    let here = world.instance().await;
    here.listens(&world).await;
    psql.batch_execute("begin; update chats set description = 'held'").await.unwrap();
    let reader = connect(&world.url.replace("//owner:", "//trunkline_reader:")).await;
    let root = world.superuser().await;
    for (tool, column) in [
        ("chat_holders", "state"),
        ("listeners", "state"),
        ("notification_queue", "longest_listener_transaction"),
        ("old_snapshots", "doing"),
    ] {
        let sql = read(&format!("ops/{tool}.sql"));
        let seen: Option<String> = reader.query(&sql, &[]).await.unwrap()[0].get(column);
        assert_eq!(seen.as_deref(), Some("not shown: needs pg_monitor"), "{tool}");
        let seen: Option<String> = root.query(&sql, &[]).await.unwrap()[0].get(column);
        assert!(seen.is_some_and(|seen| !seen.contains("not shown")), "{tool}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_are_mended() {
    let (_world, psql) = demo().await;
    psql.batch_execute("set trunkline.repairing = on").await.unwrap();
    psql.batch_execute("update chats set last_seq = 1, message_count = 0, member_count = 7").await.unwrap();
    psql.batch_execute("set trunkline.repairing = off").await.unwrap();
    assert_eq!(psql.query(&read("ops/check_logs.sql"), &[]).await.unwrap().len(), 3);
    psql.batch_execute(&read("ops/recount.sql")).await.unwrap();
    healthy(&psql).await;
    // As the README says it for a log that comes from elsewhere.
    let load = "begin; set local trunkline.numbered = on;
        insert into messages (chat_id, seq, sender_id, content)
        select chats.id, chats.last_seq + n, users.id, 'old ' || n
        from chats, users, generate_series(1, 1000) as n
        where chats.title = 'Lobby' and users.username = 'alice';
        commit";
    psql.batch_execute(load).await.unwrap();
    psql.batch_execute(&read("ops/recount.sql")).await.unwrap();
    healthy(&psql).await;
    psql.batch_execute("insert into messages (chat_id, sender_id, content) select chats.id, users.id, 'new' from chats, users where title = 'Lobby' and username = 'bob'").await.unwrap();
    healthy(&psql).await;
}
