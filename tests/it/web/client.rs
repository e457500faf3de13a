//! The client library, as pages import it: every part it names is there, fits, and may be kept.

use std::{collections::BTreeMap, io::Read};

use flate2::read::GzDecoder;
use reqwest::{Method, Response};

use crate::support::{Visitor, World};

const ENTRY: &str = "trunkline.js";
const APP: &str = "https://chat.example.com";
/// The most bytes of all parts together, packed.
const MOST: usize = 20 * 1024;

async fn fetch(visitor: &Visitor, part: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = visitor.request(Method::GET, &format!("/client/{part}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The parts that a text imports.
fn imported(text: &str) -> Vec<String> {
    text.split("from \"./").skip(1).map(|rest| rest.split_once('"').unwrap().0.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_gets_all_parts_of_the_library_and_keeps_those_that_stay() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let (mut parts, mut wanted) = (BTreeMap::new(), vec![ENTRY.to_owned()]);
    while let Some(name) = wanted.pop() {
        if parts.contains_key(&name) {
            continue;
        }
        let plain = fetch(&visitor, &name, &[("accept-encoding", "identity")]).await;
        assert_eq!(plain.status(), 200, "{name}");
        assert_eq!(header(&plain, "content-type"), "text/javascript; charset=utf-8");
        let stays = header(&plain, "cache-control").contains("immutable");
        assert_eq!(stays, name != ENTRY, "{name}");
        let tag = header(&plain, "etag").to_owned();
        let hash = name.rsplit(['-', '.']).nth(1).unwrap();
        assert!(!stays || tag.trim_matches('"').starts_with(hash), "{name} {tag}");
        let again = fetch(&visitor, &name, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status(), 304, "{name}");

        let text = plain.text().await.unwrap();
        let packed = fetch(&visitor, &name, &[("accept-encoding", "gzip")]).await;
        assert_eq!(header(&packed, "content-encoding"), "gzip", "{name}");
        let packed = packed.bytes().await.unwrap();
        let mut unpacked = String::new();
        GzDecoder::new(packed.as_ref()).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        assert!(!text.contains("/**") && !text.contains("\n//"), "{name} has comments: {text}");
        wanted.extend(imported(&text));
        parts.insert(name, packed.len());
    }
    assert!(parts.len() > 10, "{parts:?}");
    assert!(parts.values().sum::<usize>() <= MOST, "{parts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_another_version_is_not_there() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for part in ["client.js", "client-0123456789abcdef.js", "package.json", "..%2ftrunkline.js"] {
        visitor.get(&format!("/client/{part}")).await.refused(404, "not_found");
    }
    let refused = visitor.post("/client/trunkline.js", &serde_json::json!({})).await;
    refused.refused(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_allowed_origins_alone_may_import_it() {
    let world = World::with(&[("TRUNKLINE_HTTP__ALLOWED_ORIGINS", APP)]).await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for (origin, allowed) in [(APP, APP), ("https://elsewhere.example.com", "")] {
        let answer = fetch(&visitor, ENTRY, &[("origin", origin)]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "access-control-allow-origin"), allowed);
        let vary: Vec<_> = answer.headers().get_all("vary").iter().collect();
        assert_eq!(vary, ["Accept-Encoding", "Origin"]);
    }
}

#[test]
fn every_file_of_the_library_is_handed_out_and_small_enough_to_see() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/client");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|end| end == "js"))
        .collect();
    files.sort();
    let stems: Vec<_> =
        files.iter().map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let mut parts: Vec<_> = trunkline::web::client::parts()
        .iter()
        .map(|part| part.name.split(['-', '.']).next().unwrap().to_owned())
        .collect();
    parts.sort();
    assert_eq!(parts, stems);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.lines().count() <= 400, "{}", file.display());
        assert!(text.starts_with("// "), "{} does not open with what lives there", file.display());
    }
}
