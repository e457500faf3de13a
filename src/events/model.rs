//! The shapes of an event.

use chrono::TimeDelta;
use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use super::local_time::{self, EventTime};
use crate::{
    db::FromRow,
    error::Result,
    http::{Search, sorts},
    time::Timestamp,
};

sorts! {
    /// The order of events.
    EventSort {
        #[default]
        Soonest = "event_time",
        Latest = "-event_time",
        Oldest = "created_at",
        Newest = "-created_at",
        Name = "name",
        NameDescending = "-name",
    }
}

/// A new event, or what one is to be from now on.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewEvent {
    /// What it is called, 1 to 255 characters in one line.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: String,
    /// When it begins: a moment with an offset (`2026-05-01T19:00:00Z`, `2026-05-01T19:00:00+02:00`), or a local time in `timezone`
    /// without one (`2026-05-01T19:00:00`). A local time that clocks skip in spring means the moment right after the gap; one that comes
    /// twice in autumn means the first.
    pub event_time: EventTime,
    /// The time zone of the place, by its name in the IANA list, such as `Europe/Berlin`; `UTC` when left out.
    pub timezone: Option<String>,
    /// What happens there, at most 10,000 characters; empty when left out.
    #[oai(validator(max_length = 10_000))]
    pub description: Option<String>,
    /// How many hours it takes, 0 to 8,760; 0 when left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "8760")))]
    pub duration_hours: Option<i32>,
    /// And how many minutes, 0 to 59; 0 when left out.
    #[oai(validator(minimum(value = "0"), maximum(value = "59")))]
    pub duration_minutes: Option<i32>,
    /// How many places there are, 0 to 1,000,000.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000")))]
    pub max_tickets: i32,
    /// Whether it has a private chat of its own, for its owner and whoever holds a ticket; false when left out. It is said when the event
    /// is made, and stays so.
    pub with_chat: Option<bool>,
    /// How many minutes before it begins the owner and the holders are reminded, 0 to 40,320 (four weeks); 0 for never, 60 when left
    /// out.
    #[oai(validator(minimum(value = "0"), maximum(value = "40320")))]
    pub remind_minutes: Option<i32>,
}

/// An event.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(rename = "EventDetails", example)]
pub struct Event {
    /// Which event it is, for ever.
    pub id: Uuid,
    /// Who made it: they may change it, and see who holds a ticket.
    pub owner_id: Uuid,
    /// What it is called.
    pub name: String,
    /// When it begins.
    pub event_time: Timestamp,
    /// The time zone of the place, by its name in the IANA list.
    pub timezone: String,
    /// What clocks show there when it begins, with their offset from UTC.
    pub local_time: String,
    /// What happens there.
    pub description: String,
    /// How many hours it takes.
    pub duration_hours: i32,
    /// And how many minutes.
    pub duration_minutes: i32,
    /// When it is over.
    pub ends_at: Timestamp,
    /// How many places there are.
    pub max_tickets: i32,
    /// How many are sold; counted, never set.
    pub tickets_sold: i32,
    /// How many are neither sold nor held for somebody who has waited; counted, never set. While others wait, they come first.
    pub tickets_left: i32,
    /// How many comments there are on it.
    pub comment_count: i32,
    /// Whether it has a chat of its own.
    pub with_chat: bool,
    /// That chat: for the owner and whoever holds a ticket; null for everybody else, and without one.
    pub chat_id: Option<Uuid>,
    /// How many minutes before it begins the owner and the holders are reminded; 0 for never.
    pub remind_minutes: i32,
    /// How often what a calendar shows of it has changed.
    pub sequence: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Which events are wanted.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words that all occur in the name or the description.
    pub search: Search,
    /// Who made them.
    pub owner_id: Option<Uuid>,
    /// When they begin at the earliest.
    pub from: Option<Timestamp>,
    /// When they begin at the latest.
    pub to: Option<Timestamp>,
}

/// What an event holds that its owner decides, checked.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct Plan {
    pub name: String,
    pub event_time: Timestamp,
    pub timezone: String,
    pub description: String,
    pub duration_hours: i32,
    pub duration_minutes: i32,
    pub max_tickets: i32,
    pub remind_minutes: i32,
}

/// A row of `events`, as somebody sees it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct EventRow {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub name: String,
    pub event_time: Timestamp,
    pub timezone: String,
    pub description: String,
    pub duration_hours: i32,
    pub duration_minutes: i32,
    pub max_tickets: i32,
    pub tickets_sold: i32,
    pub tickets_held: i32,
    pub comment_count: i32,
    pub with_chat: bool,
    pub chat_id: Option<Uuid>,
    pub remind_minutes: i32,
    pub sequence: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl FromRow for EventRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            owner_id: row.try_get("owner_id")?,
            name: row.try_get("name")?,
            event_time: row.try_get("event_time")?,
            timezone: row.try_get("timezone")?,
            description: row.try_get("description")?,
            duration_hours: row.try_get("duration_hours")?,
            duration_minutes: row.try_get("duration_minutes")?,
            max_tickets: row.try_get("max_tickets")?,
            tickets_sold: row.try_get("tickets_sold")?,
            tickets_held: row.try_get("tickets_held")?,
            comment_count: row.try_get("comment_count")?,
            with_chat: row.try_get("with_chat")?,
            chat_id: row.try_get("chat_id")?,
            remind_minutes: row.try_get("remind_minutes")?,
            sequence: row.try_get("sequence")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

impl EventRow {
    /// How many places are neither sold nor held.
    pub fn tickets_left(&self) -> i32 {
        self.max_tickets - self.tickets_sold - self.tickets_held
    }

    /// When it is over.
    pub fn ends_at(&self) -> Timestamp {
        let minutes = i64::from(self.duration_hours) * 60 + i64::from(self.duration_minutes);
        Timestamp(self.event_time.0 + TimeDelta::minutes(minutes))
    }

    /// The event as clients see it.
    pub fn view(self) -> Event {
        Event {
            local_time: local_time::shown(self.event_time, &self.timezone),
            ends_at: self.ends_at(),
            tickets_left: self.tickets_left(),
            id: self.id,
            owner_id: self.owner_id,
            name: self.name,
            event_time: self.event_time,
            timezone: self.timezone,
            description: self.description,
            duration_hours: self.duration_hours,
            duration_minutes: self.duration_minutes,
            max_tickets: self.max_tickets,
            tickets_sold: self.tickets_sold,
            comment_count: self.comment_count,
            with_chat: self.with_chat,
            chat_id: self.chat_id,
            remind_minutes: self.remind_minutes,
            sequence: self.sequence,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl Example for NewEvent {
    fn example() -> Self {
        Self {
            name: "Summer concert".into(),
            event_time: EventTime::Local(Event::example().event_time.0.naive_utc() + TimeDelta::hours(2)),
            timezone: Some("Europe/Berlin".into()),
            description: Some("In the park; when it rains, in the hall.".into()),
            duration_hours: Some(2),
            duration_minutes: Some(30),
            max_tickets: 200,
            with_chat: Some(true),
            remind_minutes: Some(60),
        }
    }
}

impl Example for Event {
    fn example() -> Self {
        let at = |seconds| Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default());
        let row = EventRow {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0010),
            owner_id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001),
            name: "Summer concert".into(),
            event_time: at(1_782_579_600),
            timezone: "Europe/Berlin".into(),
            description: "In the park; when it rains, in the hall.".into(),
            duration_hours: 2,
            duration_minutes: 30,
            max_tickets: 200,
            tickets_sold: 3,
            tickets_held: 0,
            comment_count: 2,
            with_chat: true,
            chat_id: Some(Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0002)),
            remind_minutes: 60,
            sequence: 0,
            created_at: at(1_780_000_000),
            updated_at: at(1_780_000_000),
        };
        row.view()
    }
}
