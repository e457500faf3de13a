//! What the document says before the first operation, and the order of its headings: as one learns.

use serde_json::{Value, json};

use super::guides;
use crate::{chats::rights, realtime::MANUAL};

const RIGHTS: &str = "Who may do what. A private or direct chat does not exist (404) for everybody who is not in it, \
    nor does anything inside it.";

/// The headings in the order in which one needs them, in groups.
const GROUPS: [(&str, &[&str]); 6] = [
    ("People", &["Auth", "Users", "Friends", "Blocks"]),
    ("Chat", &["Chats", "Messages", "Realtime", "Files", "Notifications"]),
    ("Community", &["Events", "Posts", "Comments", "Calendars"]),
    ("Other programs", &["Webhooks", "Topics"]),
    ("Running it", &["Health"]),
    ("Administration", &["Roles", "Audit", "Jobs", "Schedules", "Administration"]),
];

/// Says what the document is, and puts its headings in order.
pub fn introduce(document: &mut Value) {
    document["info"]["description"] = guides::text().into();
    document["info"]["license"] = json!({"name": "MIT", "identifier": "MIT"});
    document["info"]["contact"] = json!({"name": "Whoever runs this server"});
    let mut tags = document["tags"].as_array().cloned().unwrap_or_default();
    let places: Vec<_> = GROUPS.iter().flat_map(|(_, names)| *names).collect();
    let place = |tag: &Value| places.iter().position(|name| tag["name"] == ***name).unwrap_or(places.len());
    tags.sort_by_key(place);
    for tag in &mut tags {
        let more = match tag["name"].as_str() {
            Some("Chats") => format!("{RIGHTS}\n\n{}", rights::documentation()),
            Some("Realtime") => MANUAL.to_owned(),
            _ => continue,
        };
        let about = tag["description"].as_str().unwrap_or_default();
        tag["description"] = format!("{about}\n\n{more}").into();
    }
    let group = |(name, names): &(&str, &[&str])| {
        let known: Vec<_> =
            names.iter().filter(|name| tags.iter().any(|tag| tag["name"] == ***name)).collect();
        json!({"name": name, "tags": known})
    };
    document["x-tagGroups"] = GROUPS.iter().map(group).collect();
    document["tags"] = tags.into();
}
