//! Programs that exist send what they have always sent.

use serde_json::json;

use super::{hook, latest, sends};
use crate::support::World;

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
    sends(&made, FORM, "a=b").await.refused(400, "validation_failed");
}
