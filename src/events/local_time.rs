//! Times as people say them: an instant, or what the clock on the wall shows in a time zone.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::time::Timestamp;

/// The longest time that clocks have skipped anywhere: a day, when a place changed sides of the date line.
const LONGEST_GAP_MINUTES: i64 = 2 * 24 * 60;

/// When an event begins, as a client says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventTime {
    /// With an offset: this very moment.
    Instant(Timestamp),
    /// Without one: what clocks show in the time zone of the event.
    Local(NaiveDateTime),
}

impl EventTime {
    /// The moment that is meant, in this zone. A local time that clocks skip is the moment right after the gap; one that comes twice
    /// is the first. `None` for what no calendar reaches.
    pub fn in_zone(self, zone: Tz) -> Option<Timestamp> {
        match self {
            Self::Instant(moment) => Some(moment),
            Self::Local(local) => instant_of(local, zone).map(Timestamp),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::Instant(Timestamp(time.with_timezone(&Utc))));
        }
        let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
        // Four digits of a year: chrono reads signs and more.
        let is_plain =
            text.as_bytes().get(4) == Some(&b'-') && text.starts_with(|c: char| c.is_ascii_digit());
        let parsed = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        parsed.filter(|_| is_plain).map(Self::Local)
    }
}

/// The time zone of this name; `None` where IANA has none such.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// What clocks show at a moment, with their offset. A zone that this program does not know is taken for UTC.
pub fn shown(moment: Timestamp, name: &str) -> String {
    let zone = zone(name).unwrap_or(Tz::UTC);
    zone.from_utc_datetime(&moment.0.naive_utc()).to_rfc3339_opts(SecondsFormat::Millis, false)
}

fn instant_of(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    if let Some(first) = zone.from_local_datetime(&local).earliest() {
        return Some(first.with_timezone(&Utc));
    }
    // Clocks are moved at whole minutes: the first minute that they show again is the end of the gap.
    let minute = local.with_second(0)?.with_nanosecond(0)?;
    (1..=LONGEST_GAP_MINUTES).find_map(|minutes| {
        let later = minute.checked_add_signed(TimeDelta::minutes(minutes))?;
        zone.from_local_datetime(&later).earliest().map(|first| first.with_timezone(&Utc))
    })
}

impl Type for EventTime {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl Serialize for EventTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Instant(moment) => moment.serialize(serializer),
            Self::Local(local) => serializer.serialize_str(&local.format("%Y-%m-%dT%H:%M:%S%.f").to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for EventTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(
                "must be a time such as 2026-05-01T19:00:00Z, or a local time such as 2026-05-01T19:00:00",
            )
        })
    }
}

impl ParseFromJSON for EventTime {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
    }
}

impl ToJSON for EventTime {
    fn to_json(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{EventTime, shown, zone};

    fn utc(local: &str, name: &str) -> String {
        EventTime::parse(local).unwrap().in_zone(zone(name).unwrap()).unwrap().to_rfc3339()
    }

    #[test]
    fn a_local_time_is_one_moment_on_the_days_on_which_clocks_change() {
        for (local, name, moment) in [
            // Skipped: right after the gap.
            ("2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"),
            ("2026-03-29T02:00:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"),
            ("2026-03-29T02:59:59.999", "Europe/Berlin", "2026-03-29T01:00:00.000Z"),
            ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"),
            ("2026-03-29T01:59:59", "Europe/Berlin", "2026-03-29T00:59:59.000Z"),
            ("2026-03-08T02:15:00", "America/New_York", "2026-03-08T07:00:00.000Z"),
            ("2026-10-04T02:10:00", "Australia/Lord_Howe", "2026-10-03T15:30:00.000Z"),
            // A whole day was skipped here.
            ("2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T10:00:00.000Z"),
            // Twice: the first.
            ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00.000Z"),
            ("2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00.000Z"),
            ("2026-04-05T01:45:00", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z"),
            // Never changed.
            ("2026-05-01T19:00:00", "Asia/Kathmandu", "2026-05-01T13:15:00.000Z"),
            ("2026-05-01T19:00:00", "UTC", "2026-05-01T19:00:00.000Z"),
        ] {
            assert_eq!(utc(local, name), moment, "{local} in {name}");
        }
        // With an offset it is that moment, whatever the zone is.
        assert_eq!(utc("2026-10-25T02:30:00+01:00", "Asia/Kathmandu"), "2026-10-25T01:30:00.000Z");
    }

    #[test]
    fn what_clocks_show_has_their_offset() {
        let at = |text: &str| EventTime::parse(text).unwrap().in_zone(chrono_tz::UTC).unwrap();
        for (moment, name, local) in [
            ("2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25T02:30:00.000+02:00"),
            ("2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25T02:30:00.000+01:00"),
            ("2026-05-01T13:15:00Z", "Asia/Kathmandu", "2026-05-01T19:00:00.000+05:45"),
            ("2026-05-01T13:15:00Z", "UTC", "2026-05-01T13:15:00.000+00:00"),
            ("2026-05-01T13:15:00Z", "Nowhere/At_All", "2026-05-01T13:15:00.000+00:00"),
        ] {
            assert_eq!(shown(at(moment), name), local);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2026-05-01",
            "2026-02-30T10:00:00",
            "+2026-05-01T10:00:00",
            "12026-05-01T10:00:00",
            "19:00",
        ] {
            assert_eq!(EventTime::parse(text), None, "{text}");
        }
    }
}
