//! Public chats in the order of their activity, of which only the page is read.

use rand::{Rng, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, World, pages_of};

/// Every title, page by page.
async fn titles(person: &Person, query: &str, limit: usize) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let path = format!("/api/v1/chats?scope=public&limit={limit}&offset={}{query}", all.len());
        let page = person.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap().clone();
        if items.is_empty() {
            return all;
        }
        assert!(
            items.len() == limit
                || all.len() + items.len() == usize::try_from(page["total"].as_i64().unwrap()).unwrap()
        );
        all.extend(items.iter().map(|chat: &Value| chat["title"].as_str().unwrap().to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn public_chats_are_in_the_order_of_their_activity_to_the_moment() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let psql = world.psql().await;
    let many = "insert into chats (title, owner_id, active_at)
        select 'Chat ' || n, $1, now() - make_interval(secs => floor(random() * 2400)) from generate_series(1, 120) as n";
    psql.execute(many, &[&alice.id]).await.unwrap();
    let seed = rand::random();
    println!("seed {seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let order = "select title from chats where visibility = 'public' and kind = 'group' order by active_at desc, id desc";
    for round in 0..4 {
        // What was said moves a chat up; by hand it may move down as well, and far.
        for _ in 0..20 {
            let (number, seconds) = (dice.random_range(1..=120), dice.random_range(-1500..1500));
            let moved = "update chats set active_at = least(active_at + make_interval(secs => $2), now()) where title = 'Chat ' || $1::int";
            psql.execute(moved, &[&number, &f64::from(seconds)]).await.unwrap();
        }
        let loose = "select count(*) from chats where ranked_at > active_at or ranked_at < active_at - interval '10 minutes'";
        assert_eq!(psql.query_one(loose, &[]).await.unwrap().get::<_, i64>(0), 0);
        let expected: Vec<String> =
            psql.query(order, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        assert_eq!(titles(&eve, "", [1, 7, 50, 100][round]).await, expected, "seed {seed}");
        let other_way: Vec<_> = titles(&eve, "&sort=active_at", 100).await;
        assert_eq!(other_way.len(), expected.len());
    }
    // A post of its own, and one by hand.
    let (first, second) = (alice.creates_chat("First").await, alice.creates_chat("Second").await);
    alice.says(first, "up").await;
    assert_eq!(titles(&eve, "", 100).await[..2], ["First", "Second"]);
    let by_hand = "insert into messages (chat_id, sender_id, content) values ($1, $2, 'up')";
    psql.execute(by_hand, &[&second, &alice.id]).await.unwrap();
    assert_eq!(titles(&eve, "", 100).await[..2], ["Second", "First"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_twenty_thousand_reads_the_page() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let many = "insert into chats (title, owner_id, active_at, created_at)
        select 'Chat ' || n, $1, now() - make_interval(mins => n), now() - make_interval(mins => n)
        from generate_series(1, 20000) as n";
    psql.execute(many, &[&alice.id]).await.unwrap();
    let read = "select * from newest_public('00000000-0000-7000-8000-000000000000', null, null, 20, 0)";
    // The first of a connection reads what it knows of the tables.
    pages_of(&psql, read).await;
    let (pages, plan) = pages_of(&psql, read).await;
    assert!(pages < 200, "{plan}");
    // More than are counted each time: the total may be ten seconds old, the page is not.
    let path = "/api/v1/chats?scope=public&limit=1";
    assert_eq!(alice.get(path).await.expect(200)["total"], 20_000);
    alice.creates_chat("Fresh").await;
    let page = alice.get(path).await.expect(200);
    assert_eq!(page["items"][0]["title"], "Fresh");
    assert!([20_000, 20_001].contains(&page["total"].as_i64().unwrap()), "{page}");
    assert_eq!(alice.get("/api/v1/chats?scope=public&kind=group").await.expect(200)["total"], 20_001);
    // A word that all of them have: no more are counted and none are put in order than are needed.
    let read =
        "select * from find_public('00000000-0000-7000-8000-000000000000', null, null, '{%chat%}', 20, 1000)";
    let (pages, plan) = pages_of(&psql, read).await;
    assert!(pages < 6_000, "{plan}");
    for word in ["chat", "CHAT%201", "c"] {
        let path = format!("/api/v1/chats?scope=public&search={word}&limit=100");
        let page = alice.get(&path).await.expect(200);
        assert_eq!((&page["total"], &page["total_is_exact"]), (&json!(1_000), &json!(false)), "{word}");
        let titles = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap();
            items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
        };
        let digit = if word == "CHAT%201" { "1" } else { "" };
        let has = |n: &usize| n.to_string().contains(digit);
        let expected: Vec<_> = (1..).filter(has).take(300).map(|n| format!("Chat {n}")).collect();
        assert_eq!(titles(&page), expected[..100], "{word}");
        let further = alice.get(&format!("{path}&offset=200")).await.expect(200);
        assert_eq!(titles(&further), expected[200..], "{word}");
    }
    let found = |path: &'static str| {
        let alice = alice.clone();
        async move { alice.get(&format!("/api/v1/chats?scope=public&limit=1&{path}")).await.expect(200) }
    };
    let few = found("search=19999").await;
    assert_eq!((&few["total"], few.get("total_is_exact")), (&json!(1), None));
    assert_eq!(found("search=q").await["total"], 0);
    let beyond = found("search=chat%2019&offset=3000").await;
    assert_eq!((&beyond["total"], &beyond["items"]), (&json!(1_000), &json!([])));
    assert_eq!(found("search=chat&sort=title").await["items"][0]["title"], "Chat 1");
    assert_eq!(found("search=chat&kind=direct").await["total"], 0);
    let download = alice.request(Method::GET, "/api/v1/chats?scope=public&search=chat&format=csv");
    let all = download.send().await.unwrap().text().await.unwrap();
    assert_eq!(all.lines().count(), 20_001, "a download has all of them");
    // Where those that are found lie behind many others, they are not looked for one by one.
    let newer = "insert into chats (title, owner_id, active_at) select 'Room ' || n, $1, now() from generate_series(1, 20000) as n";
    psql.execute(newer, &[&alice.id]).await.unwrap();
    let (_, plan) = pages_of(&psql, read).await;
    assert_eq!(plan["Actual Rows"], 0, "{plan}");
    let page = found("search=chat&offset=1").await;
    assert_eq!((&page["total"], &page["items"][0]["title"]), (&json!(1_000), &json!("Chat 2")));
}
