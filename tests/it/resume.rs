//! Coming back: everything since, then live, with no hole and no repeat.

use serde_json::json;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_misses_nothing_while_others_write() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 1500, 40).await;
    // Someone watches here, so that one ring is warm and the other cold.
    let mut watcher = alice.opens(chat).await;
    let writers: Vec<_> = (0..4)
        .map(|number| {
            let alice = alice.at(if number % 2 == 0 { &here } else { &there });
            tokio::spawn(async move { alice.chatters(chat, &format!("writer {number}"), 100).await })
        })
        .collect();
    let mut readers = Vec::new();
    for after in [0, 1, 100, 700, 1300, 1450, 1499, 1500] {
        for instance in [&here, &there] {
            let mut socket = alice.at(instance).resumes(chat, after).await;
            readers.push(tokio::spawn(async move {
                socket.reads(after, 1900).await;
                socket.hears_nothing().await;
            }));
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for reader in readers {
        reader.await.unwrap();
    }
    watcher.reads(1500, 1900).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caught_up_stands_between_what_was_and_what_is() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 300, 10).await;
    let mut socket = alice.resumes(chat, 10).await;
    for seq in 11..=300 {
        assert_eq!(socket.expect("new_message").await["seq"], seq);
    }
    assert_eq!(socket.next().await, world.caught_up(chat, 300).await);
    alice.says(chat, "live").await;
    assert_eq!(socket.hears(1).await, ["live"]);
    socket.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_more_than_the_log_is_told_so() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 3, 10).await;
    let mut socket = alice.resumes(chat, 40).await;
    assert_eq!(
        socket.next().await,
        json!({"type": "reset", "chat_id": chat, "oldest_seq": 1, "last_seq": 3})
    );
    assert_eq!(socket.next().await, world.caught_up(chat, 3).await);
    alice.says(chat, "live").await;
    socket.reads(3, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_held_is_a_reset_and_never_a_hole() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 20, 10).await;
    let psql = world.psql().await;
    psql.batch_execute("set trunkline.repairing = on").await.unwrap();
    psql.execute("delete from messages where chat_id = $1 and seq <= 8", &[&chat]).await.unwrap();
    let mut socket = alice.resumes(chat, 5).await;
    assert_eq!(
        socket.next().await,
        json!({"type": "reset", "chat_id": chat, "oldest_seq": 9, "last_seq": 20})
    );
    assert_eq!(socket.next().await, world.caught_up(chat, 20).await);
    alice.says(chat, "live").await;
    socket.reads(20, 21).await;
    alice.resumes(chat, 8).await.reads(8, 21).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_went_back_in_time_is_a_reset() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    world.fills(chat, alice.id, 20, 10).await;
    socket.reads(0, 20).await;
    // What a restored backup looks like to a running instance.
    let psql = world.superuser().await;
    psql.batch_execute("set trunkline.repairing = on").await.unwrap();
    psql.batch_execute("delete from messages where seq > 5; update chats set last_seq = 5").await.unwrap();
    let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    psql.batch_execute(end).await.unwrap();
    assert_eq!(
        socket.next().await,
        json!({"type": "reset", "chat_id": chat, "oldest_seq": 1, "last_seq": 5})
    );
    assert_eq!(socket.next().await, world.caught_up(chat, 5).await);
    alice.chatters(chat, "again", 3).await;
    socket.reads(5, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recalled_is_in_no_replay() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    // Somebody watches, so the latest entries are held in memory as they were told.
    let mut watcher = alice.opens(chat).await;
    let psql = world.psql().await;
    for round in 0..20 {
        let said = alice.says(chat, "a secret").await["seq"].as_i64().unwrap();
        watcher.reads(round * 2, said).await;
        let sql = "update messages set recalled_at = now() where chat_id = $1 and seq = $2";
        psql.execute(sql, &[&chat, &said]).await.unwrap();
        // At once: the notification of the recall may still be on its way.
        let replay = alice.resumes(chat, said - 1).await.reads(said - 1, said + 1).await;
        assert_eq!(replay[0]["message"]["content"], json!(null), "round {round}");
        watcher.reads(said, said + 1).await;
    }
}
