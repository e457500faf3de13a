//! Fetching: by whom, whole and in part.

use reqwest::Method;
use serde_json::json;

use crate::support::{Visitor, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_loose_file_is_its_owners_alone() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let file = alice.uploads("note.txt", "mine").await;
    let path = format!("/api/v1/files/{}", file["id"].as_str().unwrap());
    assert_eq!(alice.reads(&file["url"]).await, b"mine");
    for door in [path.clone(), format!("{path}/thumbnail")] {
        let strange = eve.get(&door).await.refused(404, "not_found");
        let missing = door.replace(file["id"].as_str().unwrap(), &uuid::Uuid::now_v7().to_string());
        assert_eq!(strange["detail"], eve.get(&missing).await.refused(404, "not_found")["detail"]);
        Visitor::at(&here.base).get(&door).await.refused(401, "not_signed_in");
    }
    let answer = alice.get("/api/v1/files/nonsense").await.refused(400, "validation_failed");
    assert_eq!(answer["errors"][0]["field"], "file_id");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_fetched_by_those_who_may_see_its_message() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let (open, hidden) = (alice.creates_chat("Open").await, alice.creates_private_chat("Hidden").await);
    world.adds(hidden, bob.id).await;
    let (one, two) = (alice.uploads("one", "one").await, bob.uploads("two", "two").await);
    alice.shows(open, &[&one]).await;
    bob.shows(hidden, &[&two]).await;
    assert_eq!(eve.reads(&one["url"]).await, b"one");
    assert_eq!((alice.knocks(&two["url"]).await, eve.knocks(&two["url"]).await), (200, 404));
    let three = alice.uploads("three", "three").await;
    alice.shows(hidden, &[&three]).await;
    assert_eq!(bob.knocks(&three["url"]).await, 200);
    bob.leaves(hidden).await;
    assert_eq!(bob.knocks(&three["url"]).await, 404, "no longer");
    assert_eq!(bob.knocks(&two["url"]).await, 200, "his own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_fetched_as_the_standard_has_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let file = alice.uploads("digits", "0123456789").await;
    let whole = alice.fetches(Method::GET, &file["url"], &[]).await;
    let tag = whole.header("etag").to_owned();
    assert_eq!((whole.header("accept-ranges"), whole.header("content-length")), ("bytes", "10"));
    for (headers, status, range, body) in [
        (vec![("range", "bytes=0-0")], 206, "bytes 0-0/10", "0"),
        (vec![("range", "bytes=2-4")], 206, "bytes 2-4/10", "234"),
        (vec![("range", "bytes=8-")], 206, "bytes 8-9/10", "89"),
        (vec![("range", "bytes=8-99")], 206, "bytes 8-9/10", "89"),
        (vec![("range", "bytes=-3")], 206, "bytes 7-9/10", "789"),
        (vec![("range", "bytes=-99")], 206, "bytes 0-9/10", "0123456789"),
        (vec![("range", "bytes=0-1,4-5")], 200, "", "0123456789"),
        (vec![("range", "bytes=4-2")], 200, "", "0123456789"),
        (vec![("range", "pages=1")], 200, "", "0123456789"),
        (vec![("range", "bytes=2-4"), ("if-range", &tag)], 206, "bytes 2-4/10", "234"),
        (vec![("range", "bytes=2-4"), ("if-range", "\"other\"")], 200, "", "0123456789"),
        (vec![("if-none-match", &tag)], 304, "", ""),
        (vec![("if-none-match", "*"), ("range", "bytes=2-4")], 304, "", ""),
        (vec![("if-none-match", "\"other\""), ("range", "bytes=2-4")], 206, "bytes 2-4/10", "234"),
    ] {
        let fetched = alice.fetches(Method::GET, &file["url"], &headers).await;
        let text = String::from_utf8(fetched.bytes.clone()).unwrap();
        assert_eq!(
            (fetched.status, fetched.header("content-range"), text.as_str()),
            (status, range, body),
            "{headers:?}"
        );
        assert_eq!(fetched.header("etag"), tag, "{headers:?}");
        let head = alice.fetches(Method::HEAD, &file["url"], &headers).await;
        assert_eq!((head.status, head.bytes.len()), (status, 0), "{headers:?}");
        for name in ["content-length", "content-type", "content-range", "content-disposition", "etag"] {
            assert_eq!(head.header(name), fetched.header(name), "{name} {headers:?}");
        }
    }
    for range in ["bytes=10-", "bytes=10-20", "bytes=-0"] {
        let fetched = alice.fetches(Method::GET, &file["url"], &[("range", range)]).await;
        assert_eq!((fetched.status, fetched.header("content-range")), (416, "bytes */10"), "{range}");
        let problem: serde_json::Value = serde_json::from_slice(&fetched.bytes).unwrap();
        assert_eq!(problem["code"], "range_not_satisfiable");
        assert_eq!(problem["instance"], fetched.header("x-request-id"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_gone_are_no_failure() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let file = alice.uploads("note", "hello").await;
    std::fs::remove_dir_all(here.app.config.data_dir.join("files/uploads")).unwrap();
    assert_eq!(alice.knocks(&file["url"]).await, 404);
    let chat = alice.creates_chat("Lobby").await;
    let message = alice.shows(chat, &[&file]).await;
    assert_eq!(message["attachments"], json!([file]));
}
