//! The headers of every answer, described once under `components`.

use serde_json::{Value, json};

use super::{answers::is_about_health, each_operation};

/// A header that several answers have: its name among the components, its own name, what it says, an example, and whether it
/// is always there.
struct Shared(&'static str, &'static str, &'static str, &'static str, bool);

const REQUEST_ID: Shared = Shared(
    "RequestId",
    "X-Request-Id",
    "Names the request, in the server's log too: what the request said, or one that was made.",
    "01991f00-0000-7000-8000-000000000000",
    true,
);
const RATE_LIMIT: Shared = Shared(
    "RateLimit",
    "RateLimit",
    "How many more requests there may be now (`r`), and in how many seconds there are more (`t`); absent when limits are off.",
    "\"person\";r=998;t=1",
    false,
);
const RATE_LIMIT_POLICY: Shared = Shared(
    "RateLimitPolicy",
    "RateLimit-Policy",
    "How many requests (`q`) there may be in how many seconds (`w`); absent when limits are off.",
    "\"person\";q=1000;w=10",
    false,
);
const RETRY_AFTER: Shared = Shared(
    "RetryAfter",
    "Retry-After",
    "In how many seconds to try again; absent where that is of no use.",
    "1",
    false,
);
const AUTHENTICATE: Shared = Shared(
    "Authenticate",
    "WWW-Authenticate",
    "How to sign in; absent where a password was wrong.",
    "Bearer",
    false,
);
const UPGRADE: Shared = Shared("Upgrade", "Upgrade", "What to ask for.", "websocket", true);
const SOCKET_VERSION: Shared =
    Shared("SocketVersion", "Sec-WebSocket-Version", "The version that is spoken.", "13", true);
const ACCEPT_ENCODING: Shared =
    Shared("AcceptEncoding", "Accept-Encoding", "How a body may come: as it is.", "identity", true);
const CONTENT_RANGE: Shared =
    Shared("ContentRange", "Content-Range", "How many bytes there are.", "bytes */2048", true);
const SET_COOKIE: Shared = Shared(
    "SetCookie",
    "Set-Cookie",
    "The cookies `access_token` and `refresh_token`, in two headers; signing out empties them.",
    "access_token=…; Path=/; HttpOnly; SameSite=Lax; Max-Age=900",
    true,
);
const DISPOSITION: Shared = Shared(
    "Disposition",
    "Content-Disposition",
    "What a download is called: a file, and a list with `format=csv` or `format=xlsx`.",
    "attachment; filename=\"list.csv\"",
    false,
);

const ALL: [&Shared; 11] = [
    &REQUEST_ID,
    &RATE_LIMIT,
    &RATE_LIMIT_POLICY,
    &RETRY_AFTER,
    &AUTHENTICATE,
    &UPGRADE,
    &SOCKET_VERSION,
    &ACCEPT_ENCODING,
    &CONTENT_RANGE,
    &SET_COOKIE,
    &DISPOSITION,
];

/// The headers of an error, by its status.
const OF_STATUS: [(&str, &[&Shared]); 6] = [
    ("401", &[&AUTHENTICATE]),
    ("415", &[&ACCEPT_ENCODING]),
    ("416", &[&CONTENT_RANGE]),
    ("426", &[&UPGRADE, &SOCKET_VERSION]),
    ("429", &[&RETRY_AFTER]),
    ("503", &[&RETRY_AFTER]),
];

/// The operations that set or clear the cookies.
const WITH_COOKIES: [&str; 4] = ["login", "refresh_token", "logout", "erase_me"];

/// The names of headers as they are written, where the framework has them in small letters.
const WRITTEN: [(&str, &str); 3] =
    [("content-range", "Content-Range"), ("etag", "ETag"), ("location", "Location")];

/// Names the headers of every answer.
pub fn share(document: &mut Value) {
    for (_, answer) in document["components"]["responses"].as_object_mut().into_iter().flatten() {
        let examples = answer["content"]["application/problem+json"]["examples"].as_object();
        let status = examples.and_then(|examples| examples.values().next()?["value"]["status"].as_u64());
        let status = status.unwrap_or_default().to_string();
        let own = OF_STATUS.iter().filter(|(known, _)| **known == status).flat_map(|(_, headers)| *headers);
        add(answer, [&REQUEST_ID, &RATE_LIMIT, &RATE_LIMIT_POLICY].into_iter().chain(own.copied()));
    }
    each_operation(document, &mut |_, _, operation| {
        let is_counted = !is_about_health(operation);
        let sets_cookies = WITH_COOKIES.iter().any(|id| operation["operationId"] == *id);
        let is_list =
            operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "format");
        for (_, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
            if answer.get("$ref").is_some() {
                continue;
            }
            write_names(answer);
            add(answer, [&REQUEST_ID]);
            if is_counted {
                add(answer, [&RATE_LIMIT, &RATE_LIMIT_POLICY]);
            }
            if sets_cookies {
                add(answer, [&SET_COOKIE]);
            }
            let is_file = answer["content"].get("application/octet-stream").is_some();
            if is_list || is_file {
                add(answer, [&DISPOSITION]);
            }
        }
    });
    for Shared(component, _, about, example, is_always_there) in ALL {
        document["components"]["headers"][component] = json!({
            "description": about,
            "required": is_always_there,
            "schema": {"type": "string", "example": example},
        });
    }
}

fn add(answer: &mut Value, headers: impl IntoIterator<Item = &'static Shared>) {
    for Shared(component, name, ..) in headers {
        answer["headers"][name] = json!({"$ref": format!("#/components/headers/{component}")});
    }
}

fn write_names(answer: &mut Value) {
    let Some(headers) = answer.get_mut("headers").and_then(Value::as_object_mut) else { return };
    for (small, written) in WRITTEN {
        if let Some(header) = headers.remove(small) {
            headers.insert(written.into(), header);
        }
    }
}
