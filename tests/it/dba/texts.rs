//! What may be written is the same by SQL as over the API, and what was written before is made so.

use trunkline::{
    db::migrate::{latest, migrate},
    validate::{is_blank, is_line, is_username},
};
use unicode_properties::{EmojiStatus, UnicodeEmoji};

use super::{connect, healthy, number, read};
use crate::support::World;

/// Every character that can be stored.
fn characters() -> Vec<String> {
    ('\u{1}'..=char::MAX).map(String::from).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_sees_what_the_server_sees() {
    let world = World::new().await;
    let psql = world.psql().await;
    for part in characters().chunks(100_000) {
        let sql = "select c, is_blank(c), is_line(c), one_emoji(c) from unnest($1::text[]) as c";
        for row in psql.query(sql, &[&part]).await.unwrap() {
            let c: &str = row.get(0);
            let there = (row.get::<_, bool>(1), row.get::<_, bool>(2));
            assert_eq!(there, (is_blank(c), is_line(c)), "{}", c.escape_unicode());
            let status = c.chars().next().unwrap().emoji_status();
            let is_text = matches!(status, EmojiStatus::EmojiOther | EmojiStatus::EmojiModifierBase);
            let kept = match c {
                "\u{fe0f}" => String::new(),
                c if is_text => format!("{c}\u{fe0f}"),
                c => c.to_owned(),
            };
            assert_eq!(row.get::<_, &str>(3), kept, "{}", c.escape_unicode());
        }
    }
    let sql = "select $1 ~ '^[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]$'";
    for name in [
        "abc",
        "ab",
        ".ab",
        "ab.",
        "a.b",
        "...",
        "___",
        "Abc",
        "a\nb",
        "abc\n",
        &"x".repeat(32),
        &"x".repeat(33),
    ] {
        assert_eq!(
            psql.query_one(sql, &[&name]).await.unwrap().get::<_, bool>(0),
            is_username(name),
            "{name:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shows_nothing_and_what_is_no_line_is_refused_to_sql_too() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let said = alice.says(chat, "hello").await;
    let psql = world.psql().await;
    psql.batch_execute(&format!(
        "insert into api_tokens (user_id, name, hash) values ('{0}', 'bot', '');
        insert into files (owner_id, name, content_type, size, state) values ('{0}', 'a', 'b', 1, 'loose')",
        alice.id
    ))
    .await
    .unwrap();
    let id = said["id"].as_str().unwrap();
    let post =
        format!("insert into messages (chat_id, sender_id, content) select '{chat}', '{}', $1", alice.id);
    let edit = format!("update messages set content = $1 where chat_id = '{chat}' and id = '{id}'");
    let lines = [
        "update users set name = $1",
        "update chats set title = $1",
        "update api_tokens set name = $1",
        "update files set name = $1",
    ];
    let texts = [post.as_str(), edit.as_str()];
    for blank in ["\u{200b}", "\u{2800}\u{3164}", "\u{e0020}\u{202e} \n", "\u{7}", "\u{1160}\u{ffa0}"] {
        for sql in lines.iter().chain(&texts) {
            let error = psql.execute(*sql, &[&blank]).await.unwrap_err();
            let state = error.as_db_error().unwrap();
            assert_eq!(state.code().code(), "23514", "{sql}: {blank:?}");
            assert!(state.constraint().unwrap().ends_with("_check"), "{sql}: {blank:?}");
        }
    }
    for broken in ["a\nb", "a\tb", "a\u{1b}[31m", "a\u{2028}b", "a\u{85}", "a\u{202e}gpj.exe"] {
        for sql in lines {
            let error = psql.execute(sql, &[&broken]).await.unwrap_err();
            assert_eq!(error.as_db_error().unwrap().code().code(), "23514", "{sql}: {broken:?}");
        }
        for sql in texts {
            assert_eq!(psql.execute(sql, &[&broken]).await.unwrap(), 1, "{sql}: {broken:?}");
        }
    }
    for good in ["ني\u{200c}م", "👩\u{200d}🚀", "ក\u{200b}ខ", "\u{ad}x"] {
        for sql in lines.iter().chain(&texts) {
            assert_eq!(psql.execute(*sql, &[&good]).await.unwrap(), 1, "{sql}: {good:?}");
        }
    }
    let rename = "update users set username = $1";
    for dotted in ["kim.", ".kim", "..."] {
        assert!(psql.execute(rename, &[&dotted]).await.is_err(), "{dotted}");
    }
    // What is recalled stays so, whatever it is to say.
    psql.execute(&format!("update messages set recalled_at = now() where id = '{id}'"), &[]).await.unwrap();
    for back in ["recalled_at = null, content = 'back'", "recalled_at = null"] {
        let sql = format!("update messages set {back} where chat_id = '{chat}' and id = '{id}'");
        let error = psql.execute(&sql, &[]).await.unwrap_err();
        assert_eq!(error.as_db_error().unwrap().constraint(), Some("messages_recalled_check"), "{back}");
    }
    healthy(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_before_is_made_so() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut people = Vec::new();
    for name in ["Alice", "Bob", "Carol", "Dave"] {
        people.push(here.person(name).await);
    }
    let [alice, bob, carol, dave] = people.try_into().ok().unwrap();
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let (one, two) = (alice.creates_chat("One").await, alice.creates_chat("Two").await);
    let said = alice.says(chat, "hello").await;
    here.stop().await;
    let psql = connect(&world.url).await;
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/migrations")).unwrap();
    let mut files: Vec<_> =
        migrations.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let number_of = |name: &str| name[1..name.find("__").unwrap()].parse::<i32>().unwrap();
    files.retain(|name| number_of(name) >= 15);
    files.sort_by_key(|name| -number_of(name));
    for name in &files {
        psql.batch_execute(&read(&format!("down/{name}"))).await.unwrap();
    }
    let id = said["id"].as_str().unwrap();
    let old = format!(
        r"update users set name = E'Al\nice\u202e' where id = '{alice}';
        update users set username = 'kim', name = E'\u200b' where id = '{bob}';
        update users set username = 'kim.' where id = '{carol}';
        update users set username = '...' where id = '{dave}';
        alter table chats disable trigger user;
        update chats set title = E'Lobby\u202e' where id = '{one}';
        update chats set title = E'\u3164' where id = '{two}';
        alter table chats enable trigger user;
        alter table reactions disable trigger user;
        insert into reactions (chat_id, message_id, user_id, emoji, since) values
            ('{chat}', '{id}', '{alice}', '❤', now()), ('{chat}', '{id}', '{alice}', '❤️', now()),
            ('{chat}', '{id}', '{bob}', '❤', now()), ('{chat}', '{id}', '{bob}', '👍', now()),
            ('{chat}', '{id}', '{carol}', E'👍\ufe0f', now()), ('{chat}', '{id}', '{carol}', '👁‍🗨️', now()),
            ('{chat}', '{id}', '{carol}', '👁️‍🗨', now());
        alter table reactions enable trigger user;
        -- As the functions of that time were.
        create or replace function place_reaction() returns trigger language plpgsql as $$ begin return new; end $$;
        update messages set reacted = true where id = '{id}'",
        alice = alice.id,
        bob = bob.id,
        carol = carol.id,
        dave = dave.id
    );
    psql.batch_execute(&old).await.unwrap();
    assert_eq!(migrate(&world.url).await.unwrap().applied.len(), files.len());
    assert_eq!(trunkline::db::migrate::version(&world.url).await.unwrap(), latest());

    let names = "select array_agg(array[name, username] order by id) from users";
    let row = psql
        .query_one(
            &names.replace("array_agg(array[name, username]", "array_agg(name || '|' || username"),
            &[],
        )
        .await
        .unwrap();
    let names: Vec<String> = row.get(0);
    assert!(names[0].starts_with("Al ice|"), "{names:?}");
    assert_eq!(names[1..], ["kim|kim", "Carol|kim_", "Dave|___"]);
    let titles = "select array_agg(title order by id) from chats";
    let titles: Vec<String> = psql.query_one(titles, &[]).await.unwrap().get(0);
    assert_eq!(titles, ["Lobby".to_owned(), format!("Lobby ({one})"), "Untitled".to_owned()]);
    let there = world.instance().await;
    let shown = alice.at(&there).get(&format!("/api/v1/chats/{chat}/messages/{id}")).await.expect(200);
    let mut counts: Vec<_> = shown["reactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (each["emoji"].as_str().unwrap(), each["count"].as_i64().unwrap()))
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, [("❤️", 2), ("👁️‍🗨️", 1), ("👍", 2)]);
    // Whoever reads the log comes to the same.
    let told = "select count(*) filter (where kind = 'reaction_added') * 100 + count(*) filter (where kind = 'reaction_removed') from messages";
    assert_eq!(number(&psql, told).await, 305, "three were given anew and five taken back");
    healthy(&psql).await;
}

#[test]
fn letters_are_compared_by_no_locale() {
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sql")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            // Migrations are never edited, and the schema is what they made.
            if path.is_dir() && !path.ends_with("migrations") && !path.ends_with("down") {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|kind| kind != "sql") || path.ends_with("schema.sql") {
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
            for (at, line) in text.lines().enumerate() {
                // The ends of a range are no letters.
                let line = ["part", "wanted", "handed"].iter().fold(line.to_owned(), |line, range| {
                    line.replace(&format!("lower({range})"), "").replace(&format!("upper({range})"), "")
                });
                let by_locale =
                    ["lower(", "upper(", "initcap(", " ilike "].iter().any(|word| line.contains(word));
                assert!(
                    !by_locale || line.contains("collate \"c\""),
                    "{} line {}: {line}",
                    path.display(),
                    at + 1
                );
            }
        }
    }
    assert!(seen > 200, "{seen}");
}
