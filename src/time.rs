//! Times as the API writes them: RFC 3339 in UTC with milliseconds and `Z`.

use std::{borrow::Cow, time::Duration};

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, TimeZone, Utc};
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type},
};
use postgres_types::{FromSql, ToSql, accepts};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// What RFC 3339 can write.
const FIRST_YEAR: i32 = 1;
const LAST_YEAR: i32 = 9999;

/// How long to wait for what is due in so many seconds, an hour at most. A moment more: whose clock is behind by less than that
/// looks once and not many times.
pub fn pause_until(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.clamp(0.0, 3600.0)) + Duration::from_millis(1)
}

/// A moment, to the millisecond on the wire and to the microsecond in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ToSql)]
#[postgres(transparent)]
pub struct Timestamp(pub DateTime<Utc>);

impl Timestamp {
    /// This very moment.
    pub fn now() -> Self {
        Self(Utc::now())
    }

    /// The last moment that is written like this one. Who asks for what happened up to a time has read that time in an
    /// answer, where it was cut to the millisecond.
    #[must_use]
    pub fn and_what_is_cut_off(self) -> Self {
        let cut = self.0.timestamp_subsec_micros() % 1000;
        Self(self.0 + TimeDelta::microseconds(i64::from(999 - cut)))
    }

    /// `2026-01-31T12:00:00.000Z`
    pub fn to_rfc3339(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

impl<'a> FromSql<'a> for Timestamp {
    fn from_sql(
        ty: &postgres_types::Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match DateTime::<Utc>::from_sql(ty, raw) {
            Ok(time) if (FIRST_YEAR..=LAST_YEAR).contains(&time.year()) => Ok(Self(time)),
            // SQL may write what no clock shows, `infinity` among it: one such row must not hide all the others.
            _ => {
                let year =
                    if raw.first().is_some_and(|byte| byte & 0x80 == 0) { LAST_YEAR } else { FIRST_YEAR };
                Ok(Self(Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().unwrap_or_default()))
            }
        }
    }

    accepts!(TIMESTAMPTZ);
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| serde::de::Error::custom("must be a time such as 2026-01-31T12:00:00Z"))?;
        Ok(Self(time.with_timezone(&Utc)))
    }
}

impl Type for Timestamp {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string(date-time)".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "date-time")))
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Timestamp {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
    }
}

impl ParseFromParameter for Timestamp {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Self::parse_from_json(Some(Value::from(value)))
    }
}

impl ToJSON for Timestamp {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.to_rfc3339()))
    }
}
