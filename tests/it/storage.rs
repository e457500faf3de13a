//! Files in an S3-compatible service: a real one, which checks every signature.

use std::path::{Path, PathBuf};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use image::{ImageFormat, RgbImage};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::net::TcpListener;

use crate::support::{Answer, Person, Visitor, World};

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
        World::with(&[
            ("TRUNKLINE_STORAGE__BACKEND", "s3"),
            ("TRUNKLINE_STORAGE__S3__ENDPOINT", &self.endpoint),
            ("TRUNKLINE_STORAGE__S3__BUCKET", BUCKET),
            ("TRUNKLINE_STORAGE__S3__ACCESS_KEY", "access"),
            ("TRUNKLINE_STORAGE__S3__SECRET_KEY", secret),
        ])
        .await
    }

    fn files(&self, user: &Person) -> usize {
        let folder = self.folder.join(BUCKET).join("avatars").join(user.id.to_string());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
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

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::new(300, 200).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_travels_to_s3_and_back() {
    let service = Service::start().await;
    let world = service.world("correct secret").await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.app.storage.check().await.unwrap();
    let alice = here.person("Alice").await;
    let bytes = picture();
    let first = upload(&alice, bytes.clone()).await.expect(200);
    let url = first["avatar_url"].as_str().unwrap();
    let fetched = reqwest::get(url.replace(&here.base, &there.base)).await.unwrap();
    assert_eq!(
        (fetched.status().as_u16(), &fetched.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(fetched.bytes().await.unwrap(), bytes);
    upload(&alice, bytes).await.expect(200);
    assert_eq!(service.files(&alice), 1, "the old one is gone");
    let gone = url[url.find("/api/").unwrap()..].to_owned();
    Visitor::at(&here.base).get(&gone).await.refused(404, "not_found");
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
    let problem = upload(&alice, picture()).await.refused(500, "internal");
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
