//! Everything that has an id, tried by those whom it does not concern.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::waits;
use crate::{
    events::{EVENTS, buys, makes, makes_with_chat},
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_sees_no_ticket_no_place_in_line_and_no_code() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let (path, chat) = makes_with_chat(&alice, "Concert", 1).await;
    let other = makes(&alice, "Other", 5).await;
    let ticket = buys(&bob, &path, 1).await;
    let carol = here.person("Carol").await;
    waits(&carol, &path, 1).await.expect(202);
    let id = ticket["id"].as_str().unwrap();
    for at_ticket in [format!("{path}/tickets/{id}"), format!("{path}/tickets/{}", Uuid::now_v7())] {
        let details = [
            eve.get(&at_ticket).await.refused(404, "not_found"),
            eve.delete(&at_ticket).await.refused(404, "not_found"),
            eve.get(&format!("{at_ticket}/code")).await.refused(404, "not_found"),
            eve.get(&format!("{at_ticket}/code?format=svg")).await.refused(404, "not_found"),
        ];
        // One that is somebody else's and one that is not there look the same.
        for refused in details {
            assert_eq!(refused["detail"], "there is no such ticket");
        }
    }
    // The ticket of another event is not there either, not even for its holder and the owner.
    for who in [&alice, &bob] {
        who.get(&format!("{other}/tickets/{id}")).await.refused(404, "not_found");
        who.delete(&format!("{other}/tickets/{id}")).await.refused(404, "not_found");
        who.get(&format!("{other}/tickets/{id}/code")).await.refused(404, "not_found");
    }
    for list in ["tickets", "waiting"] {
        assert_eq!(eve.get(&format!("{path}/{list}")).await.expect(200)["items"], json!([]));
        let request = eve.request(Method::GET, &format!("{path}/{list}?format=csv"));
        let file = request.send().await.unwrap().text().await.unwrap();
        assert_eq!(file.lines().count(), 1, "{file}");
        assert_eq!(alice.get(&format!("{path}/{list}")).await.expect(200)["total"], 1);
    }
    eve.delete(&format!("{path}/waiting")).await.refused(404, "not_found");
    eve.post(&format!("{path}/check-ins"), &json!({"code": "x"})).await.refused(403, "forbidden");
    eve.get(&format!("/api/v1/chats/{chat}")).await.refused(404, "not_found");
    assert_eq!(eve.get(&path).await.expect(200)["chat_id"], Value::Null);
    assert_eq!(eve.get("/api/v1/users/me/tickets").await.expect(200)["total"], 0);
    assert_eq!(alice.get(&path).await.expect(200)["tickets_sold"], 1);
    // What is no event at all.
    let ghost = format!("{EVENTS}/{}", Uuid::now_v7());
    for (method, sub) in [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::GET, "/tickets"),
        (Method::GET, "/waiting"),
        (Method::DELETE, "/waiting"),
        (Method::GET, &*format!("/tickets/{id}")),
        (Method::DELETE, &*format!("/tickets/{id}")),
        (Method::GET, &*format!("/tickets/{id}/code")),
    ] {
        Person::send(bob.request(method.clone(), &format!("{ghost}{sub}"))).await.refused(404, "not_found");
        let rubbish = Person::send(bob.request(method, &format!("{EVENTS}/not-a-uuid{sub}"))).await;
        assert_eq!(rubbish.refused(400, "validation_failed")["errors"][0]["field"], "id");
    }
    bob.post(&format!("{ghost}/tickets"), &json!({"quantity": 1})).await.refused(404, "not_found");
    bob.post(&format!("{ghost}/check-ins"), &json!({"code": "x"})).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_and_decide_as_the_owner_does() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, root) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Root").await);
    world.promotes(root.id).await;
    let path = makes(&alice, "Concert", 1).await;
    let ticket = buys(&bob, &path, 1).await;
    waits(&alice, &path, 1).await.expect(202);
    for list in ["tickets", "waiting"] {
        assert_eq!(root.get(&format!("{path}/{list}")).await.expect(200)["total"], 1);
    }
    let one = format!("{path}/tickets/{}", ticket["id"].as_str().unwrap());
    let code = root.get(&format!("{one}/code")).await.expect(200);
    root.post(&format!("{path}/check-ins"), &code).await.expect(201);
    world.psql().await.batch_execute("update tickets set checked_in_at = null").await.unwrap();
    root.delete(&one).await.expect(204);
    assert_eq!(alice.get(&format!("{path}/waiting")).await.expect(200)["items"][0]["position"], 0);
}
