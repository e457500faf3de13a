//! Pictures of people: what the bytes are decides.

use image::ImageFormat;
use reqwest::{
    Body, Method,
    multipart::{Form, Part},
};
use serde_json::Value;

use crate::support::{Answer, FORMATS, Person, SECRET, Visitor, World, holds, huge, picture, telling};

const AVATAR: &str = "/api/v1/users/avatar";
const MIB: usize = 1024 * 1024;

async fn upload(person: &Person, part: Part) -> Answer {
    let form = Form::new().part("file", part);
    Person::send(person.request(Method::POST, AVATAR).multipart(form)).await
}

async fn upload_bytes(person: &Person, bytes: Vec<u8>) -> Answer {
    upload(person, Part::bytes(bytes).file_name("../../me.exe").mime_str("text/html").unwrap()).await
}

/// Where a picture is, under the address of its instance.
fn path(user: &Value) -> String {
    let url = user["avatar_url"].as_str().unwrap();
    url[url.find("/api/").unwrap()..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_shown_to_anyone_and_replaced() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let files = here.app.config.data_dir.join(format!("files/avatars/{}", alice.id));
    let mut before: Option<String> = None;
    for (format, extension, media_type) in [
        (ImageFormat::Png, "png", "image/png"),
        (ImageFormat::Jpeg, "jpg", "image/jpeg"),
        (ImageFormat::Gif, "gif", "image/gif"),
        (ImageFormat::WebP, "webp", "image/webp"),
    ] {
        let bytes = picture(format, 3, 2);
        let user = upload_bytes(&alice, bytes.clone()).await.expect(200);
        assert_eq!(alice.get("/api/v1/users/me").await.expect(200)["avatar_url"], user["avatar_url"]);
        let url = user["avatar_url"].as_str().unwrap();
        assert!(url.starts_with(&format!("{}/api/v1/avatars/{}/", here.base, alice.id)), "{url}");
        assert!(url.ends_with(&format!(".{extension}")), "{url}");
        let response = reqwest::get(url).await.unwrap();
        assert_eq!(response.status(), 200);
        for (name, value) in [
            ("content-type", media_type),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cache-control", "public, max-age=31536000, immutable"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        assert_eq!(response.bytes().await.unwrap(), bytes);
        world.rests().await;
        assert_eq!(std::fs::read_dir(&files).unwrap().count(), 1, "the old one is gone");
        if let Some(before) = before.replace(path(&user)) {
            Visitor::at(&here.base).get(&before).await.refused(404, "not_found");
        }
    }
    alice.delete(AVATAR).await.expect(204);
    alice.delete(AVATAR).await.expect(204);
    world.rests().await;
    assert_eq!(std::fs::read_dir(&files).map_or(0, Iterator::count), 0);
    assert_eq!(alice.get("/api/v1/users/me").await.expect(200)["avatar_url"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_tells_nothing_about_its_maker() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for format in FORMATS {
        let user = upload_bytes(&alice, telling(format, 40, 20)).await.expect(200);
        let shown = reqwest::get(user["avatar_url"].as_str().unwrap()).await.unwrap();
        let bytes = shown.bytes().await.unwrap();
        assert!(!bytes.is_empty() && !holds(&bytes, SECRET), "{format:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for bad in [
        b"hello".to_vec(),
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
        b"BM\x00\x00\x00\x00".to_vec(),
        b"%PDF-1.7".to_vec(),
    ] {
        upload_bytes(&alice, bad).await.refused(415, "unsupported_media_type");
    }
    let whole = picture(ImageFormat::Jpeg, 64, 64);
    let cut_off =
        [b"\x89PNG\r\n\x1a\n".to_vec(), b"\xff\xd8\xff".to_vec(), whole[..whole.len() - 9].to_vec()];
    for bad in cut_off.into_iter().chain([vec![]]) {
        let problem = upload_bytes(&alice, bad).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "file");
    }
    let other = Form::new().part("picture", Part::bytes(picture(ImageFormat::Png, 3, 2)));
    let answer = Person::send(alice.request(Method::POST, AVATAR).multipart(other)).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let json = alice.post(AVATAR, &serde_json::json!({"file": "x"})).await;
    json.refused(415, "unsupported_media_type");
    let visitor = Visitor::at(&here.base);
    Person::send(visitor.request(Method::POST, AVATAR)).await.refused(401, "not_signed_in");
    assert_eq!(alice.get("/api/v1/users/me").await.expect(200)["avatar_url"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_has_at_most_5_mib_and_50_megapixels() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut full = picture(ImageFormat::Png, 3, 2);
    full.resize(5 * MIB, 0);
    upload_bytes(&alice, full.clone()).await.expect(200);
    full.push(0);
    upload_bytes(&alice, full.clone()).await.refused(413, "too_large");
    full.resize(6 * MIB, 0);
    upload_bytes(&alice, full.clone()).await.refused(413, "too_large");
    // Without saying how long it will be.
    for size in [5 * MIB + 1, 6 * MIB] {
        full.resize(size, 0);
        let pieces: Vec<_> =
            full.chunks(64 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        let body = Body::wrap_stream(futures_util::stream::iter(pieces));
        upload(&alice, Part::stream(body).file_name("me.png")).await.refused(413, "too_large");
    }
    upload_bytes(&alice, picture(ImageFormat::Png, 10_000, 5_000)).await.expect(200);
    for (width, height) in [(10_000, 5_001), (60_000, 60_000), (u32::MAX >> 1, 1)] {
        let bytes = huge(width, height);
        upload_bytes(&alice, bytes).await.refused(413, "too_large");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_name_leads_nowhere_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let user = upload_bytes(&alice, picture(ImageFormat::Png, 3, 2)).await.expect(200);
    let name = path(&user).rsplit('/').next().unwrap().to_owned();
    let visitor = Visitor::at(&here.base);
    for trick in [
        "..%2f..%2f..%2fjwt_secret".to_owned(),
        "%2e%2e%2f%2e%2e".to_owned(),
        format!("%2e%2f{name}"),
        format!("..%2f{}%2f{name}", alice.id),
        format!("{name}%00"),
        format!("{name}%00.png"),
        format!("{}.PNG", &name[..32]),
        format!("{}.", &name[..32]),
        format!("{}.png%2f", &name[..32]),
        ".png".to_owned(),
        "%5c..%5c..".to_owned(),
        "é.png".to_owned(),
        "00000000000000000000000000000000.png".to_owned(),
    ] {
        let path = format!("/api/v1/avatars/{}/{trick}", alice.id);
        visitor.get(&path).await.refused(404, "not_found");
    }
    visitor.get(&format!("/api/v1/avatars/{}/{name}", uuid::Uuid::nil())).await.refused(404, "not_found");
    visitor.get(&format!("/api/v1/avatars/nonsense/{name}")).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_pictures_that_come_at_once_one_is_left() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let bytes = picture(ImageFormat::Png, 8, 8);
    let mut uploads = Vec::new();
    for _ in 0..6 {
        let (alice, bytes) = (alice.clone(), bytes.clone());
        uploads.push(tokio::spawn(async move { upload_bytes(&alice, bytes).await.expect(200) }));
    }
    for upload in uploads {
        upload.await.unwrap();
    }
    let files = here.app.config.data_dir.join(format!("files/avatars/{}", alice.id));
    world.rests().await;
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 1);
    let me = alice.get("/api/v1/users/me").await.expect(200);
    assert_eq!(reqwest::get(format!("{}{}", here.base, path(&me))).await.unwrap().status(), 200);
}

/// A picture of some 360 KB that cannot be made smaller.
fn noise(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let picture = image::RgbImage::from_fn(400, 300, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        image::Rgb([a, b, c])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_count_as_what_a_person_has_uploaded() {
    let world = World::with(&[
        ("TRUNKLINE_LIMITS__UPLOAD_MEGABYTES_PER_DAY", "1"),
        ("TRUNKLINE_LIMITS__UPLOAD_MEGABYTES_IN_ALL", "2"),
    ])
    .await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let another_day = "update pictures set created_at = created_at - interval '25 hours'";
    let image = async |person: &Person, chat: uuid::Uuid, seed: u32| {
        let form = Form::new().part("file", Part::bytes(noise(seed)).file_name("noise.png"));
        Person::send(person.request(Method::POST, &format!("/api/v1/chats/{chat}/image")).multipart(form))
            .await
    };
    let mut chats = Vec::new();
    for number in 0..6 {
        chats.push(alice.creates_chat(&format!("Room {number}")).await);
    }
    // One's own, and that of a chat, which takes the place of another: what was removed counts for the day all the same.
    upload_bytes(&alice, noise(1)).await.expect(200);
    alice.delete(AVATAR).await.expect(204);
    world.rests().await;
    image(&alice, chats[0], 2).await.expect(200);
    let answer = image(&alice, chats[0], 3).await;
    assert!(answer.headers.contains_key("retry-after"));
    answer.refused(429, "too_many_requests");
    upload_bytes(&alice, noise(4)).await.refused(429, "too_many_requests");
    alice.tries_to_upload("noise", noise(5)).await.refused(429, "too_many_requests");
    upload_bytes(&bob, noise(6)).await.expect(200);
    // The next days: as much as may be kept in all.
    psql.execute(another_day, &[]).await.unwrap();
    for chat in &chats[1..5] {
        image(&alice, *chat, 6).await.expect(200);
        psql.execute(another_day, &[]).await.unwrap();
    }
    image(&alice, chats[5], 7).await.refused(413, "too_large");
    upload_bytes(&alice, noise(8)).await.refused(413, "too_large");
    // What is gone with its chat is kept no more.
    alice.delete(&format!("/api/v1/chats/{}", chats[0])).await.expect(204);
    world.rests().await;
    image(&alice, chats[5], 9).await.expect(200);
    // What counts no more is forgotten.
    assert_eq!(trunkline::users::store::sweep_pictures(&here.app.pool).await.unwrap(), 2);
    let noted: i64 = psql.query_one("select count(*) from pictures", &[]).await.unwrap().get(0);
    assert_eq!(noted, 6);
}
