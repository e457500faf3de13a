//! Schedules over the API.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{SCHEDULES, administrator, id_of};
use crate::support::World;

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_is_made_changed_and_deleted() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let new = json!({"name": " Every morning ", "task": "echo", "cron": "30 6 * * *", "timezone": "Asia/Kathmandu"});
    let made = admin.post(SCHEDULES, &new).await.expect(201);
    assert_eq!(
        (&made["name"], &made["args"], &made["overlap"]),
        (&json!("Every morning"), &json!({}), &json!("skip"))
    );
    assert_eq!(
        (&made["enabled"], &made["built_in"], &made["last_run_at"]),
        (&json!(true), &json!(false), &Value::Null)
    );
    let next = time(&made["next_run_at"]);
    assert_eq!(next.format("%H:%M:%S").to_string(), "00:45:00");
    assert!(next > Utc::now() && (next - Utc::now()).num_hours() < 24);
    let one = format!("{SCHEDULES}/{}", id_of(&made));
    assert_eq!(admin.get(&one).await.expect(200), made);
    let off = admin.patch(&one, &json!({"enabled": false})).await.expect(200);
    assert_eq!(
        (&off["enabled"], &off["next_run_at"], &off["cron"]),
        (&json!(false), &Value::Null, &json!("30 6 * * *"))
    );
    let paced =
        admin.patch(&one, &json!({"every_seconds": 3600, "enabled": true, "args": [1]})).await.expect(200);
    assert_eq!(
        (&paced["cron"], &paced["every_seconds"], &paced["args"]),
        (&Value::Null, &json!(3600), &json!([1]))
    );
    assert_eq!((time(&paced["next_run_at"]) - time(&made["created_at"])).num_seconds(), 3600);
    let sunny =
        json!({"solar": {"event": "sunset", "latitude": 52.52, "longitude": 13.405}, "overlap": "queue"});
    let sunny = admin.patch(&one, &sunny).await.expect(200);
    assert_eq!((&sunny["every_seconds"], &sunny["overlap"]), (&Value::Null, &json!("queue")));
    assert!((time(&sunny["next_run_at"]) - Utc::now()).num_hours() <= 24, "{sunny}");
    admin.delete(&one).await.expect(204);
    admin.delete(&one).await.refused(404, "not_found");
    admin.get(&one).await.refused(404, "not_found");
    admin.patch(&one, &json!({"name": "x"})).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_run_is_refused_by_its_field() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    let with = |more: Value| {
        let mut new = json!({"name": "x", "task": "echo"});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    for (field, wrong) in [
        ("cron", json!({})),
        ("cron", json!({"cron": "* * * * *", "every_seconds": 5})),
        ("cron", json!({"cron": "hello"})),
        ("cron", json!({"cron": "* * * * * *"})),
        ("cron", json!({"cron": "0 0 30 2 *"})),
        ("timezone", json!({"cron": "* * * * *", "timezone": "Mars/Olympus"})),
        ("every_seconds", json!({"every_seconds": 0})),
        ("every_seconds", json!({"every_seconds": 31_536_001})),
        ("solar.event", json!({"solar": {"event": "eclipse", "latitude": 0, "longitude": 0}})),
        ("solar.latitude", json!({"solar": {"event": "sunset", "latitude": 90.1, "longitude": 0}})),
        ("solar.longitude", json!({"solar": {"event": "sunset", "latitude": 0, "longitude": -181}})),
        ("task", json!({"task": "make_coffee", "every_seconds": 60})),
        ("task", json!({"task": "erase_user", "every_seconds": 60})),
        ("name", json!({"name": " ", "every_seconds": 60})),
        ("name", json!({"name": "a\nb", "every_seconds": 60})),
        ("overlap", json!({"every_seconds": 60, "overlap": "twice"})),
    ] {
        let refused = admin.post(SCHEDULES, &with(wrong.clone())).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{wrong}: {refused}");
    }
    let made = admin.post(SCHEDULES, &with(json!({"every_seconds": 600}))).await.expect(201);
    let one = format!("{SCHEDULES}/{}", id_of(&made));
    for wrong in
        [json!({"cron": "x"}), json!({"cron": "* * * * *", "every_seconds": 9}), json!({"timezone": "?"})]
    {
        admin.patch(&one, &wrong).await.refused(400, "validation_failed");
    }
    let null = json!({"cron": null, "every_seconds": null, "solar": null});
    assert_eq!(admin.patch(&one, &null).await.expect(200)["every_seconds"], 600);
    for answer in [
        alice.get(SCHEDULES).await,
        alice.post(SCHEDULES, &with(json!({"every_seconds": 600}))).await,
        alice.get(&one).await,
        alice.patch(&one, &json!({"enabled": false})).await,
        alice.delete(&one).await,
    ] {
        answer.refused(403, "forbidden");
    }
    admin.get(&format!("{SCHEDULES}/{}", Uuid::now_v7())).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_by_itself_is_listed_and_can_be_switched_off() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let mut list = Value::Null;
    for _ in 0..100 {
        list = admin.get(&format!("{SCHEDULES}?built_in=true&limit=100")).await.expect(200);
        if list["items"].as_array().unwrap().iter().any(|one| one["next_run_at"].is_string()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let items = list["items"].as_array().unwrap();
    let sweep = items.iter().find(|one| one["task"] == "sweep_files").unwrap();
    assert_eq!((&sweep["every_seconds"], &sweep["built_in"]), (&json!(3600), &json!(true)));
    let one = format!("{SCHEDULES}/{}", id_of(sweep));
    admin.delete(&one).await.refused(409, "conflict");
    admin.patch(&one, &json!({"every_seconds": 1})).await.refused(409, "conflict");
    let off = admin.patch(&one, &json!({"enabled": false})).await.expect(200);
    assert_eq!(off["next_run_at"], Value::Null);
    // The next start leaves it so.
    let there = world.instance().await;
    assert_eq!(admin.at(&there).get(&one).await.expect(200)["enabled"], false);
    assert_eq!(admin.get(&format!("{SCHEDULES}?enabled=false")).await.expect(200)["total"], 1);
    for sort in ["name", "-name", "next_run_at", "-next_run_at", "created_at", "-created_at"] {
        admin.get(&format!("{SCHEDULES}?sort={sort}")).await.expect(200);
    }
    admin.get(&format!("{SCHEDULES}?sort=task")).await.expect(400);
    let path = format!("{SCHEDULES}?format=csv&built_in=true");
    let file = admin.request(reqwest::Method::GET, &path).send().await.unwrap().text().await.unwrap();
    assert!(file.starts_with("\u{feff}id,name,task,"), "{file}");
}
