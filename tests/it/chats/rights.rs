//! Who may do what in a chat: every action, tried by everyone, in every kind of chat.

use reqwest::Method;
use serde_json::Value;
use tokio_postgres::Client;
use trunkline::{chats::rights, server::documentation};
use uuid::Uuid;

use crate::support::{Answer, Person, World};

/// What each is answered: creator, admin, member and stranger in a public chat, the same in a private one, one of the two
/// and a stranger in a direct one.
type Expected = &'static str;

const ANYONE: Expected = "200 200 200 200 | 200 200 200 404 | 200 404";
const MEMBERS: Expected = "204 204 204 403 | 204 204 204 404 | 204 404";
const MANAGERS: Expected = "204 204 403 403 | 204 204 403 404 | 403 404";
const CREATOR: Expected = "204 403 403 403 | 204 403 403 404 | 403 404";

/// `{}` is the chat; `{own}`, `{others}`, `{member}` … are what [`Room`] holds.
#[rustfmt::skip]
const ACTIONS: &[(&str, &str, Expected)] = &[
    ("GET", "", ANYONE),
    ("GET", "/messages", ANYONE),
    ("GET", "/messages/{others}", ANYONE),
    ("GET", "/log", ANYONE),
    ("GET", "/reads", ANYONE),
    ("GET", "/pins", ANYONE),
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
    ("POST", "/leave", "409 204 204 409 | 409 204 204 404 | 403 404"),
    ("DELETE", "/messages", CREATOR),
    ("DELETE", "", CREATOR),
];

/// A chat with everyone in it, where the one who acts has said something, and so has another.
struct Room {
    chat: Uuid,
    names: Vec<(&'static str, Uuid)>,
}

impl Room {
    /// Written in SQL: there are hundreds of them.
    async fn make(psql: &Client, kind: &str, people: &[(&'static str, &Person)], actor: Uuid) -> Self {
        let (chat, own, others) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let is_direct = kind == "direct";
        let inside: Vec<_> = people.iter().filter(|(role, _)| *role != "stranger").collect();
        let other = inside.iter().map(|(_, person)| person.id).find(|id| *id != actor).unwrap();
        let mut sql = format!(
            "insert into chats (id, kind, visibility, title, owner_id) values ('{chat}', '{group}', '{visibility}', {title}, {owner});",
            group = if is_direct { "direct" } else { "group" },
            visibility = if kind == "public" { "public" } else { "private" },
            title = if is_direct { "null".to_owned() } else { format!("'{chat}'") },
            owner = if is_direct { "null".to_owned() } else { format!("'{}'", people[0].1.id) },
        );
        for (role, person) in &inside {
            let role = if is_direct { "member" } else { role };
            sql += &format!(
                "insert into members (chat_id, user_id, role) values ('{chat}', '{}', '{role}');",
                person.id
            );
        }
        for (id, sender) in [(own, actor), (others, other)] {
            sql += &format!(
                "insert into messages (chat_id, id, sender_id, content) values ('{chat}', '{id}', '{sender}', 'words');"
            );
        }
        psql.batch_execute(&sql).await.unwrap();
        let people = people.iter().map(|(role, person)| (*role, person.id));
        Self { chat, names: people.chain([("own", own), ("others", others)]).collect() }
    }

    fn fill(&self, text: &str) -> String {
        self.names
            .iter()
            .fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), &id.to_string()))
    }

    async fn tries(&self, person: &Person, method: &str, action: &str) -> Answer {
        let (path, body) = action.split_once(' ').unwrap_or((action, ""));
        let path = format!("/api/v1/chats/{}{}", self.chat, self.fill(path));
        let method: Method = method.parse().unwrap();
        let request = person.request(method, &path);
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
    let (alice, adam) = (here.person("Alice").await, here.person("Adam").await);
    let (bob, eve) = (here.person("Bob").await, here.person("Eve").await);
    let group = [("creator", &alice), ("admin", &adam), ("member", &bob), ("stranger", &eve)];
    let pair = [("peer", &bob), ("other", &alice), ("stranger", &eve)];
    let mut wrong = Vec::new();
    for (method, action, expected) in ACTIONS {
        for (kind, expected) in ["public", "private", "direct"].into_iter().zip(expected.split(" | ")) {
            let people = if kind == "direct" { &pair[..] } else { &group[..] };
            let actors = people.iter().filter(|(role, _)| *role != "other");
            for ((role, person), expected) in actors.zip(expected.split(' ')) {
                let room = Room::make(&psql, kind, people, person.id).await;
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
