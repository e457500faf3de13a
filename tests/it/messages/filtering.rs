//! History with a filter and no words: everything that fits is counted, however long the chat is, and any page is found.

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Person, World};

/// A chat of more than one piece: two people by turns, a minute apart, every thousandth said by nobody; and what the index knows of
/// most of it.
const LONG: &str = "
    insert into messages (chat_id, sender_id, kind, content, created_at)
    select '$CHAT', case when n % 1000 = 0 then null when n % 7 = 0 then '$BOB'::uuid else '$ALICE'::uuid end,
        case when n % 1000 = 0 then 'system' else 'text' end, 'said ' || n,
        timestamptz '2026-01-01 00:00Z' + make_interval(mins => n)
    from generate_series(1, 70000) as n;
    insert into messages (chat_id, sender_id, content, created_at)
    values ('$CHAT', '$BOB', 'of another time', '2020-05-05 00:00Z');
    insert into search_runs (chat_id, run, grams, speakers, since, until)
    select chat_id, (seq - 1) / 32, '{}', '{}', min(created_at), max(created_at)
    from messages where chat_id = '$CHAT' and seq <= 69984 group by chat_id, (seq - 1) / 32;
    insert into search_ends (chat_id, seq) values ('$CHAT', 69984)";

async fn seqs(psql: &Client, chat: Uuid, condition: &str) -> Vec<i64> {
    let sql = format!(
        "select seq from messages where chat_id = $1 and kind in ('text', 'media', 'system') and {condition} order by seq"
    );
    psql.query(&sql, &[&chat]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

fn found(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["seq"].as_i64().unwrap()).collect()
}

async fn page(person: &Person, chat: Uuid, query: &str) -> Value {
    person.get(&format!("/api/v1/chats/{chat}/messages?{query}")).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_without_words_counts_all_and_finds_any_page() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let chat = alice.creates_private_chat("Stadium").await;
    let long = LONG.replace("$CHAT", &chat.to_string());
    let long = long.replace("$ALICE", &alice.id.to_string()).replace("$BOB", &bob.id.to_string());
    psql.batch_execute(&long).await.unwrap();
    // What is changed by hand is found where it is now.
    let moved = "update messages set created_at = '2020-06-06 00:00Z' where chat_id = $1 and seq = 1234";
    psql.execute(moved, &[&chat]).await.unwrap();
    let filters = [
        (String::new(), "true".to_owned()),
        (format!("&sender_id={}", bob.id), format!("sender_id = '{}'", bob.id)),
        ("&kind=system".to_owned(), "kind = 'system'".to_owned()),
        ("&kind=media".to_owned(), "kind = 'media'".to_owned()),
        ("&created_at_to=2020-12-31T00:00:00Z".to_owned(), "created_at <= '2020-12-31 00:00Z'".to_owned()),
        (
            "&created_at_from=2026-02-01T00:00:00Z&created_at_to=2026-02-03T00:00:00Z".to_owned(),
            "created_at between '2026-02-01 00:00Z' and '2026-02-03 00:00Z'".to_owned(),
        ),
        (
            format!("&sender_id={}&created_at_from=2026-02-16T00:00:00Z", bob.id),
            format!("sender_id = '{}' and created_at >= '2026-02-16 00:00Z'", bob.id),
        ),
    ];
    for (query, condition) in filters {
        let all = seqs(&psql, chat, &condition).await;
        for (sort, order) in [("-seq", all.iter().rev().copied().collect::<Vec<_>>()), ("seq", all.clone())] {
            for offset in [0, 5, 9_990] {
                let page = page(&alice, chat, &format!("limit=20&offset={offset}&sort={sort}{query}")).await;
                let expected: Vec<_> = order.iter().skip(offset).take(20).copied().collect();
                assert_eq!(found(&page), expected, "{query} {sort} {offset}");
                assert_eq!(page["total"], all.len(), "{query}");
                assert!(page.get("total_is_exact").is_none());
            }
        }
        let middle = all.get(all.len() * 2 / 3).copied().unwrap_or(65_540);
        let before: Vec<_> = all.iter().rev().filter(|seq| **seq < middle).skip(3).take(7).copied().collect();
        let answer = page(&alice, chat, &format!("limit=7&offset=3&before_seq={middle}{query}")).await;
        assert_eq!((found(&answer), &answer["total"]), (before, &json!(all.len())), "{query}");
        let mut after: Vec<_> = all.iter().filter(|seq| **seq > middle).take(7).copied().collect();
        after.reverse();
        assert_eq!(
            found(&page(&alice, chat, &format!("limit=7&after_seq={middle}{query}")).await),
            after,
            "{query}"
        );
        let around: Vec<_> = all.iter().filter(|seq| **seq > middle).take(3).copied().collect();
        let around: Vec<_> = around
            .into_iter()
            .rev()
            .chain(all.iter().rev().filter(|seq| **seq <= middle).take(4).copied())
            .collect();
        assert_eq!(
            found(&page(&alice, chat, &format!("limit=7&around_seq={middle}{query}")).await),
            around,
            "{query}"
        );
    }
    // A download holds everything, in its order.
    for (sort, first) in [("-seq", "70001"), ("seq", "1")] {
        let path = format!(
            "/api/v1/chats/{chat}/messages?format=csv&sort={sort}&created_at_to=2026-01-01T16:40:00Z"
        );
        let csv = alice.request(reqwest::Method::GET, &path).send().await.unwrap().text().await.unwrap();
        // 1,000 minutes, one that was moved, and one of another time.
        assert_eq!(csv.lines().count(), 1 + 1_002, "{sort}");
        let column = csv.lines().next().unwrap().split(',').position(|name| name.contains("seq")).unwrap();
        let line = csv.lines().nth(1).unwrap();
        assert_eq!(line.split(',').nth(column), Some(first), "{line}");
    }
}
