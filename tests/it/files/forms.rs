//! Forms as programs write them, and the folder they are kept in meanwhile.

use std::{fs, time::Duration};

use reqwest::Method;
use serde_json::Value;

use crate::{
    commands::{Folder, shared},
    support::{Answer, Person, World},
};

async fn sends(person: &Person, path: &str, disposition: &[u8], more: &[u8]) -> Answer {
    let form =
        [b"--x\r\nContent-Disposition: ", disposition, b"\r\n", more, b"\r\n\r\nhello\r\n--x--\r\n"].concat();
    let request =
        person.request(Method::POST, path).header("content-type", "multipart/form-data; boundary=x");
    Person::send(request.body(form)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_called_what_its_sender_calls_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (disposition, name) in [
        (&b"form-data; name=file; filename=\"=?utf-8?B?w6l0w6kudHh0?=\"; filename*=utf-8''%C3%A9t%C3%A9.txt"[..], "\u{e9}t\u{e9}.txt"),
        (b"form-data; name=\"file\"; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        (b"form-data; name=\"file\"; filename*=UTF-8''a%00%0d%0ab.txt", "ab.txt"),
        (b"form-data; name=\"file\"; filename=\"a\x01\x1b[2Jb\x7f.txt\"", "a[2Jb.txt"),
        (b"form-data; name=\"file\"; filename=\"say \\\"hi\\\".txt\"", "say _hi_.txt"),
        (b"form-data; name=\"file\"; filename=\"C:\\Users\\me\\a.txt\"", "a.txt"),
        (b"form-data; name=\"file\"; filename=\"K\xf6ln.txt\"", "K\u{f6}ln.txt"),
        (b"form-data; name=\"file\"; filename=\"\x01\"", "file"),
        (b"form-data; name=\"file\"", "file"),
    ] {
        let file = sends(&alice, "/api/v1/uploads", disposition, b"Content-Type: text/plain\r\nX: \x01\xff").await;
        let file = file.expect(201);
        assert_eq!(file["name"], name, "{}", String::from_utf8_lossy(disposition));
        assert_eq!(alice.reads(&file["url"]).await, b"hello");
    }
    let twice = b"form-data; name=\"file\"\r\n\r\none\r\n--x\r\nContent-Disposition: form-data; name=file";
    let problem = sends(&alice, "/api/v1/uploads", twice, b"").await.refused(400, "validation_failed");
    assert_eq!(problem["errors"][0]["message"], "must be given once");
    sends(&alice, "/api/v1/uploads", b"form-data; name=files", b"").await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_folder_that_fails_is_our_fault_and_says_so() {
    let world = World::new().await;
    let folder = Folder::new();
    let tmp = folder.path("tmp");
    fs::create_dir(&tmp).unwrap();
    let mut env = shared(&world.url).to_vec();
    env.push(("TMPDIR", tmp.to_str().unwrap()));
    let serving = folder.serve(&env).await;
    let alice = Person::register(&serving.base, "Alice").await;
    let disposition = b"form-data; name=\"file\"; filename=\"a.txt\"";
    sends(&alice, "/api/v1/uploads", disposition, b"").await.expect(201);
    fs::remove_dir_all(&tmp).unwrap();
    for path in ["/api/v1/uploads", "/api/v1/users/avatar"] {
        let problem: Value = sends(&alice, path, disposition, b"").await.refused(500, "internal");
        assert!(!problem.to_string().contains("tmp"), "{problem}");
    }
    let chats = alice.request(Method::GET, "/api/v1/chats?format=csv");
    Person::send(chats).await.refused(500, "internal");
    let cause = format!("temporary folder {}", tmp.to_str().unwrap());
    for _ in 0..200 {
        if world.log().contains(&cause) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(world.log().contains(&cause), "the log says why");
    fs::create_dir(&tmp).unwrap();
    sends(&alice, "/api/v1/uploads", disposition, b"").await.expect(201);
}
