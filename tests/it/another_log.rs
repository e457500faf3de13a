//! Another log in the place of the one that was read: an older state restored under open sockets, a failover that lost its
//! tail. Whoever was told of what is gone is told so, and nobody has a hole they do not know of.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, Socket, World, quiet_port};

const GATEWAY: &str = "/api/v1/ws";

/// What is left of the log that was read, and how much comes after it in the one that takes its place: seven were read.
const HISTORIES: [(i64, i64); 6] = [(4, 5), (4, 3), (4, 1), (0, 7), (6, 1), (1, 700)];

/// A gateway that follows everything, past its welcome.
async fn gateway(person: &Person) -> Socket {
    let mut socket =
        Socket::open(&person.base, &format!("{GATEWAY}?subscribe=all"), &person.token).await.unwrap();
    for _ in socket.expect("welcome").await["chats"].as_array().unwrap() {
        socket.expect("caught_up").await;
    }
    socket
}

/// A socket that goes on from this entry, past its welcome.
async fn resumes(person: &Person, chat: Uuid, seq: i64, id: &Value) -> Socket {
    let id = id.as_str().unwrap();
    let path = format!("/api/v1/chats/{chat}?after_seq={seq}&after_id={id}");
    let mut socket = Socket::open(&person.base, &path, &person.token).await.unwrap();
    socket.expect("welcome").await;
    socket
}

/// It hears that the log is another one, and goes on at its end.
async fn begins_anew(world: &World, socket: &mut Socket, chat: Uuid, last: i64) {
    let reset = json!({"type": "reset", "chat_id": chat, "oldest_seq": 1, "last_seq": last});
    assert_eq!(socket.next().await, reset);
    assert_eq!(socket.next().await, world.caught_up(chat, last).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_entry_says_which_one_it_is() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let (mut live, mut all) = (alice.opens(chat).await, gateway(&alice).await);
    bob.joins(chat).await;
    let said = bob.says(chat, "hello").await;
    let path = format!("/api/v1/chats/{chat}/messages/{}", said["id"].as_str().unwrap());
    bob.puts(&format!("{path}/reactions/👍")).await.expect(204);
    alice.puts(&format!("{path}/pin")).await.expect(204);
    bob.patch(&path, &json!({"content": "good-bye"})).await.expect(200);
    bob.delete(&path).await.expect(204);
    alice.patch(&format!("/api/v1/chats/{chat}"), &json!({"title": "Hall"})).await.expect(200);
    bob.leaves(chat).await;
    let last = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"].as_i64().unwrap();
    let told = live.reads(0, last).await;
    assert!(last >= 8 && told == all.reads(0, last).await);
    let log = alice.get(&format!("/api/v1/chats/{chat}/log?limit=100")).await.expect(200);
    for (entry, seq) in log["items"].as_array().unwrap().iter().zip(1..) {
        assert_eq!((&entry["seq"], &entry["id"]), (&json!(seq), &world.id_at(chat, seq).await));
        assert_eq!(entry["id"], told[usize::try_from(seq - 1).unwrap()]["id"]);
    }
    assert_eq!(told[1]["id"], said["id"], "a new message is its own entry");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_while_an_older_state_is_restored_is_told() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    for (kept, then) in HISTORIES {
        let chat = alice.creates_chat(&format!("Lobby {kept} {then}")).await;
        let mut sockets = Vec::new();
        for instance in [&here, &there] {
            let alice = alice.at(instance);
            sockets.push(alice.opens(chat).await);
            let mut gateway = Socket::open(&alice.base, GATEWAY, &alice.token).await.unwrap();
            gateway.asks(&json!({"type": "chat.subscribe", "ref": 1, "chat_id": chat})).await;
            gateway.expect("caught_up").await;
            sockets.push(gateway);
        }
        world.fills(chat, alice.id, 7, 10).await;
        for socket in &mut sockets {
            socket.reads(0, 7).await;
        }
        world.replaces_log(chat, alice.id, kept, then).await;
        world.deafens().await;
        let last = kept + then;
        for socket in &mut sockets {
            begins_anew(&world, socket, chat, last).await;
        }
        for (instance, seq) in [(&here, last + 1), (&there, last + 2)] {
            let said = alice.at(instance).says(chat, "we go on").await;
            for socket in &mut sockets {
                let entry = socket.expect("new_message").await;
                assert_eq!((&entry["seq"], &entry["id"]), (&json!(seq), &said["id"]), "{kept} {then}");
            }
        }
        for socket in &mut sockets {
            socket.hears_nothing().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_entry_of_another_log_is_never_told_as_the_next_of_the_old_one() {
    // LISTEN goes on, as where rows are replaced by hand: the first news show it, and so does who comes in meanwhile.
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    for (kept, then) in HISTORIES {
        let chat = alice.creates_chat(&format!("Lobby {kept} {then}")).await;
        let mut sockets = [alice.opens(chat).await, alice.at(&there).opens(chat).await];
        world.fills(chat, alice.id, 7, 10).await;
        for socket in &mut sockets {
            socket.reads(0, 7).await;
        }
        world.replaces_log(chat, alice.id, kept, then).await;
        let last = kept + then;
        // A newcomer sees the new one, and makes the instance look at it.
        let mut newcomer = alice.opens(chat).await;
        let mut posted = last;
        while posted <= 7.max(last) {
            alice.says(chat, "new").await;
            posted += 1;
        }
        newcomer.reads(last, posted).await;
        for socket in &mut sockets {
            let reset = socket.expect("reset").await;
            let seq = reset["last_seq"].as_i64().unwrap();
            assert!((last..=posted).contains(&seq), "{kept} {then}: {reset}");
            assert_eq!(socket.next().await, world.caught_up(chat, seq).await);
            socket.reads(seq, posted).await;
            socket.hears_nothing().await;
        }
        newcomer.hears_nothing().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_to_listen_on_it_is_found_all_the_same() {
    let nowhere = format!("postgres://nobody@127.0.0.1:{}/nothing", quiet_port());
    let world = World::with(&[("TRUNKLINE_DATABASE__LISTEN_URL", &nowhere)]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    world.fills(chat, alice.id, 7, 10).await;
    socket.reads(0, 7).await;
    world.replaces_log(chat, alice.id, 4, 5).await;
    begins_anew(&world, &mut socket, chat, 9).await;
    assert_eq!(alice.says(chat, "again").await["seq"], 10);
    socket.reads(9, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_shows_which_log_they_know() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let (chat, other) = (alice.creates_chat("Lobby").await, alice.creates_chat("Attic").await);
    world.fills(chat, alice.id, 7, 10).await;
    world.fills(other, alice.id, 7, 10).await;
    let (four, seven, elsewhere) =
        (world.id_at(chat, 4).await, world.id_at(chat, 7).await, world.id_at(other, 7).await);
    resumes(&alice, chat, 4, &four).await.reads(4, 7).await;
    world.replaces_log(chat, alice.id, 4, 5).await;
    for instance in [&here, &there] {
        let alice = alice.at(instance);
        // Where both are one, the new one goes on.
        let told = resumes(&alice, chat, 4, &four).await.reads(4, 9).await;
        assert_eq!(told[0]["message"]["content"], "another 5");
        for (seq, id) in [(7, &seven), (7, &elsewhere), (7, &four), (4, &seven), (0, &seven), (12, &seven)] {
            begins_anew(&world, &mut resumes(&alice, chat, seq, id).await, chat, 9).await;
        }
        let (mut socket, last_id) =
            (Socket::open(&alice.base, GATEWAY, &alice.token).await.unwrap(), world.id_at(chat, 9).await);
        let welcome = socket.expect("welcome").await;
        let mine = json!({"chat_id": chat, "last_seq": 9, "last_id": last_id});
        assert!(welcome["chats"].as_array().unwrap().contains(&mine), "{welcome}");
        for (seq, id) in [(4, &four), (7, &seven), (9, &last_id), (9, &Value::Null)] {
            let command = json!({"type": "chat.subscribe", "ref": 1, "chat_id": chat, "after_seq": seq, "after_id": id});
            assert_eq!(socket.asks(&command).await["data"], mine);
            match seq {
                4 => _ = socket.reads(4, 9).await,
                7 => assert_eq!(socket.expect("reset").await["last_seq"], 9),
                _ => {}
            }
            assert_eq!(socket.next().await, world.caught_up(chat, 9).await);
        }
        let log = format!("/api/v1/chats/{chat}/log?after_seq");
        let path = |seq: i64, id: &Value| format!("{log}={seq}&after_id={}", id.as_str().unwrap());
        assert_eq!(alice.get(&path(4, &four)).await.expect(200)["items"].as_array().unwrap().len(), 5);
        assert_eq!(alice.get(&path(9, &last_id)).await.expect(200)["items"], json!([]));
        for (seq, id) in [(7, &seven), (7, &elsewhere), (4, &seven), (0, &four), (12, &seven)] {
            alice.get(&path(seq, id)).await.refused(409, "log_changed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strange_proofs_are_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Attic").await;
    world.fills(chat, alice.id, 3, 10).await;
    let id = world.id_at(chat, 3).await.as_str().unwrap().to_owned();
    let base = format!("/api/v1/chats/{chat}");
    let strange = [
        "x".to_owned(),
        String::new(),
        format!("{id}0"),
        "%00".to_owned(),
        "null".to_owned(),
        "ü".repeat(36),
    ];
    for query in
        strange.iter().map(|id| format!("?after_seq=3&after_id={id}")).chain([format!("?after_id={id}")])
    {
        let query = query.replace('ü', "%C3%BC");
        assert_eq!(
            Socket::open(&alice.base, &format!("{base}{query}"), &alice.token).await.err(),
            Some(400),
            "{query}"
        );
        alice.get(&format!("{base}/log{query}")).await.refused(400, "validation_failed");
    }
    // Who is no member learns nothing by guessing.
    let path = format!("?after_seq=3&after_id={id}");
    assert_eq!(Socket::open(&bob.base, &format!("{base}{path}"), &bob.token).await.err(), Some(404));
    bob.get(&format!("{base}/log{path}")).await.refused(404, "not_found");
    let mut socket = gateway(&alice).await;
    for (seq, id) in
        [(json!(3), json!("x")), (json!(3), json!(5)), (json!(3), json!([])), (Value::Null, json!(id))]
    {
        let command =
            json!({"type": "chat.subscribe", "ref": 1, "chat_id": chat, "after_seq": seq, "after_id": id});
        assert_eq!(socket.asks(&command).await["code"], "validation_failed", "{command}");
    }
    alice.says(chat, "still here").await;
    assert_eq!(socket.hears(1).await, ["still here"], "what was followed is followed on");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_slowly_goes_on_where_both_are_one_and_nowhere_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (read_first, kept) in [(0, 5_000), (300, 100)] {
        let chat = alice.creates_chat(&format!("Lobby {kept}")).await;
        world.fills(chat, alice.id, 6_000, 4_000).await;
        // 24 MB: more than the socket holds before anyone reads.
        let mut slow = alice.resumes(chat, 0).await;
        slow.reads(0, read_first).await;
        world.replaces_log(chat, alice.id, kept, 2_000).await;
        world.deafens().await;
        let (mut seen, last) = (read_first, kept + 2_000);
        let mut frame = slow.next().await;
        while frame["type"] == "new_message" {
            seen += 1;
            assert_eq!(frame["seq"], seen);
            let is_new = frame["message"]["content"].as_str().unwrap().starts_with("another");
            assert_eq!(is_new, read_first == 0 && seen > kept, "{frame}");
            if is_new && seen == last {
                break;
            }
            frame = slow.next().await;
        }
        if read_first > 0 {
            assert!(seen < 6_000, "{seen}");
            assert_eq!((&frame["type"], &frame["last_seq"]), (&json!("reset"), &json!(last)));
        }
        assert_eq!(slow.next().await, world.caught_up(chat, last).await);
        alice.says(chat, "live").await;
        slow.reads(last, last + 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_no_member_in_the_restored_state_hears_nothing_of_it() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_private_chat("Attic").await;
    world.fills(chat, alice.id, 3, 10).await;
    world.adds(chat, bob.id).await;
    let (mut hers, mut his, mut all) = (alice.opens(chat).await, bob.opens(chat).await, gateway(&bob).await);
    alice.says(chat, "welcome").await;
    hers.reads(4, 5).await;
    his.reads(4, 5).await;
    all.reads(4, 5).await;
    let without = format!(
        "begin; alter table members disable trigger user;
        delete from members where chat_id = '{chat}' and user_id = '{}';
        alter table members enable trigger user; update chats set member_count = 1 where id = '{chat}'; commit",
        bob.id
    );
    world.psql().await.batch_execute(&without).await.unwrap();
    world.replaces_log(chat, alice.id, 3, 4).await;
    world.deafens().await;
    begins_anew(&world, &mut hers, chat, 7).await;
    assert_eq!(his.closed().await.0, 4403);
    assert_eq!(all.next().await, json!({"type": "chat_removed", "chat_id": chat}));
    alice.says(chat, "a secret").await;
    hers.reads(7, 8).await;
    all.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_a_retention_removed_proves_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 9, 10).await;
    let (five, six) = (world.id_at(chat, 5).await, world.id_at(chat, 6).await);
    let trimmed = format!(
        "set trunkline.repairing = on;
        delete from messages where chat_id = '{chat}' and seq <= 5;
        update chats set first_seq = 6, message_count = 4 where id = '{chat}'"
    );
    world.psql().await.batch_execute(&trimmed).await.unwrap();
    alice.resumes(chat, 5).await.reads(5, 9).await;
    resumes(&alice, chat, 6, &six).await.reads(6, 9).await;
    let mut socket = resumes(&alice, chat, 5, &five).await;
    let reset = json!({"type": "reset", "chat_id": chat, "oldest_seq": 6, "last_seq": 9});
    assert_eq!(socket.next().await, reset);
    assert_eq!(socket.next().await, world.caught_up(chat, 9).await);
    let log = format!("/api/v1/chats/{chat}/log?after_seq=5&after_id={}", five.as_str().unwrap());
    alice.get(&log).await.refused(409, "log_changed");
}
