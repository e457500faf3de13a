//! By the clock of a place: five fields, as everybody writes them.
//!
//! A pattern is a set of times that a clock on the wall shows. Each of them is once: the first of two where a clock is put
//! back, and the moment right after the gap where a clock is put forward over it.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use croner::parser::{CronParser, Seconds, Year};

use super::Fault;

/// How many times on the wall are looked at that are over already: as many as an hour or two that come twice can hold.
const PASSED: usize = 10_000;
/// How far from its reading in UTC the time of a clock on the wall can be.
const FAR: TimeDelta = TimeDelta::hours(40);

/// A pattern and the place of the clock.
#[derive(Debug, Clone)]
pub struct Cron {
    pattern: croner::Cron,
    zone: Tz,
}

impl Cron {
    /// Minute, hour, day of the month, month, day of the week; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
    pub fn parse(pattern: &str, zone: Tz) -> Result<Self, Fault> {
        let fault = |message: String| Fault { field: "cron", message };
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let is_short = pattern.chars().count() <= 255;
        let fields = pattern.split_whitespace().count();
        if !is_short || !(fields == 5 || fields == 1 && pattern.trim().starts_with('@')) {
            return Err(fault(
                "must be minute, hour, day of the month, month, day of the week, such as 30 6 * * 1-5".into(),
            ));
        }
        let pattern = parser.parse(pattern).map_err(|error| fault(format!("cannot be read: {error}")))?;
        Ok(Self { pattern, zone })
    }

    /// The first time after `now`.
    pub fn next_after(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut on_the_wall = now.with_timezone(&self.zone).naive_local().with_nanosecond(0)?;
        for _ in 0..PASSED {
            // Read as if it were UTC, where no clock is ever put forward or back.
            let found = self.pattern.find_next_occurrence(&on_the_wall.and_utc(), true).ok()?.naive_utc();
            let at = self.moment_of(found)?;
            if at > now {
                return Some(at);
            }
            on_the_wall = found.checked_add_signed(TimeDelta::seconds(1))?;
        }
        None
    }

    /// When a clock there shows this time first; where it never does, the first moment at which it shows a later one.
    fn moment_of(&self, on_the_wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self.zone.from_local_datetime(&on_the_wall) {
            LocalResult::Single(at) => Some(at.with_timezone(&Utc)),
            LocalResult::Ambiguous(one, other) => Some(one.min(other).with_timezone(&Utc)),
            LocalResult::None => {
                let shown = |second: i64| {
                    let at = DateTime::from_timestamp(second, 0)?;
                    Some(at.with_timezone(&self.zone).naive_local())
                };
                let read = on_the_wall.and_utc();
                let mut before = read.checked_sub_signed(FAR)?.timestamp();
                let mut after = read.checked_add_signed(FAR)?.timestamp();
                while after - before > 1 {
                    let middle = before + (after - before) / 2;
                    if shown(middle)? < on_the_wall { before = middle } else { after = middle }
                }
                DateTime::from_timestamp(after, 0)
            }
        }
    }
}
