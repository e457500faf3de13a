//! The shapes of a ticket.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, events::local_time, http::sorts, time::Timestamp};

sorts! {
    /// The order of the tickets of an event.
    TicketSort {
        #[default]
        Oldest = "created_at",
        Newest = "-created_at",
        FirstIn = "checked_in_at",
        LastIn = "-checked_in_at",
        Fewest = "quantity",
        Most = "-quantity",
    }
}

sorts! {
    /// The order of somebody's own tickets.
    HeldTicketSort {
        #[default]
        Soonest = "event_time",
        Latest = "-event_time",
        Oldest = "created_at",
        Newest = "-created_at",
    }
}

/// How many places are wanted.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewTicket {
    /// How many places, 1 to 10.
    #[oai(validator(minimum(value = "1"), maximum(value = "10")))]
    pub quantity: i32,
    /// Whether to wait for them where there are not so many; false when left out.
    pub wait: Option<bool>,
}

/// Places at an event, in one ticket.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Ticket {
    /// Which ticket it is.
    pub id: Uuid,
    /// The event it is for.
    pub event_id: Uuid,
    /// Who holds it.
    pub holder_id: Uuid,
    /// How many places it is for.
    pub quantity: i32,
    /// When it was bought.
    pub created_at: Timestamp,
    /// When its holder came in; null before that.
    pub checked_in_at: Option<Timestamp>,
}

/// What somebody's ticket is for.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
pub struct TicketEvent {
    /// What the event is called.
    pub name: String,
    /// When it begins.
    pub event_time: Timestamp,
    /// The time zone of the place.
    pub timezone: String,
    /// What clocks show there when it begins.
    pub local_time: String,
}

/// Somebody's own ticket, with what it is for.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct HeldTicket {
    /// The ticket.
    #[oai(flatten)]
    #[serde(flatten)]
    pub ticket: Ticket,
    /// What it is for.
    pub event: TicketEvent,
}

/// A place on the waiting list that somebody has just taken, or has had already.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct WaitingReceipt {
    /// The event.
    pub event_id: Uuid,
    /// The place among those who wait: 1 is next, and 0 is who has places held for them.
    pub position: i64,
}

/// Somebody on the waiting list.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(rename = "WaitingPlace", example)]
pub struct Waiting {
    /// Who waits.
    pub user_id: Uuid,
    /// For how many places.
    pub quantity: i32,
    /// The place among those who wait: 1 is next, and 0 is who has places held for them.
    pub position: i64,
    /// Until when the places are held for them; null while they wait.
    pub held_until: Option<Timestamp>,
    /// Since when they wait.
    pub created_at: Timestamp,
}

/// The form of the code of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[oai(rename_all = "snake_case", rename = "TicketCodeFormat")]
pub enum CodeFormat {
    /// As text, in JSON.
    #[default]
    Json,
    /// As a picture that scanners read: a QR code.
    Svg,
}

/// What proves that somebody holds a ticket.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct TicketCode {
    /// The code. Whoever shows it comes in with the ticket, once.
    pub code: String,
}

/// Who came in with a ticket.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct CheckIn {
    /// The ticket.
    pub ticket_id: Uuid,
    /// Who holds it.
    pub holder: Holder,
    /// How many places it is for.
    pub quantity: i32,
    /// When they came in.
    pub checked_in_at: Timestamp,
    /// Who let them in; null when that person is gone.
    pub checked_in_by: Option<Uuid>,
}

/// Who holds a ticket.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(rename = "TicketHolder")]
pub struct Holder {
    /// Who it is.
    pub id: Uuid,
    /// The name to show.
    pub name: String,
}

impl FromRow for Ticket {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            event_id: row.try_get("event_id")?,
            holder_id: row.try_get("holder_id")?,
            quantity: row.try_get("quantity")?,
            created_at: row.try_get("created_at")?,
            checked_in_at: row.try_get("checked_in_at")?,
        })
    }
}

impl FromRow for HeldTicket {
    fn from_row(row: &Row) -> Result<Self> {
        let (event_time, timezone): (_, String) = (row.try_get("event_time")?, row.try_get("timezone")?);
        Ok(Self {
            ticket: Ticket::from_row(row)?,
            event: TicketEvent {
                name: row.try_get("name")?,
                event_time,
                local_time: local_time::shown(event_time, &timezone),
                timezone,
            },
        })
    }
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user_id: row.try_get("user_id")?,
            quantity: row.try_get("quantity")?,
            position: row.try_get("position")?,
            held_until: row.try_get("held_until")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

impl FromRow for CheckIn {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            ticket_id: row.try_get("id")?,
            holder: Holder { id: row.try_get("holder_id")?, name: row.try_get("holder_name")? },
            quantity: row.try_get("quantity")?,
            checked_in_at: row.try_get("checked_in_at")?,
            checked_in_by: row.try_get("checked_in_by")?,
        })
    }
}

fn example_id(number: u128) -> Uuid {
    Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0000 + number)
}

fn example_time(seconds: i64) -> Timestamp {
    Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

impl Example for NewTicket {
    fn example() -> Self {
        Self { quantity: 2, wait: Some(true) }
    }
}

impl Example for Ticket {
    fn example() -> Self {
        Self {
            id: example_id(0x11),
            event_id: example_id(0x10),
            holder_id: example_id(1),
            quantity: 2,
            created_at: example_time(1_780_000_000),
            checked_in_at: None,
        }
    }
}

impl Example for HeldTicket {
    fn example() -> Self {
        let event_time = example_time(1_782_579_600);
        let timezone = "Europe/Berlin".to_owned();
        let local_time = local_time::shown(event_time, &timezone);
        let event = TicketEvent { name: "Summer concert".into(), event_time, timezone, local_time };
        Self { ticket: Ticket::example(), event }
    }
}

impl Example for WaitingReceipt {
    fn example() -> Self {
        Self { event_id: example_id(0x10), position: 1 }
    }
}

impl Example for Waiting {
    fn example() -> Self {
        Self {
            user_id: example_id(1),
            quantity: 2,
            position: 0,
            held_until: Some(example_time(1_780_086_400)),
            created_at: example_time(1_780_000_000),
        }
    }
}

impl Example for TicketCode {
    fn example() -> Self {
        Self { code: "AZkfAAAAcACAAAAAAAAAEWm5mSdJtUNsfG1pZ2h0IGI".into() }
    }
}

impl Example for CheckIn {
    fn example() -> Self {
        Self {
            ticket_id: example_id(0x11),
            holder: Holder { id: example_id(1), name: "Alice".into() },
            quantity: 2,
            checked_in_at: example_time(1_782_578_000),
            checked_in_by: Some(example_id(2)),
        }
    }
}
