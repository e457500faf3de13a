//! The people of a list, by name: who stands in its items with an id alone.

use std::collections::BTreeSet;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{avatar, model::NamedRow, store};
use crate::{
    app::App,
    error::{Error, Result},
};

/// The parameter by which a list is asked for them.
pub const PARAMETER: &str = "include";

/// Fields that hold people's own words: an id that somebody has typed names nobody.
const WORDS: [&str; 9] =
    ["content", "client_id", "description", "bio", "key", "name", "text", "title", "username"];

/// Somebody whose id stands in a list.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "NamedUser")]
pub struct NamedUser {
    /// Who it is, for ever.
    pub id: Uuid,
    /// The name to mention them by.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where their picture can be fetched, without signing in; null without one.
    pub avatar_url: Option<String>,
}

/// A list, as far as it matters here.
#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
}

/// Adds `users` to the JSON of a list: everybody whose id stands in its items, once, in one statement. What is no list stays as
/// it is, and who is not there (any more) is left out.
pub async fn add(app: &App, list: Vec<u8>) -> Result<Vec<u8>> {
    let Ok(Page { items }) = serde_json::from_slice(&list) else { return Ok(list) };
    let mut ids = BTreeSet::new();
    items.iter().for_each(|item| collect(item, &mut ids));
    let ids = Vec::from_iter(ids);
    let known = if ids.is_empty() { vec![] } else { store::list_named(&app.db().await?, &ids).await? };
    let public_url = app.public_url();
    let view = |row: NamedRow| NamedUser {
        id: row.id,
        username: row.username,
        name: row.name,
        avatar_url: avatar::url(&public_url, row.avatar_key.as_deref()),
    };
    let users = serde_json::to_vec(&known.into_iter().map(view).collect::<Vec<_>>());
    Ok(append(list, "users", &users.map_err(Error::internal)?))
}

/// Every id in an item, of whatever it is: which of them are people, the table says. So a new list need not be known here.
fn collect(item: &Value, ids: &mut BTreeSet<Uuid>) {
    match item {
        Value::String(text) if text.len() == 36 => ids.extend(Uuid::try_parse(text)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Value::Object(fields) => {
            let said = |name: &str, item: &Value| item.is_string() && WORDS.contains(&name);
            let others = fields.iter().filter(|(name, item)| !said(name, item));
            others.for_each(|(_, item)| collect(item, ids));
        }
        _ => {}
    }
}

/// The JSON of an object with one more field at its end; the rest is not written anew.
fn append(mut object: Vec<u8>, name: &str, value: &[u8]) -> Vec<u8> {
    while object.pop().is_some_and(|byte| byte != b'}') {}
    object.extend_from_slice(format!(",\"{name}\":").as_bytes());
    object.extend_from_slice(value);
    object.push(b'}');
    object
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;
    use uuid::Uuid;

    use super::{append, collect};

    #[test]
    fn an_id_is_found_wherever_it_stands_but_in_what_somebody_said() {
        let ids: Vec<_> = (1..=6).map(Uuid::from_u128).collect();
        let item = json!({
            "sender_id": ids[0], "mentions": [ids[1]], "reactions": [{"emoji": "+", "user_ids": [ids[2]]}],
            "user": {"id": ids[3], "name": ids[5]}, "data": {"user_id": ids[4]}, "content": ids[5], "seq": 7,
            "kind": "text", "client_id": ids[5], "edited_at": null,
        });
        let mut found = BTreeSet::new();
        collect(&item, &mut found);
        assert_eq!(Vec::from_iter(found), ids[..5]);
    }

    #[test]
    fn a_field_is_added_at_the_end() {
        let list = append(br#"{"items":[{}],"total":1}"#.to_vec(), "users", b"[]");
        assert_eq!(list, br#"{"items":[{}],"total":1,"users":[]}"#);
    }
}
