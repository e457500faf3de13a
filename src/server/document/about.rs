//! What the document says before the first operation, and the order of its headings: as one learns.

use serde_json::{Value, json};

use crate::{chats::rights, error::Code, limits, realtime::MANUAL};

const ABOUT: &str = "The chat and community backend that needs nothing but PostgreSQL.\n\n\
    # Signing in\n\n\
    `POST /api/v1/auth/register`, then `POST /api/v1/auth/login`; send the `access_token` as \
    `Authorization: Bearer …`, or let the cookies do it. Press *Authorize* at `/docs` to try things out.\n\n\
    # Permissions\n\n\
    Every operation that needs a token needs a permission, too, named by its method and path \
    (`x-permission` here, `GET /api/v1/routes` for programs); roles hold permissions, and people have roles. Without it \
    the answer is 403. New accounts have the role `user`: everything but what is tagged *Administration*. *Administrators* are those who \
    have a role that permits `*`.\n\n\
    # Values\n\n\
    Ids are UUIDs. Times are RFC 3339 in UTC. A field that is *required* stands in every answer, and is null where there is nothing \
    to say; one that is not required is absent where its description says so. In a body, a field that is not required may be left \
    out or null. A list is `{\"items\": […], \"total\": n}`; `limit` and `offset` choose the page, and `format=csv` or \
    `format=xlsx` answers the whole list as a download instead. `include=users` adds `users: [{id, username, name, avatar_url}]`: everybody \
    whose id stands in the items, once.\n\n\
    # Limits\n\n\
    Answers carry `RateLimit` (`r` more requests now, all of them again in `t` seconds, or the next one when `r` is 0) and `RateLimit-Policy` \
    (`q` requests in `w` seconds, by person or by address). Who goes on is answered 429, with `Retry-After` in seconds. Limits belong to \
    a person, over all their requests and sockets, or to an address; each instance counts for itself. The numbers are those of a server \
    whose configuration says nothing else:\n\n{limits}\n\
    # Connections\n\n\
    Answers over 1 KiB come with gzip for who accepts it; a body that is sent is taken as it is (415 with a \
    `Content-Encoding`). A connection may rest for as long as `Keep-Alive` says (75 seconds by default). A 201 whose \
    subject has an address of its own names it in `Location`. `offset` goes to 10,000; further on by a filter or by `seq`.\n\n\
    # The socket\n\n\
    What happens in a chat is heard over WebSocket as it happens, and nothing is missed after a break: \
    *Realtime* is its manual.\n\n\
    # Errors\n\n\
    Errors are RFC 9457 `application/problem+json`; decide by `code`; `errors` names every parameter, or every field, that is wrong. Any request at \
    all may be answered 413, 414 or 431 when it is beyond every size, and 405, with `Allow`, for a method its path does \
    not know:\n\n";

const RIGHTS: &str = "Who may do what. A private or direct chat does not exist (404) for everybody who is not in it, \
    nor does anything inside it.";

/// The headings in the order in which one needs them, in groups.
const GROUPS: [(&str, &[&str]); 5] = [
    ("People", &["Auth", "Users", "Friends", "Blocks"]),
    ("Chat", &["Chats", "Messages", "Realtime", "Files"]),
    ("Other programs", &["Webhooks"]),
    ("Running it", &["Health"]),
    ("Administration", &["Roles", "Audit", "Administration"]),
];

/// Says what the document is, and puts its headings in order.
pub fn introduce(document: &mut Value) {
    document["info"]["description"] =
        format!("{}{}", ABOUT.replace("{limits}", &limits::manual::documentation()), table_of_codes()).into();
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

fn table_of_codes() -> String {
    let rows = Code::ALL
        .iter()
        .map(|code| format!("| `{}` | {} | {} |\n", code.word(), code.status(), code.title()));
    format!("| code | status | meaning |\n|---|---|---|\n{}", rows.collect::<String>())
}
