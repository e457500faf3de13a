//! The web client's page: what it may do, what it loads, and how much that is.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::{Method, Response};
use trunkline::web::app::{App, features};

use crate::support::{Visitor, World};

/// The most bytes of the page with what it loads at once, packed.
const MOST: usize = 60 * 1024;

async fn fetch(visitor: &Visitor, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = visitor.request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The scripts and style sheets that a page names in its head.
fn loaded(page: &str) -> Vec<String> {
    let is_loaded =
        |part: &&str| part.starts_with("/app/") && (part.ends_with(".js") || part.ends_with(".css"));
    let named = page.split(['"', '\'']).filter(is_loaded);
    named.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_loads_little_and_a_browser_keeps_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let packed = [("accept", "text/html"), ("accept-encoding", "gzip")];
    let page = fetch(&visitor, "/", &packed).await;
    assert_eq!(header(&page, "cache-control"), "public, no-cache");
    let tag = header(&page, "etag").to_owned();
    let again = fetch(&visitor, "/", &[("accept", "text/html"), ("if-none-match", &tag)]).await;
    assert_eq!(again.status(), 304);
    let bytes = page.bytes().await.unwrap();
    let mut text = String::new();
    GzDecoder::new(bytes.as_ref()).read_to_string(&mut text).unwrap();

    let mut sizes = vec![("/".to_owned(), bytes.len())];
    for path in loaded(&text) {
        let part = fetch(&visitor, &path, &packed).await;
        assert_eq!(part.status(), 200, "{path}");
        assert_eq!(header(&part, "content-encoding"), "gzip", "{path}");
        assert_eq!(header(&part, "cache-control"), "public, max-age=31536000, immutable", "{path}");
        sizes.push((path, part.bytes().await.unwrap().len()));
    }
    assert_eq!(sizes.len(), 3, "a script and a style sheet: {sizes:?}");
    assert!(sizes.iter().map(|(_, size)| size).sum::<usize>() <= MOST, "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_can_become_a_script_or_a_style() {
    let world = World::with(&[
        ("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com/talk"),
        ("TRUNKLINE_STORAGE__BACKEND", "s3"),
        ("TRUNKLINE_STORAGE__S3__ENDPOINT", "http://127.0.0.1:9"),
        ("TRUNKLINE_STORAGE__S3__PUBLIC_ENDPOINT", "https://files.example.com"),
        ("TRUNKLINE_STORAGE__S3__REGION", "here"),
        ("TRUNKLINE_STORAGE__S3__BUCKET", "trunkline"),
        ("TRUNKLINE_STORAGE__S3__ACCESS_KEY", "a"),
        ("TRUNKLINE_STORAGE__S3__SECRET_KEY", "b"),
    ])
    .await;
    let here = world.instance().await;
    let page = fetch(&Visitor::at(&here.base), "/", &[("accept", "text/html")]).await;
    let policy = header(&page, "content-security-policy").to_owned();
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    let part =
        |name: &str| policy.split("; ").find(|part| part.starts_with(name)).unwrap_or_default().to_owned();
    assert_eq!(part("default-src"), "default-src 'none'");
    assert_eq!(part("script-src"), "script-src 'self'");
    assert_eq!(part("style-src"), "style-src 'self'");
    assert_eq!(part("require-trusted-types-for"), "require-trusted-types-for 'script'");
    // Files come from where they are stored, and avatars from the server's public address.
    assert_eq!(
        part("img-src"),
        "img-src 'self' blob: data: https://chat.example.com https://files.example.com"
    );
    let text = page.text().await.unwrap();
    let scripts = text.matches("<script").count();
    let listens = text.split_whitespace().any(|word| word.starts_with("on") && word.contains('='));
    assert!(scripts == 1 && !text.contains("style=") && !listens, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_feature_has_a_script_and_a_style_sheet() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let version = App::assemble().version;
    let features = features();
    assert!(features.len() > 5, "{features:?}");
    for feature in features {
        // Words and pictures have no looks.
        let is_words = feature.starts_with("words-") || feature == "more-icons";
        for (ending, kind) in [("js", "text/javascript; charset=utf-8"), ("css", "text/css; charset=utf-8")] {
            if is_words && ending == "css" {
                continue;
            }
            let part = fetch(&visitor, &format!("/app/{version}/{feature}.{ending}"), &[]).await;
            assert_eq!(
                (part.status().as_u16(), header(&part, "content-type")),
                (200, kind),
                "{feature}.{ending}"
            );
        }
    }
    for path in ["/app/0/nothing.js", "/app/main.js", "/app/0/..%2f..%2fCargo.toml", "/app/0/index.html"] {
        visitor.get(path).await.refused(404, "not_found");
    }
    let manifest = fetch(&visitor, "/manifest.webmanifest", &[]).await;
    assert_eq!(header(&manifest, "content-type"), "application/manifest+json");
    let worker = fetch(&visitor, "/service-worker.js", &[]).await;
    assert_eq!(header(&worker, "cache-control"), "public, no-cache");
    assert!(worker.text().await.unwrap().contains(&version));
}
