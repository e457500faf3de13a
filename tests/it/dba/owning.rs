//! A database belongs to somebody who may nothing but own it, as at every provider.

use serde_json::json;

use super::{connect, dump, empty, healthy, number, runs};
use crate::{
    commands::{Folder, shared},
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_owner_migrates_serves_and_moves_house() {
    let (world, folder) = (World::new().await, Folder::new());
    let (old, new) = (empty(&world, "").await, empty(&world, "").await);
    let rights = "select count(*) from pg_roles where rolname = current_user and (rolsuper or rolcreaterole or rolcreatedb)";
    assert_eq!(number(&connect(&old).await, rights).await, 0);
    let (code, out, err) = folder.run(&["migrate"], &shared(&old)).await;
    assert!(code == 0 && out.contains("V1"), "{out}{err}");

    let serving = folder.serve(&shared(&old)).await;
    let mut alice = Person::register(&serving.base, "Alice").await;
    let bob = Person::register(&serving.base, "Bob").await;
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let first = alice.says(chat, "good morning @bob").await;
    let path = format!("/api/v1/chats/{chat}/messages/{}", first["id"].as_str().unwrap());
    alice.patch(&path, &json!({"content": "good evening"})).await.expect(200);
    alice.says(chat, "old words").await;
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    alice.says(chat, "new words").await;

    // Every line of the dump is run by the same plain owner.
    assert_eq!(runs(&new, &dump(&old, &[]).await).await, "");
    drop(serving);
    let serving = folder.serve(&shared(&new)).await;
    alice.base.clone_from(&serving.base);
    alice.signs_in().await;
    let log = alice.get(&format!("/api/v1/chats/{chat}/log")).await.expect(200);
    let last = log["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["message"]["content"], "new words");
    let next = alice.says(chat, "here we are").await;
    assert_eq!(next["seq"].as_i64(), last["seq"].as_i64().map(|seq| seq + 1));
    let psql = connect(&new).await;
    let sql = "insert into messages (chat_id, sender_id, content) values ($1, $2, 'me too')";
    psql.execute(sql, &[&chat, &bob.id]).await.unwrap();
    healthy(&psql).await;
    let (code, out, _) = folder.run(&["migrate"], &shared(&new)).await;
    assert!(code == 0 && out.contains("already"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_the_owning_role_does_as_well() {
    let (world, folder) = (World::new().await, Folder::new());
    let root = world.superuser().await;
    // Another run may have made it.
    let _ = root.batch_execute("create role deputy").await;
    root.batch_execute("alter role deputy login password 'story'; grant owner to deputy").await.unwrap();
    let url = empty(&world, "").await.replace("//owner:", "//deputy:");
    let (code, _, err) = folder.run(&["migrate"], &shared(&url)).await;
    assert_eq!(code, 0, "{err}");
    let serving = folder.serve(&shared(&url)).await;
    let alice = Person::register(&serving.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "hello").await;
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    healthy(&connect(&url).await).await;
}
