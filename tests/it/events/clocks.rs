//! What people mean by a time of the clock, on the days on which clocks are changed, too.

use serde_json::json;

use super::{EVENTS, path_of};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_local_time_is_one_moment_everywhere_and_is_shown_as_it_was_meant() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (zone, said, moment, shown) in [
        ("Europe/Berlin", "2027-03-28T01:59:59", "2027-03-28T00:59:59.000Z", "2027-03-28T01:59:59.000+01:00"),
        // There is no half past two on that night.
        ("Europe/Berlin", "2027-03-28T02:30:00", "2027-03-28T01:00:00.000Z", "2027-03-28T03:00:00.000+02:00"),
        // And this one comes twice.
        ("Europe/Berlin", "2027-10-31T02:30:00", "2027-10-31T00:30:00.000Z", "2027-10-31T02:30:00.000+02:00"),
        (
            "Europe/Berlin",
            "2027-10-31T02:30:00+01:00",
            "2027-10-31T01:30:00.000Z",
            "2027-10-31T02:30:00.000+01:00",
        ),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:00:00.000Z", "2027-03-14T03:00:00.000-04:00"),
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30:00.000Z", "2027-11-07T01:30:00.000-04:00"),
        // Half an hour is skipped here.
        (
            "Australia/Lord_Howe",
            "2027-10-03T02:15:00",
            "2027-10-02T15:30:00.000Z",
            "2027-10-03T02:30:00.000+11:00",
        ),
        (
            "Australia/Lord_Howe",
            "2027-04-04T01:45:00",
            "2027-04-03T14:45:00.000Z",
            "2027-04-04T01:45:00.000+11:00",
        ),
        (
            "Asia/Kathmandu",
            "2027-05-01T19:00:00",
            "2027-05-01T13:15:00.000Z",
            "2027-05-01T19:00:00.000+05:45",
        ),
    ] {
        let body = json!({"name": "Concert", "event_time": said, "timezone": zone, "max_tickets": 1});
        let event = alice.post(EVENTS, &body).await.expect(201);
        assert_eq!(
            (&event["event_time"], &event["local_time"]),
            (&json!(moment), &json!(shown)),
            "{said} in {zone}"
        );
        assert_eq!(alice.get(&path_of(&event)).await.expect(200)["local_time"], shown);
        // What was answered, sent back, is the same event.
        let same = alice.put(&path_of(&event), &event).await.expect(200);
        assert_eq!((&same["event_time"], &same["sequence"]), (&json!(moment), &json!(0)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_zone_leaves_a_moment_and_moves_a_local_time() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let plan = |time: &str, zone: &str| json!({"name": "Concert", "event_time": time, "timezone": zone, "max_tickets": 1});
    let event = alice.post(EVENTS, &plan("2027-07-01T19:00:00", "Europe/Berlin")).await.expect(201);
    let path = path_of(&event);
    let moved = alice.put(&path, &plan("2027-07-01T19:00:00", "America/New_York")).await.expect(200);
    assert_eq!((&moved["event_time"], &moved["sequence"]), (&json!("2027-07-01T23:00:00.000Z"), &json!(1)));
    let same = alice.put(&path, &plan("2027-07-01T23:00:00Z", "Asia/Kathmandu")).await.expect(200);
    assert_eq!((&same["event_time"], &same["sequence"]), (&json!("2027-07-01T23:00:00.000Z"), &json!(2)));
    assert_eq!(same["local_time"], "2027-07-02T04:45:00.000+05:45");
}
