//! Finding people: by words of their names, and by an e-mail address one knows.

use serde_json::{Value, json};

use crate::support::{Person, World};

async fn finds(person: &Person, query: &[(&str, &str)]) -> Value {
    let pairs: Vec<_> = query.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    person.get(&format!("/api/v1/users?{}", pairs.join("&"))).await.expect(200)
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap()).collect()
}

/// People with these names and usernames, made as psql would.
async fn people(world: &World, people: &[(&str, &str)]) {
    let psql = world.psql().await;
    let sql = "insert into users (email, username, name, password_hash) values ($2 || '@hidden.example', $2, $1, '')";
    for (name, username) in people {
        psql.execute(sql, &[name, username]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_every_word_of_a_search() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Seeker").await;
    // No word of these can be in somebody's username by chance: that is hexadecimal.
    people(
        &world,
        &[
            ("Pia Lovelace", "pia"),
            ("Piam Smith", "smith_100"),
            ("ΟΔΥΣΣΕΥΣ", "nobody"),
            ("北京王小明", "xiaoming"),
            ("Bo", "b.o"),
            ("100% Anna", "anna"),
        ],
    )
    .await;
    for (search, found) in [
        ("love", &["Pia Lovelace"][..]),
        ("PIA", &["Pia Lovelace", "Piam Smith"]),
        ("lace pia", &["Pia Lovelace"]),
        ("pia smith", &["Piam Smith"]),
        ("pia nobody", &[]),
        ("smith_1", &["Piam Smith"]),
        ("smith%1", &[]),
        ("%", &["100% Anna"]),
        ("_", &["Piam Smith"]),
        ("οδυσσευσ", &["ΟΔΥΣΣΕΥΣ"]),
        ("Οδυσσευς", &["ΟΔΥΣΣΕΥΣ"]),
        ("王小明", &["北京王小明"]),
        ("王", &["北京王小明"]),
        ("明 北", &["北京王小明"]),
        ("bo", &["Bo", "ΟΔΥΣΣΕΥΣ"]),
        ("b.", &["Bo"]),
        ("\\", &[]),
        ("'; drop table users; --", &[]),
    ] {
        let list = finds(&alice, &[("search", search)]).await;
        let mut names = names(&list);
        names.sort_unstable();
        let mut expected = found.to_vec();
        expected.sort_unstable();
        assert_eq!(names, expected, "{search}");
        assert_eq!(list["total"], found.len(), "{search}");
    }
    for nothing in ["", "  ", "\u{3000}"] {
        assert_eq!(finds(&alice, &[("search", nothing)]).await["total"], 7);
    }
    let long = format!("/api/v1/users?search={}", "x".repeat(256));
    alice.get(&long).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_finds_its_owner_only_when_it_is_known_whole() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, admin) = (here.person("Seeker").await, here.person("Admin").await);
    world.promotes(admin.id).await;
    people(&world, &[("Ada Lovelace", "countess")]).await;
    let psql = world.psql().await;
    psql.batch_execute("update users set email = 'Ada.L@Hidden.Example' where username = 'countess'")
        .await
        .unwrap();
    for whole in ["ada.l@hidden.example", "ADA.L@HIDDEN.EXAMPLE", "  ada.l@hidden.example "] {
        let list = finds(&alice, &[("search", whole)]).await;
        assert_eq!((names(&list), &list["total"]), (vec!["Ada Lovelace"], &json!(1)));
        assert!(!list.to_string().to_lowercase().contains("hidden.example"), "{list}");
    }
    for part in [
        "ada.l@hidden.exampl",
        "da.l@hidden.example",
        "ada.l@",
        "@hidden.example",
        "hidden",
        "ada_l@hidden.example",
        "%@hidden.example",
        "ada.l@hidden.example ada",
        "ada.l @hidden.example",
    ] {
        for who in [&alice, &admin] {
            assert_eq!(finds(who, &[("search", part)]).await["total"], 0, "{part}");
        }
    }
    let list = finds(&admin, &[("search", "ada.l@hidden.example")]).await;
    assert_eq!(list["items"][0]["email"], "Ada.L@Hidden.Example");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_filtered_by_when_they_came_and_by_administrators_by_what_they_are() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, admin) = (here.person("Alice").await, here.person("Admin").await);
    world.promotes(admin.id).await;
    people(&world, &[("Ada Lovelace", "ada"), ("Bob", "bob")]).await;
    let psql = world.psql().await;
    psql.batch_execute(
        "update users set created_at = '2020-02-03T04:05:06Z' where username = 'ada';
         update users set status = 'suspended' where username = 'bob'",
    )
    .await
    .unwrap();
    for (who, query, found) in [
        (&alice, &[("created_at_to", "2020-02-03T04:05:06Z")][..], &["Ada Lovelace"][..]),
        (&alice, &[("created_at_from", "2020-02-03T04:05:07Z")], &["Admin", "Alice", "Bob"]),
        (&alice, &[("created_at_from", "2020-02-03T04:05:07Z"), ("search", "lovelace")], &[]),
        (&admin, &[("status", "suspended")], &["Bob"]),
        (&admin, &[("status", "active"), ("search", "a")], &["Ada Lovelace", "Admin", "Alice"]),
        (&admin, &[("status", "suspended"), ("search", "bob@hidden.example")], &["Bob"]),
        (&admin, &[("status", "active"), ("search", "bob@hidden.example")], &[]),
        (&admin, &[("role", "admin")], &["Admin"]),
        (&admin, &[("role", "nobody")], &[]),
    ] {
        let list = finds(who, query).await;
        assert_eq!((names(&list), &list["total"]), (found.to_vec(), &json!(found.len())), "{query:?}");
    }
    for hidden in ["status=active", "role=admin"] {
        alice.get(&format!("/api/v1/users?{hidden}")).await.refused(403, "forbidden");
    }
    admin.get("/api/v1/users?status=gone").await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_in_the_order_that_was_asked_for_page_by_page() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("alice").await;
    people(&world, &[("Carol", "z.first"), ("bob", "m.middle"), ("Dora", "a.last")]).await;
    for (sort, expected) in [
        ("name", ["alice", "bob", "Carol", "Dora"]),
        ("-name", ["Dora", "Carol", "bob", "alice"]),
        ("created_at", ["alice", "Carol", "bob", "Dora"]),
        ("-created_at", ["Dora", "bob", "Carol", "alice"]),
    ] {
        assert_eq!(names(&finds(&alice, &[("sort", sort)]).await), expected, "{sort}");
        let page = finds(&alice, &[("sort", sort), ("limit", "2"), ("offset", "1")]).await;
        assert_eq!((names(&page), &page["total"]), (expected[1..3].to_vec(), &json!(4)), "{sort}");
    }
    assert_eq!(names(&finds(&alice, &[]).await), ["alice", "bob", "Carol", "Dora"]);
    let usernames = finds(&alice, &[("sort", "-username"), ("search", "o")]).await;
    assert_eq!(names(&usernames), ["Carol", "bob", "Dora"]);
    assert_eq!(finds(&alice, &[("offset", "9")]).await, json!({"items": [], "total": 4}));
    for bad in
        ["sort=email", "sort=", "sort=name,username", "sort=+name", "limit=0", "limit=101", "offset=-1"]
    {
        let problem = alice.get(&format!("/api/v1/users?{bad}")).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], bad.split('=').next().unwrap(), "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_their_ids() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let nobody = uuid::Uuid::now_v7();
    let of = |ids: &[uuid::Uuid]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let some = of(&[carol.id, nobody, bob.id, bob.id]);
    let list = alice.get(&format!("/api/v1/users?id={some}")).await.expect(200);
    assert_eq!((names(&list), &list["total"]), (vec!["Bob", "Carol"], &json!(2)));
    assert!(list["items"][0].get("email").is_none());
    let list = alice.get(&format!("/api/v1/users?id={some}&search=carol&sort=-name")).await.expect(200);
    assert_eq!((names(&list), &list["total"]), (vec!["Carol"], &json!(1)));
    let page = alice.get(&format!("/api/v1/users?id={some}&limit=1&offset=1")).await.expect(200);
    assert_eq!((names(&page), &page["total"]), (vec!["Carol"], &json!(2)));
    assert_eq!(alice.get(&format!("/api/v1/users?id={nobody}")).await.expect(200)["total"], 0);
    alice.get(&format!("/api/v1/users?id={}", of(&vec![bob.id; 100]))).await.expect(200);
    for bad in
        [of(&vec![bob.id; 101]), String::new(), "bob".into(), format!("{},", bob.id), format!("{},x", bob.id)]
    {
        let refused = alice.get(&format!("/api/v1/users?id={bad}")).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "id", "{bad}");
    }
}
