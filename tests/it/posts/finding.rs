//! Finding posts: by words, by person, by time, in order, and as a download.

use serde_json::json;

use super::{POSTS, at, titles, writes};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn posts_are_found_by_words_people_and_times() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let rose = writes(&alice, "Roses in the GARDEN", "Red ones").await;
    writes(&bob, "ärger im Garten", "Schnecken überall").await;
    writes(&alice, "北京の夏", "とても暑い").await;
    writes(&bob, "100% wool_socks", "a\\b").await;
    let found = async |query: &str| {
        let list = alice.get(&format!("{POSTS}?{query}")).await.expect(200);
        assert_eq!(list["total"], list["items"].as_array().unwrap().len(), "{query}");
        assert!(list.get("total_is_exact").is_none());
        titles(&list).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("").await, ["100% wool_socks", "北京の夏", "ärger im Garten", "Roses in the GARDEN"]);
    for (query, expected) in [
        ("search=garden", vec!["Roses in the GARDEN"]),
        ("search=red+garden", vec!["Roses in the GARDEN"]),
        ("search=red+rose+blue", vec![]),
        ("search=%C3%84RGER", vec!["ärger im Garten"]),
        ("search=berall", vec!["ärger im Garten"]),
        ("search=%E5%8C%97%E4%BA%AC", vec!["北京の夏"]),
        ("search=%E6%9A%91", vec!["北京の夏"]),
        ("search=l_s", vec!["100% wool_socks"]),
        ("search=0%25", vec!["100% wool_socks"]),
        ("search=a%5Cb", vec!["100% wool_socks"]),
        ("search=re", vec!["Roses in the GARDEN"]),
        ("search=+", vec!["100% wool_socks", "北京の夏", "ärger im Garten", "Roses in the GARDEN"]),
        ("search=gart&sort=title", vec!["ärger im Garten"]),
    ] {
        assert_eq!(found(query).await, expected, "{query}");
    }
    let mut expected = vec!["100% wool_socks", "Roses in the GARDEN", "ärger im Garten", "北京の夏"];
    assert_eq!(found("sort=title").await, expected);
    expected.reverse();
    assert_eq!(found("sort=-title").await, expected);
    assert_eq!(found("sort=created_at&limit=100").await[0], "Roses in the GARDEN");
    let hers = format!("owner_id={}", alice.id);
    assert_eq!(found(&hers).await, ["北京の夏", "Roses in the GARDEN"]);
    assert_eq!(found(&format!("{hers}&sort=title")).await, ["Roses in the GARDEN", "北京の夏"]);
    assert_eq!(found(&format!("{hers}&search=rose")).await, ["Roses in the GARDEN"]);
    let first = alice.get(&at(&rose)).await.expect(200)["created_at"].as_str().unwrap().to_owned();
    assert_eq!(found(&format!("created_at_to={first}")).await, ["Roses in the GARDEN"]);
    assert_eq!(found(&format!("created_at_from={first}&sort=title")).await.len(), 4);
    assert_eq!(found(&format!("created_at_to={first}&search=garden&{hers}")).await.len(), 1);
    assert_eq!(found(&format!("owner_id={}", uuid::Uuid::now_v7())).await, Vec::<String>::new());

    let page = alice.get(&format!("{POSTS}?limit=2&offset=1&include=users")).await.expect(200);
    assert_eq!((titles(&page), &page["total"]), (vec!["北京の夏", "ärger im Garten"], &json!(4)));
    assert_eq!(page["users"].as_array().unwrap().len(), 2);
    for bad in
        ["sort=owner_id", "limit=0", "offset=10001", "owner_id=7", "created_at_from=x", "include=posts"]
    {
        alice.get(&format!("{POSTS}?{bad}")).await.refused(400, "validation_failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_the_beginning_of_a_long_text_and_a_download_all_of_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let long = "ä".repeat(5_000);
    let id = writes(&alice, "Long", &long).await;
    writes(&alice, "Just so", &"x".repeat(4_096)).await;
    let list = alice.get(POSTS).await.expect(200);
    assert!(list["items"][0].get("content_is_cut").is_none());
    assert_eq!(list["items"][1]["content_is_cut"], true);
    assert_eq!(list["items"][1]["content"], "ä".repeat(4_096));
    assert_eq!(alice.get(&at(&id)).await.expect(200)["content"], long.as_str());
    let request = alice.request(reqwest::Method::GET, &format!("{POSTS}?format=csv&search=long"));
    let csv = request.send().await.unwrap().text().await.unwrap();
    assert!(
        csv.starts_with(
            "\u{feff}id,owner_id,title,content,content_is_cut,comment_count,created_at,updated_at\r\n"
        ),
        "{csv}"
    );
    assert!(csv.contains(&long));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_matches_much_is_counted_up_to_a_thousand() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let many = format!(
        "insert into posts (owner_id, title, content, created_at)
         select '{}', 'Number ' || n, case when n % 2 = 0 then 'even' else 'odd' end, now() - make_interval(secs => n)
         from generate_series(1, 2001) as n",
        alice.id
    );
    world.psql().await.batch_execute(&many).await.unwrap();
    let list = alice.get(&format!("{POSTS}?search=number&limit=1")).await.expect(200);
    assert_eq!((titles(&list), &list["total"]), (vec!["Number 1"], &json!(1000)));
    assert_eq!(list["total_is_exact"], false);
    for (query, total, first) in [
        ("search=even&limit=1", 1000, "Number 2"),
        ("search=even&limit=1&sort=created_at", 1000, "Number 2000"),
        ("search=umber+odd&limit=1&sort=title", 1000, "Number 1"),
        ("search=1234&limit=1", 1, "Number 1234"),
        ("search=dd&limit=1", 1000, "Number 1"),
    ] {
        let list = alice.get(&format!("{POSTS}?{query}")).await.expect(200);
        assert_eq!((titles(&list), &list["total"]), (vec![first], &json!(total)), "{query}");
    }
    let list = alice.get(&format!("{POSTS}?search=odd&owner_id={}", alice.id)).await.expect(200);
    assert_eq!((&list["total"], &list["total_is_exact"]), (&json!(1000), &json!(false)));
    assert_eq!(alice.get(POSTS).await.expect(200)["total"], 2001);
    let request = alice.request(reqwest::Method::GET, &format!("{POSTS}?format=csv&search=number"));
    assert_eq!(request.send().await.unwrap().text().await.unwrap().lines().count(), 2002);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_which_nothing_can_be_seen_look_for_nothing_in_every_list() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    alice.post(POSTS, &json!({"title": "A post", "content": "words"})).await.expect(201);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    alice.says(chat, "a word").await;
    alice.befriends(&bob).await.expect(201);
    bob.befriends(&alice).await.expect(200);
    crate::events::makes(&alice, "Concert", 1).await;
    world.promotes(alice.id).await;
    for list in [
        POSTS,
        "/api/v1/events",
        "/api/v1/users",
        "/api/v1/chats",
        "/api/v1/chats?scope=public",
        "/api/v1/friends",
        "/api/v1/roles",
        &format!("/api/v1/chats/{chat}/members"),
        &format!("/api/v1/chats/{chat}/messages"),
    ] {
        let mark = if list.contains('?') { '&' } else { '?' };
        let whole = alice.get(list).await.expect(200);
        assert_ne!(whole["total"], 0, "{list}");
        for unseen in ["%20", "%E3%85%A4", "%E2%A0%80%20%E2%80%8B", "%C2%AD", "%EF%BE%A0"] {
            let found = alice.get(&format!("{list}{mark}search={unseen}")).await.expect(200);
            assert_eq!(found, whole, "{list}: {unseen}");
        }
        // Beside a word they are none, either.
        let (plain, beside) =
            (format!("{list}{mark}search=o"), format!("{list}{mark}search=%E3%85%A4+o+%E2%80%8B"));
        assert_eq!(alice.get(&beside).await.expect(200), alice.get(&plain).await.expect(200), "{list}");
    }
    alice.get("/api/v1/search/messages?search=%E3%85%A4").await.refused(400, "validation_failed");
}
