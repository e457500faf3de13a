//! Everything about a chat or a person, in a file.

use std::{os::unix::fs::PermissionsExt, path::Path};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    commands::{Folder, shared},
    support::{Person, World},
};

/// The lines of an export, which must be whole.
fn lines(text: &str) -> Vec<Value> {
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let end = lines.pop().unwrap();
    assert_eq!(end, json!({"type": "end", "lines": lines.len()}));
    lines
}

fn of<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_exported_as_its_sockets_would_be_told_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    world.adds(chat, bob.id).await;
    let secret = alice.says(chat, "a secret").await;
    world.fills(chat, bob.id, 1_200, 30).await;
    let path = format!("/api/v1/chats/{chat}/messages/{}", secret["id"].as_str().unwrap());
    Person::send(alice.request(Method::DELETE, &path)).await.expect(204);

    let (folder, env, id) = (Folder::new(), shared(&world.url), chat.to_string());
    let (code, out, err) = folder.run(&["export", "chat", &id], &env).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let exported = lines(&out);
    assert_eq!(exported[0]["chat"]["title"], "Lobby");
    assert_eq!(of(&exported, "member").len(), 2);
    let log: Vec<_> = exported.iter().filter(|line| line["seq"].is_i64()).cloned().collect();
    let told = alice.resumes(chat, 0).await.reads(0, 1_203).await;
    assert_eq!(log, told, "one story, whoever tells it");
    assert!(!out.contains("secret"));

    let file = folder.path("lobby.jsonl");
    let (code, nothing, _) = folder.run(&["export", "chat", &id, "--out", "lobby.jsonl"], &env).await;
    assert_eq!((code, nothing.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), out);
    assert_eq!(mode(&file), 0o600);
    // Again, over a file that others could read.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(folder.run(&["export", "chat", &id, "--out", "lobby.jsonl"], &env).await.0, 0);
    assert_eq!(mode(&file), 0o600);
}

fn mode(file: &Path) -> u32 {
    std::fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_exported_with_all_of_it_and_no_secret() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let contacts = json!({"contacts": {"github": "alice-in-chains"}});
    let patch = alice.request(Method::PATCH, "/api/v1/users/me").json(&contacts);
    Person::send(patch).await.expect(200);
    let (chat, left) = (alice.creates_chat("Lobby").await, bob.creates_chat("Elsewhere").await);
    world.adds(left, alice.id).await;
    alice.says(left, "good-bye").await;
    alice.post(&format!("/api/v1/chats/{left}/leave"), &json!({})).await.expect(204);
    let said = alice.says(chat, "hello").await;
    bob.says(chat, "what others say is not hers").await;
    let path = format!("/api/v1/chats/{chat}/messages/{}/reactions/👍", said["id"].as_str().unwrap());
    Person::send(alice.request(Method::PUT, &path)).await.expect(204);

    let path = format!("/api/v1/chats/{chat}/messages");
    let later = json!({"content": "for later", "send_at": (chrono::Utc::now() + chrono::TimeDelta::days(1)).to_rfc3339()});
    alice.post(&path, &later).await.expect(202);

    let event = crate::events::makes(&bob, "Concert", 1).await;
    let ticket = crate::events::buys(&alice, &event, 1).await;
    crate::events::gives_back(&alice, &event, &ticket).await;
    crate::events::buys(&bob, &event, 1).await;
    alice.post(&format!("{event}/tickets"), &json!({"quantity": 1, "wait": true})).await.expect(202);
    crate::events::makes(&alice, "Reading", 5).await;

    let wish = json!({"name": "bot", "scopes": ["GET:/api/v1/chats"]});
    let token = alice.post("/api/v1/auth/tokens", &wish).await.expect(201)["token"].clone();

    let (folder, env) = (Folder::new(), shared(&world.url));
    let (code, out, err) = folder.run(&["export", "account", &alice.email.to_uppercase()], &env).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let exported = lines(&out);
    assert_eq!(exported[0]["user"]["email"], alice.email.as_str());
    assert_eq!(exported[0]["user"]["contacts"]["github"], "alice-in-chains");
    assert_eq!(of(&exported, "session").len(), 1);
    let tokens = of(&exported, "api_token");
    let about = &tokens[0]["api_token"];
    assert_eq!((tokens.len(), &about["name"], &about["scopes"]), (1, &wish["name"], &wish["scopes"]));
    assert!(
        about["created_at"].is_string()
            && about["last_used_at"].is_null()
            && !about["expires_at"].is_string()
    );
    let memberships = of(&exported, "membership");
    assert_eq!((memberships.len(), &memberships[0]["membership"]["title"]), (1, &json!("Lobby")));
    let mut words: Vec<_> =
        of(&exported, "message").iter().map(|line| line["message"]["content"].clone()).collect();
    words.sort_by_key(Value::to_string);
    assert_eq!(words, ["good-bye", "hello"]);
    let scheduled = of(&exported, "scheduled_message");
    assert_eq!((scheduled.len(), &scheduled[0]["scheduled_message"]["content"]), (1, &json!("for later")));
    assert_eq!(of(&exported, "reaction")[0]["reaction"]["emoji"], "👍");
    let (events, tickets) = (of(&exported, "event"), of(&exported, "ticket"));
    assert_eq!((events.len(), &events[0]["event"]["name"]), (1, &json!("Reading")));
    assert_eq!((tickets.len(), tickets[0]["ticket"]["cancelled_at"].is_string()), (1, true));
    assert_eq!(of(&exported, "waiting")[0]["waiting"]["quantity"], 1);
    for secret in ["not hers", "$2b$", "password", "refresh", "hash", token.as_str().unwrap()] {
        assert!(!out.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_exported_leaves_one_line_and_no_file() {
    let world = World::new().await;
    let (folder, env) = (Folder::new(), shared(&world.url));
    let nobody = uuid::Uuid::now_v7().to_string();
    for arguments in [["export", "chat", &nobody], ["export", "account", "nobody@example.com"]] {
        let (code, out, err) = folder.run(&[&arguments[..], &["--out", "x"]].concat(), &env).await;
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
        let what = if arguments[1] == "chat" { "chat " } else { "account with this e-mail address" };
        assert!(err.contains(&format!("there is no {what}")), "{err}");
    }
    assert_eq!(std::fs::read_dir(folder.path("")).unwrap().count(), 0);
    let (code, _, err) = folder.run(&["export", "chat", &nobody, "--out", "no/such/folder"], &env).await;
    assert!(code == 1 && err.contains("no/such/folder"), "{err}");
    for bad in [&["export", "chat", "nonsense"][..], &["export"], &["export", "chat"], &["export", "account"]]
    {
        assert_eq!(folder.run(bad, &env).await.0, 2, "{bad:?}");
    }
}
