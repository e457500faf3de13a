//! Finding messages by words: in one chat and in all one may read, with the index and without, and never what is gone.

use serde_json::{Value, json};
use trunkline::messages::search;
use uuid::Uuid;

use crate::support::{Instance, Person, World};

async fn found(person: &Person, chat: Uuid, query: &str) -> Vec<String> {
    contents(&person.get(&format!("/api/v1/chats/{chat}/messages?{query}")).await.expect(200))
}

async fn found_everywhere(person: &Person, query: &str) -> Vec<String> {
    contents(&person.get(&format!("/api/v1/search/messages?{query}")).await.expect(200))
}

fn contents(list: &Value) -> Vec<String> {
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["content"].as_str().unwrap_or("-").to_owned())
        .collect()
}

/// As if every chat had come to rest.
async fn rest(world: &World, here: &Instance) -> u64 {
    let sql = "update chats set active_at = active_at - interval '1 hour'";
    world.psql().await.execute(sql, &[]).await.unwrap();
    search::refresh(&here.app).await.unwrap()
}

const SAID: [&str; 7] = [
    "The weather is lovely today",
    "Weatherproof jackets, 50% off: a_b c\\d",
    "明天天气很好",
    "Доброе УТРО, друзья",
    "Ο ΔΡΟΜΟΣ",
    "ok",
    "nothing of interest",
];

#[tokio::test(flavor = "multi_thread")]
async fn words_parts_of_words_and_any_script_are_found() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Room").await;
    for text in SAID {
        alice.says(chat, text).await;
    }
    for indexed in [false, true] {
        if indexed {
            assert_eq!(rest(&world, &here).await, 1);
        }
        let cases: [(&str, &[&str]); 16] = [
            ("weather", &[SAID[1], SAID[0]]),
            ("WEATHER%20lovely", &[SAID[0]]),
            ("lovely%20weather", &[SAID[0]]),
            ("eath", &[SAID[1], SAID[0]]),
            ("weather%20nothing", &[]),
            ("天气", &[SAID[2]]),
            ("好", &[SAID[2]]),
            ("утро", &[SAID[3]]),
            ("УТР", &[SAID[3]]),
            ("δρομος", &[SAID[4]]),
            ("δρόμος", &[]),
            ("ok", &[SAID[5]]),
            ("50%25", &[SAID[1]]),
            ("a_b", &[SAID[1]]),
            ("a%25b", &[]),
            ("c%5Cd", &[SAID[1]]),
        ];
        for (words, expected) in cases {
            assert_eq!(found(&alice, chat, &format!("search={words}")).await, expected, "{words}, {indexed}");
            assert_eq!(
                found_everywhere(&alice, &format!("search={words}")).await,
                expected,
                "{words}, {indexed}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_windows_filters_and_orders_go_together() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Room").await;
    bob.joins(chat).await;
    for n in 0..12 {
        let who = if n % 3 == 0 { &bob } else { &alice };
        who.says(chat, &format!("{} {n}", if n % 2 == 0 { "even" } else { "odd" })).await;
    }
    // Bob's arrival is entry 1.
    let list = |query: &'static str| {
        let alice = &alice;
        async move { alice.get(&format!("/api/v1/chats/{chat}/messages?{query}")).await.expect(200) }
    };
    let page = list("search=even&limit=2&offset=1").await;
    assert_eq!((contents(&page), &page["total"]), (vec!["even 8".into(), "even 6".into()], &json!(6)));
    let page = list("search=even&sort=seq&limit=2").await;
    assert_eq!((contents(&page), &page["total"]), (vec!["even 0".into(), "even 2".into()], &json!(6)));
    let page = list("search=even&before_seq=6&limit=1").await;
    assert_eq!((contents(&page), &page["total"]), (vec!["even 2".into()], &json!(6)));
    let page = list("search=even&after_seq=4&limit=2").await;
    assert_eq!((contents(&page), &page["total"]), (vec!["even 6".into(), "even 4".into()], &json!(6)));
    let page = list("search=even&around_seq=8&limit=3").await;
    assert_eq!(
        (contents(&page), &page["total"]),
        (vec!["even 8".into(), "even 6".into(), "even 4".into()], &json!(6))
    );
    let page = list("search=nowhere").await;
    assert_eq!((contents(&page), &page["total"]), (vec![], &json!(0)));
    assert_eq!(list("search=even&offset=100").await["total"], 6);

    let query = format!("sender_id={}&search=even", bob.id);
    assert_eq!(found(&alice, chat, &query).await, ["even 6", "even 0"]);
    assert_eq!(found(&alice, chat, "kind=system").await, [] as [&str; 0]);
    assert_eq!(found(&alice, chat, "kind=text&limit=1").await, ["odd 11"]);
    assert_eq!(found(&alice, chat, "created_at_to=2020-01-01T00:00:00Z").await, [] as [&str; 0]);
    assert_eq!(
        found(&alice, chat, "created_at_from=2020-01-01T00:00:00Z&limit=1&sort=seq").await,
        ["even 0"]
    );

    for (query, field) in [
        ("sort=content", "sort"),
        ("sort=seq&before_seq=4", "sort"),
        ("kind=member_joined", "kind"),
        ("created_at_from=yesterday", "created_at_from"),
        ("sender_id=me", "sender_id"),
        ("format=pdf", "format"),
    ] {
        let path = format!("/api/v1/chats/{chat}/messages?{query}");
        let refused = alice.get(&path).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{query}");
    }
    let long = "x".repeat(256);
    for query in ["", "?search=", "?search=%20", &format!("?search={long}"), "?search=a&sort=seq"] {
        alice.get(&format!("/api/v1/search/messages{query}")).await.refused(400, "validation_failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_edited_recalled_or_cleared_is_found_as_it_is_now() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Room").await;
    world.fills(chat, alice.id, 300, 20).await;
    let first = alice.says(chat, "the needle lies here").await;
    let second = alice.says(chat, "another needle").await;
    rest(&world, &here).await;
    assert_eq!(found(&alice, chat, "search=needle").await.len(), 2);

    let at = |message: &Value| format!("/api/v1/chats/{chat}/messages/{}", message["id"].as_str().unwrap());
    alice.patch(&at(&first), &json!({"content": "the haystack lies here"})).await.expect(200);
    let by_sql = "update messages set content = 'a thimble' where chat_id = $1 and id = $2";
    let id = Uuid::parse_str(second["id"].as_str().unwrap()).unwrap();
    world.psql().await.execute(by_sql, &[&chat, &id]).await.unwrap();
    // At once, and when the index has been brought up to date.
    for _ in 0..2 {
        assert_eq!(found(&alice, chat, "search=needle").await, [] as [&str; 0]);
        assert_eq!(found(&alice, chat, "search=haystack").await, ["the haystack lies here"]);
        assert_eq!(found_everywhere(&alice, "search=thimble").await, ["a thimble"]);
        rest(&world, &here).await;
    }
    alice.delete(&at(&first)).await.expect(204);
    assert_eq!(found(&alice, chat, "search=haystack").await, [] as [&str; 0]);
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    assert_eq!(found_everywhere(&alice, "search=thimble").await, [] as [&str; 0]);
    rest(&world, &here).await;
    // Not even a hash of it is left.
    let left = "select count(*) from search_runs where cardinality(grams) > 0 or cardinality(speakers) > 0";
    assert_eq!(world.psql().await.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
    alice.says(chat, "a fresh needle").await;
    assert_eq!(found(&alice, chat, "search=needle").await, ["a fresh needle"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_is_written_while_people_talk_and_misses_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let there = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Room").await;
    let talking = async {
        for n in 0..30 {
            world.fills(chat, alice.id, 40, 10).await;
            let said = alice.says(chat, &format!("needle number{n:02}")).await;
            if n % 3 == 0 {
                let path = format!("/api/v1/chats/{chat}/messages/{}", said["id"].as_str().unwrap());
                alice.patch(&path, &json!({"content": format!("needle changed{n:02}")})).await.expect(200);
            }
        }
    };
    let writing = |app| async move {
        for _ in 0..15 {
            search::refresh(app).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::join!(talking, writing(&here.app), writing(&there.app));
    search::refresh(&here.app).await.unwrap();
    let query = format!("/api/v1/chats/{chat}/messages?search=needle");
    assert_eq!(alice.get(&query).await.expect(200)["total"], 30);
    for n in 0..30 {
        let word = if n % 3 == 0 { format!("changed{n:02}") } else { format!("number{n:02}") };
        assert_eq!(
            found(&alice, chat, &format!("search={word}")).await[0],
            format!("needle {word}").as_str()
        );
    }
    rest(&world, &here).await;
    assert_eq!(search::refresh(&there.app).await.unwrap(), 0);
    assert_eq!(alice.get(&query).await.expect(200)["total"], 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_they_may_not_read() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (hidden, open) = (alice.creates_private_chat("Hidden").await, alice.creates_chat("Open").await);
    alice.says(hidden, "the secret needle").await;
    alice.says(open, "the public needle").await;
    for _ in 0..2 {
        assert_eq!(
            found_everywhere(&alice, "search=needle").await,
            ["the public needle", "the secret needle"]
        );
        assert_eq!(found_everywhere(&bob, "search=needle").await, ["the public needle"]);
        assert_eq!(found_everywhere(&bob, "search=needle&sort=created_at").await, ["the public needle"]);
        bob.get(&format!("/api/v1/chats/{hidden}/messages?search=needle")).await.refused(404, "not_found");
        bob.get(&format!("/api/v1/chats/{hidden}/messages?format=csv")).await.refused(404, "not_found");
        rest(&world, &here).await;
    }
    world.adds(hidden, bob.id).await;
    assert_eq!(found_everywhere(&bob, "search=needle").await.len(), 2);
    bob.leaves(hidden).await;
    assert_eq!(found_everywhere(&bob, "search=needle").await, ["the public needle"]);
    alice.delete(&format!("/api/v1/chats/{open}")).await.expect(204);
    assert_eq!(found_everywhere(&bob, "search=needle").await, [] as [&str; 0]);
}

/// Words of every kind: letters with and without case, syllables, ideas, signs, what folds, and parts of each other.
const WORDS: [&str; 16] = [
    "weather",
    "eath",
    "WEATHERPROOF",
    "ok",
    "o",
    "q",
    "Straße",
    "İstanbul",
    "ΔΡΟΜΟΣ",
    "утро",
    "明天天气",
    "气",
    "안녕하세요",
    "สวัสดี",
    "👩‍👩‍👧",
    "50%_\\",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_is_what_a_plain_look_at_every_message_finds() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let (long, short) = (alice.creates_private_chat("Long").await, alice.creates_private_chat("Short").await);
    // Past the beginning that is always read, and each word in some messages only.
    let fill = "insert into messages (chat_id, sender_id, content)
        select $1, $2, case when n % 3 = 0
            then $4::text[][1 + n % cardinality($4::text[])] || ' ' || n else 'filler ' || n end
        from generate_series($3::integer, $3 + 2499) as n"
        .replace("$4::text[][", "($4::text[])[");
    let words: Vec<&str> = WORDS.to_vec();
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..3_i32 {
        for chat in [long, short] {
            if chat == long || round == 0 {
                psql.execute(&fill, &[&chat, &alice.id, &(round * 2500), &words]).await.unwrap();
            }
        }
        // The index is written while all of this is changed.
        let app = here.app.clone();
        let indexing = tokio::spawn(async move { search::refresh(&app).await.unwrap() });
        for _ in 0..40 {
            let (seq, word) = (random(2500 * (round as u64 + 1)) as i64 + 1, words[random(16) as usize]);
            let change = match random(3) {
                0 => {
                    "update messages set recalled_at = now() where chat_id = $1 and seq = $2 and $3::text <> ''"
                }
                _ => {
                    "update messages set content = $3 where chat_id = $1 and seq = $2 and recalled_at is null and kind = 'text'"
                }
            };
            psql.execute(change, &[&long, &seq, &word]).await.unwrap();
        }
        if round == 1 {
            psql.execute("select clear_messages($1)", &[&short]).await.unwrap();
        }
        agrees(&alice, &psql, long, short, &words).await;
        indexing.await.unwrap();
        rest(&world, &here).await;
        agrees(&alice, &psql, long, short, &words).await;
    }
}

/// Whether both searches find, for each word and some pairs, what reading every message does, from either end.
async fn agrees(alice: &Person, psql: &tokio_postgres::Client, long: Uuid, short: Uuid, words: &[&str]) {
    let plain = "select seq from messages where chat_id = any ($1) and kind in ('text', 'media', 'system')
        and (select bool_and(position(folded(word) in folded(content)) > 0) from unnest($2::text[]) as word)
        order by seq";
    let pairs = words.iter().zip(words.iter().skip(5)).map(|(one, other)| vec![*one, *other]);
    let wanted =
        words.iter().map(|word| vec![*word]).chain(pairs).chain([vec!["5"], vec!["lle"], vec!["zq"]]);
    for words in wanted {
        let query = escaped(&words.join(" "));
        let rows = psql.query(plain, &[&vec![long], &words]).await.unwrap();
        let all: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        let seqs = |list: &Value| -> Vec<i64> {
            list["items"].as_array().unwrap().iter().map(|item| item["seq"].as_i64().unwrap()).collect()
        };
        for (sort, order) in [("-seq", all.iter().rev().copied().collect::<Vec<_>>()), ("seq", all.clone())] {
            for offset in [0, 90, 1_100] {
                let path = format!(
                    "/api/v1/chats/{long}/messages?limit=100&offset={offset}&sort={sort}&search={query}"
                );
                let page = alice.get(&path).await.expect(200);
                let expected: Vec<_> = order.iter().skip(offset).take(100).copied().collect();
                assert_eq!(seqs(&page), expected, "{words:?} {sort} {offset}");
                assert_eq!(page["total"], all.len().min(1_000), "{words:?}");
                assert_eq!(page.get("total_is_exact").is_some(), all.len() > 1_000, "{words:?}");
            }
        }
        let middle = all.get(all.len() / 2).copied().unwrap_or(3);
        let path = |window| format!("/api/v1/chats/{long}/messages?limit=7&{window}={middle}&search={query}");
        let before: Vec<_> = all.iter().rev().filter(|seq| **seq < middle).take(7).copied().collect();
        assert_eq!(seqs(&alice.get(&path("before_seq")).await.expect(200)), before, "{words:?}");
        let mut after: Vec<_> = all.iter().filter(|seq| **seq > middle).take(7).copied().collect();
        after.reverse();
        assert_eq!(seqs(&alice.get(&path("after_seq")).await.expect(200)), after, "{words:?}");

        let mine = psql.query(plain, &[&vec![long, short], &words]).await.unwrap().len();
        for sort in ["-created_at", "created_at"] {
            let path = format!("/api/v1/search/messages?limit=100&sort={sort}&search={query}");
            let page = alice.get(&path).await.expect(200);
            assert_eq!(page["total"], mine.min(1_000), "{words:?}");
            let items = page["items"].as_array().unwrap();
            assert_eq!(items.len(), mine.min(100), "{words:?}");
            let times: Vec<_> = items.iter().map(|item| item["created_at"].as_str().unwrap()).collect();
            assert!(if sort == "created_at" { times.is_sorted() } else { times.iter().rev().is_sorted() });
        }
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
