//! When schedules run, on ordinary days and on those on which clocks are changed.

use chrono::{DateTime, TimeDelta, Utc};

use chrono_tz::Tz;
use trunkline::schedules::{
    model::{Solar, SolarEvent},
    rule::{Cron, Rule, next_solar},
};

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// The times of a pattern from one moment to another.
fn times(pattern: &str, place: &str, from: &str, to: &str) -> Vec<String> {
    let cron = Cron::parse(pattern, place.parse().unwrap()).unwrap();
    let (mut at, mut found) = (utc(from), vec![]);
    while let Some(next) = cron.next_after(at).filter(|next| *next <= utc(to)) {
        found.push(next.format("%d %H:%M").to_string());
        at = next;
    }
    found
}

#[test]
fn an_hour_that_is_skipped_is_right_after_the_gap_and_once() {
    // Two o'clock is three o'clock.
    let berlin = times("30 2 * * *", "Europe/Berlin", "2027-03-26T12:00:00Z", "2027-03-30T12:00:00Z");
    assert_eq!(berlin, ["27 01:30", "28 01:00", "29 00:30", "30 00:30"]);
    let york = times("15 2 * * *", "America/New_York", "2027-03-13T12:00:00Z", "2027-03-16T00:00:00Z");
    assert_eq!(york, ["14 07:00", "15 06:15"]);
    // Half an hour.
    let howe = times("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T12:00:00Z", "2026-10-05T12:00:00Z");
    assert_eq!(howe, ["02 15:45", "03 15:30", "04 15:15"]);
    // Many that fall into the gap are one, with that which stands there anyway.
    let many = times("*/20 * * * *", "Europe/Berlin", "2027-03-28T00:35:00Z", "2027-03-28T01:30:00Z");
    assert_eq!(many, ["28 00:40", "28 01:00", "28 01:20"]);
}

#[test]
fn an_hour_that_comes_twice_is_once() {
    let berlin = times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-27T00:00:00Z");
    assert_eq!(berlin, ["25 00:30", "26 01:30"]);
    let york = times("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", "2026-11-03T00:00:00Z");
    assert_eq!(york, ["01 05:30", "02 06:30"]);
    let howe = times("45 1 * * *", "Australia/Lord_Howe", "2027-04-02T12:00:00Z", "2027-04-05T00:00:00Z");
    assert_eq!(howe, ["02 14:45", "03 14:45", "04 15:15"]);
    // The second half of it has none.
    let many = times("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", "2026-10-25T02:45:00Z");
    assert_eq!(many, ["25 00:00", "25 00:30", "25 02:00", "25 02:30"]);
}

#[test]
fn a_quarter_to_is_a_quarter_to_where_clocks_are_odd() {
    let nepal = times("0 6 * * *", "Asia/Kathmandu", "2026-11-29T00:00:00Z", "2026-12-01T12:00:00Z");
    assert_eq!(nepal, ["29 00:15", "30 00:15", "01 00:15"]);
    // A day that was left out.
    let samoa = times("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", "2012-01-01T00:00:00Z");
    assert_eq!(samoa, ["29 22:00", "30 10:00", "30 22:00", "31 22:00"]);
}

#[test]
fn patterns_are_read_as_everybody_writes_them() {
    let week = times("30 6 * * 1-5", "UTC", "2026-11-27T00:00:00Z", "2026-12-01T12:00:00Z");
    assert_eq!(week, ["27 06:30", "30 06:30", "01 06:30"]);
    assert_eq!(times("@daily", "UTC", "2026-11-29T00:00:00Z", "2026-11-30T00:00:00Z"), ["30 00:00"]);
    // Either day will do, when both are said.
    let both = times("0 0 1 * MON", "UTC", "2026-11-29T00:00:00Z", "2026-12-07T00:00:00Z");
    assert_eq!(both, ["30 00:00", "01 00:00", "07 00:00"]);
    for wrong in ["", "* * * *", "* * * * * *", "60 * * * *", "hello", "@never", "* * * * 8", "a b c d e"] {
        assert!(Cron::parse(wrong, Tz::UTC).is_err(), "{wrong}");
    }
    let never = Cron::parse("0 0 30 2 *", Tz::UTC).unwrap();
    assert_eq!(never.next_after(utc("2026-11-29T00:00:00Z")), None);
}

#[test]
fn a_pace_is_kept_whenever_it_is_looked() {
    let since = utc("2026-11-29T00:00:00Z");
    let every = Rule::Every(90, since);
    assert_eq!(every.next_after(since), Some(since + TimeDelta::seconds(90)));
    assert_eq!(every.next_after(since + TimeDelta::seconds(89)), Some(since + TimeDelta::seconds(90)));
    assert_eq!(every.next_after(since + TimeDelta::seconds(90)), Some(since + TimeDelta::seconds(180)));
    // Somebody's clock is behind.
    assert_eq!(every.next_after(since - TimeDelta::days(1)), Some(since + TimeDelta::seconds(90)));
    let days = since + TimeDelta::days(1000) + TimeDelta::seconds(1);
    assert_eq!(every.next_after(days), Some(since + TimeDelta::days(1000) + TimeDelta::seconds(90)));
}

fn sun(event: SolarEvent, latitude: f64, longitude: f64) -> Solar {
    Solar { event, latitude, longitude }
}

#[test]
fn the_sun_rises_and_sets_where_people_see_it() {
    let near = |solar: Solar, from: &str, wanted: &str| {
        let at = next_solar(&solar, utc(from)).unwrap();
        assert!((at - utc(wanted)).abs() < TimeDelta::minutes(2), "{solar:?}: {at}");
    };
    // Berlin, by the almanac.
    near(sun(SolarEvent::Sunrise, 52.52, 13.405), "2026-06-20T12:00:00Z", "2026-06-21T02:43:00Z");
    near(sun(SolarEvent::Sunset, 52.52, 13.405), "2026-06-21T12:00:00Z", "2026-06-21T19:33:00Z");
    near(sun(SolarEvent::Noon, 52.52, 13.405), "2026-06-21T02:00:00Z", "2026-06-21T11:08:00Z");
}

#[test]
fn each_day_has_one_sunrise() {
    let sydney = sun(SolarEvent::Sunrise, -33.87, 151.21);
    let mut at = utc("2026-01-01T00:00:00Z");
    for day in 0..400 {
        let next = next_solar(&sydney, at).unwrap();
        let apart = (next - at).num_minutes();
        assert!(day == 0 || (1430..1450).contains(&apart), "{next}: {apart}");
        at = next;
    }
}

#[test]
fn where_the_sun_does_not_rise_it_is_waited_for() {
    // Longyearbyen: polar night from late October to mid-February, midnight sun from April to August.
    let rise = next_solar(&sun(SolarEvent::Sunrise, 78.22, 15.65), utc("2026-11-29T00:00:00Z")).unwrap();
    assert!(rise > utc("2027-02-10T00:00:00Z") && rise < utc("2027-02-20T00:00:00Z"), "{rise}");
    let set = next_solar(&sun(SolarEvent::Sunset, 78.22, 15.65), utc("2026-05-15T00:00:00Z")).unwrap();
    assert!(set > utc("2026-08-20T00:00:00Z") && set < utc("2026-08-30T00:00:00Z"), "{set}");
    // White nights are never astronomically dark: the next dusk is in August.
    let dusk = next_solar(&sun(SolarEvent::AstronomicalDusk, 59.94, 30.31), utc("2026-06-01T00:00:00Z"));
    assert!(dusk.unwrap() > utc("2026-07-20T00:00:00Z"), "{dusk:?}");
    // Once a year at the pole.
    let pole = next_solar(&sun(SolarEvent::Sunrise, 90.0, 0.0), utc("2026-11-29T00:00:00Z"));
    assert!(pole.is_none_or(|at| at > utc("2027-03-10T00:00:00Z")), "{pole:?}");
}
