//! What the product is for: people chat live, across instances.

use serde_json::json;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn two_people_on_two_instances_hear_each_other() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let (mut hers, mut his) = (alice.opens(chat).await, bob.opens(chat).await);
    alice.says(chat, "hello").await;
    bob.says(chat, "hi").await;
    assert_eq!(hers.hears(2).await, ["hello", "hi"]);
    assert_eq!(his.hears(2).await, ["hello", "hi"]);
    his.sends(&json!({"type": "chat.send", "ref": 1, "chat_id": chat, "content": "over the socket"})).await;
    assert_eq!(hers.hears(1).await, ["over the socket"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_written_in_psql_reaches_every_instance() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let (mut one, mut other) = (alice.opens(chat).await, alice.at(&there).opens(chat).await);
    let sql = "insert into messages (chat_id, sender_id, content) select $1, $2, 'from psql ' || n from generate_series(1, 3) as n";
    world.psql().await.execute(sql, &[&chat, &alice.id]).await.unwrap();
    for socket in [&mut one, &mut other] {
        assert_eq!(socket.hears(3).await, ["from psql 1", "from psql 2", "from psql 3"]);
    }
}
