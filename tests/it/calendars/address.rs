//! The secret address: made, read, ended.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{MINE, address, event, lines_of, read};
use crate::support::{PASSWORD, Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_good_until_there_is_another() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party", "tomorrow", "UTC", 60).await;
    event(&psql, &bob, "His own", "tomorrow", "UTC", 60).await;
    let first = address(&alice).await;
    let calendar = read(&first).await;
    assert!(
        calendar.contains("X-WR-CALNAME:Events of Alice\r\n") && !calendar.contains("His own"),
        "{calendar}"
    );
    assert!(!lines_of(&calendar, party).is_empty());
    // Programs differ in what they do with the ending, and may ask any instance.
    let elsewhere = first.replace(&here.base, &there.base);
    assert_eq!(read(elsewhere.strip_suffix(".ics").unwrap()).await, calendar);
    let second = address(&alice).await;
    assert_ne!(first, second);
    let gone = async |url: &str| {
        let answer = reqwest::get(url).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        answer.json::<serde_json::Value>().await.unwrap()["detail"].clone()
    };
    let detail = gone(&first).await;
    assert_eq!(gone(&format!("{}/api/v1/calendars/nonsense.ics", here.base)).await, detail);
    read(&second).await;
    alice.delete(MINE).await.expect(204);
    alice.delete(MINE).await.expect(204);
    assert_eq!(gone(&second).await, detail);
    // The table does not know the addresses, and nobody else's ends.
    let his = address(&bob).await;
    let kept = "select count(*) from calendar_feeds where position(convert_to($1, 'UTF8') in token_hash) > 0";
    let token = his.rsplit('/').next().unwrap().strip_suffix(".ics").unwrap();
    assert_eq!(psql.query_one(kept, &[&token]).await.unwrap().get::<_, i64>(0), 0);
    read(&his).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_is_one_address_and_it_is_kept_sealed() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let make = || Person::send(alice.request(Method::POST, MINE).header("idempotency-key", "k"));
    let first = make().await.expect(201);
    assert_eq!(make().await.expect(201), first);
    let url = first["url"].as_str().unwrap();
    read(url).await;
    let token = url.rsplit('/').next().unwrap().strip_suffix(".ics").unwrap();
    let kept = "select count(*) from idempotency_keys where answer::text like '%' || $1 || '%'";
    let psql = world.psql().await;
    assert_eq!(psql.query_one(kept, &[&token]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_or_erased_has_no_calendar() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (hers, his) = (address(&alice).await, address(&bob).await);
    let psql = world.psql().await;
    let status = async |url: &str| reqwest::get(url).await.unwrap().status().as_u16();
    psql.execute("update users set status = 'suspended' where id = $1", &[&alice.id]).await.unwrap();
    assert_eq!((status(&hers).await, status(&his).await), (404, 200));
    psql.execute("update users set status = 'active' where id = $1", &[&alice.id]).await.unwrap();
    assert_eq!(status(&hers).await, 200);
    let body = json!({"current_password": PASSWORD});
    Person::send(bob.request(Method::DELETE, "/api/v1/users/me").json(&body)).await.expect(204);
    assert_eq!(status(&his).await, 404);
    let rows = "select count(*) from calendar_feeds where user_id = $1";
    assert_eq!(psql.query_one(rows, &[&bob.id]).await.unwrap().get::<_, i64>(0), 0);
    let sql = "insert into calendar_feeds (user_id, token_hash) values ($1, 'x')";
    psql.execute(sql, &[&uuid::Uuid::now_v7()]).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_the_calendar_is_told_so_in_a_word() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party", "tomorrow", "Europe/Berlin", 60).await;
    let url = address(&alice).await;
    let http = reqwest::Client::new();
    let ask = async |known: &str| {
        let answer = http.get(&url).header("if-none-match", known).send().await.unwrap();
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(answer.headers()["cache-control"], "private, no-cache");
        (answer.status().as_u16(), tag, answer.text().await.unwrap())
    };
    let (status, tag, text) = ask("\"other\"").await;
    assert!(status == 200 && text.contains("SUMMARY:Party"));
    assert_eq!(ask(&tag).await, (304, tag.clone(), String::new()));
    assert_eq!(ask(&format!("W/{tag}, \"x\"")).await.0, 304);
    let head = http.head(&url).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.headers()["etag"].to_str().unwrap()), (200, tag.as_str()));
    psql.execute("update events set name = 'Feast' where id = $1", &[&party]).await.unwrap();
    let (status, other, text) = ask(&tag).await;
    assert!(status == 200 && other != tag && text.contains("SUMMARY:Feast"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_asks_all_the_time_has_to_wait_and_nobody_signed_in_does() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let url = address(&alice).await;
    let http = reqwest::Client::new();
    let mut refused = None;
    for _ in 0..1000 {
        let answer = http.get(&url).send().await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(answer);
            break;
        }
    }
    assert!(refused.expect("calendars are read without end").headers().contains_key("retry-after"));
    alice.get("/api/v1/users/me").await.expect(200);
}
