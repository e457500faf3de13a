//! Uploading: what the bytes are decides, and a picture tells nothing about its maker.

use std::io::Cursor;

use image::{AnimationDecoder, ImageDecoder, ImageFormat, ImageReader, codecs::gif::GifDecoder};
use reqwest::{
    Body, Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::support::{
    FORMATS, Person, SECRET, World, animation, clear_picture, holds, huge, picture, telling,
};

const UPLOADS: &str = "/api/v1/uploads";
const MIB: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bytes_are_decides() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let unknown = "application/octet-stream";
    let text = "text/plain; charset=utf-8";
    let ftyp = |brand: &str| format!("\0\0\0\x18ftyp{brand}\0\0\0\0{brand}{brand}").into_bytes();
    for (name, bytes, kind, shown) in [
        ("a.html", picture(ImageFormat::Png, 3, 2), "image/png", true),
        ("a.mp3", b"ID3\x03\0\0\0\0\0\0".to_vec(), "audio/mpeg", true),
        ("a.mp4", ftyp("isom"), "video/mp4", true),
        ("a.webm", b"OggS\0\x02\0\0\0\0\0\0".to_vec(), "audio/ogg", true),
        ("a.jpg", b"%PDF-1.7\n".to_vec(), "application/pdf", false),
        ("a.txt", "Grüße, 漢字\r\n\tand more".into(), text, false),
        ("a.js", b"alert(1)".to_vec(), text, false),
        ("a.txt", b"<script>alert(1)</script>".to_vec(), unknown, false),
        ("a.png", b" \n<!DOCTYPE html><p>".to_vec(), unknown, false),
        ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), unknown, false),
        ("a.xml", "\u{feff}<?xml version=\"1.0\"?><a/>".into(), unknown, false),
        ("a.txt", b"#!/bin/sh\n".to_vec(), unknown, false),
        ("a.txt", b"a\0b".to_vec(), unknown, false),
        ("a.txt", b"a\xffb".to_vec(), unknown, false),
        ("a.txt", "é".repeat(70_000).into_bytes()[1..].to_vec(), unknown, false),
        ("a.txt", format!("a{}", "é".repeat(70_000)).into(), text, false),
        ("a.heic", ftyp("heic"), unknown, false),
        ("a.jpg", b"BM\0\0\0\0\0\0".to_vec(), unknown, false),
        ("a.jpg", b"\x7fELF\x02\x01\x01\0".to_vec(), unknown, false),
        ("a.wasm", b"\0asm\x01\0\0\0".to_vec(), unknown, false),
    ] {
        let file = alice.uploads(name, bytes.clone()).await;
        assert_eq!(file["content_type"], kind, "{name}");
        assert_eq!(file["size"], bytes.len(), "{name}");
        let fetched = alice.fetches(Method::GET, &file["url"], &[]).await;
        let disposition = if shown { "inline" } else { "attachment" };
        for (header, value) in [
            ("content-type", kind),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("cache-control", "private, no-cache"),
            ("content-disposition", &format!("{disposition}; filename=\"{name}\"")),
        ] {
            assert_eq!(fetched.header(header), value, "{name}");
        }
        assert!(fetched.bytes == bytes, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_told_whole() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let bytes = picture(ImageFormat::Jpeg, 1000, 500);
    let file = alice.uploads("../été\u{202e}.jpg", bytes.clone()).await;
    let url = format!("{}/api/v1/files/{}", here.base, file["id"].as_str().unwrap());
    let expected = json!({
        "id": file["id"], "url": url, "name": "été.jpg", "content_type": "image/jpeg", "size": bytes.len(),
        "width": 1000, "height": 500, "thumbnail_url": format!("{url}/thumbnail"),
    });
    assert_eq!(file, expected);
    let disposition = "inline; filename=\"_t_.jpg\"; filename*=UTF-8''%C3%A9t%C3%A9.jpg";
    assert_eq!(
        alice.fetches(Method::GET, &file["url"], &[]).await.header("content-disposition"),
        disposition
    );
    let note = alice.uploads("", b"hello".to_vec()).await;
    assert_eq!(note["name"], "file");
    for field in ["width", "height", "thumbnail_url"] {
        assert_eq!(note[field], Value::Null);
    }
}

fn shown(bytes: &[u8]) -> (u32, u32, u8) {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    let mut decoder = reader.into_decoder().unwrap();
    let (width, height) = decoder.dimensions();
    (width, height, decoder.orientation().unwrap().to_exif())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_tells_nothing_about_its_maker_and_stays_upright() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for format in FORMATS {
        let bytes = telling(format, 40, 20);
        assert!(holds(&bytes, SECRET));
        let file = alice.uploads("photo", bytes).await;
        let kept = alice.reads(&file["url"]).await;
        assert_eq!(file["size"], kept.len(), "{format:?}");
        assert!(!holds(&kept, SECRET), "{format:?} tells {kept:?}");
        let turned = format != ImageFormat::Gif;
        assert_eq!(shown(&kept), (40, 20, if turned { 6 } else { 1 }), "{format:?}");
        let size = if turned { (20, 40) } else { (40, 20) };
        assert_eq!((&file["width"], &file["height"]), (&json!(size.0), &json!(size.1)), "{format:?}");
        let thumbnail = alice.reads(&file["thumbnail_url"]).await;
        assert_eq!(shown(&thumbnail), (size.0, size.1, 1), "{format:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_has_a_thumbnail_and_an_animation_moves_on() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (bytes, kind, size) in [
        (picture(ImageFormat::WebP, 1000, 500), "image/jpeg", (320, 160)),
        (clear_picture(300, 900), "image/png", (107, 320)),
        (picture(ImageFormat::Png, 5000, 1), "image/jpeg", (320, 1)),
        (animation(3), "image/png", (8, 8)),
    ] {
        let file = alice.uploads("picture", bytes.clone()).await;
        let fetched = alice.fetches(Method::GET, &file["thumbnail_url"], &[]).await;
        assert_eq!((fetched.status, fetched.header("content-type")), (200, kind));
        assert_eq!(fetched.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(shown(&fetched.bytes), (size.0, size.1, 1));
        let tag = fetched.header("etag").to_owned();
        let again = alice.fetches(Method::GET, &file["thumbnail_url"], &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.bytes.len()), (304, 0));
        assert!(alice.reads(&file["url"]).await == bytes, "nothing to take out");
    }
    let file = alice.uploads("moving.gif", animation(3)).await;
    let kept = alice.reads(&file["url"]).await;
    assert_eq!(GifDecoder::new(Cursor::new(&kept)).unwrap().into_frames().count(), 3);
    let text = alice.uploads("text", b"no picture".to_vec()).await;
    let thumbnail = json!(format!("{}/thumbnail", text["url"].as_str().unwrap()));
    assert_eq!(alice.knocks(&thumbnail).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_polyglot_is_never_a_page() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let page = b"<html><script>alert(1)</script>";
    let head = [b"GIF89a\x09\0\x09\0\0\0\0", &page[..]].concat();
    let file = alice.uploads("a.gif", head).await;
    let fetched = alice.fetches(Method::GET, &file["url"], &[]).await;
    assert_eq!(fetched.header("content-type"), "application/octet-stream");
    assert!(fetched.header("content-disposition").starts_with("attachment"));
    for format in FORMATS {
        let behind = [picture(format, 3, 2), page.to_vec()].concat();
        let file = alice.uploads("a.html", behind).await;
        let fetched = alice.fetches(Method::GET, &file["url"], &[]).await;
        assert!(fetched.header("content-type").starts_with("image/"), "{format:?}");
        assert!(!holds(&fetched.bytes, b"<script"), "{format:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (width, height) in [(10_000, 5_001), (60_000, 60_000), (u32::MAX >> 1, 1)] {
        alice.tries_to_upload("bomb.png", huge(width, height)).await.refused(413, "too_large");
    }
    let full = alice.uploads("full", vec![0; 25 * MIB]).await;
    assert_eq!(full["size"], 25 * MIB);
    for size in [25 * MIB + 1, 26 * MIB] {
        alice.tries_to_upload("more", vec![0; size]).await.refused(413, "too_large");
        // Without saying how long it will be.
        let pieces = vec![vec![0; 64 * 1024]; size / 64 / 1024 + 1];
        let pieces = futures_util::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>));
        let form = Form::new().part("file", Part::stream(Body::wrap_stream(pieces)).file_name("more"));
        let request = alice.request(Method::POST, UPLOADS).multipart(form);
        Person::send(request).await.refused(413, "too_large");
    }
    let answer = alice.tries_to_upload("empty", vec![]).await.refused(400, "validation_failed");
    assert_eq!(answer["errors"][0]["field"], "file");
    let form = Form::new().text("other", "x");
    let answer = Person::send(alice.request(Method::POST, UPLOADS).multipart(form)).await;
    assert_eq!(answer.refused(400, "validation_failed")["errors"][0]["field"], "file");
    alice.post(UPLOADS, &json!({})).await.refused(415, "unsupported_media_type");
    let left: i64 = world.psql().await.query_one("select count(*) from files", &[]).await.unwrap().get(0);
    assert_eq!(left, 1, "what was refused left nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_with_the_same_file_is_one_upload() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let upload = async |who: &Person, bytes: &[u8]| {
        let form = Form::new().part("file", Part::bytes(bytes.to_vec()).file_name("note.txt"));
        let request = who.request(Method::POST, UPLOADS).header("idempotency-key", "one");
        Person::send(request.multipart(form)).await
    };
    let elsewhere = alice.at(&there);
    let (one, two) = tokio::join!(upload(&alice, b"hello"), upload(&elsewhere, b"hello"));
    let (one, two) = (one.expect(201), two.expect(201));
    assert_eq!(one["id"], two["id"]);
    assert_eq!(alice.reads(&one["url"]).await, b"hello");
    upload(&alice, b"other").await.refused(409, "idempotency_key_reused");
    let states = "select string_agg(state, ' ' order by state) from files";
    let states: String = world.psql().await.query_one(states, &[]).await.unwrap().get(0);
    assert_eq!(states, "loose orphaned orphaned");
}
