//! What the manual says before the first operation: the guides, one file each, in the order in which one needs them.

use crate::{error::Code, limits};

/// Each begins with its heading, but for the first, which introduces the others. A paragraph is one line: Swagger UI shows a
/// line's end as one.
const GUIDES: [&str; 25] = [
    include_str!("guides/introduction.md"),
    include_str!("guides/getting_started.md"),
    include_str!("guides/signing_in.md"),
    include_str!("guides/conventions.md"),
    include_str!("guides/sending.md"),
    include_str!("guides/scheduled.md"),
    include_str!("guides/reconnecting.md"),
    include_str!("guides/socket_io.md"),
    include_str!("guides/unread.md"),
    include_str!("guides/presence.md"),
    include_str!("guides/notifications.md"),
    include_str!("guides/files.md"),
    include_str!("guides/events.md"),
    include_str!("guides/posts.md"),
    include_str!("guides/calendars.md"),
    include_str!("guides/webhooks.md"),
    include_str!("guides/hooks.md"),
    include_str!("guides/origins.md"),
    include_str!("guides/topics.md"),
    include_str!("guides/bots.md"),
    include_str!("guides/jobs.md"),
    include_str!("guides/permissions.md"),
    include_str!("guides/limits.md"),
    include_str!("guides/errors.md"),
    include_str!("guides/versions.md"),
];

/// All of it.
pub fn text() -> String {
    let tables = [("{limits}", limits::manual::documentation()), ("{errors}", table_of_errors())];
    tables.iter().fold(GUIDES.join("\n"), |text, (place, table)| text.replace(place, table))
}

/// The introduction, and a link to each guide: for a page that has no menu.
pub fn contents() -> String {
    let headings = GUIDES.iter().filter_map(|guide| guide.lines().next()?.strip_prefix("# "));
    let links =
        headings.map(|heading| format!("- [{heading}](/redoc#section/{})\n", heading.replace(' ', "-")));
    format!("{}\n{}", GUIDES[0], links.collect::<String>())
}

fn table_of_errors() -> String {
    let rows = Code::ALL.iter().map(|code| {
        format!("| `{}` | {} | {} | {} |\n", code.word(), code.status(), code.title(), advice(*code))
    });
    format!("| code | status | meaning | what to do |\n|---|---|---|---|\n{}", rows.collect::<String>())
}

/// What a client does about an error: whether the same request may succeed later, and otherwise what has to change.
fn advice(code: Code) -> &'static str {
    match code {
        Code::ValidationFailed => "Do not retry. `errors` names what to correct",
        Code::AddressNotAllowed => "Do not retry. Use a public address",
        Code::NotSignedIn => "Refresh the access token, then retry once; otherwise sign in",
        Code::WrongCredentials | Code::WrongPassword => "Do not retry. Ask the person again",
        Code::SessionOver => "Do not retry. Sign in",
        Code::ForeignOrigin => "Do not retry. Use a bearer token, or have the origin allowed",
        Code::FreshSignInNeeded => "Ask the person for the password, and send it as `current_password`",
        Code::MethodNotAllowed => "Do not retry. `Allow` names the methods",
        Code::RequestTimeout => "Retry",
        Code::EmailTaken | Code::UsernameTaken | Code::TitleTaken => "Do not retry. Choose another",
        Code::ClientIdReused => "Do not retry. Each new message takes a new `client_id`",
        Code::IdempotencyKeyReused => "Do not retry. Each new request takes a new key",
        Code::LogChanged => "Load the chat again, or read the topic again, from the beginning",
        Code::TooLarge | Code::UriTooLong | Code::HeadersTooLarge => "Do not retry. Send less",
        Code::TooManyRequests => "Retry after `Retry-After` seconds",
        Code::Internal => "Retry once. If it happens again, tell the operator the `instance`",
        Code::MailNotConfigured => "Do not retry. The operator has to set `smtp.url`",
        Code::OutcomeUnknown => "Retry; a `POST` with the same `client_id` or `Idempotency-Key`",
        Code::NotReady => "Retry after `Retry-After` seconds, then with growing pauses",
        _ => match code.status() {
            409 => "Do not retry. Read what is there now, then decide",
            _ => "Do not retry",
        },
    }
}
