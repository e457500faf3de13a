//! The program as people start it: arguments, exit codes, one line that says what is wrong, and a first start.

use std::{
    path::PathBuf,
    process::{Output, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::support::{Visitor, World, log};

/// How long anything may take here: initdb on a busy machine is the slowest.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A folder to start the program in, gone after the test.
pub struct Folder(PathBuf);

impl Folder {
    /// A fresh one.
    pub fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("trunkline-commands-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    /// A file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A command that can be started here.
    pub fn command(&self, arguments: &[&str], env: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        command.args(arguments).current_dir(&self.0).env_clear().envs(env.iter().copied());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end: exit code, standard output, standard error.
    pub async fn run(&self, arguments: &[&str], env: &[(&str, &str)]) -> (i32, String, String) {
        let ended = timeout(TIMEOUT, self.command(arguments, env).output()).await;
        let Output { status, stdout, stderr } = ended.expect("the command ended").unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(stdout), text(stderr));
        log::add(&err);
        (status.code().unwrap_or(-1), out, err)
    }

    /// Starts a server; answers when it is ready.
    pub async fn serve(&self, env: &[(&str, &str)]) -> Serving {
        let mut env = env.to_vec();
        env.extend([("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"), ("TRUNKLINE_AUTH__BCRYPT_COST", "4")]);
        let mut child = self.command(&["serve"], &env).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut logged = BufReader::new(child.stderr.take().unwrap()).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = logged.next_line().await {
                log::add(&(line + "\n"));
            }
        });
        let mut base = None;
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                // Every line is JSON, also the first.
                let line: Value = serde_json::from_str(&line).unwrap();
                if let Some(api) = line["api"].as_str() {
                    base = Some(api.trim_end_matches("/api/v1").to_owned());
                    return;
                }
            }
            panic!("the server ended before it was ready");
        };
        timeout(TIMEOUT, ready).await.expect("the server is ready");
        Serving { child, base: base.unwrap(), _stdout: lines }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server that runs; killed when dropped.
pub struct Serving {
    child: Child,
    /// Where it answers.
    pub base: String,
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl Serving {
    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Sends a signal and waits for the end: the exit code, if it was not killed.
    pub async fn ends(mut self, signal: Signal) -> Option<i32> {
        let pid = Pid::from_raw(i32::try_from(self.child.id().unwrap()).unwrap());
        kill(pid, signal).unwrap();
        timeout(TIMEOUT, self.child.wait()).await.expect("the server ended").unwrap().code()
    }
}

/// The settings that several instances would share.
pub fn shared(url: &str) -> [(&str, &str); 3] {
    [
        ("DATABASE_URL", url),
        ("TRUNKLINE_AUTH__JWT_SECRET", "0123456789abcdef0123456789abcdef"),
        ("TRUNKLINE_SECRETS__KEY", "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_are_explained_and_checked() {
    let folder = Folder::new();
    let (code, out, _) = folder.run(&["--help"], &[]).await;
    assert_eq!(code, 0);
    for command in [
        "serve", "work", "jobs", "seed", "export", "migrate", "doctor", "openapi", "config", "secret", "user",
    ] {
        assert!(out.contains(command), "{command}");
    }
    assert_eq!(folder.run(&["serve", "--help"], &[]).await.0, 0);
    for help in [&["help", "--help"][..], &["jobs", "help", "--help"], &["help", "jobs", "-h"]] {
        let (code, out, _) = folder.run(help, &[]).await;
        assert!(code == 0 && out.contains("Usage"), "{help:?}: {out}");
    }
    for bad in [&[][..], &["nonsense"], &["serve", "--nonsense"], &["config"], &["migrate", "now"]] {
        let (code, out, err) = folder.run(bad, &[]).await;
        assert_eq!((code, out.as_str()), (2, ""), "{bad:?}");
        assert!(err.contains("Usage"), "{err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_configuration_is_one_line_that_names_the_key() {
    let folder = Folder::new();
    for (env, named) in [
        (("TRUNKLINE_HTTP__ADR", "127.0.0.1:1"), "TRUNKLINE_HTTP__ADR"),
        (("TRUNKLINE_HTTP__ADDR", "nonsense"), "TRUNKLINE_HTTP__ADDR"),
        (("TRUNKLINE_AUTH__BCRYPT_COST", "3"), "TRUNKLINE_AUTH__BCRYPT_COST"),
    ] {
        for command in [&["serve"][..], &["config", "check"], &["doctor"], &["migrate"]] {
            let (code, out, err) = folder.run(command, &[env]).await;
            assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{command:?}: {err}");
            assert!(err.contains(named), "{err}");
        }
    }
    std::fs::write(folder.0.join("config.yaml"), "http:\n  prot: 1\n").unwrap();
    let (code, _, err) = folder.run(&["config", "check"], &[]).await;
    assert!(code == 1 && err.contains("http.prot") && err.contains("config.yaml"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_is_shown_without_its_secrets() {
    let folder = Folder::new();
    let url = "postgres://someone:hush-url@db.example/trunkline";
    let env = [
        ("DATABASE_URL", url),
        ("TRUNKLINE_AUTH__JWT_SECRET", "hush-jwt-0123456789abcdef0123456789"),
        ("TRUNKLINE_SECRETS__KEY", "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ("TRUNKLINE_ADMIN__EMAIL", "root@example.com"),
        ("TRUNKLINE_ADMIN__PASSWORD", "hush-admin-1"),
    ];
    let (code, out, err) = folder.run(&["config", "check"], &env).await;
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("# what a server started here would use"), "{out}");
    assert!(out.contains("root@example.com") && out.contains("db.example") && out.contains("***"), "{out}");
    for secret in ["hush", "MDEyMzQ1"] {
        assert!(!out.contains(secret) && !err.contains(secret), "{secret}");
    }
    let alone = [("DATABASE_URL", url)];
    let (code, _, err) = folder.run(&["config", "check"], &alone).await;
    assert!(code == 1 && err.contains("auth.jwt_secret") && err.lines().count() == 1, "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_migrated_once_and_served_only_then() {
    let world = World::new().await;
    let folder = Folder::new();
    world
        .superuser()
        .await
        .batch_execute("create database story_commands owner owner template template0")
        .await
        .unwrap();
    let url = format!("{}/story_commands", world.url.rsplit_once('/').unwrap().0);
    let env = shared(&url);

    let (code, out, err) = folder.run(&["doctor"], &env).await;
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("FAIL  migrations") && out.contains("trunkline migrate"), "{out}");
    // What the migrations make is not looked at before them.
    for check in ["rights", "pg_trgm", "case folding"] {
        assert!(out.contains(&format!("skip  {check:<19} after the migrations")), "{check}: {out}");
    }
    assert_eq!(err.lines().count(), 1, "{err}");
    let mut serve = env.to_vec();
    serve.push(("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"));
    let (code, _, err) = folder.run(&["serve"], &serve).await;
    assert!(code == 1 && err.contains("trunkline migrate"), "{err}");

    let (code, out, _) = folder.run(&["migrate"], &env).await;
    assert!(code == 0 && out.contains("applied") && out.contains("V1"), "{out}");
    let (code, out, _) = folder.run(&["migrate", "--json"], &env).await;
    let again: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &again["applied"]), (0, &json!([])));

    let (code, out, err) = folder.run(&["doctor"], &env).await;
    assert_eq!(code, 0, "{out}{err}");
    assert!(!out.contains("FAIL") && out.contains("notify"), "{out}");
    let (code, out, _) = folder.run(&["doctor", "--json"], &env).await;
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["ok"]), (0, &json!(true)));

    let serving = folder.serve(&env).await;
    Visitor::at(&serving.base).get("/health/ready").await.expect(200);
    assert_eq!(serving.ends(Signal::SIGTERM).await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_tells_what_is_wrong() {
    let folder = Folder::new();
    let nowhere = shared("postgres://nobody:hush@127.0.0.1:1/none");
    for json in [false, true] {
        let arguments: &[&str] = if json { &["doctor", "--json"] } else { &["doctor"] };
        let (code, out, err) = folder.run(arguments, &nowhere).await;
        assert_eq!(code, 1);
        assert!(!out.contains("hush") && !err.contains("hush"), "{out}{err}");
        assert_eq!(err.lines().filter(|line| line.starts_with("trunkline:")).count(), 1, "{err}");
    }
    let world = World::new().await;
    let c = "create database story_c owner owner template template0 locale 'C' encoding 'SQL_ASCII'";
    world.superuser().await.batch_execute(c).await.unwrap();
    let url = format!("{}/story_c", world.url.rsplit_once('/').unwrap().0);
    let (code, out, _) = folder.run(&["doctor"], &shared(&url)).await;
    assert!(code == 1 && out.contains("FAIL  case folding") && out.contains("SQL_ASCII"), "{out}");
    let mut env = shared(&world.url).to_vec();
    env.extend([
        ("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"),
        ("TRUNKLINE_STORAGE__BACKEND", "s3"),
        ("TRUNKLINE_STORAGE__S3__ENDPOINT", "http://127.0.0.1:1"),
        ("TRUNKLINE_STORAGE__S3__BUCKET", "b"),
        ("TRUNKLINE_STORAGE__S3__ACCESS_KEY", "a"),
        ("TRUNKLINE_STORAGE__S3__SECRET_KEY", "hush"),
    ]);
    let (code, out, _) = folder.run(&["doctor"], &env).await;
    assert!(code == 1 && out.contains("FAIL  storage") && out.contains("refused"), "{out}");
    assert!(out.contains("ok    database") && !out.contains("hush"), "{out}");
    let (code, _, err) = folder.run(&["serve"], &env).await;
    assert!(code == 1 && err.lines().last().unwrap().contains("S3"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_works_on_a_database_makes_none() {
    let folder = Folder::new();
    for command in [
        &["jobs", "run"][..],
        &["jobs", "list"],
        &["topic", "produce", "orders"],
        &["topic", "consume", "orders", "--group", "g"],
        &["user", "set-roles", "alice@example.com", "user"],
        &["secret", "rotate"],
        &["verify"],
        &["backup", "backup.tar"],
    ] {
        let (code, out, err) = folder.run(command, &[]).await;
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{command:?}: {err}");
        assert!(err.contains("there is no database in ./data: go to the folder"), "{command:?}: {err}");
        assert!(!folder.path("data").exists(), "{command:?}");
    }
    let (code, out, _) = folder.run(&["doctor"], &[]).await;
    assert!(code == 1 && out.starts_with("FAIL  database ") && out.contains("there is no database"), "{out}");
    assert!(!folder.path("data").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_no_configuration_works_without_one() {
    let folder = Folder::new();
    let bad = [("TRUNKLINE_NONSENSE", "1")];
    let (code, out, _) = folder.run(&["openapi"], &bad).await;
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, document["openapi"].as_str().map(|version| &version[..2])), (0, Some("3.")));
    assert!(document["paths"]["/api/v1/chats"].is_object());
    // A reader that has read enough.
    let mut cut = folder.command(&["openapi"], &bad).spawn().unwrap();
    drop(cut.stdout.take());
    assert!(timeout(TIMEOUT, cut.wait()).await.unwrap().unwrap().success());
    let (code, out, _) = folder.run(&["secret", "generate-key"], &bad).await;
    let (id, key) = out.trim_end().split_once(':').unwrap();
    let today = chrono::Utc::now().format("k%Y%m%d-").to_string();
    assert!(code == 0 && id.starts_with(&today[..7]) && id.len() == 14 && key.len() == 44, "{out}");
    let other = folder.run(&["secret", "generate-key"], &bad).await.1;
    assert_ne!(other.split_once(':').unwrap().0, id, "no two have the same id");
    let (code, out, _) = folder.run(&["secret", "generate-key", "--id", "a-2"], &bad).await;
    assert!(code == 0 && out.starts_with("a-2:"), "{out}");
    let (code, _, err) = folder.run(&["secret", "generate-key", "--id", "a:b"], &bad).await;
    assert!(code == 1 && err.lines().count() == 1, "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_reads_wants_the_database_url_alone() {
    let world = World::new().await;
    let folder = Folder::new();
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await.to_string();
    bob.patch("/api/v1/users/me", &json!({"contacts": {"github": "bob"}})).await.expect(200);
    let url = world.url_of_instances();
    let env = [("DATABASE_URL", url.as_str())];
    for command in
        [&["verify"][..], &["jobs", "list"], &["export", "chat", &chat], &["export", "account", &alice.email]]
    {
        let (code, out, err) = folder.run(command, &env).await;
        assert_eq!((code, out.is_empty()), (0, false), "{command:?}: {err}");
    }
    // Contacts are sealed: who has any cannot be exported whole without the key.
    let (code, out, err) = folder.run(&["export", "account", &bob.email], &env).await;
    assert!(code == 1 && out.is_empty() && err.contains("secrets.key"), "{out}{err}");
    let (code, out, _) = folder.run(&["export", "account", &bob.email], &shared(&url)).await;
    assert!(code == 0 && out.contains("\"github\":\"bob\""), "{out}");
    // Whoever signs or seals something wants them all.
    let (code, _, err) = folder.run(&["jobs", "run"], &env).await;
    assert!(code == 1 && err.contains("auth.jwt_secret"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_can_not_be_used_is_named() {
    let world = World::new().await;
    let folder = Folder::new();
    std::fs::write(folder.path("occupied"), "no folder").unwrap();
    let data = folder.path("occupied").join("data").display().to_string();
    let (code, _, err) = folder
        .run(&["serve"], &[("TRUNKLINE_DATA_DIR", &data), ("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0")])
        .await;
    assert!(code == 1 && err.contains(&data) && err.contains("data_dir"), "{err}");
    let url = world.url_of_instances();
    let mut env = shared(&url).to_vec();
    env.push(("TRUNKLINE_DATA_DIR", &data));
    let (code, out, _) = folder.run(&["doctor"], &env).await;
    let line = out.lines().find(|line| line.contains("storage")).unwrap();
    assert!(code == 1 && line.starts_with("FAIL") && line.contains(&data), "{out}");
    // A secret that cannot be kept.
    let data = folder.path("data");
    std::fs::create_dir_all(data.join("jwt_secret.new/x")).unwrap();
    let data = data.display().to_string();
    let (code, _, err) = folder
        .run(&["serve"], &[("TRUNKLINE_DATA_DIR", &data), ("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0")])
        .await;
    assert!(code == 1 && err.contains(&format!("{data}/jwt_secret")), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_needs_nothing_and_survives_being_killed() {
    let folder = Folder::new();
    let serving = folder.serve(&[]).await;
    let visitor = Visitor::at(&serving.base);
    visitor.get("/healthcheck").await.expect(200);
    let form = json!({"email": "alice@example.com", "password": "trunkline1", "name": "Alice"});
    visitor.post("/api/v1/auth/register", &form).await.expect(201);
    let pair = visitor.post("/api/v1/auth/login", &form).await.expect(200);
    let bearer = format!("Bearer {}", pair["access_token"].as_str().unwrap());
    assert_eq!(serving.ends(Signal::SIGKILL).await, None);

    for _ in 0..2 {
        let again = folder.serve(&[]).await;
        let me = Visitor::at(&again.base).get_with("/api/v1/users/me", &[("authorization", &bearer)]).await;
        assert_eq!(me.expect(200)["email"], "alice@example.com");
        assert_eq!(again.ends(Signal::SIGINT).await, Some(0));
    }
}
