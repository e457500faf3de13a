//! Files in an S3-compatible service: a real one, which checks every signature.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::TryStreamExt;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::net::TcpListener;

use crate::commands::{Folder, shared};
use crate::support::{Answer, Person, Proxy, Visitor, World, picture};

const BUCKET: &str = "trunkline-files";

/// An S3 service with one bucket, in a folder of its own.
struct Service {
    endpoint: String,
    folder: PathBuf,
}

impl Service {
    async fn start() -> Self {
        let name = format!("s3-{}", uuid::Uuid::new_v4());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&folder).unwrap());
        builder.set_auth(SimpleAuth::from_single("access", "correct secret"));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { endpoint, folder }
    }

    async fn world(&self, secret: &str) -> World {
        self.world_with(secret, &[]).await
    }

    async fn world_with(&self, secret: &str, more: &[(&str, &str)]) -> World {
        let settings = [
            ("TRUNKLINE_STORAGE__BACKEND", "s3"),
            ("TRUNKLINE_STORAGE__S3__ENDPOINT", &self.endpoint),
            ("TRUNKLINE_STORAGE__S3__BUCKET", BUCKET),
            ("TRUNKLINE_STORAGE__S3__ACCESS_KEY", "access"),
            ("TRUNKLINE_STORAGE__S3__SECRET_KEY", secret),
        ];
        World::with(&[&settings[..], more].concat()).await
    }

    fn files(&self, user: &Person) -> usize {
        let folder = self.folder.join(BUCKET).join("avatars").join(user.id.to_string());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }

    /// How many objects lie in the folders of uploads.
    fn uploads(&self) -> usize {
        let folders = std::fs::read_dir(self.folder.join(BUCKET).join("uploads")).into_iter().flatten();
        folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn upload(person: &Person, bytes: Vec<u8>) -> Answer {
    let form = Form::new().part("file", Part::bytes(bytes));
    Person::send(person.request(Method::POST, "/api/v1/users/avatar").multipart(form)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_travels_to_s3_and_back() {
    let service = Service::start().await;
    let world = service.world("correct secret").await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.app.storage.check().await.unwrap();
    let alice = here.person("Alice").await;
    let bytes = picture(ImageFormat::Png, 300, 200);
    let first = upload(&alice, bytes.clone()).await.expect(200);
    let url = first["avatar_url"].as_str().unwrap();
    let fetched = reqwest::get(url.replace(&here.base, &there.base)).await.unwrap();
    assert_eq!(
        (fetched.status().as_u16(), &fetched.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(fetched.bytes().await.unwrap(), bytes);
    upload(&alice, bytes).await.expect(200);
    world.rests().await;
    assert_eq!(service.files(&alice), 1, "the old one is gone");
    let gone = url[url.find("/api/").unwrap()..].to_owned();
    Visitor::at(&here.base).get(&gone).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_fetched_from_s3_at_an_address_that_can_not_be_changed() {
    let service = Service::start().await;
    let world = service.world("correct secret").await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let large: Vec<u8> = (0..3_000_000u32).flat_map(u32::to_be_bytes).collect();
    let file = alice.uploads("große Datei.bin", large.clone()).await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let asks = async |method: Method, who: &Person, url: &serde_json::Value| {
        client.request(method, url.as_str().unwrap()).bearer_auth(&who.token).send().await.unwrap()
    };
    assert_eq!(asks(Method::GET, &eve, &file["url"]).await.status(), 404);
    let answer = asks(Method::GET, &alice, &file["url"]).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["cache-control"]),
        (307, &"no-store".parse().unwrap())
    );
    let address = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(address.starts_with(&service.endpoint) && address.contains("X-Amz-Expires=300"), "{address}");
    let fetched = reqwest::get(&address).await.unwrap();
    assert_eq!(fetched.status(), 200);
    assert_eq!(fetched.headers()["content-type"], "application/octet-stream");
    let disposition = "attachment; filename=\"gro_e Datei.bin\"; filename*=UTF-8''gro%C3%9Fe%20Datei.bin";
    assert_eq!(fetched.headers()["content-disposition"], disposition);
    assert!(fetched.bytes().await.unwrap() == large);
    let part = reqwest::Client::new().get(&address).header("range", "bytes=4-7").send().await.unwrap();
    assert_eq!((part.status().as_u16(), &part.bytes().await.unwrap()[..]), (206, &[0, 0, 0, 1][..]));
    let signature = address.split_once("X-Amz-Signature=").unwrap().1.split('&').next().unwrap();
    let tampered = [
        address.replace("attachment", "inline"),
        address.replace("application%2Foctet-stream", "text%2Fhtml"),
        address.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"),
        address.replace(signature, &signature.chars().rev().collect::<String>()),
    ];
    for url in tampered {
        assert_ne!(url, address);
        assert_eq!(reqwest::get(&url).await.unwrap().status(), 403, "{url}");
    }
    // HEAD is answered from what is known here, and so are conditions.
    let head = asks(Method::HEAD, &alice, &file["url"]).await;
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-length"]),
        (200, &"12000000".parse().unwrap())
    );
    let known = client.get(file["url"].as_str().unwrap()).bearer_auth(&alice.token);
    let known = known.header("if-none-match", &head.headers()["etag"]).send().await.unwrap();
    assert_eq!(known.status(), 304);
    let key = trunkline::files::model::key(file["id"].as_str().unwrap().parse().unwrap());
    let part = here.app.storage.read(&key, 8..12);
    let pieces: Vec<_> = part.await.unwrap().unwrap().try_collect().await.unwrap();
    assert_eq!(pieces.concat(), [0, 0, 0, 2]);
    let shot = alice.uploads("shot.png", picture(ImageFormat::Png, 700, 700)).await;
    let moved = asks(Method::GET, &alice, &shot["thumbnail_url"]).await;
    let small = reqwest::get(moved.headers()["location"].to_str().unwrap()).await.unwrap();
    assert_eq!(small.headers()["content-type"], "image/jpeg");
    assert_eq!(service.uploads(), 3);
    world.psql().await.execute("update files set state = 'orphaned'", &[]).await.unwrap();
    assert_eq!(trunkline::files::sweep(&here.app).await.unwrap(), 2);
    assert_eq!((service.uploads(), alice.get("/api/v1/users/me").await.status), (0, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_signed_for_the_name_that_clients_know() {
    let service = Service::start().await;
    // The same service by another name, as browsers outside reach it.
    let public = service.endpoint.replace("127.0.0.1", "localhost");
    let more = [("TRUNKLINE_STORAGE__S3__PUBLIC_ENDPOINT", public.as_str())];
    let world = service.world_with("correct secret", &more).await;
    let here = world.instance().await;
    here.app.storage.check().await.unwrap();
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let file = alice.uploads("note.txt", "hello").await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let moved = client.get(file["url"].as_str().unwrap()).bearer_auth(&alice.token).send().await.unwrap();
    let moved = moved.headers()["location"].to_str().unwrap().to_owned();
    let path = format!("/api/v1/files/{}/link", file["id"].as_str().unwrap());
    eve.get(&path).await.refused(404, "not_found");
    let link = alice.get(&path).await.expect(200);
    let link = link["url"].as_str().unwrap().to_owned();
    assert!(link.contains("X-Amz-Expires=600"), "{link}");
    for url in [moved, link] {
        assert!(url.starts_with(&public), "{url}");
        assert_eq!(reqwest::get(&url).await.unwrap().bytes().await.unwrap(), "hello");
        // The name is part of the signature.
        assert_eq!(reqwest::get(url.replace("localhost", "127.0.0.1")).await.unwrap().status(), 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_is_slow_holds_no_transaction_open() {
    let mut service = Service::start().await;
    let proxy = Proxy::start(&service.endpoint).await;
    service.endpoint = proxy.url().to_owned();
    let world = service.world("correct secret").await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for n in 0..3 {
        alice.uploads(&format!("{n}"), "text").await;
    }
    let psql = world.superuser().await;
    psql.execute("update files set state = 'orphaned'", &[]).await.unwrap();
    proxy.freeze();
    let sweeping = tokio::spawn({
        let app = here.app.clone();
        async move { trunkline::files::sweep(&app).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let open = "select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null";
    let open: i64 = psql.query_one(open, &[]).await.unwrap().get(0);
    assert!(open == 0 && !sweeping.is_finished(), "{open} transactions wait for the storage");
    proxy.thaw();
    assert_eq!(sweeping.await.unwrap().unwrap(), 3);
    let left: i64 = psql.query_one("select count(*) from files", &[]).await.unwrap().get(0);
    assert_eq!((left, service.uploads()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_brings_what_lies_in_s3_back_into_it() {
    let service = Service::start().await;
    let world = service.world("correct secret").await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let bytes = picture(ImageFormat::Png, 300, 200);
    upload(&alice, bytes.clone()).await.expect(200);
    let file = alice.uploads("note.txt", "a note").await;
    let folder = Folder::new();
    let settings = [
        ("TRUNKLINE_STORAGE__BACKEND", "s3"),
        ("TRUNKLINE_STORAGE__S3__ENDPOINT", service.endpoint.as_str()),
        ("TRUNKLINE_STORAGE__S3__BUCKET", BUCKET),
        ("TRUNKLINE_STORAGE__S3__ACCESS_KEY", "access"),
        ("TRUNKLINE_STORAGE__S3__SECRET_KEY", "correct secret"),
    ];
    let archive = folder.path("a.tar").display().to_string();
    let (code, out, err) =
        folder.run(&["backup", &archive], &[&shared(&world.url)[..], &settings].concat()).await;
    assert!(code == 0 && out.contains("2 files") && out.contains("verified"), "{out}{err}");
    here.stop().await;
    std::fs::remove_dir_all(service.folder.join(BUCKET)).unwrap();
    std::fs::create_dir(service.folder.join(BUCKET)).unwrap();
    let make = "create database story_s3 owner owner template template0";
    world.superuser().await.batch_execute(make).await.unwrap();
    let url = format!("{}/story_s3", world.url.rsplit_once('/').unwrap().0);
    let (code, out, err) = folder.run(&["restore", &archive], &[&shared(&url)[..], &settings].concat()).await;
    assert!(code == 0 && out.contains("2 files"), "{out}{err}");
    assert_eq!((service.files(&alice), service.uploads()), (1, 1));
    let there = world.instance_at(&url).await;
    let alice = alice.at(&there);
    let path = format!("/api/v1/files/{}/link", file["id"].as_str().unwrap());
    let link = alice.get(&path).await.expect(200)["url"].as_str().unwrap().to_owned();
    assert_eq!(reqwest::get(&link).await.unwrap().bytes().await.unwrap(), "a note");
    let me = alice.get("/api/v1/users/me").await.expect(200);
    let avatar = reqwest::get(me["avatar_url"].as_str().unwrap()).await.unwrap();
    assert_eq!(avatar.bytes().await.unwrap(), bytes);
}

#[test]
fn a_browser_reaches_the_storage_of_the_compose_file() {
    let compose = include_str!("../../docker-compose.yml");
    assert!(compose.contains("PUBLIC_ENDPOINT:-http://localhost:7070}"));
    let service = compose.split("\n  s3:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(service.contains("ports:") && service.contains(":7070:7070\""), "{service}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_refuses_says_why() {
    let service = Service::start().await;
    let world = service.world("wrong secret").await;
    let here = world.instance().await;
    let error = here.app.storage.check().await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("SignatureDoesNotMatch") && !cause.contains("wrong secret"), "{cause}");
    let alice = here.person("Alice").await;
    let problem = upload(&alice, picture(ImageFormat::Png, 300, 200)).await.refused(500, "internal");
    assert!(!problem.to_string().contains("S3"), "{problem}");
    let me = alice.get("/api/v1/users/me").await.expect(200);
    assert!(me["avatar_url"].is_null());
    assert_eq!(service.files(&alice), 0);
    let mut gone = Service::start().await;
    gone.endpoint = "http://127.0.0.1:1".to_owned();
    let world = gone.world("correct secret").await;
    let here = world.instance().await;
    let error = here.app.storage.check().await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.to_lowercase().contains("connection refused"), "{cause}");
}
