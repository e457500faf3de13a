//! The image of a chat: shown to anyone who knows where, told to everyone in it, and gone with it.

use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Answer, Instance, Person, Visitor, World, huge, picture};

async fn uploads(person: &Person, chat: Uuid, bytes: Vec<u8>) -> Answer {
    let form = Form::new().part("file", Part::bytes(bytes).file_name("../../me.exe"));
    let path = format!("/api/v1/chats/{chat}/image");
    Person::send(person.request(Method::POST, &path).multipart(form)).await
}

fn files(instance: &Instance, chat: Uuid) -> usize {
    let folder = instance.app.config.data_dir.join(format!("files/images/{chat}"));
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Where an image is, under the address of its instance.
fn path(chat: &Value) -> String {
    let url = chat["image_url"].as_str().unwrap();
    url[url.find("/api/").unwrap()..].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_has_an_image_that_is_replaced_and_goes_with_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, visitor) = (here.person("Alice").await, Visitor::at(&here.base));
    let chat = alice.creates_private_chat("Attic").await;
    let mut socket = alice.opens(chat).await;
    let first = uploads(&alice, chat, picture(ImageFormat::Png, 3, 2)).await.expect(200);
    let told = socket.expect("chat_updated").await;
    assert_eq!((&told["chat"]["image_url"], &told["actor_id"]), (&first["image_url"], &json!(alice.id)));
    let response = reqwest::get(first["image_url"].as_str().unwrap()).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(response.bytes().await.unwrap(), picture(ImageFormat::Png, 3, 2));

    let second = uploads(&alice, chat, picture(ImageFormat::Jpeg, 3, 2)).await.expect(200);
    socket.expect("chat_updated").await;
    world.rests().await;
    visitor.get(&path(&first)).await.refused(404, "not_found");
    assert_eq!(files(&here, chat), 1);
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200), second);
    assert_eq!(alice.get("/api/v1/chats").await.expect(200)["items"][0]["image_url"], second["image_url"]);
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    world.rests().await;
    visitor.get(&path(&second)).await.refused(404, "not_found");
    assert_eq!(files(&here, chat), 0);

    // Who goes last takes it along too.
    let chat = alice.creates_chat("Lobby").await;
    uploads(&alice, chat, picture(ImageFormat::Gif, 3, 2)).await.expect(200);
    alice.leaves(chat).await;
    world.rests().await;
    assert_eq!(files(&here, chat), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_removed_by_those_who_run_the_chat_and_by_psql() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let image = format!("/api/v1/chats/{chat}/image");
    uploads(&alice, chat, picture(ImageFormat::Png, 3, 2)).await.expect(200);
    let mut socket = bob.opens(chat).await;
    bob.delete(&image).await.refused(403, "forbidden");
    here.person("Eve").await.delete(&image).await.refused(403, "forbidden");
    alice.delete(&image).await.expect(204);
    assert_eq!(socket.expect("chat_updated").await["chat"]["image_url"], Value::Null);
    alice.delete(&image).await.expect(204);
    world.rests().await;
    assert_eq!(files(&here, chat), 0);

    uploads(&alice, chat, picture(ImageFormat::Png, 3, 2)).await.expect(200);
    assert_eq!(socket.expect("chat_updated").await["seq"], 4, "what changes nothing takes no number");
    world.psql().await.execute("delete from chats where id = $1", &[&chat]).await.unwrap();
    world.rests().await;
    assert_eq!(files(&here, chat), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_to_nothing_is_removed_and_what_is_shown_stays() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, held) = (alice.creates_chat("Lobby").await, alice.creates_chat("Attic").await);
    let mut psql = world.psql().await;
    let transaction = psql.transaction().await.unwrap();
    transaction.execute("select from chats where id = $1 for update", &[&held]).await.unwrap();
    uploads(&alice, held, picture(ImageFormat::Png, 3, 2)).await.refused(503, "not_ready");
    transaction.rollback().await.unwrap();
    let shown = uploads(&alice, chat, picture(ImageFormat::Png, 3, 2)).await.expect(200);
    assert_eq!((files(&here, held), files(&here, chat)), (1, 1));
    let soon = "update jobs set run_at = now() where task = 'remove_picture' and status = 'queued'";
    assert_eq!(psql.execute(soon, &[]).await.unwrap(), 2);
    world.rests().await;
    assert_eq!((files(&here, held), files(&here, chat)), (0, 1));
    reqwest::get(shown["image_url"].as_str().unwrap()).await.unwrap().error_for_status().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_leaves_nothing_behind() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let hidden = alice.creates_private_chat("Attic").await;
    bob.joins(chat).await;
    let mut large = picture(ImageFormat::Png, 3, 2);
    large.resize(5 * 1024 * 1024 + 1, 0);
    for (person, chat, bytes, status, code) in [
        (&alice, chat, b"hello".to_vec(), 415, "unsupported_media_type"),
        (&alice, chat, vec![], 400, "validation_failed"),
        (&alice, chat, large, 413, "too_large"),
        (&alice, chat, huge(10_000, 5_001), 413, "too_large"),
        (&bob, chat, picture(ImageFormat::Png, 3, 2), 403, "forbidden"),
        (&bob, hidden, picture(ImageFormat::Png, 3, 2), 404, "not_found"),
        (&alice, Uuid::now_v7(), picture(ImageFormat::Png, 3, 2), 404, "not_found"),
    ] {
        uploads(person, chat, bytes).await.refused(status, code);
        assert_eq!(files(&here, chat), 0);
    }
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["image_url"], Value::Null);
    let elsewhere = format!("/api/v1/images/{chat}/..%2f..%2f..%2fjwt_secret");
    Visitor::at(&here.base).get(&elsewhere).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_images_at_once_one_stays() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut all = JoinSet::new();
    for n in 0..10 {
        let alice = alice.at(if n % 2 == 0 { &here } else { &there });
        all.spawn(async move { uploads(&alice, chat, picture(ImageFormat::Png, 3, 2)).await.expect(200) });
    }
    all.join_all().await;
    let shown = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    world.rests().await;
    assert_eq!((files(&here, chat), &shown["last_seq"]), (1, &json!(10)));
    reqwest::get(shown["image_url"].as_str().unwrap()).await.unwrap().error_for_status().unwrap();
}
