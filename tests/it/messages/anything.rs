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
            // Of which nothing can be seen, that is no word.
            if part.chars().all(|c| c == '\u{200d}') {
                continue;
            }
            // As the database writes the other case, which is what "ignoring case" means here.
            let fold = if one_in(2, &mut seed) { "select folded($1)" } else { "select $1" };
            let asked: String = psql.query_one(fold, &[&part]).await.unwrap().get(0);
            let sql = "select count(*) from messages where chat_id = $1 and position(folded($2) in folded(content)) > 0";
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

/// The members a text mentions, by the rule of `sql/functions/mentions_in.sql` read aloud, for the letters of this story.
fn mentioned(text: &str, members: &[(Uuid, &str)]) -> Vec<Uuid> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name = |c: char| is_plain(c) || c == '.';
    let joins = |c: char| matches!(c, '%' | '+' | '-');
    let may_stand = |c: char| !is_plain(c) && !joins(c) && !matches!(c, 'é' | 'я' | '\u{301}' | '\u{1}');
    let mut text = without_links(&without_code(&text.to_ascii_lowercase()));
    while text.contains("@@") {
        let at = text.find("@@").unwrap();
        let end = text[at..].find(|c| c != '@').map_or(text.len(), |length| at + length);
        text.replace_range(at..end, "\u{1}");
    }
    let pieces: Vec<&str> = text.split('@').collect();
    let mut found = Vec::new();
    for place in 1..pieces.len() {
        let (before, piece) = (pieces[place - 1], pieces[place]);
        let run = &piece[..piece.find(|c| !is_name(c)).unwrap_or(piece.len())];
        let name = run.trim_end_matches('.');
        let ends = piece[run.len()..].chars().next().is_none_or(|c| joins(c) || may_stand(c));
        let bare = before.trim_end_matches(|c| joins(c) || c == '_');
        let is_named = place > 1
            && before.ends_with(joins)
            && !bare.starts_with('.')
            && !before.is_empty()
            && before.trim_end_matches(joins).chars().all(is_name)
            && !before.trim_end_matches(joins).is_empty();
        let begins = bare.chars().next_back().is_none_or(may_stand) || is_named;
        let host = pieces.get(place + 1).and_then(|after| after.chars().next());
        let is_address = host.is_some_and(char::is_alphanumeric)
            && piece.ends_with(is_plain)
            && piece.chars().all(|c| is_name(c) || joins(c));
        let member = members.iter().find(|(_, member)| *member == name);
        if let Some((id, _)) = member
            && ends
            && begins
            && !is_address
            && !found.contains(id)
        {
            found.push(*id);
        }
    }
    found
}

/// The text with a blank in place of each piece of code.
fn without_code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let run = |at: usize| chars[at.min(chars.len())..].iter().take_while(|c| **c == '`').count();
    // Where code that begins here with so many backticks ends.
    let end = |at: usize, ticks: usize| {
        let mut place = at + ticks;
        loop {
            let length = run(place);
            let is_empty = place == at + ticks;
            if length >= ticks && !(is_empty && ticks < 3) {
                return Some(place + ticks);
            }
            if length >= ticks || place + length >= chars.len() {
                return None;
            }
            if ticks < 3 && chars[place + length] == '\n' {
                return None;
            }
            place += length + 1;
        }
    };
    let (mut kept, mut at) = (String::new(), 0);
    while at < chars.len() {
        let most = run(at).min(3);
        match (1..=most).filter_map(|ticks| end(at, ticks)).max() {
            Some(next) => {
                kept.push(' ');
                at = next;
            }
            None => {
                kept.push(chars[at]);
                at += 1;
            }
        }
    }
    kept
}

/// The text without what follows `://` or a host and a slash.
fn without_links(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '。' | '\u{1}');
    let closes = |c: char| matches!(c, ')' | ']' | '}');
    let trails = |c: char| closes(c) || ".,;:!?".contains(c);
    let count = |at: usize, is: &dyn Fn(char) -> bool| chars[at..].iter().take_while(|c| is(**c)).count();
    let (mut kept, mut at) = (String::new(), 0);
    while at < chars.len() {
        if chars[at] == '@' {
            let length = 1 + count(at + 1, &|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
            kept.extend(&chars[at..at + length]);
            at += length;
            continue;
        }
        let scheme = chars[at..].starts_with(&[':', '/', '/']).then_some(3);
        let host = || {
            let begins = chars[at].is_ascii_alphanumeric() || chars[at] == '-';
            if !begins || chars.get(at + 1) != Some(&'.') {
                return None;
            }
            let letters = count(at + 2, &|c| c.is_ascii_alphabetic());
            (letters >= 2 && chars.get(at + 2 + letters) == Some(&'/')).then_some(3 + letters)
        };
        let Some(start) = scheme.or_else(host) else {
            kept.push(chars[at]);
            at += 1;
            continue;
        };
        at += start;
        while at < chars.len() {
            let tail = if closes(chars[at]) { count(at, &trails) } else { 0 };
            match chars.get(at + tail) {
                Some(c) if !is_end(*c) && (tail == 0 || *c != '@') => at += tail + 1,
                _ => break,
            }
        }
    }
    kept
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_mentions_whom_the_rule_says() {
    const PIECES: [&str; 36] = [
        "`",
        "`",
        "``",
        "```",
        "x.yz/",
        ")",
        "<",
        "。",
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
    let mut mentions = 0;
    for text in texts(&PIECES, &mut seed).into_iter().chain(texts(&PIECES[5..], &mut seed)) {
        let found: Vec<Uuid> =
            psql.query_one("select mentions_in($1, $2)", &[&chat, &text]).await.unwrap().get(0);
        assert_eq!(found, mentioned(&text, &members), "{text:?}");
        mentions += found.len();
    }
    assert!(mentions > 100, "{mentions}");
}
