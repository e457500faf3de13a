//! Groups: each record goes to one consumer, and comes again until it is committed.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use serde_json::json;

use super::{at, commits, offsets, produces, reads};
use crate::{audit::administrator, support::World};

#[tokio::test(flavor = "multi_thread")]
async fn a_group_shares_the_work_and_another_has_its_own() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let admin = administrator(&world, &here).await;
    let values: Vec<_> = (1..=10).map(|n| json!(n)).collect();
    produces(&admin, "orders", &values).await.expect(201);
    let first = reads(&admin, "orders", "group=g&limit=4").await;
    let second = reads(&admin.at(&there), "orders", "group=g&limit=4").await;
    assert_eq!((offsets(&first), offsets(&second)), (vec![1, 2, 3, 4], vec![5, 6, 7, 8]));
    assert_eq!(offsets(&reads(&admin, "orders", "group=h&limit=3").await), [1, 2, 3]);
    // A new group may begin anywhere; one that is known goes on where it is.
    assert_eq!(offsets(&reads(&admin, "orders", "group=late&after=8").await), [9, 10]);
    assert_eq!(offsets(&reads(&admin, "orders", "group=g&after=0").await), [9, 10]);
    assert!(reads(&admin, "orders", "group=g").await.is_empty());
    // Who reads freely disturbs nobody.
    assert_eq!(reads(&admin, "orders", "").await.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_committed_in_time_comes_again() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let values: Vec<_> = (1..=6).map(|n| json!(n)).collect();
    produces(&admin, "orders", &values).await.expect(201);
    assert_eq!(offsets(&reads(&admin, "orders", "group=g&limit=4&lease_seconds=1").await), [1, 2, 3, 4]);
    commits(&admin, "orders", "g", &[2, 4, 99]).await;
    assert_eq!(offsets(&reads(&admin, "orders", "group=g&limit=1&lease_seconds=100").await), [5]);
    // Somebody waits, and is handed what another has let lapse.
    assert_eq!(offsets(&reads(&admin, "orders", "group=g&limit=1&lease_seconds=100").await), [6]);
    let again = reads(&admin, "orders", "group=g&wait_seconds=10&limit=1&lease_seconds=100").await;
    assert_eq!(offsets(&again), [1]);
    assert_eq!(offsets(&reads(&admin, "orders", "group=g&lease_seconds=100").await), [3]);
    commits(&admin, "orders", "g", &[1, 3, 5]).await;
    commits(&admin, "orders", "g", &[1, 3, 5]).await;
    let open = "select array_agg(open::text) from topic_leases";
    let open: Vec<String> = world.psql().await.query_one(open, &[]).await.unwrap().get(0);
    assert_eq!(open, ["{[6,7)}"]);
    // Too late is not too late, as long as nobody else is done with it.
    world.psql().await.batch_execute("update topic_leases set leased_until = now()").await.unwrap();
    commits(&admin, "orders", "g", &[6]).await;
    assert!(reads(&admin, "orders", "group=g").await.is_empty());
    let path = format!("{}/commit", at("orders"));
    for (body, status) in [
        (json!({"group": "nobody", "offsets": [1]}), 404),
        (json!({"group": "g", "offsets": []}), 400),
        (json!({"group": "g", "offsets": [0]}), 400),
        (json!({"group": "", "offsets": [1]}), 400),
        (json!({"group": "g", "offsets": [i64::MAX]}), 204),
        (json!({"group": "g"}), 400),
    ] {
        let answer = admin.post(&path, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    let path = format!("{}/commit", at("nothing"));
    admin.post(&path, &json!({"group": "g", "offsets": [1]})).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_consumers_some_of_which_die_do_all_of_it() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let (here, there) = world.two_instances().await;
    let admin = administrator(&world, &here).await;
    let total = 600;
    let fill = format!(
        "insert into topic_records (topic, value) select 'orders', to_jsonb(n) from generate_series(1, {total}) as n"
    );
    world.psql().await.batch_execute(&fill).await.unwrap();
    let done = join_all((0..12).map(|n| {
        let who = if n % 2 == 0 { admin.clone() } else { admin.at(&there) };
        async move {
            let (mut done, mut round) = (Vec::new(), 0);
            loop {
                let records = reads(&who, "orders", "group=g&limit=17&lease_seconds=1&wait_seconds=3").await;
                if records.is_empty() {
                    return done;
                }
                round += 1;
                let own = offsets(&records);
                if round % 5 == 2 && n < 6 {
                    continue; // it dies, and another one begins
                }
                commits(&who, "orders", "g", &own).await;
                done.extend(own);
            }
        }
    }))
    .await
    .concat();
    let all: BTreeSet<_> = done.iter().copied().collect();
    assert_eq!(all, (1..=total).collect::<BTreeSet<_>>());
    // Leases are of a second, and nothing took that long: each was done once.
    assert!(done.len() as i64 <= total + 60, "{} were done twice", done.len() as i64 - total);
    let left = "select count(*) from topic_leases";
    assert_eq!(world.psql().await.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_holds_so_many_bytes_and_one_record_at_least() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    // What cannot be packed, so that it is as large in the table as it came.
    let fill = "insert into topic_records (topic, value_bytes)
        select 'large', (select string_agg(sha256((n || ' ' || m)::bytea), '') from generate_series(1, 25000) as m) from generate_series(1, 12) as n";
    world.psql().await.batch_execute(fill).await.unwrap();
    for query in ["after=0&limit=1000", "group=g&limit=1000"] {
        let count = reads(&admin, "large", query).await.len();
        assert!((3..=6).contains(&count), "{count}");
    }
    let mut seen = reads(&admin, "large", "group=g&limit=1000").await.len();
    while seen < 12 {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let more = reads(&admin, "large", "group=g&limit=1000").await.len();
        assert!(more > 0 || seen >= 6, "{seen}");
        if more == 0 {
            break;
        }
        seen += more;
    }
}
