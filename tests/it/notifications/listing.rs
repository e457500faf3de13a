//! Looking through one's notifications.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{MINE, is_counted, mine, tells};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn one_reads_and_removes_ones_own_and_nobody_elses() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    bob.befriends(&alice).await.expect(201);
    for message in ["one", "two", "three"] {
        tells(&psql, &alice, message).await;
    }
    let list = alice.get(&format!("{MINE}?include=users")).await.expect(200);
    assert_eq!(
        (&list["total"], &list["unread_count"], list.get("total_is_exact")),
        (&json!(4), &json!(4), None)
    );
    let words: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|item| item["message"].clone()).collect();
    assert_eq!(words, ["three", "two", "one", "wants to be your friend"]);
    assert_eq!(list["users"][0]["id"], json!(bob.id));

    let id = list["items"][1]["id"].as_str().unwrap();
    for (method, path) in [("PUT", format!("{MINE}/{id}/read")), ("DELETE", format!("{MINE}/{id}"))] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let stranger = bob.request(method.clone(), &path);
        crate::support::Person::send(stranger).await.refused(404, "not_found");
        let nobody = path.replace(id, &Uuid::now_v7().to_string());
        crate::support::Person::send(alice.request(method, &nobody)).await.refused(404, "not_found");
    }
    alice.puts(&format!("{MINE}/{id}/read")).await.expect(204);
    let list = alice.get(&format!("{MINE}?unread=true")).await.expect(200);
    assert_eq!((&list["total"], &list["unread_count"]), (&json!(3), &json!(3)));
    let list = alice.get(&format!("{MINE}?kind=message")).await.expect(200);
    assert_eq!((&list["total"], &list["unread_count"]), (&json!(3), &json!(3)));
    assert!(list["items"][1]["read_at"].is_string());
    let list = alice.get(&format!("{MINE}?kind=message&unread=true&limit=1&offset=1")).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["message"]), (&json!(2), &json!("one")));
    alice.delete(&format!("{MINE}/{id}")).await.expect(204);
    alice.delete(&format!("{MINE}/{id}")).await.refused(404, "not_found");
    assert_eq!(mine(&alice).await.len(), 3);
    alice.puts(&format!("{MINE}/read")).await.expect(204);
    let list = alice.get(MINE).await.expect(200);
    assert_eq!((&list["total"], &list["unread_count"]), (&json!(3), &json!(0)));
    for strange in ["unread=maybe", "kind=nothing", "limit=0", "offset=x"] {
        alice.get(&format!("{MINE}?{strange}")).await.expect(400);
    }
    is_counted(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_had_as_a_file() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    tells(&world.psql().await, &alice, "=1+1").await;
    let file = alice.request(reqwest::Method::GET, &format!("{MINE}?format=csv")).send().await.unwrap();
    let text = file.text().await.unwrap();
    assert!(text.starts_with("\u{feff}id,kind,message,sender"), "{text}");
    assert!(text.contains(",message,'=1+1,"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_is_exact_up_to_999() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let many =
        "insert into notifications (recipient_id, message) select $1, 'x' from generate_series(1, $2::int)";
    for (more, unread, total) in [(999, 999, 999), (1, 1000, 1000), (200, 1000, 1200)] {
        psql.execute(many, &[&alice.id, &more]).await.unwrap();
        let list = alice.get(&format!("{MINE}?unread=true")).await.expect(200);
        assert_eq!((&list["unread_count"], &list["total"]), (&json!(unread), &json!(total)));
    }
    let list = alice.get(&format!("{MINE}?kind=message")).await.expect(200);
    assert_eq!((&list["total"], &list["total_is_exact"]), (&json!(1000), &Value::Bool(false)));
    alice.puts(&format!("{MINE}/read")).await.expect(204);
    assert_eq!(alice.get(MINE).await.expect(200)["unread_count"], 0);
    is_counted(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_is_removed() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    for message in ["read long ago", "read lately", "unread for long", "unread"] {
        tells(&psql, &alice, message).await;
    }
    psql.batch_execute(
        "update notifications set read_at = now() - interval '91 days' where seq = 1;
        update notifications set read_at = now() - interval '89 days', created_at = now() - interval '9 years' where seq = 2;
        update notifications set created_at = now() - interval '366 days' where seq = 3;
        update notifications set created_at = now() - interval '364 days' where seq = 4;
        insert into jobs (task) values ('sweep_notifications')",
    )
    .await
    .unwrap();
    world.rests().await;
    let left: Vec<_> = mine(&alice).await.iter().map(|item| item["message"].clone()).collect();
    assert_eq!(left, ["unread", "read lately"]);
    is_counted(&psql).await;
    // The numbers go on.
    let (_, last) = super::opens(&alice, None).await;
    assert_eq!(last, 4);
}
