//! Time zones as iCalendar describes them (RFC 5545 §3.6.5): which offsets from UTC hold around some moments.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

use super::text::Lines;

/// How far back a change of the offset is looked for: where there was none in so long, the zone has none.
const BACK: TimeDelta = TimeDelta::days(400);
/// In steps of so much; what changes and changes back in between does not happen.
const STEP: TimeDelta = TimeDelta::hours(12);

/// What holds in a zone from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    /// Seconds east of UTC.
    offset: i32,
    is_summer: bool,
    name: String,
}

/// Zones, each with the moments that are shown in it.
#[derive(Debug, Default)]
pub struct Zones(BTreeMap<&'static str, (Option<Tz>, Vec<DateTime<Utc>>)>);

impl Zones {
    /// The parameters and the value of a property for each of these moments, as they are written in the zone of this name. In UTC where
    /// the zone is that, or is not known, or where one of the moments could be taken for another: the local times of an hour that comes
    /// twice, and what no year of four digits has.
    pub fn write(&mut self, zone: &str, moments: &[DateTime<Utc>]) -> (String, Vec<String>) {
        let locals = find(zone).and_then(|tz| Some((tz, locals(tz, moments)?)));
        match locals {
            Some((tz, locals)) => {
                self.0.entry(tz.name()).or_insert((Some(tz), vec![])).1.extend(moments);
                (format!(";TZID={}", tz.name()), locals.into_iter().map(local).collect())
            }
            None => (String::new(), moments.iter().copied().map(utc).collect()),
        }
    }

    /// Adds UTC by name: a calendar must hold something.
    pub fn name_utc(&mut self) {
        self.0.insert("Etc/UTC", (None, vec![]));
    }

    /// Describes every zone that was written.
    pub fn describe(self, lines: &mut Lines) {
        for (name, (tz, moments)) in self.0 {
            lines.put("BEGIN", "VTIMEZONE").put("TZID", name);
            match tz {
                Some(tz) => observances(tz, moments, lines),
                None => {
                    let utc = Rule { offset: 0, is_summer: false, name: "UTC".into() };
                    observance(DateTime::UNIX_EPOCH, &utc, &utc, lines);
                }
            }
            lines.put("END", "VTIMEZONE");
        }
    }
}

/// A moment in UTC.
pub fn utc(moment: DateTime<Utc>) -> String {
    local(moment.naive_utc()) + "Z"
}

fn local(time: NaiveDateTime) -> String {
    time.format("%Y%m%dT%H%M%S").to_string()
}

fn find(zone: &str) -> Option<Tz> {
    let is_utc = ["UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"];
    if is_utc.contains(&zone) { None } else { zone.parse().ok() }
}

/// The local times of moments, if each is the only moment with that local time.
fn locals(tz: Tz, moments: &[DateTime<Utc>]) -> Option<Vec<NaiveDateTime>> {
    let local = |moment: &DateTime<Utc>| {
        let time = tz.from_utc_datetime(&moment.naive_utc()).naive_local();
        let is_plain = (1..=9999).contains(&time.year())
            && matches!(tz.from_local_datetime(&time), MappedLocalTime::Single(_));
        is_plain.then_some(time)
    };
    moments.iter().map(local).collect()
}

fn rule(tz: Tz, moment: DateTime<Utc>) -> Rule {
    let offset = tz.offset_from_utc_datetime(&moment.naive_utc());
    Rule {
        offset: offset.fix().local_minus_utc(),
        is_summer: offset.dst_offset() > TimeDelta::zero(),
        name: offset.abbreviation().unwrap_or_default().to_owned(),
    }
}

/// The last change before each moment is what holds then, whatever happened between the moments.
fn observances(tz: Tz, mut moments: Vec<DateTime<Utc>>, lines: &mut Lines) {
    moments.sort_unstable();
    let mut found: BTreeMap<DateTime<Utc>, (Rule, Rule)> = BTreeMap::new();
    for moment in moments {
        let known = found.range(..=moment).next_back();
        let now = rule(tz, moment);
        if known.is_some_and(|(_, (_, after))| *after == now) {
            continue;
        }
        let (at, before) = last_change(tz, moment, &now);
        found.insert(at, (before, now));
    }
    for (at, (before, after)) in &found {
        observance(*at, before, after, lines);
    }
}

/// When what holds at a moment began to hold, and what held before; where that is long ago, some time before.
fn last_change(tz: Tz, moment: DateTime<Utc>, now: &Rule) -> (DateTime<Utc>, Rule) {
    let floor = moment.checked_sub_signed(BACK).filter(|floor| floor.year() >= 1);
    let Some(floor) = floor else { return (moment, now.clone()) };
    let mut later = moment;
    while later > floor {
        let earlier = later - STEP;
        if rule(tz, earlier) != *now {
            return first(tz, earlier, later, now);
        }
        later = earlier;
    }
    (floor, now.clone())
}

/// The first second from which on `now` holds, between one in which it does not and one in which it does.
fn first(tz: Tz, mut earlier: DateTime<Utc>, mut later: DateTime<Utc>, now: &Rule) -> (DateTime<Utc>, Rule) {
    while later - earlier > TimeDelta::seconds(1) {
        let middle = earlier + TimeDelta::seconds((later - earlier).num_seconds() / 2);
        if rule(tz, middle) == *now { later = middle } else { earlier = middle }
    }
    (later, rule(tz, earlier))
}

fn observance(at: DateTime<Utc>, before: &Rule, after: &Rule, lines: &mut Lines) {
    let kind = if after.is_summer { "DAYLIGHT" } else { "STANDARD" };
    // Told in the time that held until then.
    let onset = local(at.naive_utc() + TimeDelta::seconds(before.offset.into()));
    lines.put("BEGIN", kind).put("DTSTART", &onset);
    // The same once more: there are readers that look for the onsets of a zone among rules and dates alone.
    lines.put("RDATE", &onset);
    lines.put("TZOFFSETFROM", &offset(before.offset)).put("TZOFFSETTO", &offset(after.offset));
    if !after.name.is_empty() {
        lines.text("TZNAME", &after.name);
    }
    lines.put("END", kind);
}

/// `+0100`, with seconds where there are some: before there were zones, each town had its own.
fn offset(seconds: i32) -> String {
    let (sign, all) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let (hours, minutes, rest) = (all / 3600, all / 60 % 60, all % 60);
    if rest == 0 {
        format!("{sign}{hours:02}{minutes:02}")
    } else {
        format!("{sign}{hours:02}{minutes:02}{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Zones, offset};
    use crate::calendars::text::Lines;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn described(zone: &str, moments: &[&str]) -> String {
        let (mut zones, mut lines) = (Zones::default(), Lines::default());
        for moment in moments {
            zones.write(zone, &[at(moment)]);
        }
        zones.describe(&mut lines);
        lines.into_string().replace("\r\n", " ")
    }

    #[test]
    fn a_zone_tells_the_offset_that_holds_at_each_moment() {
        let berlin = described("Europe/Berlin", &["2026-07-01T10:00:00Z", "2026-12-01T10:00:00Z"]);
        let summer = "BEGIN:DAYLIGHT DTSTART:20260329T020000 RDATE:20260329T020000 TZOFFSETFROM:+0100 TZOFFSETTO:+0200 TZNAME:CEST END:DAYLIGHT";
        let winter = "BEGIN:STANDARD DTSTART:20261025T030000 RDATE:20261025T030000 TZOFFSETFROM:+0200 TZOFFSETTO:+0100 TZNAME:CET END:STANDARD";
        assert_eq!(berlin, format!("BEGIN:VTIMEZONE TZID:Europe/Berlin {summer} {winter} END:VTIMEZONE "));
        // Half an hour, and the other half of the year.
        let island = described("Australia/Lord_Howe", &["2026-12-01T10:00:00Z"]);
        assert!(island.contains("TZOFFSETFROM:+1030 TZOFFSETTO:+1100"), "{island}");
        assert!(island.contains("DTSTART:20261004T020000"), "{island}");
        // No change in living memory.
        let mountains = described("Asia/Kathmandu", &["2026-12-01T10:00:00Z"]);
        assert!(mountains.contains("TZOFFSETFROM:+0545 TZOFFSETTO:+0545"), "{mountains}");
        // The same rule is told once, and each zone once.
        let twice = described("Asia/Kathmandu", &["2026-12-01T10:00:00Z", "2031-12-01T10:00:00Z"]);
        assert_eq!(twice.matches("BEGIN:STANDARD").count(), 1, "{twice}");
    }

    #[test]
    fn a_moment_is_written_so_that_it_is_no_other() {
        let mut zones = Zones::default();
        let mut write = |zone: &str, moment: &str| {
            let (parameters, values) = zones.write(zone, &[at(moment)]);
            format!("{parameters}:{}", values[0])
        };
        assert_eq!(write("Europe/Berlin", "2026-10-24T23:30:00Z"), ";TZID=Europe/Berlin:20261025T013000");
        // Half past two comes twice that night.
        assert_eq!(write("Europe/Berlin", "2026-10-25T00:30:00Z"), ":20261025T003000Z");
        assert_eq!(write("Europe/Berlin", "2026-10-25T01:30:00Z"), ":20261025T013000Z");
        assert_eq!(write("Europe/Berlin", "2026-10-25T02:30:00Z"), ";TZID=Europe/Berlin:20261025T033000");
        assert_eq!(write("UTC", "2026-10-25T02:30:00Z"), ":20261025T023000Z");
        assert_eq!(write("Nowhere/Land", "2026-10-25T02:30:00Z"), ":20261025T023000Z");
        assert_eq!(write("Asia/Tokyo", "9999-12-31T23:00:00Z"), ":99991231T230000Z");
        // Before there were zones.
        assert!(write("Europe/Berlin", "0001-01-02T00:00:00Z").contains(":0001010"));
        assert_eq!(
            (offset(3208), offset(-12_600), offset(0)),
            ("+005328".into(), "-0330".into(), "+0000".into())
        );
    }
}
