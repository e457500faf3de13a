//! Who may do what in a chat: every action, tried by everyone, in every kind of chat.

use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::Value;
use tokio_postgres::Client;
use trunkline::{chats::rights, server::documentation};
use uuid::Uuid;

use crate::support::{Answer, Person, World, picture};

/// What each is answered: creator, admin, member and stranger in a public chat, the same in a private one, one of the two
/// and a stranger in a direct one.
type Expected = &'static str;

const ANYONE: Expected = "200 200 200 200 | 200 200 200 404 | 200 404";
const MEMBERS: Expected = "204 204 204 403 | 204 204 204 404 | 204 404";
const MANAGERS: Expected = "204 204 403 403 | 204 204 403 404 | 403 404";
const CREATOR: Expected = "204 403 403 403 | 204 403 403 404 | 403 404";

/// Under a chat, with the body after a space; `{own}`, `{others}`, `{member}` … are what [`Room`] holds.
#[rustfmt::skip]
const ACTIONS: &[(&str, &str, Expected)] = &[
    ("GET", "", ANYONE),
    ("GET", "/messages", ANYONE),
    ("GET", "/messages/{others}", ANYONE),
    ("GET", "/log", ANYONE),
    ("GET", "/reads", ANYONE),
    ("GET", "/pins", ANYONE),
    ("GET", "/members", ANYONE),
    ("POST", "/join", ANYONE),
    ("POST", r#"/messages {"content": "hello"}"#, "201 201 201 201 | 201 201 201 404 | 201 404"),
    ("PATCH", r#"/messages/{own} {"content": "hi"}"#, "200 200 200 403 | 200 200 200 404 | 200 404"),
    ("PATCH", r#"/messages/{others} {"content": "hi"}"#, "403 403 403 403 | 403 403 403 404 | 403 404"),
    ("DELETE", "/messages/{own}", MEMBERS),
    ("DELETE", "/messages/{others}", MANAGERS),
    ("PUT", "/messages/{others}/reactions/:wave:", MEMBERS),
    ("DELETE", "/messages/{others}/reactions/:wave:", MEMBERS),
    ("PUT", r#"/read {"seq": 1}"#, MEMBERS),
    ("PUT", "/messages/{others}/pin", MANAGERS),
    ("DELETE", "/messages/{others}/pin", MANAGERS),
    ("PATCH", r#" {"title": "{own}"}"#, "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("PATCH", r#" {"description": "new"}"#, "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("PATCH", r#" {"visibility": "private"}"#, "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("PATCH", r#" {"retention_days": 30}"#, "200 403 403 403 | 200 403 403 404 | 403 404"),
    ("PATCH", r#" {"title": "{own}", "retention_days": null}"#, "200 403 403 403 | 200 403 403 404 | 403 404"),
    ("POST", r#"/members {"user_id": "{outsider}"}"#, "201 201 403 403 | 201 201 403 404 | 403 404"),
    ("POST", r#"/members {"user_id": "{outsider}", "role": "admin"}"#, "201 403 403 403 | 201 403 403 404 | 403 404"),
    ("POST", r#"/members {"user_id": "{member}"}"#, "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("PATCH", r#"/members/{member} {"role": "admin"}"#, "200 403 403 403 | 200 403 403 404 | 403 404"),
    ("PATCH", r#"/members/{admin} {"role": "member"}"#, "200 403 403 403 | 200 403 403 404 | 403 404"),
    ("PATCH", r#"/members/{member} {"role": "creator"}"#, "200 403 403 403 | 200 403 403 404 | 403 404"),
    ("DELETE", "/members/{other_member}", MANAGERS),
    ("DELETE", "/members/{other_admin}", CREATOR),
    ("GET", "/bans", "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("PUT", "/bans/{outsider}", MANAGERS),
    ("DELETE", "/bans/{outsider}", MANAGERS),
    ("PUT", "/bans/{other_member}", MANAGERS),
    ("PUT", "/bans/{other_admin}", CREATOR),
    ("PUT", "/bans/{creator}", "409 409 403 403 | 409 409 403 404 | 403 404"),
    ("DELETE", "/members/{creator}", "409 403 403 403 | 409 403 403 404 | 403 404"),
    ("DELETE", "/members/{self}", "409 204 204 409 | 409 204 204 404 | 403 404"),
    ("POST", "/image (a picture)", "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("POST", "/invites", "201 201 403 403 | 201 201 403 404 | 403 404"),
    ("POST", r#"/invites {"max_uses": 5}"#, "201 201 403 403 | 201 201 403 404 | 403 404"),
    ("GET", "/invites", "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("DELETE", "/invites/{invite}", MANAGERS),
    ("POST", r#"/webhooks {"url": "http://8.8.8.8/"}"#, "201 201 403 403 | 201 201 403 404 | 403 404"),
    ("GET", "/webhooks", "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("PATCH", r#"/webhooks/{webhook} {"active": false}"#, "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("DELETE", "/webhooks/{webhook}", MANAGERS),
    ("POST", r#"/hooks {"name": "Bot"}"#, "201 201 403 403 | 201 201 403 404 | 403 404"),
    ("GET", "/hooks", "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("POST", "/hooks/{hook}/avatar (a picture)", "200 200 403 403 | 200 200 403 404 | 403 404"),
    ("DELETE", "/hooks/{hook}", MANAGERS),
    ("POST", "/leave", "409 204 204 409 | 409 204 204 404 | 403 404"),
    ("DELETE", "/messages", CREATOR),
    ("DELETE", "", CREATOR),
];

/// Everyone in the stories, by what they are in a group. In a direct chat are the creator and the member.
type Cast = [(&'static str, Person)];

/// A chat with the cast in it, where the one who acts has said something, and so has another.
struct Room {
    chat: Uuid,
    names: Vec<(&'static str, Uuid)>,
}

impl Room {
    /// Written in SQL: there are hundreds of them.
    async fn make(psql: &Client, kind: &str, cast: &Cast, actor: Uuid) -> Self {
        let [chat, own, others, invite, webhook, hook, bot] = [(); 7].map(|()| Uuid::now_v7());
        let id = |name: &str| cast.iter().find(|(known, _)| *known == name).unwrap().1.id;
        let (creator, member) = (id("creator"), id("member"));
        let (made, inside) = if kind == "direct" {
            let pair = format!("array['{}', '{}']::uuid[]", creator.min(member), creator.max(member));
            // Two people have one.
            psql.execute("delete from chats where kind = 'direct'", &[]).await.unwrap();
            let made = format!("'direct', 'private', null, null, {pair}");
            (made, vec![("member", creator), ("member", member)])
        } else {
            let inside = cast.iter().filter(|(name, _)| !["stranger", "outsider"].contains(name));
            let role = |name: &'static str| name.trim_start_matches("other_");
            let inside = inside.map(|(name, person)| (role(name), person.id)).collect();
            (format!("'group', '{kind}', '{chat}', '{creator}', null"), inside)
        };
        let mut sql = format!(
            "insert into chats (id, kind, visibility, title, owner_id, pair) values ('{chat}', {made});"
        );
        sql += &format!(
            "insert into invites (id, chat_id, token_hash) values ('{invite}', '{chat}', '{invite}');"
        );
        // Off: nothing of this story goes anywhere.
        sql += &format!(
            "insert into webhooks (id, chat_id, url, secret, active) values ('{webhook}', '{chat}', 'http://8.8.8.8/', '', false);"
        );
        sql += &format!(
            "delete from hooks;
            insert into users (id, email, username, name, password_hash, is_bot)
            values ('{bot}', '{bot}@bots.invalid', 'b' || right('{}', 24), 'Bot', '', true);",
            bot.simple()
        );
        for (role, id) in &inside {
            let values = format!("'{chat}', '{id}', '{role}'");
            sql += &format!("insert into members (chat_id, user_id, role) values ({values});");
        }
        if kind != "direct" {
            // In a direct chat nobody may make one.
            sql += &format!(
                "insert into hooks (id, chat_id, bot_id, token_hash, created_by) values ('{hook}', '{chat}', '{bot}', '{hook}', '{creator}');"
            );
        }
        let other = if actor == creator { member } else { creator };
        for (id, sender) in [(own, actor), (others, other)] {
            let values = format!("'{chat}', '{id}', '{sender}', 'words'");
            sql += &format!("insert into messages (chat_id, id, sender_id, content) values ({values});");
        }
        psql.batch_execute(&sql).await.unwrap();
        let names = cast.iter().map(|(name, person)| (*name, person.id));
        Self {
            chat,
            names: names
                .chain([("own", own), ("others", others), ("self", actor)])
                .chain([("invite", invite), ("webhook", webhook), ("hook", hook)])
                .collect(),
        }
    }

    fn fill(&self, text: &str) -> String {
        let fill =
            |text: String, (name, id): &(&str, Uuid)| text.replace(&format!("{{{name}}}"), &id.to_string());
        self.names.iter().fold(text.to_owned(), fill)
    }

    async fn tries(&self, person: &Person, method: &str, action: &str) -> Answer {
        let (path, body) = action.split_once(' ').unwrap_or((action, ""));
        let path = format!("/api/v1/chats/{}{}", self.chat, self.fill(path));
        let method: Method = method.parse().unwrap();
        let request = person.request(method, &path);
        if body == "(a picture)" {
            let file = Part::bytes(picture(ImageFormat::Png, 3, 2));
            return Person::send(request.multipart(Form::new().part("file", file))).await;
        }
        Person::send(match serde_json::from_str::<Value>(&self.fill(body)) {
            Ok(body) => request.json(&body),
            Err(_) => request,
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_may_do_what_the_table_says_and_nothing_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let mut cast = Vec::new();
    for name in ["creator", "admin", "member", "stranger", "other_admin", "other_member", "outsider"] {
        cast.push((name, here.person(name).await));
    }
    let (group, pair) = ([0, 1, 2, 3], [2, 3]);
    let mut wrong = Vec::new();
    for (method, action, expected) in ACTIONS {
        for (kind, expected) in ["public", "private", "direct"].into_iter().zip(expected.split(" | ")) {
            let actors = if kind == "direct" { &pair[..] } else { &group[..] };
            assert_eq!(expected.split(' ').count(), actors.len(), "{method} {action}");
            for (actor, expected) in actors.iter().zip(expected.split(' ')) {
                let (role, person) = &cast[*actor];
                let room = Room::make(&psql, kind, &cast, person.id).await;
                let answer = room.tries(person, method, action).await;
                if answer.status.to_string() != expected {
                    wrong.push(format!(
                        "{method} {action} by the {role} of a {kind} chat: {} instead of {expected}, {}",
                        answer.status, answer.body
                    ));
                }
                if answer.status == 404 {
                    assert_eq!(answer.body["detail"], "there is no such chat");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_stands_in_the_documentation() {
    let document = documentation();
    let tags = document["tags"].as_array().unwrap();
    let chats = tags.iter().find(|tag| tag["name"] == "Chats").unwrap();
    assert!(chats["description"].as_str().unwrap().contains(&rights::documentation()));
}
