//! Lists as files: all of what was asked for, as CSV and as a workbook, in bounded memory.

use std::{io::Read, time::Duration};

use reqwest::Method;

use crate::support::{Person, Process, World};

async fn download(person: &Person, path: &str) -> (String, String, Vec<u8>) {
    let answer = person.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let (kind, disposition) = (header("content-type"), header("content-disposition"));
    (kind, disposition, answer.bytes().await.unwrap().to_vec())
}

async fn lines(person: &Person, path: &str) -> Vec<String> {
    let (kind, disposition, bytes) = download(person, path).await;
    assert_eq!(
        (kind.as_str(), disposition.as_str()),
        ("text/csv; charset=utf-8", "attachment; filename=\"list.csv\"")
    );
    let text = String::from_utf8(bytes).unwrap();
    // By this a spreadsheet knows that it is UTF-8.
    text.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_has_all_of_what_matches() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Room").await;
    bob.joins(chat).await;
    for n in 0..25 {
        alice.says(chat, &format!("word {n}")).await;
    }
    bob.says(chat, "=HYPERLINK(\"https://example.com\")").await;
    bob.says(chat, "two\nlines, and \"quotes\"").await;

    let path = format!("/api/v1/chats/{chat}/messages");
    let all = lines(&alice, &format!("{path}?format=csv&limit=5&offset=3")).await;
    assert_eq!(
        all[0],
        "id,chat_id,seq,sender_id,kind,content,attachments,reply_to,mentions,reactions,client_id,created_at,updated_at,\
         edited_at,recalled_at"
    );
    assert!(all[1].contains(",\"two\nlines, and \"\"quotes\"\"\","), "{}", all[1]);
    assert!(all[2].contains(",\"'=HYPERLINK(\"\"https://example.com\"\")\","), "{}", all[2]);
    assert_eq!(all.len(), 1 + 27);
    assert_eq!(lines(&alice, &format!("{path}?format=csv&search=word%201&sort=seq")).await.len(), 1 + 12);
    assert_eq!(lines(&alice, &format!("{path}?format=csv&search=nothing")).await, all[..1]);

    let (kind, _, bytes) = download(&alice, &format!("{path}?format=xlsx")).await;
    assert_eq!(kind, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert!(bytes.starts_with(b"PK"));

    let chats = lines(&alice, "/api/v1/chats?format=csv").await;
    assert!(chats[0].starts_with("id,kind,visibility,title,"), "{}", chats[0]);
    assert!(
        chats[0].contains(",last_message.content,") && chats[0].contains(",unread_count,"),
        "{}",
        chats[0]
    );
    assert_eq!(chats.len(), 2);
    for list in ["reads", "pins"] {
        let head = lines(&alice, &format!("/api/v1/chats/{chat}/{list}?format=csv")).await;
        assert_eq!(head.len(), if list == "reads" { 3 } else { 1 });
    }
    assert_eq!(lines(&alice, "/api/v1/search/messages?search=word&format=csv").await.len(), 1 + 25);
}

/// The text of every entry of a workbook, which are packed one after the other.
fn sheets(bytes: &[u8]) -> Vec<String> {
    let (mut texts, mut rest) = (Vec::new(), bytes);
    while let Some(at) = rest.windows(4).position(|window| window == b"PK\x03\x04") {
        let skipped =
            usize::from(rest[at + 26]) + 256 * usize::from(rest[at + 27]) + usize::from(rest[at + 28]);
        let mut text = Vec::new();
        let _ = flate2::read::DeflateDecoder::new(&rest[at + 30 + skipped..]).read_to_end(&mut text);
        texts.push(String::from_utf8_lossy(&text).into_owned());
        rest = &rest[at + 4..];
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_cell_holds_is_cut_and_said_to_be() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Room").await;
    let popular = alice.says(chat, "popular").await;
    alice.says(chat, "plain").await;
    let psql = world.psql().await;
    let likes = "insert into reactions (chat_id, message_id, user_id, emoji)
        select $1, $2, gen_random_uuid(), ':kind' || n % $3::int || ':' from generate_series(1, $3::int * 100) as n";
    let message: uuid::Uuid = popular["id"].as_str().unwrap().parse().unwrap();
    let paths = [
        format!("/api/v1/chats/{chat}/messages?format=xlsx"),
        "/api/v1/search/messages?search=popular&format=xlsx".to_owned(),
    ];
    for (kinds, is_cut) in [(3, false), (20, true)] {
        psql.execute("delete from reactions", &[]).await.unwrap();
        psql.execute(likes, &[&chat, &message, &kinds]).await.unwrap();
        for path in &paths {
            let (_, _, bytes) = download(&alice, path).await;
            let texts = sheets(&bytes);
            let holds = |text: &str| texts.iter().any(|sheet| sheet.contains(text));
            assert!(holds("popular") && holds(":kind"));
            for mark in [
                " characters do not fit into a cell]",
                "1 cells could not hold all",
                "name=\"Cut\"",
                ">Sheet1</t>",
            ] {
                assert_eq!(holds(mark), is_cut, "{mark}");
            }
        }
        let all = lines(&alice, &format!("/api/v1/chats/{chat}/messages?format=csv")).await.join("");
        assert!(all.contains(&format!(":kind{}:", kinds - 1)) && !all.contains("[cut:"));
    }
}

/// Downloads, and answers how many bytes and lines came and how much memory the server held at most meanwhile.
async fn watched(alice: &Person, path: &str, server: &Process) -> (usize, usize, u64) {
    let (mut bytes, mut lines) = (0, 0);
    let downloading = async {
        let mut answer = alice.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        while let Some(piece) = answer.chunk().await.unwrap() {
            bytes += piece.len();
            lines += piece.iter().filter(|byte| **byte == b'\n').count();
        }
    };
    let mut most = 0;
    let watching = async {
        loop {
            most = most.max(server.held_bytes());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! { () = downloading => {}, () = watching => {} }
    (bytes, lines, most)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_thousand_rows_need_no_memory() {
    let world = World::new().await;
    let server = Process::serve(&world, &[]).await;
    let alice = Person::register(&server.base, "Alice").await;
    let chat = alice.creates_private_chat("Room").await;
    // With their numbers, as a restore does: a trigger for each would take most of the time.
    let fill = "
        set trunkline.numbered = 'on';
        insert into messages (chat_id, sender_id, seq, content)
        select chats.id, chats.owner_id, n, rpad(n::text, 100, 'x') from chats, generate_series(1, 200000) as n;
        update chats set last_seq = 200000, message_count = 200000";
    world.psql().await.batch_execute(fill).await.unwrap();
    let path = format!("/api/v1/chats/{chat}/messages?format=csv&search=nothing");
    let (_, _, before) = watched(&alice, &path, &server).await;
    let path = format!("/api/v1/chats/{chat}/messages?format=csv");
    let (bytes, lines, most) = watched(&alice, &path, &server).await;
    assert_eq!(lines, 200_001);
    let grown = most.saturating_sub(before);
    println!("{bytes} bytes of CSV: memory grew from {before} by {grown}");
    // Two megabytes as a rule; beside six busy loops 17 once, and it is not known of what.
    assert!(grown < 24_000_000, "memory grew by {grown} bytes for {bytes}");
    let path = format!("/api/v1/chats/{chat}/messages?format=xlsx&search=99");
    let (bytes, _, most) = watched(&alice, &path, &server).await;
    let grown = most.saturating_sub(before);
    println!("{bytes} bytes of XLSX: memory grew from {before} by {grown}");
    assert!(grown < 24_000_000, "memory grew by {grown} bytes for {bytes}");
    server.end().await;
}
