//! A small town to try things out in.

use serde_json::{Value, json};

use crate::{
    commands::{Folder, shared},
    support::{Visitor, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_town_is_made_once_and_its_people_can_sign_in() {
    let world = World::new().await;
    let (folder, env) = (Folder::new(), shared(&world.url));
    let (code, out, err) = folder.run(&["seed"], &env).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with("made 5 people, 3 chats and 13 messages\n") && out.contains("trunkline1"),
        "{out}"
    );
    let (code, out, _) = folder.run(&["seed", "--json"], &env).await;
    let again: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, again), (0, json!({"people": 0, "chats": 0, "messages": 0})));
    assert!(folder.run(&["seed"], &env).await.1.starts_with("the town was there already"));

    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    for (name, chats) in [("alice", 3), ("bob", 2), ("carol", 2), ("dave", 2), ("erin", 2)] {
        let form = json!({"email": format!("{name}@example.com"), "password": "trunkline1"});
        let pair = visitor.post("/api/v1/auth/login", &form).await.expect(200);
        let bearer = format!("Bearer {}", pair["access_token"].as_str().unwrap());
        let mine = visitor.get_with("/api/v1/chats", &[("authorization", &bearer)]).await.expect(200);
        assert_eq!(mine["total"], chats, "{name}");
    }

    // Somebody was shown out meanwhile: they stay out.
    let psql = world.psql().await;
    let ban = "insert into bans (chat_id, user_id, banned_by)
        select chats.id, bob.id, chats.owner_id from chats, users as bob where chats.title = 'Lobby' and bob.username = 'bob'";
    psql.batch_execute(ban).await.unwrap();
    let (code, out, err) = folder.run(&["seed"], &env).await;
    assert!(code == 0 && out.starts_with("the town was there already"), "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_town_where_somebody_lives_already_keeps_them() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let form = json!({"email": "Alice@Example.com", "password": "her own word 1", "name": "Alice the first"});
    visitor.post("/api/v1/auth/register", &form).await.expect(201);
    let bob = here.person("Somebody").await;
    bob.creates_chat("lobby").await;
    let (folder, env) = (Folder::new(), shared(&world.url));
    let (code, out, err) = folder.run(&["seed"], &env).await;
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("made 4 people, 2 chats and 13 messages\n"), "{out}");
    visitor.post("/api/v1/auth/login", &form).await.expect(200);
}
