//! Documents and pictures as programs write them: what they are is found out, and what is none is a file.

use std::io::Write;

use flate2::{Compression, Crc, write::DeflateEncoder};
use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::Value;

use crate::support::{FORMATS, Person, World, picture};

const UNKNOWN: &str = "application/octet-stream";
const OFFICE: &str = "application/vnd.openxmlformats-officedocument";

/// An archive of these entries in this order; those with `true` are packed.
fn archive(entries: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes, is_packed) in entries {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        let packed = if *is_packed { packed.finish().unwrap() } else { bytes.to_vec() };
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut about = vec![20, 0, 0, 0, if *is_packed { 8 } else { 0 }, 0, 0, 0, 0, 0];
        about.extend(crc.sum().to_le_bytes());
        about.extend((packed.len() as u32).to_le_bytes());
        about.extend((bytes.len() as u32).to_le_bytes());
        about.extend((name.len() as u16).to_le_bytes());
        about.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&about);
        file.extend(name.as_bytes());
        file.extend(packed);
    }
    let (at, count) = (file.len() as u32, entries.len() as u16);
    let length = directory.len() as u32;
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    file.extend([length.to_le_bytes(), at.to_le_bytes()].concat());
    file.extend(b"\x04\0note");
    file
}

fn types(main: &str) -> Vec<u8> {
    format!(
        "<Types><Default Extension=\"xml\" ContentType=\"application/xml\"/>{}<Override PartName=\"/x\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.{main}.main+xml\"/></Types>",
        "<!-- as long as they are -->".repeat(500)
    )
    .into_bytes()
}

async fn kind(person: &Person, bytes: Vec<u8>) -> String {
    person.uploads("a", bytes).await["content_type"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_known_whatever_the_order_of_its_parts() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (folder, main) in [
        ("word/document.xml", "wordprocessingml.document"),
        ("ppt/presentation.xml", "presentationml.presentation"),
        ("xl/workbook.xml", "spreadsheetml.sheet"),
    ] {
        let types = types(main);
        let parts: [(&str, &[u8], bool); 5] = [
            ("[Content_Types].xml", &types, true),
            ("_rels/.rels", b"<x/>", true),
            ("docProps/app.xml", b"<x/>", true),
            ("customXml/item1.xml", b"<x/>", false),
            (folder, b"<x/>", true),
        ];
        // Each part first once, and each last once.
        for turn in 0..parts.len() {
            let mut parts = parts;
            parts.rotate_left(turn);
            assert_eq!(kind(&alice, archive(&parts)).await, format!("{OFFICE}.{main}"), "{folder} {turn}");
        }
        // The directory of another office inside does not count where the types say which it is.
        let mixed = [("word/embeddings/xl/a", &b"x"[..], false), ("xl/a", b"x", false), parts[0], parts[4]];
        assert_eq!(kind(&alice, archive(&mixed)).await, format!("{OFFICE}.{main}"));
        let with_programs = [parts[0], parts[4], ("word/vbaProject.bin", b"x", false)];
        assert_eq!(kind(&alice, archive(&with_programs)).await, UNKNOWN);
        assert_eq!(kind(&alice, archive(&parts[1..])).await, UNKNOWN, "without its types");
    }
    for named in [
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/epub+zip",
    ] {
        let parts: [(&str, &[u8], bool); 2] =
            [("content.xml", b"<x/>", true), ("mimetype", named.as_bytes(), false)];
        assert_eq!(kind(&alice, archive(&parts)).await, named);
    }
    let other: [(&str, &[u8], bool); 2] =
        [("mimetype", b"text/html", false), ("word/document.xml", b"x", false)];
    assert_eq!(kind(&alice, archive(&other)).await, UNKNOWN);
    assert_eq!(kind(&alice, archive(&[("word/document.xml", b"x", false)])).await, UNKNOWN);
    assert_eq!(kind(&alice, b"PK\x03\x04 and no more".to_vec()).await, UNKNOWN);
    // 64 MiB of nothing in 64 KiB: looked at, and not unpacked.
    let bomb =
        archive(&[("[Content_Types].xml", &vec![b' '; 64 * 1024 * 1024], true), ("word/a", b"x", true)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(kind(&alice, bomb).await, format!("{OFFICE}.wordprocessingml.document"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_picture_is_a_file() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut broken: Vec<Vec<u8>> = vec![
        b"GIF89a, said the text.".to_vec(),
        b"GIF89a\x09\0\x09\0\0\0\0<html><script>alert(1)</script>".to_vec(),
        [&picture(ImageFormat::Jpeg, 9, 9)[..20], b"\0", &picture(ImageFormat::Jpeg, 9, 9)[20..]].concat(),
    ];
    for format in FORMATS {
        let whole = picture(format, 64, 64);
        broken.extend([1, 3, whole.len() / 2].map(|less| whole[..whole.len() - less].to_vec()));
    }
    for bytes in broken {
        let file = alice.uploads("shot.gif", bytes.clone()).await;
        assert_eq!((&file["content_type"], &file["size"]), (&UNKNOWN.into(), &bytes.len().into()));
        for field in ["width", "height", "thumbnail_url"] {
            assert_eq!(file[field], Value::Null, "{field}");
        }
        let fetched = alice.fetches(Method::GET, &file["url"], &[]).await;
        assert_eq!(fetched.header("content-type"), UNKNOWN);
        assert_eq!(fetched.header("content-disposition"), "attachment; filename=\"shot.gif\"");
        assert!(fetched.bytes == bytes, "as it came");
        // As somebody's picture it is refused all the same.
        let form = Form::new().part("file", Part::bytes(bytes));
        let answer = Person::send(alice.request(Method::POST, "/api/v1/users/avatar").multipart(form)).await;
        assert_eq!(answer.refused(400, "validation_failed")["errors"][0]["field"], "file");
    }
}
