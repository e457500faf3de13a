//! Changing one's profile: what is left out stays, and contacts are not readable in the table.

use serde_json::{Value, json};
use trunkline::{config::Secret, secrets::generate_key};

use crate::support::World;

const ME: &str = "/api/v1/users/me";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_out_stays() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let before = alice.get(ME).await.expect(200);
    let named = alice.patch(ME, &json!({"name": " Alice Liddell "})).await.expect(200);
    assert_eq!((&named["name"], &named["username"]), (&json!("Alice Liddell"), &before["username"]));
    assert!(named["updated_at"].as_str() > before["updated_at"].as_str());
    let told = alice.patch(ME, &json!({"bio": "Curious.", "username": "al1ce"})).await.expect(200);
    assert_eq!((&told["name"], &told["bio"]), (&json!("Alice Liddell"), &json!("Curious.")));
    assert_eq!(alice.patch(ME, &json!({"bio": ""})).await.expect(200)["bio"], "");
    assert_eq!(alice.at(&there).get(ME).await.expect(200)["username"], "al1ce");
    for nothing in [json!({}), json!({"name": null, "bio": null, "username": null, "contacts": null})] {
        let same = alice.patch(ME, &nothing).await.expect(200);
        assert_eq!((&same["name"], &same["username"]), (&json!("Alice Liddell"), &json!("al1ce")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_one_line_that_shows_something() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let path = format!("/api/v1/chats/{chat}");
    for bad in [
        "\u{200b}",
        "\u{202e}",
        "\u{2800}",
        "\u{3164} \u{115f}",
        "\u{fe0f}",
        "\u{e0020}",
        "a\nb",
        "a\tb",
        "a\u{7}",
        "a\u{1b}[31mb",
        "a\u{2028}b",
        "a\u{85}b",
        "ad\u{202e}nim",
        "a\u{2066}b",
    ] {
        for answer in [
            alice.patch(ME, &json!({"name": bad})).await,
            alice.patch(&path, &json!({"title": bad})).await,
            alice.post("/api/v1/chats", &json!({"title": bad})).await,
            alice
                .post(
                    "/api/v1/auth/register",
                    &json!({"email": "x@example.com", "name": bad, "password": "trunkline1"}),
                )
                .await,
        ] {
            let field = answer.refused(400, "validation_failed")["errors"][0]["field"].clone();
            assert!(field == "name" || field == "title", "{bad:?}: {field}");
        }
    }
    for good in ["ني\u{200c}م", "👩\u{200d}🚀", "ក\u{200b}ខ", "Zoe\u{308}", "a\u{ad}b"] {
        assert_eq!(alice.patch(ME, &json!({"name": good})).await.expect(200)["name"], good, "as it came");
        assert_eq!(alice.patch(&path, &json!({"title": good})).await.expect(200)["title"], good);
    }
    // More than one line is for what has room: a description, a bio.
    alice.patch(ME, &json!({"bio": "one\ntwo"})).await.expect(200);
    alice.patch(&path, &json!({"description": "one\ntwo"})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_username_can_be_mentioned() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    for bad in ["kim.", ".kim", "...", "k.", "Kim", "kim-", "k\u{200b}im"] {
        let problem = bob.patch(ME, &json!({"username": bad})).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "username", "{bad:?}");
    }
    for good in ["kim", "_kim_", "k.i.m", "k..m", "0_0"] {
        bob.patch(ME, &json!({"username": good})).await.expect(200);
        let said = alice.says(chat, &format!("thanks (@{good})... and @{good}.")).await;
        assert_eq!(said["mentions"], json!([bob.id]), "{good}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_replaced_as_a_whole_and_sealed_in_the_table() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let all = json!({"qq": "10001-plain", "wechat": "wx-plain", "github": "gh-plain"});
    assert_eq!(alice.patch(ME, &json!({"contacts": all})).await.expect(200)["contacts"], all);
    assert_eq!(alice.at(&there).get(ME).await.expect(200)["contacts"], all);
    let psql = world.psql().await;
    let row = psql.query_one("select contacts, users::text from users", &[]).await.unwrap();
    let (sealed, text): (Vec<u8>, String) = (row.get(0), row.get(1));
    for plain in ["10001-plain", "wx-plain", "gh-plain", "wechat"] {
        assert!(!text.contains(plain));
        assert!(!sealed.windows(plain.len()).any(|window| window == plain.as_bytes()));
    }
    assert_eq!(&sealed[..3], b"\x02t1", "a sealed value begins with the id of its key");
    let github = json!({"contacts": {"github": "g"}});
    let less = alice.patch(ME, &github).await.expect(200);
    assert_eq!(less["contacts"], json!({"qq": null, "wechat": null, "github": "g"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_that_can_not_be_opened_are_empty_and_the_profile_is_good() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    alice.patch(ME, &json!({"contacts": {"qq": "10001"}})).await.expect(200);
    // What is sealed for one person does not open for another.
    let psql = world.psql().await;
    let copy = "update users set contacts = (select contacts from users where id = $1) where id = $2";
    psql.execute(copy, &[&alice.id, &bob.id]).await.unwrap();
    let none = json!({"qq": null, "wechat": null, "github": null});
    assert_eq!(bob.get(ME).await.expect(200)["contacts"], none);
    for rubbish in ["\\x", "\\x00", "\\xffff", "\\x027431", "\\x02743100000000000000000000000000"] {
        let spoil = format!("update users set contacts = '{rubbish}' where id = '{}'", bob.id);
        psql.batch_execute(&spoil).await.unwrap();
        let found = bob.patch(ME, &json!({"bio": rubbish})).await.expect(200);
        assert_eq!((&found["contacts"], &found["bio"]), (&none, &json!(rubbish)));
    }
    bob.patch(ME, &json!({"contacts": {"qq": "2"}})).await.expect(200);
    assert_eq!(bob.get(ME).await.expect(200)["contacts"]["qq"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_key_still_reads_and_a_new_one_writes() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let first = json!({"qq": "1", "wechat": null, "github": null});
    alice.patch(ME, &json!({"contacts": first})).await.expect(200);
    let with = |key: &str, old_keys: &[&str]| {
        let mut config = world.config();
        config.secrets.key = Some(Secret::new(key));
        config.secrets.old_keys = old_keys.iter().copied().map(Secret::new).collect();
        config
    };
    let old = world.config().secrets.key.unwrap().expose().to_owned();
    let new = generate_key("t2").unwrap();
    let there = world.instance_of(with(&new, &[&old])).await;
    let moved = alice.at(&there);
    assert_eq!(moved.get(ME).await.expect(200)["contacts"], first);
    let second = json!({"qq": "2", "wechat": null, "github": null});
    moved.patch(ME, &json!({"contacts": second})).await.expect(200);
    let sealed: Vec<u8> =
        world.psql().await.query_one("select contacts from users", &[]).await.unwrap().get(0);
    assert_eq!(&sealed[..3], b"\x02t2");
    assert_eq!(moved.get(ME).await.expect(200)["contacts"], second);
    let later = world.instance_of(with(&new, &[])).await;
    assert_eq!(alice.at(&later).get(ME).await.expect(200)["contacts"], second);
    // Where the new key is not known yet, they are empty.
    assert_eq!(alice.get(ME).await.expect(200)["contacts"]["qq"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_has_its_limits() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let taken = bob.get(ME).await.expect(200)["username"].clone();
    alice.patch(ME, &json!({"username": taken})).await.refused(409, "username_taken");
    let long = "名".repeat(255);
    let limits = json!({"name": long, "bio": "b".repeat(1000), "contacts": {"qq": long}});
    alice.patch(ME, &limits).await.expect(200);
    for (bad, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": " \u{3000} "}), "name"),
        (json!({"name": "名".repeat(256)}), "name"),
        (json!({"username": "Alice"}), "username"),
        (json!({"username": ""}), "username"),
        (json!({"bio": "b".repeat(1001)}), "bio"),
        (json!({"contacts": {"qq": "名".repeat(256)}}), "contacts.qq"),
        (json!({"contacts": {"icq": "1"}}), "contacts.icq"),
        (json!({"contacts": {"qq": 1}}), "contacts.qq"),
        (json!({"name": 1}), "name"),
    ] {
        let problem = alice.patch(ME, &bad).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    let several = json!({"name": "", "username": "A", "bio": "b".repeat(1001)});
    let problem = alice.patch(ME, &several).await.refused(400, "validation_failed");
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(3), "everything at once");
    // What nobody may change this way is passed over.
    let sly = json!({"roles": ["admin"], "status": "suspended", "id": uuid::Uuid::nil()});
    let me = alice.patch(ME, &sly).await.expect(200);
    assert_eq!(
        (&me["roles"], &me["status"], &me["id"]),
        (&json!(["user"]), &json!("active"), &json!(alice.id))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_account_is_gone_signs_nobody_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    world.psql().await.execute("delete from users where id = $1", &[&alice.id]).await.unwrap();
    let answers = [alice.get(ME).await, alice.patch(ME, &json!({"name": "Ghost"})).await];
    for answer in answers {
        assert_eq!((answer.status, &answer.body["errors"]), (401, &Value::Array(vec![])));
    }
}
