//! What a block closes: the direct chat of the two, at every door. Chats with others in them go on.

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Instance, Person, Socket, World};

struct Story {
    world: World,
    here: Instance,
    alice: Person,
    bob: Person,
    direct: Uuid,
}

async fn story() -> Story {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let direct = world.direct_chat(alice.id, bob.id).await;
    Story { world, here, alice, bob, direct }
}

async fn says(person: &Person, chat: Uuid, content: &str) -> crate::support::Answer {
    person.tries(chat, &json!({"content": content, "client_id": content})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_writes_to_the_other_and_both_are_told_why() {
    let Story { world, here, alice, bob, direct } = story().await;
    let there = world.instance().await;
    says(&bob, direct, "before").await.expect(201);
    let mut alices = alice.opens(direct).await;
    alice.blocks(&bob).await;
    for bob in [&bob, &bob.at(&there)] {
        let refused = says(bob, direct, "let me in").await.refused(403, "blocked");
        assert_eq!(refused["detail"], "this person has blocked you");
        // Said before the block: it is still that message.
        says(bob, direct, "before").await.expect(200);
    }
    let refused = says(&alice, direct, "come out").await.refused(403, "blocked");
    assert_eq!(refused["detail"], "you have blocked this person; unblock them first");
    let key = bob.request(Method::POST, &format!("/api/v1/chats/{direct}/messages"));
    let key = key.header("idempotency-key", "k").json(&json!({"content": "keyed"}));
    Person::send(key).await.refused(403, "blocked");
    let mut bobs = bob.opens(direct).await;
    let send = json!({"type": "chat.send", "ref": 1, "chat_id": direct, "content": "by socket"});
    let error = bobs.asks(&send).await;
    assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!("blocked")));
    bob.put(&format!("/api/v1/chats/{direct}/read"), &json!({"seq": 3})).await.expect(204);
    alices.hears_nothing().await;
    // Strangers are told nothing of it.
    let eve = here.person("Eve").await;
    says(&eve, direct, "hm?").await.refused(404, "not_found");

    alice.unblocks(&bob).await;
    let said = says(&bob, direct, "let me in").await.expect(201);
    assert_eq!(said["seq"], 2 + 2, "two joined, one message before; no number was lost");
    assert_eq!(alices.hears(1).await, ["let me in"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_stays_and_can_be_taken_back_but_not_put_in_other_words() {
    let Story { world: _world, here: _here, alice, bob, direct } = story().await;
    let his = says(&bob, direct, "mine").await.expect(201);
    alice.blocks(&bob).await;
    let message = format!("/api/v1/chats/{direct}/messages/{}", his["id"].as_str().unwrap());
    bob.patch(&message, &json!({"content": "a way around"})).await.refused(403, "blocked");
    bob.puts(&format!("{message}/reactions/:wave:")).await.refused(403, "blocked");
    alice.puts(&format!("{message}/reactions/:wave:")).await.refused(403, "blocked");
    let mut bobs = bob.opens(direct).await;
    let edit =
        json!({"type": "chat.edit", "ref": 1, "chat_id": direct, "message_id": his["id"], "content": "x"});
    assert_eq!(bobs.asks(&edit).await["code"], "blocked");
    bob.get(&message).await.expect(200);
    bob.put(&format!("/api/v1/chats/{direct}/read"), &json!({"seq": 3})).await.expect(204);
    bob.delete(&message).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_seen_typing_or_called_through_a_block() {
    let Story { world, here: _here, alice, bob, direct } = story().await;
    let group = alice.creates_private_chat("Den").await;
    world.adds(group, bob.id).await;
    let mut alices = Socket::open(&alice.base, "/api/v1/ws?subscribe=all", &alice.token).await.unwrap();
    for kind in ["welcome", "caught_up", "caught_up"] {
        alices.expect(kind).await;
    }
    let (mut bobs, mut in_group) = (bob.opens(direct).await, bob.opens(group).await);
    let typing = |chat: Uuid| json!({"type": "chat.typing", "ref": 1, "chat_id": chat});
    let signal = |chat: Uuid| json!({"type": "call.signal", "ref": 1, "chat_id": chat, "user_id": alice.id, "data": 1});
    for (chat, socket) in [(direct, &mut bobs), (group, &mut in_group)] {
        assert_eq!(socket.asks(&typing(chat)).await["type"], "ack");
        assert_eq!(alices.expect("typing").await["chat_id"], json!(chat));
        assert_eq!(socket.asks(&signal(chat)).await["type"], "ack");
        assert_eq!(alices.expect("call_signal").await["chat_id"], json!(chat));
    }
    alice.blocks(&bob).await;
    assert_eq!(bobs.asks(&typing(direct)).await["code"], "blocked");
    assert_eq!(bobs.asks(&signal(direct)).await["code"], "blocked");
    // A signal is for one person, wherever it is sent.
    assert_eq!(in_group.asks(&signal(group)).await["code"], "blocked");
    alices.hears_nothing().await;
    assert_eq!(in_group.asks(&typing(group)).await["type"], "ack");
    assert_eq!(alices.expect("typing").await["chat_id"], json!(group));
    says(&bob, group, "hello all").await.expect(201);
    assert_eq!(alices.hears(1).await, ["hello all"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_one_batch_each_send_is_judged_by_itself() {
    let Story { world, here, alice, bob, direct } = story().await;
    let carol = here.person("Carol").await;
    let (fine, group) = (world.direct_chat(bob.id, carol.id).await, alice.creates_chat("Lobby").await);
    bob.joins(group).await;
    alice.blocks(&bob).await;
    for round in 0..20 {
        let word = |place: &str| format!("{place} {round}");
        let (one, two, three, four) = (word("direct"), word("fine"), word("group"), word("hers"));
        let answers = tokio::join!(
            says(&bob, direct, &one),
            says(&bob, fine, &two),
            says(&bob, group, &three),
            says(&alice, direct, &four),
        );
        answers.0.refused(403, "blocked");
        answers.1.expect(201);
        answers.2.expect(201);
        answers.3.refused(403, "blocked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_block_is_answered_nothing_comes_through() {
    let Story { world, here: _here, alice, bob, direct } = story().await;
    let there = world.instance().await;
    let bob = bob.at(&there);
    for round in 0..10 {
        let writer = tokio::spawn({
            let bob = bob.clone();
            async move {
                for number in 0.. {
                    let answer = says(&bob, direct, &format!("{round} {number}")).await;
                    if answer.status == 403 {
                        return;
                    }
                    answer.expect(201);
                }
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        alice.blocks(&bob).await;
        let path = format!("/api/v1/chats/{direct}");
        let last = alice.get(&path).await.expect(200)["last_seq"].clone();
        writer.await.unwrap();
        assert_eq!(alice.get(&path).await.expect(200)["last_seq"], last, "round {round}");
        alice.unblocks(&bob).await;
    }
}
