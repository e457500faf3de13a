//! Sweeping: what nobody may fetch any more goes, bytes and all.

use std::path::Path;

use trunkline::files::sweep;

use crate::support::{World, picture};

fn kept(folder: &Path) -> usize {
    let folders = std::fs::read_dir(folder).into_iter().flatten().flatten();
    folders.map(|folder| std::fs::read_dir(folder.path()).unwrap().count()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_may_fetch_is_swept() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let psql = world.psql().await;
    let mut files = Vec::new();
    for name in ["attached", "recalled", "old", "new", "broken off"] {
        files.push(alice.uploads(name, picture(image::ImageFormat::Png, 4, 4)).await);
    }
    alice.shows(chat, &[&files[0]]).await;
    let recalled = alice.shows(chat, &[&files[1]]).await;
    let path = format!("/api/v1/chats/{chat}/messages/{}", recalled["id"].as_str().unwrap());
    alice.delete(&path).await.expect(204);
    let day = "update files set created_at = created_at - interval '25 hours' where name in ('attached', 'old', 'broken off')";
    psql.execute(day, &[]).await.unwrap();
    psql.execute("update files set state = 'arriving' where name = 'broken off'", &[]).await.unwrap();
    let folder = here.app.config.data_dir.join("files/uploads");
    assert_eq!(kept(&folder), 10, "each with its thumbnail");
    let (one, two) = tokio::join!(sweep(&here.app), sweep(&there.app));
    assert_eq!(one.unwrap() + two.unwrap(), 3);
    assert_eq!(kept(&folder), 4);
    for (file, status) in files.iter().zip([200, 404, 404, 200, 404]) {
        assert_eq!(alice.knocks(&file["url"]).await, status, "{}", file["name"]);
    }
    assert_eq!(sweep(&here.app).await.unwrap(), 0);
    // Who goes leaves nothing but what they said.
    alice.uploads("loose", "loose").await;
    psql.execute("delete from chats", &[]).await.unwrap();
    psql.execute("delete from users", &[]).await.unwrap();
    psql.execute("update files set created_at = created_at - interval '25 hours'", &[]).await.unwrap();
    assert_eq!(sweep(&here.app).await.unwrap(), 3);
    assert_eq!(kept(&folder), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_who_sweep_share_many_files() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let psql = world.psql().await;
    let many = "insert into files (name, content_type, size, state) select 'many', 'text/plain', 1, 'orphaned' from generate_series(1, 950)";
    psql.execute(many, &[]).await.unwrap();
    let (one, two, three) = tokio::join!(sweep(&here.app), sweep(&there.app), sweep(&here.app));
    assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 950);
    let left: i64 = psql.query_one("select count(*) from files", &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_storage_does_not_let_go_stays_for_the_next_time() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (stuck, free) = (alice.uploads("stuck", "stuck").await, alice.uploads("free", "free").await);
    let psql = world.psql().await;
    psql.execute("update files set state = 'orphaned'", &[]).await.unwrap();
    let id = stuck["id"].as_str().unwrap();
    let path = here.app.config.data_dir.join(format!("files/uploads/{}/{id}", &id[id.len() - 2..]));
    // A folder in the place of the file is not removed like one.
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(sweep(&here.app).await.unwrap(), 1);
    let left: uuid::Uuid = psql.query_one("select id from files", &[]).await.unwrap().get(0);
    assert_eq!(left.to_string(), id);
    assert_eq!(alice.knocks(&free["url"]).await, 404);
    std::fs::remove_dir(&path).unwrap();
    assert_eq!(sweep(&here.app).await.unwrap(), 1);
}
