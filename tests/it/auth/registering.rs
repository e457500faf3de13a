//! Making an account: what is taken and what is not, to the character.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Answer, Visitor, World};

const REGISTER: &str = "/api/v1/auth/register";

/// Registers with a good form in which one field is another.
async fn with(visitor: &Visitor, field: &str, value: Value) -> Answer {
    let email = format!("p{}@example.com", uuid::Uuid::new_v4().simple());
    let mut form = json!({"email": email, "password": "trunkline1", "name": "Alice"});
    form[field] = value;
    visitor.post(REGISTER, &form).await
}

async fn refuses(visitor: &Visitor, field: &str, value: Value) {
    let problem = with(visitor, field, value).await.refused(400, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], field, "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_have_8_to_128_characters_a_letter_and_a_digit() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for good in [
        "abcdefg1".to_owned(),
        "пароль12".to_owned(),
        format!("{}1", "密".repeat(127)),
        format!("{}1", "𝒳".repeat(127)),
        "a1      ".to_owned(),
    ] {
        with(&visitor, "password", json!(good)).await.expect(201);
    }
    for bad in ["abcdef1", "12345678", "abcdefgh", "", "𝒳𝒳𝒳𝒳𝒳𝒳1", &format!("{}1", "密".repeat(128))]
    {
        refuses(&visitor, "password", json!(bad)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_have_1_to_255_characters_after_trimming() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for (given, kept) in [
        ("A".to_owned(), "A".to_owned()),
        ("  Alice Liddell\t".to_owned(), "Alice Liddell".to_owned()),
        (format!(" {} ", "愛".repeat(255)), "愛".repeat(255)),
        ("👩‍👩‍👧".to_owned(), "👩‍👩‍👧".to_owned()),
    ] {
        let user = with(&visitor, "name", json!(given)).await.expect(201);
        assert_eq!(user["name"], json!(kept));
    }
    for bad in ["", " ", "\u{3000}", "\u{a0}\t", "a\0b", &"愛".repeat(256)] {
        refuses(&visitor, "name", json!(bad)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn usernames_have_3_to_32_of_a_few_characters() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for good in ["abc", "a.b", "_._", "007", "b..b", &"x".repeat(32)] {
        let user = with(&visitor, "username", json!(good)).await.expect(201);
        assert_eq!(user["username"], json!(good));
    }
    for bad in [
        "ab",
        "",
        "Alice",
        "al ice",
        " alice ",
        "al-ice",
        "алиса",
        "alice\n",
        "...",
        "bob.",
        ".bob",
        &"x".repeat(33),
    ] {
        refuses(&visitor, "username", json!(bad)).await;
    }
    with(&visitor, "username", json!("abc")).await.refused(409, "username_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_is_taken_whatever_its_case() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for (first, again) in [
        ("Alice@Example.com", "aLICE@eXAMPLE.COM"),
        ("jürgen@example.com", "JÜRGEN@example.com"),
        ("ТАНЯ@почта.рф", "таня@ПОЧТА.рф"),
    ] {
        let user = with(&visitor, "email", json!(format!("  {first} "))).await.expect(201);
        assert_eq!(user["email"], first);
        with(&visitor, "email", json!(again)).await.refused(409, "email_taken");
    }
    for bad in [
        "",
        "alice",
        "@example.com",
        "alice@",
        "a b@example.com",
        "a@b@c",
        "a\"b\"@example.com",
        "a\u{1}@b.c",
    ] {
        refuses(&visitor, "email", json!(bad)).await;
    }
    refuses(&visitor, "email", json!(format!("{}@example.com", "a".repeat(255)))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_username_is_made_from_the_email() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let made = async |email: &str| -> String {
        let user = with(&visitor, "email", json!(email)).await.expect(201);
        user["username"].as_str().unwrap().to_owned()
    };
    assert_eq!(made("Alice.Liddell@example.com").await, "alice.liddell");
    assert_eq!(made("al+chat@example.com").await, "alchat");
    let twin = made("alice.liddell@example.org").await;
    assert!(twin.starts_with("alice.liddell.") && twin.len() == "alice.liddell.123456".len(), "{twin}");
    assert!(made("密@example.com").await.starts_with("user."));
    assert!(made("é1@example.com").await.starts_with("user1."));
    // A dot at an end is no part of a name to whoever reads a mention.
    assert_eq!(made("kim.ß@example.com").await, "kim");
    assert_eq!(
        made("abcdefghijklmnopqrstuvwxyz12345.doe@example.com").await,
        "abcdefghijklmnopqrstuvwxyz12345"
    );
    let dots = made("a.ß.b.é@example.com").await;
    assert_eq!(dots, "a..b");
    let cut = "abcdefghijklmnopqrstuvwx.y";
    assert_eq!(made(&format!("{cut}@example.com")).await, cut);
    let cut_twin = made(&format!("{cut}@example.org")).await;
    assert!(cut_twin.starts_with("abcdefghijklmnopqrstuvwx.") && !cut_twin.contains(".."), "{cut_twin}");
    let long = made(&format!("{}@example.com", "x".repeat(40))).await;
    assert_eq!(long, "x".repeat(32));
    let long_twin = made(&format!("{}@example.com", "x".repeat(41))).await;
    assert!(long_twin.len() == 32 && long_twin != long, "{long_twin}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_who_register_one_email_at_once_one_gets_in() {
    // More than may ask for what is taken in a minute.
    let world = World::with(&[("TRUNKLINE_LIMITS__LOGINS_PER_MINUTE", "100")]).await;
    let here = world.instance().await;
    let there = world.instance().await;
    let mut all = JoinSet::new();
    for n in 0..30 {
        let visitor = Visitor::at(if n % 2 == 0 { &here.base } else { &there.base });
        let email = if n % 3 == 0 { "Rush@Example.com" } else { "rush@example.com" };
        all.spawn(async move { with(&visitor, "email", json!(email)).await });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "email_taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_who_would_have_one_username_all_get_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut all = JoinSet::new();
    for n in 0..30 {
        let visitor = Visitor::at(&here.base);
        all.spawn(async move { with(&visitor, "email", json!(format!("same@{n}.example.com"))).await });
    }
    let mut names = Vec::new();
    for answer in all.join_all().await {
        names.push(answer.expect(201)["username"].as_str().unwrap().to_owned());
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 30, "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_sees_itself_whole() {
    let world = World::new().await;
    let here = world.instance().await;
    let user = with(&Visitor::at(&here.base), "email", json!("alice@example.com")).await.expect(201);
    assert_eq!(
        (&user["roles"], &user["status"], &user["bio"], &user["avatar_url"], &user["last_online_at"]),
        (&json!(["user"]), &json!("active"), &json!(""), &Value::Null, &Value::Null)
    );
    assert_eq!(user["contacts"], json!({"qq": null, "wechat": null, "github": null}));
    assert_eq!(user["id"].as_str().unwrap().as_bytes()[14], b'7');
    assert!(user["created_at"].as_str().unwrap().ends_with('Z'));
    assert!(user.get("password_hash").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_is_made_once() {
    let admin = [("TRUNKLINE_ADMIN__EMAIL", "root@example.com"), ("TRUNKLINE_ADMIN__PASSWORD", "trunkline1")];
    let world = World::with(&admin).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (one, other) = tokio::join!(
        trunkline::auth::service::ensure_admin(&here.app),
        trunkline::auth::service::ensure_admin(&there.app)
    );
    one.and(other).unwrap();
    trunkline::auth::service::ensure_admin(&here.app).await.unwrap();
    let sql = "select count(*) from user_roles where role = 'admin'";
    let count: i64 = world.psql().await.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(count, 1);
    let http = reqwest::Client::new();
    let login = http.post(format!("{}/api/v1/auth/login", here.base));
    let login = login.json(&serde_json::json!({"email": "root@example.com", "password": "trunkline1"}));
    assert_eq!(login.send().await.unwrap().status(), 200);
}
