//! A calendar as iCalendar: its zones and its events.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use super::{
    model::EventRow,
    text::{Lines, quoted},
    zone::{Zones, utc},
};

/// How often a calendar program may ask again, as it is told.
const REFRESH: &str = "PT15M";

/// What a calendar is called that is subscribed to.
#[derive(Debug, Clone, Copy)]
pub struct Title<'a>(pub &'a str);

/// Writes a calendar of these events; with a title it is one that is asked for again and again.
pub fn write(events: &[EventRow], title: Option<Title<'_>>) -> String {
    let (mut zones, mut shown) = (Zones::default(), Lines::default());
    for event in events {
        show(event, &mut zones, &mut shown);
    }
    if events.is_empty() {
        zones.name_utc();
    }
    let mut lines = Lines::default();
    lines.put("BEGIN", "VCALENDAR").put("VERSION", "2.0").put("PRODID", "-//Trunkline//Trunkline//EN");
    lines.put("CALSCALE", "GREGORIAN");
    if let Some(Title(title)) = title {
        lines.text("NAME", title).text("X-WR-CALNAME", title);
        lines.put("REFRESH-INTERVAL;VALUE=DURATION", REFRESH).put("X-PUBLISHED-TTL", REFRESH);
    }
    zones.describe(&mut lines);
    lines.into_string() + &shown.into_string() + "END:VCALENDAR\r\n"
}

fn show(event: &EventRow, zones: &mut Zones, lines: &mut Lines) {
    let begins = event.event_time.0;
    let ends = end(begins, event.minutes);
    let moments = if ends > begins { vec![begins, ends] } else { vec![begins] };
    let (parameters, times) = zones.write(&event.timezone, &moments);
    let changed = utc(event.changed_at.0);
    lines.put("BEGIN", "VEVENT").put("UID", &event.id.to_string()).put("DTSTAMP", &changed);
    lines.put("LAST-MODIFIED", &changed).put("SEQUENCE", &event.sequence.to_string());
    for (name, time) in ["DTSTART", "DTEND"].iter().zip(&times) {
        lines.put(&format!("{name}{parameters}"), time);
    }
    lines.text("SUMMARY", &event.name);
    if !event.description.is_empty() {
        lines.text("DESCRIPTION", &event.description);
    }
    if let (Some(id), Some(name)) = (event.owner_id, &event.owner_name) {
        // A name, and no e-mail address: that is nobody's to see.
        lines.put(&format!("ORGANIZER;CN={}", quoted(name)), &format!("urn:uuid:{id}"));
    }
    lines.put("STATUS", if event.is_cancelled { "CANCELLED" } else { "CONFIRMED" }).put("END", "VEVENT");
}

/// When it is over, in a year of four digits.
fn end(begins: DateTime<Utc>, minutes: i32) -> DateTime<Utc> {
    let last = Utc.with_ymd_and_hms(9999, 12, 31, 23, 59, 59).single().unwrap_or(begins);
    begins.checked_add_signed(TimeDelta::minutes(minutes.into())).map_or(last, |end| end.min(last))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Title, write};
    use crate::{calendars::model::EventRow, time::Timestamp};

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse().unwrap())
    }

    fn event() -> EventRow {
        EventRow {
            id: Uuid::from_u128(7),
            name: "Summer party; bring food, drinks".into(),
            description: "In the garden.\nSince 2019".into(),
            event_time: at("2026-07-01T16:00:00Z"),
            timezone: "Europe/Berlin".into(),
            minutes: 150,
            owner_id: Some(Uuid::from_u128(8)),
            owner_name: Some("Ann \"A\" Other".into()),
            sequence: 3,
            changed_at: at("2026-06-01T08:00:00.123Z"),
            is_cancelled: false,
        }
    }

    #[test]
    fn an_event_is_written_as_calendars_read_it() {
        let text = write(&[event()], None);
        let expected = "BEGIN:VEVENT\r\nUID:00000000-0000-0000-0000-000000000007\r\nDTSTAMP:20260601T080000Z\r\n\
            LAST-MODIFIED:20260601T080000Z\r\nSEQUENCE:3\r\nDTSTART;TZID=Europe/Berlin:20260701T180000\r\n\
            DTEND;TZID=Europe/Berlin:20260701T203000\r\nSUMMARY:Summer party\\; bring food\\, drinks\r\n\
            DESCRIPTION:In the garden.\\nSince 2019\r\n\
            ORGANIZER;CN=\"Ann 'A' Other\":urn:uuid:00000000-0000-0000-0000-000000000008\r\n\
            STATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert!(text.ends_with(expected), "{text}");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"), "{text}");
        assert!(!text.contains("X-WR-CALNAME") && text.contains("TZID:Europe/Berlin\r\n"), "{text}");
    }

    #[test]
    fn a_calendar_has_a_name_and_is_never_empty() {
        let text = write(&[], Some(Title("Events of Ann")));
        assert!(
            text.contains("X-WR-CALNAME:Events of Ann\r\n") && text.contains("BEGIN:VTIMEZONE"),
            "{text}"
        );
        let endless = EventRow { event_time: at("9999-12-30T00:00:00Z"), minutes: 525_600, ..event() };
        let text = write(&[EventRow { is_cancelled: true, ..endless }], None);
        assert!(text.contains("DTEND:99991231T235959Z") || text.contains("99991231T2"), "{text}");
        assert!(text.contains("STATUS:CANCELLED\r\n"), "{text}");
        let moment = EventRow { minutes: 0, ..event() };
        assert!(!write(&[moment], None).contains("DTEND"));
    }
}
