//! Every limit, as the documentation shows it: whose it is, how much it is, and what is answered beyond.

/// One line of the table.
struct Rule {
    what: &'static str,
    whose: &'static str,
    /// A key of the configuration and what it is when nothing is said, or a number that always applies.
    most: Most,
    beyond: &'static str,
}

enum Most {
    Key(&'static str, &'static str),
    Always(&'static str),
}

use Most::{Always, Key};

const fn rule(what: &'static str, whose: &'static str, most: Most, beyond: &'static str) -> Rule {
    Rule { what, whose, most, beyond }
}

const PERSON: &str = "person";
const ADDRESS: &str = "address";

const RULES: [Rule; 52] = [
    rule(
        "requests a second, or ten seconds' worth at once. Each KiB of a text after the first (a message, a post, a comment) counts as one more",
        PERSON,
        Key("limits.requests_per_second", "100"),
        "429",
    ),
    rule("the same, signed in or not", ADDRESS, Key("limits.address_requests_per_second", "1000"), "429"),
    rule(
        "commands a second over all sockets, or ten seconds' worth at once. Text counts as for requests; fifty people of `presence.subscribe` count as one more command",
        PERSON,
        Key("limits.commands_per_second", "50"),
        "close code 4429",
    ),
    rule("sockets", PERSON, Key("limits.sockets_per_person", "200"), "429, or close code 4429"),
    rule(
        "chats followed, over all sockets",
        PERSON,
        Key("limits.subscriptions_per_person", "100000"),
        "`too_many_requests`, or close code 4429",
    ),
    rule(
        "people whose presence is watched, over all sockets",
        PERSON,
        Key("limits.watched_per_person", "25000"),
        "`too_many_requests`",
    ),
    rule("chats that somebody is in", PERSON, Key("limits.chats_per_person", "20000"), "409"),
    rule(
        "searches of messages and posts, and requests for who is online, at the same time",
        PERSON,
        Always("1"),
        "429 after 10 seconds",
    ),
    rule(
        "changes of one's account, friends, blocks, notifications and devices at the same time",
        PERSON,
        Always("a quarter of the connections to the database, and 2 at least"),
        "429 after 10 seconds",
    ),
    rule("downloads at the same time", PERSON, Always("1"), "503 after 30 seconds"),
    rule(
        "pictures processed; uploads stored; at the same time",
        PERSON,
        Always("1; 2"),
        "429 after 10 seconds",
    ),
    rule(
        "MiB of files and pictures uploaded in a day",
        PERSON,
        Key("limits.upload_megabytes_per_day", "2048"),
        "429",
    ),
    rule(
        "MiB of files and pictures that are kept",
        PERSON,
        Key("limits.upload_megabytes_in_all", "20480"),
        "413",
    ),
    rule("API tokens made in an hour", PERSON, Key("limits.api_tokens_per_hour", "60"), "429"),
    rule("sessions", PERSON, Always("200"), "the least recently used ends"),
    rule("webhooks that somebody is responsible for; webhooks of a chat", PERSON, Always("100; 10"), "409"),
    rule("webhook requests under way", PERSON, Always("8"), "they wait"),
    rule("hooks that somebody is responsible for; hooks of a chat", PERSON, Always("100; 10"), "409"),
    rule("messages a second of a hook, ten seconds' worth at once", "hook", Always("5"), "429"),
    rule("messages a second of all hooks that somebody has made, the same", PERSON, Always("20"), "429"),
    rule("scheduled messages that wait", PERSON, Always("100"), "409"),
    rule(
        "events of one's own that are still to come; tickets for such; events waited for",
        PERSON,
        Always("1,000; 1,000; 100"),
        "409",
    ),
    rule("places of a ticket", "ticket", Always("10"), "400"),
    rule("posts and comments a second, ten seconds' worth at once", PERSON, Always("10"), "429"),
    rule("calendars read a second, ten seconds' worth at once", ADDRESS, Always("20"), "429"),
    rule(
        "notifications a minute that others cause, before those who caused most of the latest are ignored",
        PERSON,
        Always("1,000"),
        "no more are made",
    ),
    rule("push subscriptions", PERSON, Always("20"), "409"),
    rule(
        "people who are notified by name in one request",
        "request",
        Always("1,000"),
        "400; `everyone` notifies all",
    ),
    rule("connections", ADDRESS, Key("limits.connections_per_address", "1000"), "closed at once"),
    rule(
        "wrong passwords a minute; the same for each account",
        ADDRESS,
        Key("limits.logins_per_minute", "20"),
        "429",
    ),
    rule("sign-ins a minute, right ones too", ADDRESS, Key("limits.sign_ins_per_minute", "120"), "429"),
    rule("sign-ups an hour", ADDRESS, Key("limits.sign_ups_per_hour", "300"), "429"),
    rule(
        "connections, sockets included",
        "instance",
        Key("http.max_connections", "10000"),
        "they wait in the system's queue",
    ),
    rule("seconds for a request's header", "connection", Key("http.header_timeout_seconds", "10"), "closed"),
    rule("seconds for a request's body", "connection", Key("http.body_timeout_seconds", "30"), "408"),
    rule(
        "seconds that a connection stays open between two requests",
        "connection",
        Key("http.keep_alive_seconds", "75"),
        "closed",
    ),
    rule("seconds a statement may take", "request", Key("database.statement_seconds", "10"), "503"),
    rule("JSON body", "request", Always("1 MiB"), "413"),
    rule("upload; avatar or chat image", "file", Always("25 MiB; 5 MiB"), "413"),
    rule("pixels of a picture", "file", Always("50 million"), "413"),
    rule("frame of a socket", "frame", Always("64 KiB"), "close code 1009"),
    rule("header; path and query", "request", Always("32 KiB and 100 fields; 8 KiB"), "431; 414"),
    rule("`limit`; `offset`", "request", Always("100; 10,000"), "400"),
    rule("text of a message", "message", Always("4,096 characters"), "400"),
    rule("text of a post; of a comment", "text", Always("65,536 characters; 4,096"), "400"),
    rule("text of a post in a list", "post", Always("4,096 characters"), "it is cut"),
    rule("events of a calendar", "calendar", Always("1,000"), "those nearest to now"),
    rule("days that a deleted event is shown as cancelled", "calendar", Always("30"), "it is gone"),
    rule("files of a message", "message", Always("10"), "400"),
    rule("people mentioned", "message", Always("50"), "the others are not mentioned"),
    rule("kinds of reaction; people named for each", "message", Always("50; 100"), "409; `count` counts all"),
    rule(
        "MiB of free disk; with less, no upload is accepted",
        "instance",
        Key("storage.min_free_megabytes", "512"),
        "503",
    ),
];

/// The table, in Markdown.
pub fn documentation() -> String {
    let mut text = "| what | for each | at most | beyond that |\n|---|---|---|---|\n".to_owned();
    for Rule { what, whose, most, beyond } in RULES {
        let number = match most {
            Key(key, number) => format!("{number} (`{key}`)"),
            Always(number) => number.to_owned(),
        };
        text.push_str(&format!("| {what} | {whose} | {number} | {beyond} |\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Key, RULES};

    #[test]
    fn the_numbers_are_those_of_the_configuration() {
        let defaults = include_str!("../config/default.yaml");
        for rule in RULES {
            let Key(key, number) = rule.most else { continue };
            let (section, name) = key.split_once('.').unwrap();
            let section = defaults.split(&format!("\n{section}:\n")).nth(1).unwrap();
            let line = section.lines().find(|line| line.starts_with(&format!("  {name}: "))).unwrap();
            assert_eq!(line, format!("  {name}: {number}"));
        }
        let limits = defaults.split("\nlimits:\n").nth(1).unwrap().split("\n\n").next().unwrap();
        for line in limits.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let name = line.trim().split(':').next().unwrap();
            let key = format!("limits.{name}");
            let is_told = RULES.iter().any(|rule| matches!(rule.most, Key(known, _) if known == key));
            assert!(name == "enabled" || is_told, "{key}");
        }
    }
}
