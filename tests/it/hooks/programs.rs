//! Programs that exist send what they have always sent.

use reqwest::multipart::{Form, Part};
use serde_json::json;

use super::{hook, latest, sends};
use crate::support::{Person, World};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test(flavor = "multi_thread")]
async fn what_they_send_is_said() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Programs").await;
    let alerts = json!({
        "version": "4", "groupKey": "{}", "truncatedAlerts": 0, "status": "firing", "receiver": "chat",
        "groupLabels": {"alertname": "Down"}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://a:9093",
        "alerts": [{"status": "firing", "labels": {"alertname": "Down"}, "annotations": {"summary": "a is down"}}],
    });
    for (kind, body, said) in [
        ("application/json", json!({"text": "by curl"}).to_string(), "by curl"),
        ("application/json; charset=utf-8", json!({"text": "ü"}).to_string(), "ü"),
        // curl --data without a header
        (FORM, json!({"text": "a & b = c"}).to_string(), "a & b = c"),
        (FORM, "payload=%7B%22text%22%3A%22as+a+form%22%7D".to_owned(), "as a form"),
        (FORM, "text=plain+form".to_owned(), "plain form"),
        (FORM, "load=95% & rising".to_owned(), "load=95% & rising"),
        ("text/plain", "two\nlines".to_owned(), "two\nlines"),
        ("application/json", alerts.to_string(), "[FIRING:1] Down\n- a is down\nhttp://a:9093"),
        (
            "application/json",
            json!({"title": "[Alerting] x", "message": "m", "state": "alerting"}).to_string(),
            "[Alerting] x\nm",
        ),
        (
            "application/json",
            json!({"username": "u", "icon_emoji": ":x:", "channel": "#c", "text": "hi"}).to_string(),
            "hi",
        ),
    ] {
        let posted = sends(&made, kind, body.clone()).await.expect(200);
        let message = latest(&alice, chat).await;
        assert_eq!((&message["id"], &message["content"]), (&posted["id"], &json!(said)), "{kind} {body}");
    }
    sends(&made, "image/png", "x").await.refused(415, "unsupported_media_type");
    sends(&made, "application/json", "x").await.refused(400, "malformed");
    sends(&made, FORM, "text=").await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_has_heard_of_is_taken() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Builds").await;
    let url = made["url"].as_str().unwrap();
    let body =
        json!({"action": "created", "repository": {"full_name": "octo/hello"}, "sender": {"login": "ann"}});
    for header in ["X-GitHub-Event", "X-Gitlab-Event", "X-Gitea-Event", "X-Gogs-Event"] {
        let request = reqwest::Client::new().post(url).header(header, "star").json(&body);
        let posted = Person::send(request).await.expect(200);
        let message = latest(&alice, chat).await;
        assert_eq!(
            (&message["id"], &message["content"]),
            (&posted["id"], &json!("[octo/hello] ann: star created")),
            "{header}"
        );
    }
    let ping = json!({"zen": "Design for failure.", "hook_id": 1, "repository": {"full_name": "octo/hello"}});
    let request = reqwest::Client::new().post(url).header("X-GitHub-Event", "ping").json(&ping);
    Person::send(request).await.expect(200);
    assert_eq!(latest(&alice, chat).await["content"], "[octo/hello] Design for failure.");
    // Without the header nobody says that this is to be taken.
    Person::send(reqwest::Client::new().post(url).json(&body)).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_in_parts_a_picture_and_a_slash_at_the_end_are_taken() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Discord").await;
    let url = made["url"].as_str().unwrap();
    let payload = json!({"content": "with a file"}).to_string();
    let picture = json!({"embeds": [{"image": {"url": "https://x.y/a.png"}}]});
    let file = || Part::bytes(vec![0_u8; 20_000]).file_name("a.bin");
    for (form, said) in [
        (Form::new().part("files[0]", file()).text("payload_json", payload), "with a file"),
        (Form::new().text("payload_json", picture.to_string()), "https://x.y/a.png"),
        (Form::new().text("text", "plain parts"), "plain parts"),
    ] {
        let request = reqwest::Client::new().post(format!("{url}/")).multipart(form);
        let posted = Person::send(request).await.expect(200);
        let message = latest(&alice, chat).await;
        assert_eq!((&message["id"], &message["content"]), (&posted["id"], &json!(said)));
    }
    Person::send(reqwest::Client::new().post(format!("{url}//")).json(&picture)).await.expect(404);
    let nothing = Form::new().part("files[0]", file());
    Person::send(reqwest::Client::new().post(url).multipart(nothing)).await.refused(400, "validation_failed");
}
