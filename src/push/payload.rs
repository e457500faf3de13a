//! What a push says: JSON of less than 3 KB, which the service worker of a page shows.

use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result, time::Timestamp};

/// What a push may have in all: what services take, without what the encryption adds.
const BYTES: usize = 2_900;
/// How long names and titles are, and what was said, in characters.
const NAME: usize = 100;
const BODY: usize = 300;
/// How long what a notification is about may be, in bytes.
const DATA: usize = 800;

/// What there is to tell, as the tables have it at this moment.
#[derive(Debug, Clone)]
pub struct Picked {
    pub kind: String,
    pub message: String,
    pub data: Value,
    pub created_at: Timestamp,
    pub notification_id: Option<Uuid>,
    pub sender: Option<(Uuid, String)>,
    pub chat_id: Option<Uuid>,
    pub title: Option<String>,
    pub is_direct: bool,
    pub message_id: Option<Uuid>,
    pub content: Option<String>,
    pub count: i64,
}

impl FromRow for Picked {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            kind: row.try_get("kind")?,
            message: row.try_get("message")?,
            data: row.try_get("data")?,
            created_at: row.try_get("created_at")?,
            notification_id: row.try_get("notification_id")?,
            sender: sender(row)?,
            chat_id: row.try_get("chat_id")?,
            title: row.try_get("title")?,
            is_direct: row.try_get::<_, Option<&str>>("chat_kind")? == Some("direct"),
            message_id: row.try_get("message_id")?,
            content: row.try_get("content")?,
            count: row.try_get("count")?,
        })
    }
}

impl Picked {
    /// A message of a direct chat.
    pub fn direct(row: &Row, chat_id: Uuid) -> Result<Self> {
        Ok(Self {
            kind: "direct".to_owned(),
            message: String::new(),
            data: Value::Null,
            created_at: row.try_get("created_at")?,
            notification_id: None,
            sender: sender(row)?,
            chat_id: Some(chat_id),
            title: None,
            is_direct: true,
            message_id: Some(row.try_get("message_id")?),
            content: row.try_get("content")?,
            count: row.try_get("count")?,
        })
    }

    /// Whether it is to wake a device that rests.
    pub fn is_urgent(&self) -> bool {
        matches!(self.kind.as_str(), "direct" | "mention" | "reply" | "event_soon" | "place_free")
    }
}

fn sender(row: &Row) -> Result<Option<(Uuid, String)>> {
    let (id, name): (Option<Uuid>, Option<String>) = (row.try_get("sender_id")?, row.try_get("sender_name")?);
    Ok(id.zip(name))
}

#[derive(Serialize)]
struct Payload<'a> {
    kind: &'a str,
    title: &'a str,
    body: &'a str,
    /// What a newer push takes the place of.
    tag: Uuid,
    count: i64,
    notification_id: Option<Uuid>,
    chat_id: Option<Uuid>,
    message_id: Option<Uuid>,
    sender_id: Option<Uuid>,
    data: Option<&'a Value>,
    created_at: Timestamp,
}

/// The words of a push.
pub fn encode(picked: &Picked, topic: Uuid) -> Vec<u8> {
    let name = picked.sender.as_ref().map(|(_, name)| cut(name, NAME));
    let is_in_group = picked.chat_id.is_some() && !picked.is_direct;
    let title = match (&picked.title, &name) {
        (Some(title), _) if is_in_group => cut(title, NAME),
        (_, Some(name)) => name.clone(),
        _ => "Trunkline".to_owned(),
    };
    let words = match (&picked.content, picked.message_id) {
        (Some(content), _) => content.as_str(),
        (None, Some(_)) => "📎",
        (None, None) => picked.message.as_str(),
    };
    let said = match &name {
        Some(name) if is_in_group && picked.message_id.is_some() => format!("{name}: {words}"),
        Some(name) if is_in_group => format!("{name} {words}"),
        _ => words.to_owned(),
    };
    let has_data = picked.chat_id.is_none() && picked.data.to_string().len() <= DATA;
    let mut length = BODY;
    loop {
        let body = cut(&said, length);
        let payload = Payload {
            kind: &picked.kind,
            title: &title,
            body: &body,
            tag: topic,
            count: picked.count,
            notification_id: picked.notification_id,
            chat_id: picked.chat_id,
            message_id: picked.message_id,
            sender_id: picked.sender.as_ref().map(|(id, _)| *id),
            data: has_data.then_some(&picked.data),
            created_at: picked.created_at,
        };
        // Our own words have string keys and no maps that could fail.
        let bytes = serde_json::to_vec(&payload).unwrap_or_default();
        if bytes.len() <= BYTES || length == 0 {
            return bytes;
        }
        length /= 2;
    }
}

/// At most so many characters; what was cut ends with a mark that says so.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{BYTES, Picked, encode};
    use crate::time::Timestamp;

    fn picked() -> Picked {
        Picked {
            kind: "mention".into(),
            message: "mentioned you".into(),
            data: json!({}),
            created_at: Timestamp::now(),
            notification_id: Some(Uuid::nil()),
            sender: Some((Uuid::nil(), "Bob".into())),
            chat_id: Some(Uuid::nil()),
            title: Some("Lobby".into()),
            is_direct: false,
            message_id: Some(Uuid::nil()),
            content: Some("hello @alice".into()),
            count: 1,
        }
    }

    fn said(picked: &Picked) -> (String, String) {
        let payload: Value = serde_json::from_slice(&encode(picked, Uuid::nil())).unwrap();
        let text = |name: &str| payload[name].as_str().unwrap().to_owned();
        (text("title"), text("body"))
    }

    #[test]
    fn who_says_what_where_is_told_in_few_words() {
        assert_eq!(said(&picked()), ("Lobby".into(), "Bob: hello @alice".into()));
        let direct = Picked { kind: "direct".into(), title: None, is_direct: true, ..picked() };
        assert_eq!(said(&direct), ("Bob".into(), "hello @alice".into()));
        let added = Picked { message_id: None, content: None, message: "added you".into(), ..picked() };
        assert_eq!(said(&added), ("Lobby".into(), "Bob added you".into()));
        let system = Picked { chat_id: None, sender: None, ..added };
        assert_eq!(said(&system), ("Trunkline".into(), "added you".into()));
    }

    #[test]
    fn whatever_was_said_fits() {
        for letter in ["a", "\u{1}", "话", "👍", "\"", "\\"] {
            let long = letter.repeat(4096);
            let name = Some((Uuid::nil(), letter.repeat(255)));
            let picked = Picked { content: Some(long.clone()), title: Some(long), sender: name, ..picked() };
            assert!(encode(&picked, Uuid::nil()).len() <= BYTES, "{letter:?}");
        }
    }
}
