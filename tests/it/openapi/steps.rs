//! The steps of the walk in which every operation goes well at least once.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::answers::Walk;
use crate::support::{Device, Person, Postbox, Receiver};

/// Messages, and all that can be done to them.
pub async fn talks(walk: &mut Walk, alice: &Person, bob: &Person) -> String {
    let chat = id(&walk.posts(alice, "/api/v1/chats", json!({"title": "Lobby", "description": "All"})).await);
    let at = format!("/api/v1/chats/{chat}");
    walk.gets(alice, "/api/v1/chats").await;
    walk.posts(bob, &format!("{at}/join"), Value::Null).await;
    walk.shows(alice, &format!("{at}/image")).await;
    let image = walk.gets(bob, &at).await["image_url"].as_str().unwrap().to_owned();
    walk.gets(bob, image.strip_prefix(&bob.base).unwrap()).await;
    let upload = walk.shows(alice, "/api/v1/uploads").await;
    let file = format!("/api/v1/files/{}", id(&upload));
    let text = json!({"content": "Hello @nobody", "client_id": "a1"});
    let first = walk.posts(alice, &format!("{at}/messages"), text.clone()).await;
    walk.sends(alice, Method::POST, &format!("{at}/messages"), text).await.expect(200);
    let later = json!({"content": "Later", "send_at": chrono::Utc::now() + chrono::TimeDelta::days(1)});
    let later = walk.sends(alice, Method::POST, &format!("{at}/messages"), later).await.expect(202);
    walk.gets(alice, "/api/v1/users/me/scheduled").await;
    walk.deletes(alice, &format!("/api/v1/users/me/scheduled/{}", id(&later))).await;
    let reply = json!({"content": "Look", "reply_to": first["id"], "attachments": [upload["id"]]});
    let second = walk.posts(alice, &format!("{at}/messages"), reply).await;
    for path in [file.clone(), format!("{file}/thumbnail"), format!("{file}/link")] {
        walk.gets(bob, &path).await;
    }
    let link = walk.gets(alice, &format!("{file}/link")).await["url"].as_str().unwrap().to_owned();
    walk.gets(bob, link.strip_prefix(&bob.base).unwrap()).await;
    let part = bob.request(Method::GET, &file).header("range", "bytes=0-9");
    walk.goes(Method::GET, &file, part).await.expect(206);
    let beyond = bob.request(Method::GET, &file).header("range", "bytes=9999999-");
    walk.goes(Method::GET, &file, beyond).await.expect(416);
    let known = bob.request(Method::GET, &file).header("if-none-match", "*");
    walk.goes(Method::GET, &file, known).await.expect(304);
    let one = format!("{at}/messages/{}", id(&first));
    walk.patches(alice, &one, json!({"content": "Hello all"})).await;
    walk.puts(bob, &format!("{one}/reactions/%F0%9F%91%8D"), Value::Null).await;
    walk.gets(bob, &one).await;
    walk.puts(alice, &format!("{one}/pin"), Value::Null).await;
    walk.gets(bob, &format!("{at}/pins")).await;
    walk.deletes(alice, &format!("{one}/pin")).await;
    walk.deletes(bob, &format!("{one}/reactions/%F0%9F%91%8D")).await;
    walk.puts(bob, &format!("{at}/read"), json!({"seq": 2})).await;
    for path in ["messages", "messages?search=hello", "reads", "members?include=users"] {
        let answer = walk.sends(bob, Method::GET, &format!("{at}/{path}"), Value::Null).await;
        assert!(answer.status < 500, "{path}: {}", answer.body);
    }
    walk.gets(bob, "/api/v1/search/messages?search=hello").await;
    walk.gets(bob, "/api/v1/chats").await;
    walk.gets(bob, "/api/v1/chats?scope=public").await;
    walk.deletes(alice, &format!("{at}/messages/{}", id(&second))).await;
    walk.gets(bob, &format!("{at}/messages")).await;
    chat
}

/// Who is in a chat, and what hangs on it; in the end the whole log.
pub async fn manages(walk: &mut Walk, alice: &Person, bob: &Person, chat: &str) {
    let at = format!("/api/v1/chats/{chat}");
    let user = json!({"user_id": bob.id});
    walk.sends(alice, Method::POST, &format!("{at}/members"), user.clone()).await.expect(200);
    walk.patches(alice, &format!("{at}/members/{}", bob.id), json!({"role": "admin"})).await;
    walk.gets(alice, &format!("{at}/members")).await;
    walk.deletes(alice, &format!("{at}/members/{}", bob.id)).await;
    walk.posts(alice, &format!("{at}/members"), user.clone()).await;
    walk.posts(bob, &format!("{at}/leave"), Value::Null).await;
    let invite = walk.posts(alice, &format!("{at}/invites"), json!({"max_uses": 3})).await;
    walk.gets(alice, &format!("{at}/invites")).await;
    walk.posts(bob, &format!("/api/v1/invites/{}/accept", invite["token"].as_str().unwrap()), Value::Null)
        .await;
    walk.deletes(alice, &format!("{at}/invites/{}", id(&invite))).await;
    let receiver = Receiver::new().await;
    let hook = json!({"url": receiver.url(), "events": ["new_message"]});
    let hook = walk.posts(alice, &format!("{at}/webhooks"), hook).await;
    walk.gets(alice, &format!("{at}/webhooks")).await;
    walk.patches(alice, &format!("{at}/webhooks/{}", id(&hook)), json!({"active": false})).await;
    walk.deletes(alice, &format!("{at}/webhooks/{}", id(&hook))).await;
    let hook = walk.posts(alice, &format!("{at}/hooks"), json!({"name": "Bot"})).await;
    walk.gets(alice, &format!("{at}/hooks")).await;
    walk.shows(alice, &format!("{at}/hooks/{}/avatar", id(&hook))).await;
    let address = hook["url"].as_str().unwrap().strip_prefix(&alice.base).unwrap();
    walk.sends(&alice.bearing(""), Method::POST, address, json!({"text": "by a hook"})).await.expect(200);
    walk.deletes(alice, &format!("{at}/hooks/{}", id(&hook))).await;
    walk.patches(alice, &at, json!({"description": "For all", "retention_days": 30})).await;
    walk.deletes(alice, &format!("{at}/image")).await;
    walk.deletes(alice, &format!("{at}/messages")).await;
    let log = walk.gets(alice, &format!("{at}/log?limit=100")).await;
    let told: BTreeSet<_> =
        log["items"].as_array().unwrap().iter().map(|entry| entry["type"].to_string()).collect();
    assert!(told.len() >= 11, "{told:?}");
    walk.puts(alice, &format!("{at}/bans/{}", bob.id), Value::Null).await;
    walk.gets(alice, &format!("{at}/bans")).await;
    walk.deletes(alice, &format!("{at}/bans/{}", bob.id)).await;
    let direct = walk.posts(alice, "/api/v1/chats/direct", user.clone()).await;
    walk.posts(bob, &format!("/api/v1/chats/{}/messages", id(&direct)), json!({"content": "hi"})).await;
    walk.sends(alice, Method::POST, "/api/v1/chats/direct", user).await.expect(200);
    walk.gets(alice, "/api/v1/chats?kind=direct").await;
    walk.gets(alice, &format!("/api/v1/chats/{}/log", id(&direct))).await;
    walk.deletes(alice, &at).await;
}

/// Friends, blocks, one's own account.
pub async fn knows(walk: &mut Walk, alice: &Person, bob: &Person) {
    walk.posts(alice, "/api/v1/friends", json!({"user_id": bob.id})).await;
    walk.gets(bob, "/api/v1/friends/requests").await;
    walk.sends(bob, Method::POST, "/api/v1/friends", json!({"user_id": alice.id})).await.expect(200);
    walk.gets(alice, "/api/v1/friends").await;
    walk.gets(alice, &format!("/api/v1/users/{}", bob.id)).await;
    walk.deletes(alice, &format!("/api/v1/friends/{}", bob.id)).await;
    walk.puts(alice, &format!("/api/v1/blocks/{}", bob.id), Value::Null).await;
    walk.gets(alice, "/api/v1/blocks").await;
    walk.deletes(alice, &format!("/api/v1/blocks/{}", bob.id)).await;
    walk.gets(alice, "/api/v1/users").await;
    walk.gets(alice, "/api/v1/users/me").await;
    walk.patches(alice, "/api/v1/users/me", json!({"bio": "Curious", "contacts": {"github": "alice"}})).await;
    let shown = walk.shows(alice, "/api/v1/users/avatar").await["avatar_url"].as_str().unwrap().to_owned();
    walk.gets(bob, shown.strip_prefix(&bob.base).unwrap()).await;
    walk.deletes(alice, "/api/v1/users/avatar").await;
    let profile = json!({"name": "Alice", "username": "alice_l", "email": alice.email});
    walk.puts(alice, &format!("/api/v1/users/{}", alice.id), profile).await;
    walk.gets(alice, "/api/v1/routes?limit=100").await;
}

/// Events, tickets, and who waits for one.
pub async fn meets(walk: &mut Walk, alice: &Person, bob: &Person) {
    let plan = |name: &str| {
        let time = chrono::Utc::now() + chrono::TimeDelta::days(1);
        json!({"name": name, "event_time": time, "timezone": "Europe/Berlin", "max_tickets": 2, "with_chat": true})
    };
    let at = format!("/api/v1/events/{}", id(&walk.posts(alice, "/api/v1/events", plan("Concert")).await));
    walk.gets(bob, "/api/v1/events?search=concert").await;
    walk.gets(bob, &at).await;
    walk.puts(alice, &at, plan("Great concert")).await;
    let ticket = walk.posts(bob, &format!("{at}/tickets"), json!({"quantity": 2})).await;
    let one = json!({"quantity": 1, "wait": true});
    walk.sends(alice, Method::POST, &format!("{at}/tickets"), one.clone()).await.expect(202);
    let refused = walk.sends(alice, Method::POST, &format!("{at}/tickets"), json!({"quantity": 1})).await;
    refused.refused(409, "sold_out");
    walk.gets(alice, &format!("{at}/waiting")).await;
    walk.gets(alice, &format!("{at}/tickets")).await;
    walk.gets(bob, "/api/v1/users/me/tickets").await;
    let at_ticket = format!("{at}/tickets/{}", id(&ticket));
    walk.gets(bob, &at_ticket).await;
    let code = walk.gets(bob, &format!("{at_ticket}/code")).await;
    walk.deletes(alice, &format!("{at}/waiting")).await;
    walk.posts(alice, &format!("{at}/check-ins"), code.clone()).await;
    walk.sends(alice, Method::POST, &format!("{at}/check-ins"), code).await.expect(200);
    walk.sends(bob, Method::DELETE, &at_ticket, Value::Null).await.refused(409, "conflict");
    walk.sends(alice, Method::DELETE, &at, Value::Null).await.refused(409, "tickets_sold");
    walk.deletes(alice, &format!("{at}?force=true")).await;
    let at = format!("/api/v1/events/{}", id(&walk.posts(alice, "/api/v1/events", plan("Another")).await));
    let ticket = walk.posts(bob, &format!("{at}/tickets"), one).await;
    walk.deletes(bob, &format!("{at}/tickets/{}", id(&ticket))).await;
}

/// What people write for everybody, and the calendars of their events; `event` is one of Alice's.
pub async fn writes(walk: &mut Walk, alice: &Person, bob: &Person, event: &str) {
    let text = json!({"title": "The garden opens", "content": "In May"});
    let post = id(&walk.posts(alice, "/api/v1/posts", text.clone()).await);
    walk.puts(alice, &format!("/api/v1/posts/{post}"), text).await;
    for on in [format!("/api/v1/posts/{post}"), format!("/api/v1/events/{event}")] {
        let at = format!("{on}/comments");
        let comment = walk.posts(bob, &at, json!({"content": "How nice"})).await;
        walk.gets(bob, &format!("{at}?include=users")).await;
        walk.deletes(bob, &format!("{at}/{}", id(&comment))).await;
    }
    walk.gets(bob, &format!("/api/v1/posts/{post}")).await;
    walk.gets(bob, "/api/v1/posts?search=garden&include=users").await;
    walk.deletes(alice, &format!("/api/v1/posts/{post}")).await;
    let file = format!("/api/v1/events/{event}/calendar.ics");
    walk.gets(alice, &file).await;
    let url =
        walk.posts(alice, "/api/v1/users/me/calendar", Value::Null).await["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&alice.base).unwrap();
    let stranger = alice.bearing("");
    walk.gets(&stranger, path).await;
    for (who, path) in [(&stranger, path), (alice, file.as_str())] {
        let known = who.request(Method::GET, path).header("if-none-match", "*");
        walk.goes(Method::GET, path, known).await.expect(304);
    }
    walk.deletes(alice, "/api/v1/users/me/calendar").await;
}

/// What people are told, and how.
pub async fn notified(walk: &mut Walk, admin: &Person, bob: &Person) {
    let chat = id(&walk.posts(bob, "/api/v1/chats", json!({"title": "Quiet"})).await);
    walk.puts(
        bob,
        &format!("/api/v1/chats/{chat}/mute"),
        json!({"until": chrono::Utc::now() + chrono::TimeDelta::days(1)}),
    )
    .await;
    walk.gets(bob, &format!("/api/v1/chats/{chat}/mute")).await;
    walk.deletes(bob, &format!("/api/v1/chats/{chat}/mute")).await;
    walk.gets(bob, &format!("/api/v1/chats/{chat}/mute")).await;
    let new = json!({"recipient_id": bob.id, "message": "welcome"});
    let told = walk.posts(admin, "/api/v1/notifications", new).await;
    let new = json!({"everyone": true, "message": "Maintenance tonight"});
    let announced = walk.sends(admin, Method::POST, "/api/v1/notifications", new).await.expect(202);
    walk.gets(admin, &format!("/api/v1/announcements/{}", id(&announced))).await;
    walk.gets(bob, "/api/v1/notifications").await;
    walk.gets(bob, "/api/v1/notifications?unread=true&kind=message").await;
    walk.puts(bob, &format!("/api/v1/notifications/{}/read", id(&told)), Value::Null).await;
    walk.puts(bob, "/api/v1/notifications/read", Value::Null).await;
    walk.deletes(bob, &format!("/api/v1/notifications/{}", id(&told))).await;
    walk.gets(bob, "/api/v1/notifications/preferences").await;
    walk.puts(bob, "/api/v1/notifications/preferences", json!({"mention": {"push": false}})).await;
    walk.gets(bob, "/api/v1/push/key").await;
    let device = Device::new();
    let subscription =
        walk.posts(bob, "/api/v1/push/subscriptions", device.subscription("http://127.0.0.1:9/")).await;
    walk.gets(bob, "/api/v1/push/subscriptions").await;
    walk.deletes(bob, &format!("/api/v1/push/subscriptions/{}", id(&subscription))).await;
}

/// What is for administrators.
pub async fn administers(walk: &mut Walk, admin: &Person, bob: &Person) {
    let role = json!({"name": "moderator", "permissions": ["GET:/api/v1/audit"]});
    walk.posts(admin, "/api/v1/roles", role).await;
    walk.gets(admin, "/api/v1/roles").await;
    walk.gets(admin, "/api/v1/roles/moderator").await;
    walk.patches(admin, "/api/v1/roles/moderator", json!({"description": "Moderates chats"})).await;
    walk.puts(admin, "/api/v1/roles/moderator/permissions", json!({"permissions": []})).await;
    walk.puts(admin, &format!("/api/v1/users/{}/roles", bob.id), json!({"roles": ["user", "moderator"]}))
        .await;
    walk.puts(admin, &format!("/api/v1/users/{}/roles", bob.id), json!({"roles": ["user"]})).await;
    walk.deletes(admin, "/api/v1/roles/moderator").await;
    for status in ["suspended", "active"] {
        walk.puts(admin, &format!("/api/v1/users/{}/status", bob.id), json!({"status": status})).await;
    }
    let at = "/api/v1/topics/orders";
    walk.posts(admin, &format!("{at}/records"), json!({"records": [{"key": "k", "value": [1]}]})).await;
    walk.puts(admin, at, json!({"retention_days": 30})).await;
    walk.gets(admin, at).await;
    walk.gets(admin, "/api/v1/topics").await;
    walk.gets(admin, &format!("{at}/records?group=g&wait_seconds=1")).await;
    walk.posts(admin, &format!("{at}/commit"), json!({"group": "g", "offsets": [1]})).await;
    walk.deletes(admin, at).await;
    walk.gets(admin, "/api/v1/users?limit=100").await;
    walk.gets(admin, "/api/v1/audit?limit=100").await;
    works(walk, admin).await;
}

/// Work in the background.
async fn works(walk: &mut Walk, admin: &Person) {
    let jobs = "/api/v1/jobs";
    let later = json!({"task": "echo", "unique_key": "later", "run_at": "2099-01-01T00:00:00Z"});
    let job = walk.posts(admin, jobs, later.clone()).await;
    walk.sends(admin, Method::POST, jobs, later).await.expect(200);
    walk.sends(admin, Method::POST, jobs, json!({"task": "erase_user"})).await.expect(400);
    walk.gets(admin, &format!("{jobs}?limit=100")).await;
    walk.deletes(admin, &format!("{jobs}/{}", id(&job))).await;
    walk.sends(admin, Method::POST, &format!("{jobs}/{}/retry", id(&job)), Value::Null).await.expect(200);
    walk.gets(admin, &format!("{jobs}/{}?wait_seconds=10", id(&job))).await;
    walk.sends(admin, Method::POST, &format!("{jobs}/retry"), json!({"task": "echo"})).await.expect(200);
    walk.gets(admin, &format!("{jobs}/tasks?limit=100")).await;
    walk.puts(admin, &format!("{jobs}/tasks/echo/pause"), Value::Null).await;
    walk.deletes(admin, &format!("{jobs}/tasks/echo/pause")).await;
    let schedules = "/api/v1/schedules";
    let solar = json!({"event": "sunrise", "latitude": 52.52, "longitude": 13.405});
    let new = json!({"name": "At sunrise", "task": "echo", "solar": solar});
    let schedule = walk.posts(admin, schedules, new).await;
    walk.gets(admin, &format!("{schedules}?limit=100")).await;
    let one = format!("{schedules}/{}", id(&schedule));
    walk.gets(admin, &one).await;
    walk.patches(admin, &one, json!({"cron": "30 6 * * 1-5", "timezone": "Europe/Berlin"})).await;
    walk.deletes(admin, &one).await;
}

/// Signing up, in and out.
pub async fn signs(walk: &mut Walk, carol: &Person, postbox: &Postbox) {
    let stranger = carol.bearing("");
    let new = json!({"email": "dave@example.com", "password": "trunkline1", "name": "Dave"});
    walk.posts(&stranger, "/api/v1/auth/register", new.clone()).await;
    walk.sends(&stranger, Method::POST, "/api/v1/auth/register", new).await.refused(409, "email_taken");
    walk.gets(&stranger, "/api/v1/auth/keys/public").await;
    let login = json!({"email": "dave@example.com", "password": "trunkline1"});
    let pair = walk.posts(&stranger, "/api/v1/auth/login", login.clone()).await;
    let wrong = json!({"email": "dave@example.com", "password": "trunkline2"});
    walk.sends(&stranger, Method::POST, "/api/v1/auth/login", wrong).await.refused(401, "wrong_credentials");
    let refresh = json!({"refresh_token": pair["refresh_token"]});
    let pair = walk.posts(&stranger, "/api/v1/auth/token/refresh", refresh).await;
    let dave = carol.bearing(pair["access_token"].as_str().unwrap());
    let token = walk.posts(&dave, "/api/v1/auth/tokens", json!({"name": "bot"})).await;
    walk.gets(&dave, "/api/v1/auth/tokens").await;
    walk.deletes(&dave, &format!("/api/v1/auth/tokens/{}", id(&token))).await;
    walk.posts(&stranger, "/api/v1/auth/login", login).await;
    let sessions = walk.gets(&dave, "/api/v1/auth/sessions").await;
    let other = sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == false);
    walk.deletes(&dave, &format!("/api/v1/auth/sessions/{}", id(other.unwrap()))).await;
    let change = json!({"current_password": "trunkline1", "new_password": "trunkline3"});
    walk.posts(&dave, "/api/v1/auth/password", change).await;
    walk.posts(&dave, "/api/v1/auth/logout", Value::Null).await;
    walk.sends(&dave, Method::POST, "/api/v1/auth/logout", Value::Null).await.expect(401);
    walk.posts(&stranger, "/api/v1/auth/password/forgot", json!({"email": "dave@example.com"})).await;
    let token = postbox.waits_for(1).await.token();
    let form = json!({"token": token, "new_password": "trunkline4"});
    walk.posts(&stranger, "/api/v1/auth/password/reset", form).await;
    let login = json!({"email": "dave@example.com", "password": "trunkline4"});
    let pair = walk.posts(&stranger, "/api/v1/auth/login", login).await;
    let dave = carol.bearing(pair["access_token"].as_str().unwrap());
    let erasure = json!({"current_password": "trunkline4", "messages": "clear"});
    walk.sends(&dave, Method::DELETE, "/api/v1/users/me", erasure).await.expect(204);
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}
