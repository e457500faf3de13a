//! The end of an account: who erases themselves is gone everywhere, and what others were told stays whole.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    auth::dies,
    commands::{Folder, shared},
    support::{Answer, PASSWORD, Person, Visitor, World},
};

async fn erases(person: &Person, body: &Value) -> Answer {
    Person::send(person.request(Method::DELETE, "/api/v1/users/me").json(body)).await
}

fn password() -> Value {
    json!({"current_password": PASSWORD})
}

async fn log(person: &Person, chat: Uuid) -> Vec<Value> {
    let path = format!("/api/v1/chats/{chat}/log?limit=100");
    person.get(&path).await.expect(200)["items"].as_array().unwrap().clone()
}

/// Every row of the database that holds this text; what stands in the audit stays there.
async fn rows_with(world: &World, text: &str) -> Vec<String> {
    let psql = world.psql().await;
    let tables = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'audit'";
    let mut found = Vec::new();
    for table in psql.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let sql = format!("select t::text from {table} as t where t::text ilike '%' || $1 || '%'");
        let rows = psql.query(&sql, &[&text]).await.unwrap();
        found.extend(rows.iter().map(|row| format!("{table}: {}", row.get::<_, String>(0))));
    }
    found
}

/// Once the job that is done every hour has removed the files that nobody may fetch any more.
async fn swept(world: &World) {
    world.psql().await.batch_execute("insert into jobs (task) values ('sweep_files')").await.unwrap();
    world.rests().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_erases_themselves_is_gone_everywhere() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob, carol) =
        (here.person("Wonderlandia").await, here.person("Bob").await, here.person("Carol").await);
    let profile =
        json!({"username": "wonderlandia", "bio": "falls down rabbit holes", "contacts": {"qq": "4711"}});
    let me = alice.patch("/api/v1/users/me", &profile).await.expect(200);
    alice.befriends(&bob).await.expect(201);
    bob.befriends(&alice).await.expect(200);
    alice.blocks(&carol).await;
    let token = alice.post("/api/v1/auth/tokens", &json!({"name": "rabbit token"})).await.expect(201);
    let program = alice.bearing(token["token"].as_str().unwrap());
    alice.uploads("rabbit loose.txt", "loose").await;
    let (hers, alone) = (alice.creates_chat("Hers").await, alice.creates_chat("Alone").await);
    let his = bob.creates_chat("His").await;
    carol.joins(hers).await;
    bob.joins(hers).await;
    alice.joins(his).await;
    let admin = format!("/api/v1/chats/{hers}/members/{}", bob.id);
    alice.patch(&admin, &json!({"role": "admin"})).await.expect(200);
    let file = alice.uploads("kept.txt", "kept").await;
    let kept = alice.shows(his, &[&file]).await;
    let direct = bob.post("/api/v1/chats/direct", &json!({"user_id": alice.id})).await.expect(201);
    let direct: Uuid = direct["id"].as_str().unwrap().parse().unwrap();
    alice.says(direct, "stays").await;
    let (mut near, mut far) = (alice.opens(hers).await, alice.at(&there).opens(his).await);
    let mut watching = bob.at(&there).opens(his).await;

    // Not by whoever has found a token, nor by a stranger.
    erases(&alice, &json!({})).await.refused(400, "validation_failed");
    erases(&alice, &json!({"current_password": PASSWORD, "messages": "burn"}))
        .await
        .refused(400, "validation_failed");
    erases(&alice, &json!({"current_password": "trunkline2"})).await.refused(403, "wrong_password");
    erases(&program, &password()).await.refused(403, "forbidden");
    erases(&alice.bearing(""), &password()).await.refused(401, "not_signed_in");
    alice.get("/api/v1/users/me").await.expect(200);

    let answer = erases(&alice, &password()).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);
    assert_eq!((near.closed().await.0, far.closed().await.0), (4401, 4401));
    for person in [&alice, &program] {
        dies(person).await;
        dies(&person.at(&there)).await;
    }
    let page = format!("/api/v1/users/{}", alice.id);
    bob.get(&page).await.refused(404, "not_found");
    for list in
        ["/api/v1/users?search=wonderlandia", "/api/v1/friends", &format!("/api/v1/users?id={}", alice.id)]
    {
        assert_eq!(bob.get(list).await.expect(200)["total"], 0, "{list}");
    }
    assert_eq!(carol.get("/api/v1/users?search=erased").await.expect(200)["total"], 0);
    let add = json!({"user_id": alice.id});
    let later = bob.creates_chat("Later").await;
    bob.post(&format!("/api/v1/chats/{later}/members"), &add).await.refused(404, "not_found");
    bob.befriends(&alice).await.refused(404, "not_found");
    let login = json!({"email": alice.email, "password": PASSWORD});
    let visitor = Visitor::at(&there.base);
    visitor.post("/api/v1/auth/login", &login).await.refused(401, "wrong_credentials");

    // She leaves as anybody does, and her room goes to the admin.
    let left = watching.expect("member_left").await;
    assert_eq!((&left["user_id"], &left["actor_id"]), (&json!(alice.id), &json!(alice.id)));
    world.rests().await;
    let chat = bob.get(&format!("/api/v1/chats/{hers}")).await.expect(200);
    assert_eq!((&chat["owner_id"], &chat["member_count"]), (&json!(bob.id), &json!(2)));
    let kinds: Vec<_> =
        log(&bob, hers).await.iter().rev().take(3).rev().map(|entry| entry["type"].clone()).collect();
    assert_eq!(json!(kinds), json!(["member_left", "member_changed", "chat_updated"]));
    bob.get(&format!("/api/v1/chats/{alone}")).await.refused(404, "not_found");
    // What she said stays, with its file, under an id that names nobody.
    let history = carol.get(&format!("/api/v1/chats/{his}/messages?include=users")).await.expect(200);
    assert_eq!(
        (&history["items"][0]["id"], &history["items"][0]["sender_id"]),
        (&kept["id"], &json!(alice.id))
    );
    assert_eq!(history["users"], json!([]));
    assert_eq!(bob.reads(&file["url"]).await, b"kept");
    let chat = bob.get(&format!("/api/v1/chats/{direct}")).await.expect(200);
    assert!(chat["kind"] == "direct" && chat.get("peer").is_none(), "{chat}");
    let listed = bob.get("/api/v1/chats?kind=direct").await.expect(200);
    assert!(listed["total"] == 1 && listed["items"][0].get("peer").is_none(), "{listed}");
    let direct = bob.get(&format!("/api/v1/chats/{direct}/messages")).await.expect(200);
    assert_eq!(direct["items"][0]["content"], "stays");
    assert!(!json!(log(&bob, his).await).to_string().contains("onderland"));
    // Nothing of her is in the tables, and her address is free.
    swept(&world).await;
    for text in ["wonderlandia", &alice.email, "rabbit"] {
        assert_eq!(rows_with(&world, text).await, Vec::<String>::new(), "{text}");
    }
    let rows = rows_with(&world, &alice.id.to_string()).await;
    let tables: Vec<_> = rows.iter().map(|row| row.split_once(':').unwrap().0).collect();
    assert!(
        tables.iter().all(|table| ["messages", "chats", "jobs", "finished_jobs"].contains(table)),
        "{rows:#?}"
    );
    let again =
        json!({"email": alice.email, "password": PASSWORD, "name": "New", "username": me["username"]});
    let new = visitor.post("/api/v1/auth/register", &again).await.expect(201);
    assert_ne!(new["id"], json!(alice.id));

    world.promotes(carol.id).await;
    let noted = carol.get(&format!("/api/v1/audit?target={}", alice.id)).await.expect(200);
    assert_eq!(noted["total"], 1, "{noted}");
    let note = &noted["items"][0];
    assert_eq!((&note["action"], &note["actor_id"]), (&json!("user_erased"), &json!(alice.id)));
    assert_eq!(note["data"], json!({"messages": "keep"}));
    let (code, out, err) = Folder::new().run(&["verify"], &shared(&world.url)).await;
    assert_eq!(code, 0, "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_words_go_too_has_said_nothing_anywhere() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (chat, left, large) =
        (bob.creates_chat("Lobby").await, bob.creates_chat("Left").await, bob.creates_chat("Large").await);
    alice.joins(chat).await;
    let walrus = alice.says(chat, "walrus one").await;
    bob.says(chat, "oyster").await;
    let file = alice.uploads("walrus.txt", "walrus").await;
    alice.shows(chat, &[&file]).await;
    let one = format!("/api/v1/chats/{chat}/messages/{}", walrus["id"].as_str().unwrap());
    bob.puts(&format!("{one}/reactions/👍")).await.expect(204);
    bob.puts(&format!("{one}/pin")).await.expect(204);
    alice.says(left, "walrus two").await;
    alice.leaves(left).await;
    alice.joins(large).await;
    world.fills(large, alice.id, 12_000, 20).await;
    bob.says(large, "oyster").await;
    let last = log(&bob, chat).await.last().unwrap()["seq"].as_i64().unwrap();
    let mut sockets = [bob.opens(chat).await, bob.at(&there).opens(chat).await];

    let clear = json!({"current_password": PASSWORD, "messages": "clear"});
    assert_eq!(erases(&alice, &clear).await.status, 204);
    for socket in &mut sockets {
        socket.expect("member_left").await;
        let entry = socket.expect("sender_cleared").await;
        let told = (&entry["user_id"], &entry["actor_id"], &entry["up_to_seq"], &entry["seq"]);
        assert_eq!(told, (&json!(alice.id), &json!(alice.id), &json!(last + 1), &json!(last + 2)));
    }
    world.rests().await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let history = bob.get(&path).await.expect(200);
    let contents: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|item| item["content"].clone()).collect();
    assert_eq!(json!(contents), json!([null, "oyster", null]));
    assert_eq!(
        (&history["items"][2]["reactions"], &history["items"][0]["attachments"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(bob.get(&format!("/api/v1/chats/{chat}/pins")).await.expect(200)["total"], 0);
    assert_eq!(bob.knocks(&file["url"]).await, 404);
    let entries = log(&bob, chat).await;
    let replay = bob.at(&there).resumes(chat, 0).await.reads(0, last + 2).await;
    assert_eq!(replay, entries);
    let csv =
        bob.request(Method::GET, &format!("{path}?format=csv")).send().await.unwrap().text().await.unwrap();
    let other = bob.get(&format!("/api/v1/chats/{left}/messages")).await.expect(200);
    assert_eq!(log(&bob, left).await.last().unwrap()["type"], "sender_cleared");
    for text in [json!(entries).to_string(), history.to_string(), csv, other.to_string()] {
        assert!(!text.contains("walrus"), "{text}");
    }
    swept(&world).await;
    assert_eq!(rows_with(&world, "walrus").await, Vec::<String>::new());
    for word in ["walrus", "oyster"] {
        let found = bob.get(&format!("/api/v1/search/messages?search={word}")).await.expect(200);
        assert_eq!(found["total"], if word == "oyster" { 2 } else { 0 }, "{word}");
    }
    // A large room in pieces, and told once.
    let psql = world.psql().await;
    let count = async |sql: &str| psql.query_one(sql, &[&large]).await.unwrap().get::<_, i64>(0);
    let told = "select count(*) from messages where chat_id = $1 and kind = 'sender_cleared'";
    let standing =
        "select count(*) from messages where chat_id = $1 and kind = 'text' and content is not null";
    assert_eq!((count(told).await, count(standing).await), (1, 1));
    let (code, out, err) = Folder::new().run(&["verify"], &shared(&world.url)).await;
    assert_eq!(code, 0, "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_anybody_from_going() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let chat = alice.creates_chat("Lobby").await;
    let made = alice.post(&format!("/api/v1/chats/{chat}/hooks"), &json!({"name": "Bot"})).await.expect(201);
    // Whatever can be made of what is known of her is taken already.
    let psql = world.psql().await;
    let names = "select 'erased_' || left(md5($1::uuid::text), 24), $1::uuid || '@erased.invalid'";
    let row = psql.query_one(names, &[&alice.id]).await.unwrap();
    let (username, email): (String, String) = (row.get(0), row.get(1));
    let taken = json!({"username": username, "email": email, "password": "trunkline1", "name": "Eve"});
    eve.post("/api/v1/auth/register", &taken).await.expect(201);
    // And somebody holds the chat, so that the job has to wait.
    let mut held = world.psql().await;
    let holding = held.transaction().await.unwrap();
    holding.execute("select from chats where id = $1 for no key update", &[&chat]).await.unwrap();
    erases(&alice, &password()).await.expect(204);
    let url = made["url"].as_str().unwrap();
    let posted = reqwest::Client::new().post(url).json(&json!({"text": "still here"})).send().await.unwrap();
    assert_eq!(posted.status().as_u16(), 404);
    holding.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_and_sql_erase_too_and_an_administrator_remains() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (root, bob, carol) =
        (here.person("Root").await, here.person("Bob").await, here.person("Carol").await);
    world.promotes(root.id).await;
    erases(&root, &password()).await.refused(409, "conflict");
    root.get("/api/v1/users/me").await.expect(200);
    let folder = Folder::new();
    let (code, _, err) = folder.run(&["user", "delete", &root.email], &shared(&world.url)).await;
    assert!(code == 1 && err.lines().count() == 1 && err.contains("nobody who may do everything"), "{err}");

    let chat = bob.creates_chat("Lobby").await;
    carol.says(chat, "walrus").await;
    let (code, out, err) =
        folder.run(&["user", "delete", &carol.email, "--clear-messages"], &shared(&world.url)).await;
    assert!(code == 0 && out.contains("erased"), "{out}{err}");
    dies(&carol).await;
    let (code, _, err) = folder.run(&["user", "delete", &carol.email], &shared(&world.url)).await;
    assert!(code == 1 && err.lines().count() == 1, "{err}");
    let psql = world.psql().await;
    let sql = "select erase_user(id) from users where username = (select username from users where id = $1)";
    assert!(psql.query_one(sql, &[&bob.id]).await.unwrap().get::<_, bool>(0));
    dies(&bob).await;
    let again = "select erase_user($1)";
    for nobody in [bob.id, carol.id, Uuid::now_v7()] {
        assert!(!psql.query_one(again, &[&nobody]).await.unwrap().get::<_, bool>(0));
    }
    world.rests().await;
    let people: i64 = psql.query_one("select count(*) from users", &[]).await.unwrap().get(0);
    // Of two who go, none is left to take the room over.
    let chats: i64 = psql.query_one("select count(*) from chats", &[]).await.unwrap().get(0);
    assert_eq!((people, chats), (1, 0));
    let noted = root.get("/api/v1/audit?action=user_erased&sort=at").await.expect(200);
    let via: Vec<_> = noted["items"].as_array().unwrap().iter().map(|note| note["data"].clone()).collect();
    assert_eq!(json!(via), json!([{"messages": "clear", "via": "command line"}, {"messages": "keep"}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_in_many_chats_holds_nobody_up() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let town = format!(
        "insert into chats (title, owner_id) select format('Chat %s', n), '{bob}' from generate_series(1, 300) as n;
        insert into members (chat_id, user_id, role) select id, '{bob}', 'creator' from chats;
        insert into members (chat_id, user_id) select id, '{alice}' from chats;
        insert into messages (chat_id, sender_id, content) select id, '{alice}', 'walrus' from chats",
        alice = alice.id,
        bob = bob.id,
    );
    psql.batch_execute(&town).await.unwrap();
    let chats = psql.query("select id from chats order by id", &[]).await.unwrap();
    let chats: Vec<Uuid> = chats.iter().map(|row| row.get(0)).collect();
    let clear = json!({"current_password": PASSWORD, "messages": "clear"});
    assert_eq!(erases(&alice, &clear).await.status, 204);
    // He is never told to come again.
    for chat in chats.iter().take(60) {
        bob.says(*chat, "oyster").await;
    }
    world.rests().await;
    for (count, sql) in [
        (0, "select count(*) from members where user_id = $1"),
        (0, "select count(*) from users where id = $1"),
        (0, "select count(*) from messages where sender_id = $1 and content is not null"),
        (300, "select count(*) from messages where sender_id = $1 and kind = 'sender_cleared'"),
        (300, "select count(*) from messages where sender_id = $1 and kind = 'member_left'"),
    ] {
        assert_eq!(psql.query_one(sql, &[&alice.id]).await.unwrap().get::<_, i64>(0), count, "{sql}");
    }
    let (code, out, err) = Folder::new().run(&["verify"], &shared(&world.url)).await;
    assert_eq!(code, 0, "{out}{err}");
}
