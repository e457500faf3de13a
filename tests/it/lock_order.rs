//! Whatever is written at the same time: nobody waits for somebody who waits for them. Every pair of writing operations is set
//! against each other, on the same chat and the same people.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Answer, PASSWORD, Person, World};

/// Two people and what they fight over.
struct Ring {
    alice: Person,
    bob: Person,
    root: Person,
    chat: Uuid,
    other_chat: Uuid,
    /// The path of an event with two places and a chat, which is Alice's.
    event: String,
    message: String,
    post: String,
    psql: Arc<Client>,
}

type Blow = fn(Arc<Ring>) -> BoxFuture<'static, ()>;

/// Whether an answer is one of those that somebody may get who comes at the wrong moment.
fn fair(name: &str, answer: &Answer) {
    let is_fair = answer.status < 500 || answer.status == 503;
    assert!(is_fair, "{name}: {} {}", answer.status, answer.body);
}

macro_rules! blows {
    ($($name:ident => |$ring:ident| $work:expr;)*) => {
        const BLOWS: &[(&str, Blow)] = &[$((stringify!($name), |$ring| async move { fair(stringify!($name), &$work.await); }.boxed()),)*];
    };
}

blows! {
    post => |r| r.bob.post(&format!("/api/v1/chats/{}/messages", r.chat), &json!({"content": "hello @alice"}));
    edit => |r| r.alice.patch(&format!("/api/v1/chats/{}/messages/{}", r.chat, r.message), &json!({"content": "again"}));
    react => |r| r.bob.puts(&format!("/api/v1/chats/{}/messages/{}/reactions/:wave:", r.chat, r.message));
    unreact => |r| r.bob.delete(&format!("/api/v1/chats/{}/messages/{}/reactions/:wave:", r.chat, r.message));
    pin => |r| r.alice.puts(&format!("/api/v1/chats/{}/messages/{}/pin", r.chat, r.message));
    read => |r| r.bob.put(&format!("/api/v1/chats/{}/read", r.chat), &json!({"seq": 1_000_000}));
    join => |r| r.bob.act(&format!("/api/v1/chats/{}/join", r.chat));
    leave => |r| r.bob.act(&format!("/api/v1/chats/{}/leave", r.chat));
    add => |r| r.alice.post(&format!("/api/v1/chats/{}/members", r.chat), &json!({"user_id": r.bob.id}));
    remove => |r| r.alice.delete(&format!("/api/v1/chats/{}/members/{}", r.chat, r.bob.id));
    promote => |r| r.alice.patch(&format!("/api/v1/chats/{}/members/{}", r.chat, r.bob.id), &json!({"role": "admin"}));
    demote => |r| r.alice.patch(&format!("/api/v1/chats/{}/members/{}", r.chat, r.bob.id), &json!({"role": "member"}));
    ban => |r| r.alice.puts(&format!("/api/v1/chats/{}/bans/{}", r.chat, r.bob.id));
    unban => |r| r.alice.delete(&format!("/api/v1/chats/{}/bans/{}", r.chat, r.bob.id));
    change_chat => |r| r.alice.patch(&format!("/api/v1/chats/{}", r.chat), &json!({"description": "new"}));
    webhook => |r| r.bob.post(&format!("/api/v1/chats/{}/webhooks", r.chat), &json!({"url": "http://127.0.0.1:9/"}));
    webhook_of_alice => |r| r.alice.post(&format!("/api/v1/chats/{}/webhooks", r.other_chat), &json!({"url": "http://127.0.0.1:9/"}));
    suspend => |r| r.root.put(&format!("/api/v1/users/{}/status", r.bob.id), &json!({"status": "suspended"}));
    activate => |r| r.root.put(&format!("/api/v1/users/{}/status", r.bob.id), &json!({"status": "active"}));
    block => |r| r.alice.puts(&format!("/api/v1/blocks/{}", r.bob.id));
    unblock => |r| r.alice.delete(&format!("/api/v1/blocks/{}", r.bob.id));
    hook => |r| r.bob.post(&format!("/api/v1/chats/{}/hooks", r.chat), &json!({"name": "Bot"}));
    hook_of_alice => |r| r.alice.post(&format!("/api/v1/chats/{}/hooks", r.other_chat), &json!({"name": "Bot"}));
    befriend => |r| r.bob.post("/api/v1/friends", &json!({"user_id": r.alice.id}));
    unfriend => |r| r.alice.delete(&format!("/api/v1/friends/{}", r.bob.id));
    direct => |r| r.bob.post("/api/v1/chats/direct", &json!({"user_id": r.alice.id}));
    rename => |r| r.bob.patch("/api/v1/users/me", &json!({"bio": "new"}));
    give_roles => |r| r.root.put(&format!("/api/v1/users/{}/roles", r.bob.id), &json!({"roles": ["user"]}));
    clear => |r| r.alice.delete(&format!("/api/v1/chats/{}/messages", r.chat));
    sql_posts => |r| async move {
        // A DBA writes to both chats at once.
        let sql = "insert into messages (chat_id, sender_id, content) values ($1, $3, 'one'), ($2, $3, 'two')";
        let written = r.psql.execute(sql, &[&r.other_chat, &r.chat, &r.alice.id]).await;
        fine(written)
    };
    sql_members => |r| async move {
        let sql = "insert into members (chat_id, user_id) select id, $1 from chats where visibility = 'public' order by id desc on conflict do nothing";
        fine(r.psql.execute(sql, &[&r.bob.id]).await)
    };
    sql_erases => |r| async move {
        // Somebody else who is in both chats; a job takes them out while the others go on.
        let one = format!("erased_{}", &Uuid::new_v4().simple().to_string()[..20]);
        let sql = "with one as (
                insert into users (email, username, name, password_hash) values ($1 || '@example.com', $1, 'One', '!') returning id
            )
            insert into members (chat_id, user_id) select chats.id, one.id from chats, one where visibility = 'public' order by chats.id";
        let written = r.psql.execute(sql, &[&one]).await;
        if written.is_err() {
            return fine(written);
        }
        fine(r.psql.execute("select erase_user(id, true) from users where username = $1", &[&one]).await)
    };
    sql_deletes => |r| async move {
        // Somebody else who is in both chats, at once and for good.
        let one = format!("gone_{}", &Uuid::new_v4().simple().to_string()[..20]);
        let sql = "with one as (
                insert into users (email, username, name, password_hash) values ($1 || '@example.com', $1, 'One', '!') returning id
            )
            insert into members (chat_id, user_id) select chats.id, one.id from chats, one where visibility = 'public' order by chats.id";
        let written = r.psql.execute(sql, &[&one]).await;
        if written.is_err() {
            return fine(written);
        }
        fine(r.psql.execute("delete from users where username = $1", &[&one]).await)
    };
    schedule => |r| r.bob.post(
        &format!("/api/v1/chats/{}/messages", r.chat),
        &json!({"content": "later", "send_at": (chrono::Utc::now() + chrono::TimeDelta::milliseconds(50)).to_rfc3339()})
    );
    change_password => |r| r.bob.post(
        "/api/v1/auth/password",
        &json!({"current_password": PASSWORD, "new_password": PASSWORD})
    );
    upload_and_post => |r| async move {
        let file = r.bob.tries_to_upload("a.txt", b"hello".to_vec()).await;
        if file.status != 201 {
            return file;
        }
        let post = json!({"attachments": [file.body["id"]]});
        r.bob.post(&format!("/api/v1/chats/{}/messages", r.chat), &post).await
    };
    buy => |r| r.bob.post(&format!("{}/tickets", r.event), &json!({"quantity": 2, "wait": true}));
    wait => |r| async move {
        let waits = r.alice.post(&format!("{}/tickets", r.event), &json!({"quantity": 1, "wait": true})).await;
        fair("stop_waiting", &r.alice.delete(&format!("{}/waiting", r.event)).await);
        waits
    };
    give_back => |r| async move {
        let tickets = r.bob.get(&format!("{}/tickets", r.event)).await;
        let Some(ticket) = tickets.body["items"][0]["id"].as_str() else { return tickets };
        r.bob.delete(&format!("{}/tickets/{ticket}", r.event)).await
    };
    change_event => |r| r.alice.put(
        &r.event,
        &json!({"name": Uuid::now_v7(), "event_time": chrono::Utc::now() + chrono::TimeDelta::days(1), "max_tickets": 4})
    );
    delete_event => |r| async move {
        let body = json!({
            "name": "Short", "event_time": chrono::Utc::now() + chrono::TimeDelta::days(1), "max_tickets": 2, "with_chat": true,
        });
        let made = r.alice.post("/api/v1/events", &body).await;
        let Some(id) = made.body["id"].as_str() else { return made };
        r.bob.post(&format!("/api/v1/events/{id}/tickets"), &json!({"quantity": 1})).await;
        r.alice.delete(&format!("/api/v1/events/{id}?force=true")).await
    };
    check_in => |r| async move {
        let tickets = r.alice.get(&format!("{}/tickets", r.event)).await;
        let Some(ticket) = tickets.body["items"][0]["id"].as_str() else { return tickets };
        let code = r.alice.get(&format!("{}/tickets/{ticket}/code", r.event)).await;
        r.alice.post(&format!("{}/check-ins", r.event), &code.body).await
    };
    sql_holder_goes => |r| async move {
        // Somebody else who has a ticket, and is deleted for good.
        let one = format!("gone_{}", &Uuid::new_v4().simple().to_string()[..20]);
        let sql = "with one as (
                insert into users (email, username, name, password_hash) values ($1 || '@example.com', $1, 'One', '!') returning id
            )
            insert into tickets (event_id, holder_id, quantity) select events.id, one.id, 1 from events, one where events.name <> 'Short'";
        let written = r.psql.execute(sql, &[&one]).await;
        if written.is_err() {
            return fine(written);
        }
        fine(r.psql.execute("delete from users where username = $1", &[&one]).await)
    };
    comment => |r| async move {
        let at = format!("/api/v1/posts/{}/comments", r.post);
        let comment = r.bob.post(&at, &json!({"content": "nice"})).await;
        match comment.body["id"].as_str() {
            Some(id) if comment.status == 201 => r.bob.delete(&format!("{at}/{id}")).await,
            _ => comment,
        }
    };
    change_post => |r| r.alice.put(&format!("/api/v1/posts/{}", r.post), &json!({"title": "x", "content": "y"}));
    write_and_delete => |r| async move {
        let post = r.bob.post("/api/v1/posts", &json!({"title": "x", "content": "y"})).await;
        match post.body["id"].as_str() {
            Some(id) if post.status == 201 => {
                let at = format!("/api/v1/posts/{id}");
                let (comments, nice) = (format!("{at}/comments"), json!({"content": "nice"}));
                tokio::join!(r.alice.post(&comments, &nice), r.bob.delete(&at)).1
            }
            _ => post,
        }
    };
    sql_comments => |r| async move {
        let sql = "insert into comments (post_id, owner_id, content)
            select posts.id, users.id, 'by SQL' from posts, users where users.id in ($1, $2) order by users.id, posts.id";
        fine(r.psql.execute(sql, &[&r.alice.id, &r.bob.id]).await)
    };
    sql_suspends => |r| async move {
        fine(r.psql.execute("update users set status = 'suspended' where id = $1", &[&r.bob.id]).await)
    };
}

/// What SQL answers, as an answer of the API: a constraint may refuse, a deadlock may not.
fn fine(written: Result<u64, tokio_postgres::Error>) -> Answer {
    let status = match written {
        Err(error) if error.code().is_none_or(|code| !code.code().starts_with("23")) => {
            panic!("{error:?}")
        }
        _ => 200,
    };
    Answer { status, headers: reqwest::header::HeaderMap::new(), body: serde_json::Value::Null }
}

/// Everything as it was, so that the next blow finds something to do. Each statement is a transaction of its own: one that changed
/// several chats would have to do so in their order, and jobs may still be at work.
async fn sets_up(ring: &Ring) {
    let bob = ring.bob.id;
    let member = format!(
        "insert into members (chat_id, user_id, role) values ('{}', '{bob}', 'admin') on conflict do nothing",
        ring.chat
    );
    for sql in [
        &format!("update users set status = 'active' where id = '{bob}' and status <> 'active'"),
        "delete from blocks",
        "delete from bans",
        "delete from webhooks",
        "delete from hooks",
        "delete from event_waiting",
        "delete from tickets",
        "delete from comments",
        &member,
        &format!(
            "update messages set content = 'first' where id = '{}' and recalled_at is null",
            ring.message
        ),
    ] {
        ring.psql.execute(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_writers_wait_for_each_other() {
    let world =
        World::with(&[("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true"), ("TRUNKLINE_LIMITS__ENABLED", "false")])
            .await;
    let here = world.instance().await;
    let (alice, mut bob, root) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Root").await);
    world.promotes(root.id).await;
    let (other_chat, chat) = (alice.creates_chat("One").await, alice.creates_chat("Two").await);
    let message = alice.says(chat, "first").await["id"].as_str().unwrap().to_owned();
    let body = json!({
        "name": "Concert", "event_time": chrono::Utc::now() + chrono::TimeDelta::days(1), "max_tickets": 4, "with_chat": true,
    });
    let event = alice.post("/api/v1/events", &body).await.expect(201);
    let event = format!("/api/v1/events/{}", event["id"].as_str().unwrap());
    let post = alice.post("/api/v1/posts", &json!({"title": "x", "content": "y"})).await.expect(201);
    let post = post["id"].as_str().unwrap().to_owned();
    let psql = Arc::new(world.psql().await);
    let mut pairs = 0;
    for (at, (one, first)) in BLOWS.iter().enumerate() {
        for (other, second) in &BLOWS[at..] {
            let (alice, root) = (alice.clone(), root.clone());
            let (event, message, post) = (event.clone(), message.clone(), post.clone());
            let psql = Arc::clone(&psql);
            let ring = Arc::new(Ring {
                alice,
                bob: bob.clone(),
                root,
                chat,
                other_chat,
                event,
                message,
                post,
                psql,
            });
            sets_up(&ring).await;
            // Against each other, and twice each: who comes second meets who came first.
            let blows = [first, second, first, second].map(|blow| blow(Arc::clone(&ring)));
            let fought = tokio::time::timeout(Duration::from_secs(60), futures_util::future::join_all(blows));
            assert!(fought.await.is_ok(), "{one} and {other} wait for each other");
            pairs += 1;
            if [one, other].iter().any(|name| name.contains("suspend")) {
                let active = "update users set status = 'active' where id = $1 and status <> 'active'";
                ring.psql.execute(active, &[&bob.id]).await.unwrap();
                bob.signs_in().await;
            }
        }
    }
    let sql = "select deadlocks from pg_stat_database where datname = current_database()";
    world.psql().await.batch_execute("select pg_stat_clear_snapshot()").await.unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let deadlocks: i64 = world.psql().await.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!((deadlocks, pairs), (0, BLOWS.len() * (BLOWS.len() + 1) / 2));
    assert!(!world.log().contains("deadlock"), "a deadlock was met");
}
