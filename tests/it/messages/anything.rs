//! Whatever is said: it is found again by every part of it, and it mentions whom it mentions, by the rule written down.

use serde_json::json;
use trunkline::messages::search;
use uuid::Uuid;

use crate::{
    support::World,
    wild::{next, one_in},
};

/// Texts that are made up; the same ones in every run.
const TEXTS: usize = 400;

/// Texts of pieces, glued with and without white space.
fn texts(pieces: &[&str], seed: &mut u64) -> Vec<String> {
    let text = |seed: &mut u64| {
        let count = 1 + next(seed) as usize % 9;
        (0..count).map(|_| pieces[next(seed) as usize % pieces.len()]).collect::<String>()
    };
    (0..TEXTS).map(|_| text(seed)).filter(|text| !text.trim().is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_of_every_word_is_found_in_any_case() {
    const PIECES: [&str; 26] = [
        "weather",
        "Wetter",
        "STRASSE",
        "straße",
        "ÄÖÜ",
        "éclair",
        "Доброе",
        "УТРО",
        "天气",
        "很好",
        "あ",
        "한국어",
        "😀",
        "👩‍👩‍👧",
        "İ",
        "ı",
        "ς",
        "Σ",
        "%",
        "_",
        "\\",
        "'",
        " ",
        "\n",
        "\u{3000}",
        "ﬁ",
    ];
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Room").await;
    let mut seed = 3;
    let said = texts(&PIECES, &mut seed);
    let psql = world.psql().await;
    let sql = "insert into messages (chat_id, sender_id, content) select $1, $2, unnest($3::text[])";
    psql.execute(sql, &[&chat, &alice.id, &said]).await.unwrap();
    for is_indexed in [false, true] {
        if is_indexed {
            psql.batch_execute("update chats set active_at = active_at - interval '1 hour'").await.unwrap();
            assert!(search::refresh(&here.app).await.unwrap() > 0);
        }
        for number in 0..60 {
            let text = &said[next(&mut seed) as usize % said.len()];
            let words: Vec<_> = text.split_whitespace().collect();
            let word: Vec<_> = words[next(&mut seed) as usize % words.len()].chars().collect();
            let start = next(&mut seed) as usize % word.len();
            let end = word.len().min(start + 1 + next(&mut seed) as usize % 5);
            let part: String = word[start..end].iter().collect();
            // As the database writes the other case, which is what "ignoring case" means here.
            let fold = if one_in(2, &mut seed) { "select fold($1)" } else { "select $1" };
            let asked: String = psql.query_one(fold, &[&part]).await.unwrap().get(0);
            let sql = "select count(*) from messages where chat_id = $1 and position(fold($2) in fold(content)) > 0";
            let expected: i64 = psql.query_one(sql, &[&chat, &asked]).await.unwrap().get(0);
            let path = reqwest::Url::parse_with_params(
                &format!("{}/api/v1/chats/{chat}/messages", alice.base),
                [("search", asked.as_str()), ("limit", "1")],
            );
            let path = path.unwrap().as_str()[alice.base.len()..].to_owned();
            let found = alice.get(&path).await.expect(200);
            assert_eq!(found["total"], json!(expected), "{number}: {asked:?} of {text:?}, {is_indexed}");
            assert!(expected > 0, "{asked:?} of {text:?}");
        }
    }
}

/// The members a text mentions, by the rule of `sql/functions/mentions_in.sql` read aloud: an `@`, not inside a word or an
/// address; then as much as can be a username and is not followed by more of a word; dots at its end are punctuation.
fn mentioned(text: &str, members: &[(Uuid, &str)]) -> Vec<Uuid> {
    let chars: Vec<char> = without_links(text);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_word = |c: char| {
        is_plain(c)
            || c == '@'
            || matches!(c, '\u{c0}'..='\u{2af}' | '\u{370}'..='\u{dff}' | '\u{1e00}'..='\u{1fff}')
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let glued = before.is_some_and(|c| matches!(c, '%' | '+' | '-')) && at > 1 && is_plain(chars[at - 2]);
        if chars[at] != '@' || before.is_some_and(is_word) || glued {
            at += 1;
            continue;
        }
        let longest = chars[at + 1..].iter().take_while(|c| is_name(**c)).count();
        let ends = |length: &usize| chars.get(at + 1 + length).is_none_or(|c| !is_word(*c));
        let Some(length) = (1..=longest).rev().find(ends) else {
            at += 1;
            continue;
        };
        let name: String = chars[at + 1..=at + length].iter().collect::<String>().to_lowercase();
        if let Some((id, _)) = members.iter().find(|(_, member)| *member == name.trim_end_matches('.'))
            && !found.contains(id)
        {
            found.push(*id);
        }
        at += 1 + length;
    }
    found
}

/// The text with a blank in place of each link.
fn without_links(text: &str) -> Vec<char> {
    let (mut kept, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find("://") {
        let scheme = rest[..at].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        let length = rest[at + 3..].find(char::is_whitespace).unwrap_or(rest.len() - at - 3);
        if scheme == 0 || length == 0 {
            kept.extend(rest[..at + 3].chars());
            rest = &rest[at + 3..];
            continue;
        }
        kept.extend(rest[..at - scheme].chars());
        kept.push(' ');
        rest = &rest[at + 3 + length..];
    }
    kept.extend(rest.chars());
    kept
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_mentions_whom_the_rule_says() {
    const PIECES: [&str; 28] = [
        "@alice",
        "@ALICE",
        "@bob",
        "@bob.b_1",
        "alice",
        "bob",
        "@",
        "@@",
        ".",
        "..",
        "_",
        "-",
        "+",
        "%",
        " ",
        " ",
        "\n",
        "é",
        "漢字",
        "님",
        "я",
        "https://x",
        "http://",
        "://",
        "/",
        "(",
        "'s",
        "😀",
    ];
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let names = ["alice", "bob", "bob.b_1"];
    let owner = here.person("Owner").await;
    let chat = owner.creates_chat("Lobby").await;
    let mut members = Vec::new();
    for name in names {
        let person = here.person("Someone").await;
        let sql = "update users set username = $2 where id = $1";
        psql.execute(sql, &[&person.id, &name]).await.unwrap();
        world.adds(chat, person.id).await;
        members.push((person.id, name));
    }
    let mut seed = 9;
    for text in texts(&PIECES, &mut seed) {
        let found: Vec<Uuid> =
            psql.query_one("select mentions_in($1, $2)", &[&chat, &text]).await.unwrap().get(0);
        assert_eq!(found, mentioned(&text, &members), "{text:?}");
    }
}
