//! What a calendar shows: what one owns and holds, every change, and for a while what is cancelled.

use uuid::Uuid;

use super::{address, event, file, lines_of, read, sequence, ticket, value};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_follows_what_one_owns_and_holds() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party", "tomorrow", "Europe/Berlin", 150).await;
    let other = event(&psql, &alice, "Other", "tomorrow", "UTC", 0).await;
    let (hers, his) = (address(&alice).await, address(&bob).await);
    let calendar = read(&hers).await;
    assert!(!lines_of(&calendar, party).is_empty() && !lines_of(&calendar, other).is_empty());
    let calendar = read(&his).await;
    assert!(!calendar.contains("VEVENT") && calendar.contains("VTIMEZONE"), "{calendar}");

    let first = ticket(&psql, party, &bob).await;
    let calendar = read(&his).await;
    assert_eq!(value(&calendar, party, "STATUS"), "CONFIRMED");
    assert_eq!(value(&calendar, party, "ORGANIZER;CN=\"Alice\""), format!("urn:uuid:{}", alice.id));
    assert!(lines_of(&calendar, other).is_empty());
    // The number grows with each change, of the event and of what one holds.
    let mut numbers = vec![sequence(&calendar, party)];
    let rename =
        "update events set name = 'Feast', event_time = event_time + make_interval(hours => 1) where id = $1";
    psql.execute(rename, &[&party]).await.unwrap();
    let calendar = read(&his).await;
    assert_eq!(value(&calendar, party, "SUMMARY"), "Feast");
    numbers.push(sequence(&calendar, party));
    psql.execute("update tickets set cancelled_at = now() where id = $1", &[&first]).await.unwrap();
    let calendar = read(&his).await;
    assert_eq!(value(&calendar, party, "STATUS"), "CANCELLED");
    numbers.push(sequence(&calendar, party));
    ticket(&psql, party, &bob).await;
    let calendar = read(&his).await;
    assert_eq!(value(&calendar, party, "STATUS"), "CONFIRMED");
    numbers.push(sequence(&calendar, party));
    // What was given back does not stay for ever, and the number is no smaller for that.
    psql.execute("delete from tickets where id = $1", &[&first]).await.unwrap();
    assert_eq!(sequence(&read(&his).await, party), numbers[3]);
    psql.execute("delete from events where id = $1", &[&party]).await.unwrap();
    for url in [&hers, &his] {
        let calendar = read(url).await;
        assert_eq!(
            (value(&calendar, party, "STATUS"), value(&calendar, party, "SUMMARY")),
            ("CANCELLED", "Feast")
        );
    }
    numbers.push(sequence(&read(&his).await, party));
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");

    // After 30 days it is gone, and so is the row.
    psql.batch_execute("update calendar_tombstones set deleted_at = now() - interval '31 days'")
        .await
        .unwrap();
    assert!(lines_of(&read(&his).await, party).is_empty());
    psql.batch_execute("insert into jobs (task) values ('sweep_calendars')").await.unwrap();
    world.rests().await;
    let rows = "select count(*) from calendar_tombstones";
    assert_eq!(psql.query_one(rows, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_grows_with_every_change_however_quick_and_never_falls() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party", "tomorrow", "UTC", 60).await;
    let (hers, his) = (address(&alice).await, address(&bob).await);
    // A ticket from before this number was kept counts by its time.
    let old = ticket(&psql, party, &bob).await;
    let before = "set session_replication_role = replica; update tickets set sequence = null, created_at = now() + interval '5 seconds'";
    world.superuser().await.batch_execute(before).await.unwrap();
    let mut numbers = vec![sequence(&read(&his).await, party)];
    assert!(numbers[0] >= 9, "{numbers:?}");
    let back = "update tickets set cancelled_at = now() where id = $1";
    psql.execute(back, &[&old]).await.unwrap();
    numbers.push(sequence(&read(&his).await, party));
    for _ in 0..5 {
        let bought = ticket(&psql, party, &bob).await;
        numbers.push(sequence(&read(&his).await, party));
        assert_eq!(sequence(&file(&bob, party).await, party), numbers[numbers.len() - 1]);
        psql.execute(back, &[&bought]).await.unwrap();
        numbers.push(sequence(&read(&his).await, party));
    }
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    // What was given back is removed in the end; the number stays where the event stays.
    let (held, given) = (ticket(&psql, party, &bob).await, ticket(&psql, party, &bob).await);
    psql.execute(back, &[&given]).await.unwrap();
    let own = ticket(&psql, party, &alice).await;
    psql.execute(back, &[&own]).await.unwrap();
    let latest = (sequence(&read(&hers).await, party), sequence(&read(&his).await, party));
    let long_ago = "set session_replication_role = replica; update tickets set cancelled_at = now() - interval '40 days' where cancelled_at is not null";
    world.superuser().await.batch_execute(long_ago).await.unwrap();
    psql.batch_execute("insert into jobs (task) values ('sweep_tickets')").await.unwrap();
    world.rests().await;
    let left =
        psql.query_one("select count(*) from tickets where cancelled_at is not null", &[]).await.unwrap();
    assert_eq!(left.get::<_, i64>(0), 2, "the latest of each");
    assert_eq!((sequence(&read(&hers).await, party), sequence(&read(&his).await, party)), latest);
    psql.execute("delete from events where id = $1", &[&party]).await.unwrap();
    let last = (sequence(&read(&hers).await, party), sequence(&read(&his).await, party));
    assert!(last.0 > latest.0 && last.1 > latest.1, "{latest:?} {last:?} {held}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_back_long_ago_is_gone() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party", "tomorrow", "UTC", 60).await;
    let his = address(&bob).await;
    let held = ticket(&psql, party, &bob).await;
    let back = "update tickets set cancelled_at = now() - make_interval(days => $2) where id = $1";
    psql.execute(back, &[&held, &29]).await.unwrap();
    assert_eq!(value(&read(&his).await, party, "STATUS"), "CANCELLED");
    psql.execute(back, &[&held, &31]).await.unwrap();
    assert!(lines_of(&read(&his).await, party).is_empty());
    psql.execute("delete from events where id = $1", &[&party]).await.unwrap();
    assert!(lines_of(&read(&his).await, party).is_empty(), "it comes back when it is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_has_the_thousand_events_nearest_to_now() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let fill = format!(
        "insert into events (owner_id, name, event_time, max_tickets)
         select '{}', 'Day ' || n, now() + make_interval(days => n, mins => 5), 1 from generate_series(-400, 1100) as n",
        alice.id
    );
    world.psql().await.batch_execute(&fill).await.unwrap();
    let calendar = read(&address(&alice).await).await;
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 1_000);
    for (day, is_there) in [
        ("Day -400", false),
        ("Day -366", false),
        ("Day -364", true),
        ("Day 0", true),
        ("Day 634", true),
        ("Day 640", false),
    ] {
        assert_eq!(calendar.contains(&format!("SUMMARY:{day}\r\n")), is_there, "{day}");
    }
    let (first, last) =
        (calendar.find("SUMMARY:Day -364").unwrap(), calendar.find("SUMMARY:Day 600").unwrap());
    assert!(first < last, "they are in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_is_a_file_for_whoever_is_signed_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let party =
        event(&psql, &alice, "Party; bring: food, drinks \\o/", "2027-07-01 16:00Z", "Europe/Berlin", 150)
            .await;
    let words = format!("First line\r\nSecond, {}", "long ".repeat(100));
    psql.execute("update events set description = $1", &[&words]).await.unwrap();
    let text = file(&bob, party).await;
    assert_eq!(value(&text, party, "SUMMARY"), "Party\\; bring: food\\, drinks \\\\o/");
    assert_eq!(value(&text, party, "DTSTART;TZID=Europe/Berlin"), "20270701T180000");
    assert_eq!(value(&text, party, "DTEND;TZID=Europe/Berlin"), "20270701T203000");
    assert_eq!(value(&text, party, "DESCRIPTION"), format!("First line\\nSecond\\, {}", "long ".repeat(100)));
    assert_eq!((sequence(&text, party), text.contains("X-WR-CALNAME")), (1, false));
    // The same event for a calendar that is subscribed to.
    ticket(&psql, party, &bob).await;
    let text = file(&bob, party).await;
    assert_eq!(lines_of(&text, party), lines_of(&read(&address(&bob).await).await, party));
    let path = |id: Uuid| format!("/api/v1/events/{id}/calendar.ics");
    bob.get(&path(Uuid::now_v7())).await.refused(404, "not_found");
    bob.bearing("").get(&path(party)).await.refused(401, "not_signed_in");
    bob.get("/api/v1/events/7/calendar.ics").await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_sql_has_written_there_is_a_calendar() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let (hers, his) = (address(&alice).await, address(&bob).await);
    let party = event(&psql, &alice, "Party", "tomorrow", "Europe/Berlin", 525_600).await;
    ticket(&psql, party, &bob).await;
    for sql in [
        "update events set created_at = 'infinity', updated_at = '-infinity'",
        "update tickets set created_at = '-infinity'",
        "update tickets set created_at = '0044-03-15 BC'",
        "update events set created_at = '4713-01-01 BC'",
        "update events set event_time = '9997-12-30', timezone = 'Pacific/Kiritimati'",
        "update events set event_time = '1900-01-02', timezone = 'America/New_York'",
        "update events set event_time = now(), timezone = 'Etc/GMT+12'",
        "delete from events",
    ] {
        psql.batch_execute(sql).await.unwrap();
        for url in [&hers, &his] {
            read(url).await;
        }
    }
}
