//! Another key for what is encrypted in the tables: nothing is lost, nobody notices, and the old key can go.

use serde_json::{Value, json};

use crate::{
    commands::{Folder, shared},
    support::{Person, Visitor, World},
};

const OLD: &str = "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const NEW: &str = "t2:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

/// A request that creates, with its `Idempotency-Key`.
async fn creates(person: &Person, path: &str, body: &Value) -> Value {
    let request = person.request(reqwest::Method::POST, path).header("idempotency-key", "once");
    Person::send(request.json(body)).await.expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_key_can_go_when_everything_is_in_the_new_one() {
    let world = World::with(&[("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.patch("/api/v1/users/me", &json!({"contacts": {"github": "alice"}})).await.expect(200);
    let bodies = [
        ("/api/v1/auth/tokens".to_owned(), json!({"name": "bot", "current_password": "trunkline1"})),
        (format!("/api/v1/chats/{chat}/webhooks"), json!({"url": "http://127.0.0.1:9/"})),
        (format!("/api/v1/chats/{chat}/invites"), json!({})),
        (format!("/api/v1/chats/{chat}/hooks"), json!({"name": "builds"})),
    ];
    let mut answers = Vec::new();
    for (path, body) in &bodies {
        answers.push(creates(&alice, path, body).await);
    }
    Visitor::at(&here.base).get("/api/v1/auth/keys/public").await.expect(200);
    let psql = world.psql().await;
    // More than one page, and what says nothing.
    psql.batch_execute(
        "insert into users (email, username, name, password_hash, contacts)
        select format('p%s@example.com', n), format('p%s', lpad(n::text, 5, '0')), 'P', 'x', '' from generate_series(1, 1200) as n",
    )
    .await
    .unwrap();
    let keyring = &here.app.keyring;
    for row in psql.query("select id from users where name = 'P'", &[]).await.unwrap() {
        let id: uuid::Uuid = row.get(0);
        let sealed = keyring.seal(&trunkline::users::view::purpose(id), b"{\"github\":\"p\"}").unwrap();
        psql.execute("update users set contacts = $2 where id = $1", &[&id, &sealed]).await.unwrap();
    }
    let before: Value = alice.get("/api/v1/users/me").await.expect(200);
    let audited = "select count(*) from audit";
    let audits: i64 = psql.query_one(audited, &[]).await.unwrap().get(0);

    let folder = Folder::new();
    let url = world.url_of_instances();
    let with = |key: &'static str, old: &'static str| {
        let mut env = shared(&url).to_vec();
        env.retain(|(name, _)| *name != "TRUNKLINE_SECRETS__KEY");
        env.push(("TRUNKLINE_SECRETS__KEY", key));
        if !old.is_empty() {
            env.push(("TRUNKLINE_SECRETS__OLD_KEYS", old));
        }
        env
    };
    // Without the old key nothing is touched, and what cannot be read is named.
    let (code, out, err) = folder.run(&["secret", "rotate"], &with(NEW, "")).await;
    assert!(
        code == 1 && out.contains("users.contacts of ") && err.contains("cannot be decrypted"),
        "{out}{err}"
    );
    let (code, out, err) = folder.run(&["secret", "rotate", "--json"], &with(NEW, OLD)).await;
    assert_eq!(code, 0, "{out}{err}");
    // 1,201 contacts, a webhook, a key for passwords, four answers.
    let expected = json!({"key": "t2", "resealed": 1207, "unreadable": []});
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), expected);
    let (code, out, _) = folder.run(&["secret", "rotate"], &with(NEW, OLD)).await;
    assert!(code == 0 && out.starts_with("0 values") && out.contains("can go"), "{out}");

    let env = [("TRUNKLINE_SECRETS__KEY", NEW)];
    let config = {
        let mut config = world.config();
        config.secrets.key = Some(trunkline::config::Secret::new(env[0].1));
        config
    };
    here.stop().await;
    let there = world.instance_of(config).await;
    let alice = alice.at(&there);
    let after = alice.get("/api/v1/users/me").await.expect(200);
    assert_eq!(after["contacts"], json!({"github": "alice", "qq": null, "wechat": null}));
    assert_eq!(after["updated_at"], before["updated_at"], "nobody has changed anything");
    assert_eq!(psql.query_one(audited, &[]).await.unwrap().get::<_, i64>(0), audits);
    for ((path, body), answer) in bodies.iter().zip(&answers) {
        assert_eq!(&creates(&alice, path, body).await, answer, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_encrypted_and_decrypted_on_the_command_line() {
    let folder = Folder::new();
    let env = [("TRUNKLINE_SECRETS__KEY", OLD)];
    let (code, sealed, err) = folder.run(&["secret", "encrypt", "Grüße, 世界"], &env).await;
    assert_eq!(code, 0, "{err}");
    let sealed = sealed.trim_end();
    assert!(!sealed.contains("Grüße"), "{sealed}");
    let rotated = [("TRUNKLINE_SECRETS__KEY", NEW), ("TRUNKLINE_SECRETS__OLD_KEYS", OLD)];
    for env in [&env[..], &rotated] {
        let (code, out, err) = folder.run(&["secret", "decrypt", sealed], env).await;
        assert_eq!((code, out.as_str()), (0, "Grüße, 世界\n"), "{err}");
    }
    // From standard input; an end of a line is not part of it.
    for (given, text) in [("one\n", "one"), ("one\ntwo", "one\ntwo"), ("", "")] {
        let sealed = fed(&folder, "encrypt", given).await;
        assert_eq!(fed(&folder, "decrypt", &sealed).await, format!("{text}\n"));
    }
    for (text, key, said) in [
        ("no base64!", OLD, "not base64"),
        ("aGVsbG8=", OLD, "cannot be decrypted"),
        (sealed, NEW, "cannot be decrypted"),
    ] {
        let (code, out, err) =
            folder.run(&["secret", "decrypt", text], &[("TRUNKLINE_SECRETS__KEY", key)]).await;
        assert!(code == 1 && out.is_empty() && err.contains(said) && err.lines().count() == 1, "{err}");
    }
    let (code, _, err) = folder.run(&["secret", "encrypt", "x"], &[("DATABASE_URL", "postgres://h/d")]).await;
    assert!(code == 1 && err.contains("secrets.key"), "{err}");
}

/// What a command answers to what it reads.
async fn fed(folder: &Folder, command: &str, text: &str) -> String {
    use tokio::io::AsyncWriteExt;
    let mut command = folder.command(&["secret", command], &[("TRUNKLINE_SECRETS__KEY", OLD)]);
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn whatever_is_encrypted_is_encrypted_anew() {
    // Who seals, and under which of the places that `secret rotate` goes through it is found again.
    let known = [
        ("src/auth/service/keys.rs", "login_keys.private_key"),
        ("src/auth/service/tokens.rs", "idempotency_keys.answer"),
        ("src/calendars/service.rs", "idempotency_keys.answer"),
        ("src/commands/secret/mod.rs", "the command line: in no table"),
        ("src/commands/secret/rotate.rs", "here it is done"),
        ("src/hooks/service.rs", "idempotency_keys.answer"),
        ("src/invites/service.rs", "idempotency_keys.answer"),
        ("src/push/keys.rs", "push_keys.private_key"),
        ("src/push/service.rs", "push_subscriptions.secret"),
        ("src/users/view.rs", "users.contacts"),
        ("src/webhooks/service.rs", "webhooks.secret, idempotency_keys.answer"),
    ];
    let mut sealing = Vec::new();
    for file in crate::house::files("src", ".rs") {
        let text = std::fs::read_to_string(&file).unwrap();
        let path = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap().to_owned();
        let seals = text.contains(".seal(") || text.contains(".seal_json(");
        if seals && !path.starts_with("src/secrets/") {
            sealing.push(path);
        }
    }
    let known: Vec<_> = known.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(sealing, known, "what is new needs a place in src/commands/secret/places.rs");
}
