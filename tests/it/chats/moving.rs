//! Coming and going: membership, and the numbers that count it.

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Person, World};

async fn chat(person: &Person, chat: uuid::Uuid) -> serde_json::Value {
    person.get(&format!("/api/v1/chats/{chat}")).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_starts_at_the_end() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let lobby = alice.creates_chat("Lobby").await;
    for n in 0..3 {
        alice.says(lobby, &format!("{n}")).await;
    }
    let path = format!("/api/v1/chats/{lobby}/join");
    let member = bob.act(&path).await.expect(200);
    assert_eq!((&member["user_id"], &member["role"]), (&json!(bob.id), &json!("member")));
    assert_eq!((&member["name"], &member["last_read_seq"]), (&json!("Bob"), &json!(3)));
    // Once more changes nothing.
    assert_eq!(bob.act(&path).await.expect(200), member);
    assert_eq!(chat(&alice, lobby).await["last_seq"], 4);
    assert_eq!(chat(&alice, lobby).await["member_count"], 2);
    alice.says(lobby, "after").await;
    let mine = bob.get("/api/v1/chats").await.expect(200);
    assert_eq!(
        (&mine["items"][0]["unread_count"], &mine["items"][0]["last_read_seq"]),
        (&json!(1), &json!(3))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_chat_can_not_be_joined() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let hidden = alice.creates_private_chat("Hidden").await;
    for door in ["join", "leave"] {
        bob.act(&format!("/api/v1/chats/{hidden}/{door}")).await.refused(404, "not_found");
        let nowhere = uuid::Uuid::now_v7();
        bob.act(&format!("/api/v1/chats/{nowhere}/{door}")).await.refused(404, "not_found");
        bob.act(&format!("/api/v1/chats/nonsense/{door}")).await.refused(400, "validation_failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_creator_goes_last_and_the_chat_goes_with_them() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let lobby = alice.creates_chat("Lobby").await;
    bob.joins(lobby).await;
    let leave = format!("/api/v1/chats/{lobby}/leave");
    alice.act(&leave).await.refused(409, "owner_cannot_leave");
    bob.leaves(lobby).await;
    bob.act(&leave).await.refused(409, "not_a_member");
    assert_eq!(chat(&alice, lobby).await["member_count"], 1);
    alice.leaves(lobby).await;
    alice.get(&format!("/api/v1/chats/{lobby}")).await.refused(404, "not_found");
    alice.creates_chat("Lobby").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counts_are_right_however_many_come_and_go_at_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let lobby = alice.creates_chat("Lobby").await;
    let mut all = JoinSet::new();
    for n in 0..12 {
        let person = here.person(&format!("P{n}")).await;
        let twin = person.at(&there);
        all.spawn(async move {
            // The same door twice at once, at two instances.
            tokio::join!(person.joins(lobby), twin.joins(lobby));
            if n % 3 == 0 {
                person.leaves(lobby).await;
                twin.joins(lobby).await;
            }
            if n % 2 == 0 {
                person.leaves(lobby).await;
            }
        });
    }
    all.join_all().await;
    let sql = "select (select count(*) from members where chat_id = $1), member_count::bigint, last_seq,
        (select count(*) from messages where chat_id = $1), (select max(seq) from messages where chat_id = $1)
        from chats where id = $1";
    let row = world.psql().await.query_one(sql, &[&lobby]).await.unwrap();
    let [members, counted, last_seq, entries, highest] = [0, 1, 2, 3, 4].map(|at| row.get::<_, i64>(at));
    // 12 arrivals, 4 that left and came again, 6 that left: 12 + 8 + 6 entries.
    assert_eq!((members, counted, last_seq, entries, highest), (7, 7, 26, 26, 26));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_and_joins_at_once_is_either_in_or_out() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let lobby = alice.creates_chat("Lobby").await;
    let psql = world.psql().await;
    for _ in 0..10 {
        bob.joins(lobby).await;
        // Both wait for the chat, so both have asked before either may go on.
        psql.batch_execute(&format!("begin; select from chats where id = '{lobby}' for update"))
            .await
            .unwrap();
        let (gone, twin) = (bob.clone(), bob.at(&there));
        let leaving = tokio::spawn(async move { gone.leaves(lobby).await });
        let joining = tokio::spawn(async move { twin.joins(lobby).await });
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        psql.batch_execute("commit").await.unwrap();
        leaving.await.unwrap();
        joining.await.unwrap();
    }
}
