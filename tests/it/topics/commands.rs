//! `trunkline topic`: lines in, lines out.

use std::{process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    time::timeout,
};

use super::{offsets, produces, reads};
use crate::{
    audit::administrator,
    commands::{Folder, shared},
    support::World,
};

fn records(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_is_a_record_and_each_record_a_line() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let (folder, env) = (Folder::new(), shared(&world.url));
    let lines = "{\"order\": 1}\n\nplain words\n[1,2]\r\n7\nnull\n\"quoted\"\n";
    std::fs::write(folder.path("orders.txt"), lines).unwrap();
    let (code, out, err) =
        folder.run(&["topic", "produce", "orders", "orders.txt", "--key", "k"], &env).await;
    assert_eq!((code, out.as_str(), err.as_str()), (0, "6 records, from 1 to 6\n", ""));
    let read = reads(&admin, "orders", "").await;
    let values: Vec<_> = read.iter().map(|record| record["value"].clone()).collect();
    let expected = json!([{"order": 1}, "plain words", [1, 2], 7, null, "quoted"]);
    assert_eq!((json!(values), &read[0]["key"]), (expected, &json!("k")));

    let (code, out, _) =
        folder.run(&["topic", "produce", "orders", "orders.txt", "--text", "--json"], &env).await;
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, told), (0, json!({"records": 6, "first_offset": 7, "last_offset": 12})));
    assert_eq!(reads(&admin, "orders", "after=6").await[0]["value"], "{\"order\": 1}");

    let (code, out, err) =
        folder.run(&["topic", "consume", "orders", "--group", "g", "--limit", "4"], &env).await;
    assert_eq!((code, err.as_str(), offsets(&records(&out))), (0, "", vec![1, 2, 3, 4]));
    assert_eq!(records(&out)[1], read[1]);
    let (_, out, _) = folder.run(&["topic", "consume", "orders", "--group", "g"], &env).await;
    assert_eq!(offsets(&records(&out)), (5..=12).collect::<Vec<_>>());
    let (code, out, _) = folder.run(&["topic", "consume", "orders", "--group", "g"], &env).await;
    assert_eq!((code, out.as_str()), (0, ""));
    let (_, out, _) =
        folder.run(&["topic", "consume", "orders", "--group", "late", "--after", "11"], &env).await;
    assert_eq!(offsets(&records(&out)), [12]);
    // What was printed is committed.
    let left = "select count(*) from topic_leases";
    assert_eq!(world.psql().await.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);

    for (arguments, code) in [
        (&["topic", "consume", "nothing", "--group", "g"][..], 1),
        (&["topic", "produce", "a b", "orders.txt"], 1),
        (&["topic", "produce", "orders", "missing.txt"], 1),
        (&["topic", "consume", "orders", "--group", " "], 1),
        (&["topic", "consume", "orders"], 2),
        (&["topic", "produce"], 2),
        (&["topic"], 2),
    ] {
        let (found, out, err) = folder.run(arguments, &env).await;
        assert_eq!((found, out.as_str()), (code, ""), "{arguments:?}: {err}");
        assert!(code == 2 || err.lines().count() == 1, "{err}");
    }
    std::fs::write(folder.path("nul.txt"), "1\n\"\\u0000\"\n").unwrap();
    let (code, _, err) = folder.run(&["topic", "produce", "orders", "nul.txt"], &env).await;
    assert!(code == 1 && err.contains("U+0000"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_prints_what_comes_as_it_comes() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let (folder, env) = (Folder::new(), shared(&world.url));
    // It may be there before the topic is.
    let mut child =
        folder.command(&["topic", "consume", "orders", "--group", "g", "--follow"], &env).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = async || {
        let line = timeout(Duration::from_secs(30), lines.next_line()).await.expect("a record comes");
        serde_json::from_str::<Value>(&line.unwrap().unwrap()).unwrap()["value"].clone()
    };
    produces(&admin, "orders", &[json!("first")]).await.expect(201);
    assert_eq!(next().await, "first");
    for n in 0..5 {
        produces(&admin, "orders", &[json!(n)]).await.expect(201);
        assert_eq!(next().await, n);
    }
    // A pipe that says something now and then.
    let mut producer =
        folder.command(&["topic", "produce", "orders"], &env).stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = producer.stdin.take().unwrap();
    for word in ["one", "two"] {
        pipe.write_all(format!("{word}\n").as_bytes()).await.unwrap();
        assert_eq!(next().await, word);
    }
    drop(pipe);
    assert!(producer.wait().await.unwrap().success());
    assert!(child.try_wait().unwrap().is_none(), "it goes on");
    child.kill().await.unwrap();
}
