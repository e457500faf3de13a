//! The index of words is written behind the messages, and never far behind.

use trunkline::messages::search;

use crate::support::{Instance, World};

/// As if every chat had come to rest.
async fn rest(world: &World, here: &Instance) -> u64 {
    let sql = "update chats set active_at = active_at - interval '1 hour'";
    world.psql().await.execute(sql, &[]).await.unwrap();
    search::refresh(&here.app).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_follows_within_seconds_also_after_silence() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Room").await;
    let psql = world.psql().await;
    // Silence: the job finds nothing, and comes again.
    psql.batch_execute("insert into jobs (task) values ('index_messages')").await.unwrap();
    world.rests().await;
    world.fills(chat, alice.id, 100, 20).await;
    let known = "select count(*) from search_runs where chat_id = $1 and grams is not null";
    let begun = std::time::Instant::now();
    while psql.query_one(known, &[&chat]).await.unwrap().get::<_, i64>(0) < 3 {
        assert!(begun.elapsed().as_secs() < 10, "the index is behind");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    // A job that is a minute old ends, and one that has not ended keeps its turn for the next.
    psql.batch_execute("update jobs set created_at = created_at - interval '1 minute', run_at = now()")
        .await
        .unwrap();
    let ended = "select count(*) from jobs where task = 'index_messages' and status = 'succeeded'";
    while psql.query_one(ended, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(begun.elapsed().as_secs() < 20, "the job does not end");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    // Whoever empties the index by hand has it written anew.
    rest(&world, &here).await;
    for emptied in ["truncate search_runs, search_ends", "delete from search_runs; delete from search_ends"] {
        psql.batch_execute(emptied).await.unwrap();
        assert_eq!(rest(&world, &here).await, 4, "{emptied}");
        assert_eq!(rest(&world, &here).await, 0, "{emptied}");
    }
}
