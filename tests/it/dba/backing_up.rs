//! A backup is the whole of it, or none; what was restored goes on, and nobody takes it for the log that is gone.

use std::path::Path;

use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use trunkline::db::migrate::migrate;
use uuid::Uuid;

use super::{connect, empty, healthy, number};
use crate::{
    commands::{Folder, Serving, shared},
    support::{Instance, PASSWORD, Pair, Person, Socket, Visitor, World, picture},
};

/// The settings of a command that works with the database at this url and the files in this folder.
fn env<'a>(url: &'a str, data_dir: &'a str) -> Vec<(&'a str, &'a str)> {
    [&shared(url)[..], &[("TRUNKLINE_DATA_DIR", data_dir)]].concat()
}

/// The folder of an instance.
fn data_dir(here: &Instance) -> String {
    here.app.config.data_dir.display().to_string()
}

/// Runs a command that must go well, and reads its answer.
async fn runs(folder: &Folder, arguments: &[&str], env: &[(&str, &str)]) -> Value {
    let (code, out, err) = folder.run(arguments, env).await;
    assert_eq!(code, 0, "{out}{err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

/// Runs a command that must be refused; the one line that says why.
async fn is_refused(folder: &Folder, arguments: &[&str], env: &[(&str, &str)]) -> String {
    let (code, out, err) = folder.run(arguments, env).await;
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    let line = err.lines().last().unwrap_or_default().to_owned();
    assert!(line.starts_with("trunkline: "), "{err}");
    line
}

async fn sets_avatar(person: &Person, bytes: Vec<u8>) -> Value {
    let form = Form::new().part("file", Part::bytes(bytes));
    Person::send(person.request(Method::POST, "/api/v1/users/avatar").multipart(form)).await.expect(200)["avatar_url"]
        .clone()
}

/// The same person at a server that was started by hand.
fn at(person: &Person, serving: &Serving) -> Person {
    person.at_address(&serving.base)
}

/// A socket that goes on behind an entry, past its welcome.
async fn resumes(person: &Person, chat: Uuid, (seq, id): (i64, &Value)) -> Socket {
    let path = format!("/api/v1/chats/{chat}?after_seq={seq}&after_id={}", id.as_str().unwrap());
    let mut socket = Socket::open(&person.base, &path, &person.token).await.unwrap();
    socket.expect("welcome").await;
    socket
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_backed_up_is_restored_and_nobody_takes_it_for_what_is_gone() {
    let world = World::new().await;
    let folder = Folder::new();
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    world.fills(chat, alice.id, 5, 10).await;
    alice.patch("/api/v1/users/me", &json!({"contacts": {"github": "alice"}})).await.expect(200);
    let avatar = sets_avatar(&alice, picture(ImageFormat::Png, 300, 200)).await;
    let large: Vec<u8> = (0..500_000_u32).flat_map(u32::to_be_bytes).collect();
    let file = alice.uploads("large.bin", large.clone()).await;
    let shot = alice.uploads("shot.png", picture(ImageFormat::Png, 700, 700)).await;
    let attached = json!({"attachments": [file["id"], shot["id"]]});
    alice.post(&format!("/api/v1/chats/{chat}/messages"), &attached).await.expect(201);
    let psql = world.psql().await;
    let later = format!(
        "insert into scheduled_messages (user_id, chat_id, client_id, content, send_at)
        values ('{}', '{chat}', 'later', 'later', now() + interval '1 year') returning id",
        alice.id
    );
    let scheduled: Uuid = psql.query_one(&later, &[]).await.unwrap().get(0);
    let kept = bob.says(chat, "this is kept").await;
    let kept = (kept["seq"].as_i64().unwrap(), &kept["id"]);

    let (path, old_files) = (folder.path("a.backup"), data_dir(&here));
    let archive = path.to_str().unwrap();
    let old = env(&world.url, &old_files);
    let report = runs(&folder, &["backup", archive, "--json"], &old).await;
    assert_eq!(
        (&report["source"], &report["missing"], &report["files"]),
        (&json!("primary"), &json!([]), &json!(4))
    );
    assert_eq!(report["bytes"], std::fs::metadata(&path).unwrap().len());
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // A tar file like any other.
    let listed = std::process::Command::new("tar").arg("tf").arg(&path).output().unwrap();
    let names = String::from_utf8(listed.stdout).unwrap();
    assert!(
        listed.status.success() && names.starts_with("trunkline-backup.json\ndatabase.dump\nfiles/"),
        "{names}"
    );
    assert!(names.ends_with("end.json\n"), "{names}");
    let line = is_refused(&folder, &["backup", archive], &old).await;
    assert!(line.contains("never overwrites"), "{line}");

    // What will be gone: more is said, and what was scheduled is sent.
    alice.says(chat, "this is lost").await;
    psql.batch_execute("update scheduled_messages set send_at = now()").await.unwrap();
    let sent = format!("select seq from messages where id = '{scheduled}'");
    let mut seq = None;
    for _ in 0..300 {
        seq = psql.query_opt(&sent, &[]).await.unwrap().map(|row| row.get::<_, i64>(0));
        if seq.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (lost, lost_id) = (seq.expect("it was sent"), json!(scheduled));
    here.stop().await;

    let url = empty(&world, "").await;
    let new_files = folder.path("files").display().to_string();
    let new = env(&url, &new_files);
    let report = runs(&folder, &["restore", archive, "--json"], &new).await;
    assert_eq!((&report["files"], &report["unknown_keys"]), (&json!(4), &json!([])));
    let (code, out, _) = folder.run(&["verify"], &new).await;
    assert!(code == 0 && out.contains("all is as it must be"), "{out}");
    let there = connect(&url).await;
    healthy(&there).await;
    assert!(migrate(&url).await.unwrap().installed.is_empty());
    assert_eq!(number(&there, "select max(seq) from messages").await, kept.0);

    let serving = folder.serve(&new).await;
    let (alice, bob) = (at(&alice, &serving), at(&bob, &serving));
    // People are signed in as they were; files and what is encrypted are there.
    let me = alice.get("/api/v1/users/me").await.expect(200);
    assert_eq!(me["contacts"]["github"], "alice");
    assert_eq!(alice.reads(&file["url"]).await, large);
    assert_eq!(bob.fetches(Method::GET, &shot["thumbnail_url"], &[]).await.status, 200);
    assert_eq!(bob.fetches(Method::GET, &avatar, &[]).await.status, 200);
    // Who has read only what is there goes on.
    let mut goes_on = resumes(&bob, chat, kept).await;
    goes_on.expect("caught_up").await;
    // Who has read what is gone is told, before and after others stand in its place.
    let is_told = async |last: i64| {
        let mut socket = resumes(&bob, chat, (lost, &lost_id)).await;
        let reset = socket.next().await;
        assert_eq!((&reset["type"], &reset["last_seq"]), (&json!("reset"), &json!(last)), "{reset}");
        socket.expect("caught_up").await;
    };
    is_told(kept.0).await;
    alice.says(chat, "one more word").await;
    there.batch_execute("update scheduled_messages set send_at = now()").await.unwrap();
    let entries = goes_on.reads(kept.0, lost).await;
    assert_eq!(entries[1]["message"]["content"], "later");
    assert_ne!(entries[1]["id"], lost_id, "sent again, it is another entry");
    is_told(lost).await;
    let log = format!("/api/v1/chats/{chat}/log?after_seq={lost}&after_id={scheduled}");
    bob.get(&log).await.refused(409, "log_changed");
}

/// A world with something in it, and a backup of it.
async fn backed_up(folder: &Folder) -> (World, String) {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    alice.says(alice.creates_chat("Lobby").await, "hello").await;
    alice.uploads("note.txt", "a note").await;
    let (path, files) = (folder.path("a.backup").display().to_string(), data_dir(&here));
    runs(folder, &["backup", &path, "--json"], &env(&world.url, &files)).await;
    (world, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_restored_of_what_is_not_whole_or_over_what_is_there() {
    let folder = Folder::new();
    let (world, archive) = backed_up(&folder).await;
    let bytes = std::fs::read(&archive).unwrap();
    let url = empty(&world, "").await;
    let files = folder.path("files").display().to_string();
    let new = env(&url, &files);
    let bad = folder.path("bad.backup").display().to_string();
    let mut changed = bytes.clone();
    let at = bytes.windows(6).rposition(|window| window == b"a note").unwrap();
    changed[at] = b'A';
    let cut = bytes[..bytes.len() - 3 * 512].to_vec();
    let more = [&bytes[..bytes.len() - 1024], &bytes[..]].concat();
    for (what, bytes) in [
        ("changed", changed),
        ("cut", cut),
        ("more", more),
        ("short", bytes[..700].to_vec()),
        ("none", Vec::new()),
        ("text", b"hello".repeat(1_000)),
    ] {
        std::fs::write(&bad, bytes).unwrap();
        let line = is_refused(&folder, &["restore", &bad], &new).await;
        assert!(line.contains("is damaged, or no backup of Trunkline"), "{what}: {line}");
    }
    let line = is_refused(&folder, &["restore", "nowhere.backup"], &new).await;
    assert!(line.contains("nowhere.backup cannot be read"), "{line}");
    assert!(!Path::new(&files).exists(), "nothing was written");
    // Not empty: one table of somebody else's is enough.
    let there = connect(&url).await;
    there.batch_execute("create table payroll (salary int)").await.unwrap();
    let line = is_refused(&folder, &["restore", &archive], &new).await;
    assert!(line.contains("not empty") && line.contains("table payroll"), "{line}");
    let line = is_refused(&folder, &["restore", &archive], &env(&world.url, &files)).await;
    assert!(line.contains("not empty"), "{line}");
    there.batch_execute("drop table payroll").await.unwrap();
    // With the key of another world what is encrypted is not readable, and it says so.
    let report = runs(&folder, &["restore", &archive, "--json"], &new).await;
    assert_eq!(report["files"], 1);
    healthy(&there).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_signs_in_anew_where_that_is_wanted() {
    let world = World::new().await;
    let folder = Folder::new();
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let wish = json!({"name": "robot", "current_password": PASSWORD});
    let token = alice.post("/api/v1/auth/tokens", &wish).await.expect(201);
    let (path, files) = (folder.path("a.backup").display().to_string(), data_dir(&here));
    runs(&folder, &["backup", &path, "--json"], &env(&world.url, &files)).await;
    here.stop().await;
    let url = empty(&world, "").await;
    let new_files = folder.path("files").display().to_string();
    let new = env(&url, &new_files);
    let report = runs(&folder, &["restore", &path, "--sign-out", "--json"], &new).await;
    assert_eq!(report["signed_out"], json!({"sessions": 1, "api_tokens": 1}));
    let there = connect(&url).await;
    assert_eq!(number(&there, "select count(*) from refresh_tokens").await, 0);
    let serving = folder.serve(&new).await;
    let alice = at(&alice, &serving);
    alice.get("/api/v1/users/me").await.refused(401, "not_signed_in");
    alice.bearing(token["token"].as_str().unwrap()).get("/api/v1/users/me").await.expect(401);
    let again = json!({"email": alice.email, "password": PASSWORD});
    Visitor::at(&serving.base).post("/api/v1/auth/login", &again).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_storage_has_lost_is_named_and_the_rest_is_kept() {
    let folder = Folder::new();
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (one, _two) = (alice.uploads("1.txt", "one").await, alice.uploads("2.txt", "two").await);
    let key = trunkline::files::model::key(one["id"].as_str().unwrap().parse().unwrap());
    here.app.storage.delete(&key).await.unwrap();
    let (path, files) = (folder.path("a.backup").display().to_string(), data_dir(&here));
    // As the role that servers have: it may read what there is.
    let url = world.url_of_instances();
    let report = runs(&folder, &["backup", &path, "--json"], &env(&url, &files)).await;
    assert_eq!((&report["missing"], &report["files"]), (&json!([key]), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_read_from_the_replica_while_there_is_one() {
    let pair = Pair::start().await;
    let world = World::on(pair.url(), &[]);
    let here = world.instance_at(&pair.url()).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "hello").await;
    let replica = connect(&pair.read_url()).await;
    for _ in 0..500 {
        if number(&replica, "select count(*) from messages").await == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let folder = Folder::new();
    let (url, read_url, files) = (pair.url(), pair.read_url(), data_dir(&here));
    let mut settings = env(&url, &files);
    settings.push(("TRUNKLINE_DATABASE__READ_URL", &read_url));
    let (one, two) = (folder.path("1").display().to_string(), folder.path("2").display().to_string());
    let report = runs(&folder, &["backup", &one, "--json"], &settings).await;
    assert_eq!(report["source"], "replica");
    settings.pop();
    settings.push(("TRUNKLINE_DATABASE__READ_URL", "postgres://nobody@127.0.0.1:1/none"));
    let report = runs(&folder, &["backup", &two, "--json"], &settings).await;
    assert_eq!(report["source"], "primary");
    let line = is_refused(&folder, &["restore", &one], &env(&read_url, &files)).await;
    assert!(line.contains("standby"), "{line}");
    here.stop().await;
    pair.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_server_moves_to_another_folder() {
    let (old, new) = (Folder::new(), Folder::new());
    let serving = old.serve(&[]).await;
    let alice = Person::register(&serving.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "hello").await;
    alice.patch("/api/v1/users/me", &json!({"contacts": {"github": "alice"}})).await.expect(200);
    // While it serves.
    let path = new.path("a.backup").display().to_string();
    runs(&old, &["backup", &path, "--json"], &[]).await;
    drop(serving);
    let report = runs(&new, &["restore", &path, "--json"], &[]).await;
    let key = std::fs::read_to_string(old.path("data/secrets_key")).unwrap();
    let id = key.split_once(':').unwrap().0;
    assert_eq!(report["unknown_keys"], json!([{"id": id, "values": 1}]), "its key was not brought along");
    for secret in ["jwt_secret", "secrets_key"] {
        std::fs::copy(old.path("data").join(secret), new.path("data").join(secret)).unwrap();
    }
    let serving = new.serve(&[]).await;
    let me = at(&alice, &serving).get("/api/v1/users/me").await.expect(200);
    assert_eq!(me["contacts"]["github"], "alice");
    at(&alice, &serving).says(chat, "we go on").await;
}
