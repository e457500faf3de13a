//! Events as calendar programs read them.

mod address;
mod reading;
mod stock;

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Person, log};

const MINE: &str = "/api/v1/users/me/calendar";

/// An event of somebody, as psql would make it: at a time, in a zone, of so many minutes.
async fn event(psql: &Client, owner: &Person, name: &str, at: &str, zone: &str, minutes: i32) -> Uuid {
    let sql = "insert into events (owner_id, name, event_time, timezone, duration_hours, duration_minutes, max_tickets)
        values ($1, $2, $3::text::timestamptz, $4, $5, $6, 100) returning id";
    let (hours, rest) = (minutes / 60, minutes % 60);
    psql.query_one(sql, &[&owner.id, &name, &at, &zone, &hours, &rest]).await.unwrap().get(0)
}

/// So many places at an event, as psql would buy them.
async fn ticket(psql: &Client, event: Uuid, holder: &Person) -> Uuid {
    let sql = "insert into tickets (event_id, holder_id, quantity) values ($1, $2, 1) returning id";
    psql.query_one(sql, &[&event, &holder.id]).await.unwrap().get(0)
}

/// Makes an address for somebody's calendar.
async fn address(person: &Person) -> String {
    let url = person.act(MINE).await.expect(201)["url"].as_str().unwrap().to_owned();
    let token = url.strip_prefix(&format!("{}/api/v1/calendars/", person.base)).unwrap();
    log::note(&json!({"token": token.strip_suffix(".ics").unwrap()}));
    url
}

/// What stands at an address, without a token; with the lines that go on put together.
async fn read(url: &str) -> String {
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(
        (answer.status(), &answer.headers()["content-type"]),
        (StatusCode::OK, &"text/calendar; charset=utf-8".parse().unwrap())
    );
    let text = answer.text().await.unwrap();
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    text.replace("\r\n ", "")
}

/// The file of one event.
async fn file(person: &Person, event: Uuid) -> String {
    let path = format!("/api/v1/events/{event}/calendar.ics");
    let answer = person.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap().replace("\r\n ", "")
}

/// The lines of an event in a calendar.
fn lines_of(calendar: &str, event: Uuid) -> Vec<&str> {
    let all = calendar.split("BEGIN:VEVENT\r\n").skip(1).map(|part| part.split_once("END:VEVENT").unwrap().0);
    let uid = format!("UID:{event}");
    let mut found =
        all.map(|part| part.lines().collect::<Vec<_>>()).filter(|lines| lines.contains(&uid.as_str()));
    let lines = found.next().unwrap_or_default();
    assert!(found.next().is_none(), "{event} is there twice");
    lines
}

/// The value of a field of an event.
fn value<'a>(calendar: &'a str, event: Uuid, name: &str) -> &'a str {
    let lines = lines_of(calendar, event);
    let line = lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("{event} has no {name}: {lines:?}"))
}

fn sequence(calendar: &str, event: Uuid) -> i64 {
    value(calendar, event, "SEQUENCE").parse().unwrap()
}
