//! Looking back: pages by place and by offset, and the log.

use serde_json::{Value, json};
use tokio_postgres::types::ToSql;
use trunkline::db::query;

use crate::support::{Person, World};

fn contents(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["content"].as_str().unwrap()).collect()
}

/// A chat whose log is: m1 … m5, a member, m7 … m11, a change, m13. The number is the place.
async fn chat(alice: &Person, bob: &Person) -> uuid::Uuid {
    let chat = alice.creates_chat("Lobby").await;
    for seq in 1..=13 {
        match seq {
            6 => bob.joins(chat).await,
            12 => {
                let change = json!({"description": "new"});
                alice.patch(&format!("/api/v1/chats/{chat}"), &change).await.expect(200);
            }
            _ => assert_eq!(alice.says(chat, &format!("m{seq}")).await["seq"], seq),
        }
    }
    chat
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_paged_by_place_and_by_offset() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = chat(&alice, &bob).await;
    for (query, page) in [
        ("", vec!["m13", "m11", "m10", "m9", "m8", "m7", "m5", "m4", "m3", "m2"]),
        ("limit=3", vec!["m13", "m11", "m10"]),
        ("limit=3&offset=2", vec!["m10", "m9", "m8"]),
        ("offset=10", vec!["m1"]),
        ("offset=11", vec![]),
        ("before_seq=8&limit=3", vec!["m7", "m5", "m4"]),
        ("before_seq=8&limit=3&offset=1", vec!["m5", "m4", "m3"]),
        ("before_seq=1", vec![]),
        ("before_seq=99&limit=1", vec!["m13"]),
        ("after_seq=4&limit=3", vec!["m8", "m7", "m5"]),
        ("after_seq=4&limit=3&offset=1", vec!["m9", "m8", "m7"]),
        ("after_seq=0&limit=2", vec!["m2", "m1"]),
        ("after_seq=13", vec![]),
        ("around_seq=8&limit=5", vec!["m10", "m9", "m8", "m7", "m5"]),
        ("around_seq=8&limit=4", vec!["m9", "m8", "m7", "m5"]),
        ("around_seq=8&limit=1", vec!["m8"]),
        ("around_seq=13&limit=3", vec!["m13", "m11"]),
        ("around_seq=1&limit=3", vec!["m2", "m1"]),
    ] {
        let list = alice.get(&format!("/api/v1/chats/{chat}/messages?{query}")).await.expect(200);
        assert_eq!(contents(&list), page, "{query}");
        assert_eq!(list["total"], 11, "{query}");
    }
    for bad in [
        "before_seq=1&after_seq=2",
        "before_seq=-1",
        "after_seq=x",
        "around_seq=9223372036854775808",
        "limit=101",
    ] {
        let path = format!("/api/v1/chats/{chat}/messages?{bad}");
        alice.get(&path).await.refused(400, "validation_failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_everything_once_and_in_order() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = chat(&alice, &bob).await;
    let mut after = 0;
    let mut kinds = Vec::new();
    loop {
        let path = format!("/api/v1/chats/{chat}/log?after_seq={after}&limit=4");
        let log = bob.get(&path).await.expect(200);
        let items = log["items"].as_array().unwrap().clone();
        assert!(log.get("total").is_none());
        let Some(last) = items.last() else { break };
        for (n, item) in items.iter().enumerate() {
            assert_eq!(item["seq"].as_i64(), Some(after + 1 + n as i64));
            kinds.push(item["type"].as_str().unwrap().to_owned());
        }
        after = last["seq"].as_i64().unwrap();
    }
    assert_eq!(after, 13);
    let mut expected = vec!["new_message"; 13];
    (expected[5], expected[11]) = ("member_joined", "chat_updated");
    assert_eq!(kinds, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recalled_keeps_its_place_and_nothing_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let message = alice.says(chat, "regretted").await;
    let psql = world.psql().await;
    psql.execute("update messages set content = 'worse' where chat_id = $1", &[&chat]).await.unwrap();
    psql.execute("update messages set recalled_at = now() where chat_id = $1 and seq = 1", &[&chat])
        .await
        .unwrap();
    let path = format!("/api/v1/chats/{chat}/messages/{}", message["id"].as_str().unwrap());
    let now = alice.get(&path).await.expect(200);
    assert_eq!((&now["content"], &now["seq"]), (&Value::Null, &json!(1)));
    assert!(now["recalled_at"].is_string());
    let log = alice.get(&format!("/api/v1/chats/{chat}/log")).await.expect(200);
    assert!(!log.to_string().contains("regretted") && !log.to_string().contains("worse"), "{log}");
    let kinds: Vec<_> = log["items"].as_array().unwrap().iter().map(|item| &item["type"]).collect();
    assert_eq!(kinds, ["new_message", "message_edited", "message_recalled"]);
    let mine = alice.get("/api/v1/chats").await.expect(200);
    assert_eq!(mine["items"][0]["last_message"]["content"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_reads_what_it_shows_however_long_the_chat_is() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Long").await;
    // PostgreSQL has no statistics of the table yet: that is when it is tempted to sort.
    world.fills(chat, alice.id, 20_000, 50).await;
    let (limit, offset, seq) = (50_i64, 0_i64, 10_000_i64);
    let db = here.app.db().await.unwrap();
    let most = async |sql: &str, parameters: &[&(dyn ToSql + Sync)]| {
        let sql = format!("explain (analyze, timing off) {sql}");
        let plan = query::raw(&db, &sql, parameters).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
        let read = plan.iter().filter_map(|line| {
            let (_, read) = line.split_once("(actual rows=")?;
            read.split(' ').next()?.parse::<i64>().ok()
        });
        assert!(read.max().unwrap() <= 2 * limit, "{}", plan.join("\n"));
    };
    most(include_str!("../../../sql/queries/messages/list.sql"), &[&chat, &limit, &offset]).await;
    most(include_str!("../../../sql/queries/messages/list_before.sql"), &[&chat, &seq, &limit, &offset])
        .await;
    most(include_str!("../../../sql/queries/messages/list_next.sql"), &[&chat, &seq, &limit, &offset]).await;
    most(include_str!("../../../sql/queries/messages/list_around.sql"), &[&chat, &seq, &limit]).await;
    most(include_str!("../../../sql/queries/messages/list_after.sql"), &[&chat, &seq, &limit]).await;
    let (chats, seqs) = (vec![chat], vec![seq]);
    most(include_str!("../../../sql/queries/messages/list_new.sql"), &[&chats, &seqs, &limit]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_log_is_read_to_its_end() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Long").await;
    world.fills(chat, alice.id, 10_020, 5).await;
    // Further on than lists can be passed over.
    for (after, count) in [(10_015_i64, 5), (10_020, 0), (9_007_199_254_740_991, 0)] {
        let log = alice.get(&format!("/api/v1/chats/{chat}/log?after_seq={after}")).await.expect(200);
        assert_eq!(log["items"].as_array().unwrap().len(), count, "{after}");
    }
    let path = format!("/api/v1/chats/{chat}/log?after_seq=-1");
    alice.get(&path).await.refused(400, "validation_failed");
}
