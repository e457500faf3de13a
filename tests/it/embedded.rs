//! The private PostgreSQL starts, ends with us, and gets up again, whatever was done to it.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid},
};
use tokio_postgres::{Client, NoTls};
use trunkline::db::embedded::{Cluster, EmbeddedError, Options};

/// A folder of the test, gone after it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = env::temp_dir().join(format!("trunkline-embedded-{:08x}", rand::random::<u32>()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn postgres(&self) -> PathBuf {
        self.0.join("postgres")
    }

    fn cluster(&self) -> PathBuf {
        self.postgres().join("cluster")
    }

    async fn start(&self) -> Result<Cluster, EmbeddedError> {
        start(&self.postgres()).await
    }

    fn postmaster(&self) -> Pid {
        let text = fs::read_to_string(self.cluster().join("postmaster.pid")).unwrap();
        Pid::from_raw(text.lines().next().unwrap().parse().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn start(dir: &Path) -> Result<Cluster, EmbeddedError> {
    Cluster::start(Options { dir: dir.to_owned(), ..Options::default() }).await
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn write(cluster: &Cluster, value: i32) {
    let client = connect(&cluster.url("trunkline")).await;
    client.batch_execute("create table if not exists t (v int)").await.unwrap();
    client.execute("insert into t values ($1)", &[&value]).await.unwrap();
}

async fn read(cluster: &Cluster) -> Vec<i32> {
    let client = connect(&cluster.url("trunkline")).await;
    client.query("select v from t order by v", &[]).await.unwrap().iter().map(|r| r.get(0)).collect()
}

async fn eventually(what: &str, check: impl Fn() -> bool) {
    let start = Instant::now();
    while !check() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn alive(pid: Pid) -> bool {
    // A zombie that nobody collects is dead enough.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

/// Another process that runs a cluster: this test binary with the test below. Answers its url too.
fn another(dir: &Path, as_nobody: bool) -> (Child, Result<String, String>) {
    let program = env::current_exe().unwrap();
    let mut command = if as_nobody { Command::new("setpriv") } else { Command::new(&program) };
    if as_nobody {
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(&program);
    }
    command.args(["--exact", "embedded::another_process", "--nocapture"]).env("EMBEDDED_DIR", dir);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.starts_with("url ") && !said.starts_with("error ") {
        said.clear();
        assert_ne!(out.read_line(&mut said).unwrap(), 0, "it ended without a word");
    }
    // It stays open: the test harness over there ends when it cannot write.
    child.stdout = Some(out.into_inner());
    let said = said.trim_end();
    let (kind, text) = said.split_once(' ').unwrap();
    (child, if kind == "url" { Ok(text.to_owned()) } else { Err(text.to_owned()) })
}

#[tokio::test]
async fn another_process() {
    let Some(dir) = env::var_os("EMBEDDED_DIR") else { return };
    // The line of the test's name has no end yet.
    let _cluster = match start(Path::new(&dir)).await {
        Ok(cluster) => {
            println!("\nurl {}", cluster.url("trunkline"));
            cluster
        }
        Err(e) => return println!("\nerror {e}"),
    };
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn starts_durable_and_closed_and_starts_again() {
    let folder = Folder::new();
    let cluster = folder.start().await.unwrap();
    write(&cluster, 1).await;
    let client = connect(&cluster.url("trunkline")).await;
    for (setting, value) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("server_encoding", "UTF8"),
        ("password_encryption", "scram-sha-256"),
        ("max_connections", "200"),
    ] {
        let row = client.query_one(&format!("show {setting}"), &[]).await.unwrap();
        assert_eq!(row.get::<_, &str>(0), value, "{setting}");
    }
    let wrong = cluster.config("trunkline").password("wrong").connect(NoTls).await;
    assert!(wrong.is_err());
    let secret = fs::metadata(folder.postgres().join("password")).unwrap();
    assert_eq!(secret.mode() & 0o777, 0o600);
    if Uid::effective().is_root() {
        assert_ne!(fs::metadata(folder.cluster()).unwrap().uid(), 0);
    }
    let pid = folder.postmaster();
    cluster.stop().await;
    assert!(!alive(pid));
    let cluster = folder.start().await.unwrap();
    assert_eq!(read(&cluster).await, [1]);
    drop(cluster);
    folder.start().await.unwrap().stop().await;
}

#[tokio::test]
async fn a_killed_postgres_comes_back_on_the_same_url() {
    let folder = Folder::new();
    let cluster = folder.start().await.unwrap();
    write(&cluster, 1).await;
    let busy = connect(&cluster.url("trunkline")).await;
    tokio::spawn(async move { busy.batch_execute("select pg_sleep(60)").await });
    let first = folder.postmaster();
    kill(first, Signal::SIGKILL).unwrap();
    let start = Instant::now();
    while cluster.config("trunkline").connect(NoTls).await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_ne!(folder.postmaster(), first);
    assert_eq!(read(&cluster).await, [1]);
    cluster.stop().await;
}

#[tokio::test]
async fn a_crash_empties_the_cache_and_forgets_no_attempt() {
    let folder = Folder::new();
    let cluster = folder.start().await.unwrap();
    let url = cluster.url("trunkline");
    trunkline::db::migrate::migrate(&url).await.unwrap();
    let filled = "insert into cache (key, value, expires_at) values ('colour', '\"green\"', now() + interval '1 hour');
        insert into throttles (key, count, expires_at) values ('login:account:x', 5, now() + interval '1 hour')";
    connect(&url).await.batch_execute(filled).await.unwrap();
    kill(folder.postmaster(), Signal::SIGKILL).unwrap();
    let start = Instant::now();
    while cluster.config("trunkline").connect(NoTls).await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let counted = "select (select count(*) from cache), (select sum(count)::bigint from throttles)";
    let row = connect(&url).await.query_one(counted, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, Option<i64>>(1)), (0, Some(5)));
    cluster.stop().await;
}

#[tokio::test]
async fn a_postgres_that_cannot_come_back_is_reported() {
    let folder = Folder::new();
    let cluster = folder.start().await.unwrap();
    fs::remove_file(folder.cluster().join("global/pg_control")).unwrap();
    kill(folder.postmaster(), Signal::SIGKILL).unwrap();
    let reason = tokio::time::timeout(Duration::from_secs(60), cluster.exited()).await.unwrap();
    assert!(reason.contains("pg_control"), "{reason}");
    cluster.stop().await;
}

#[tokio::test]
async fn postgres_ends_when_we_are_killed_and_starts_cleanly() {
    let folder = Folder::new();
    let (mut us, url) = another(&folder.postgres(), false);
    let client = connect(&url.unwrap()).await;
    client.batch_execute("create table t (v int); insert into t values (7)").await.unwrap();
    let pid = folder.postmaster();
    us.kill().unwrap();
    us.wait().unwrap();
    // At once, while the old one may still be shutting down.
    let cluster = folder.start().await.unwrap();
    assert!(!alive(pid));
    assert_eq!(read(&cluster).await, [7]);
    let log = fs::read_to_string(folder.postgres().join("postgres.log.1")).unwrap();
    assert!(log.contains("database system is shut down"), "{log}");
    cluster.stop().await;
}

#[tokio::test]
async fn both_killed_at_once_is_only_a_recovery() {
    let folder = Folder::new();
    let (mut us, url) = another(&folder.postgres(), false);
    let client = connect(&url.unwrap()).await;
    client.batch_execute("create table t (v int); insert into t values (7)").await.unwrap();
    let pid = folder.postmaster();
    kill(Pid::from_raw(us.id() as i32), Signal::SIGSTOP).unwrap();
    kill(pid, Signal::SIGKILL).unwrap();
    us.kill().unwrap();
    us.wait().unwrap();
    let cluster = folder.start().await.unwrap();
    assert_eq!(read(&cluster).await, [7]);
    cluster.stop().await;
}

#[tokio::test]
async fn a_second_process_on_the_folder_is_refused_in_one_line() {
    let folder = Folder::new();
    let cluster = folder.start().await.unwrap();
    let (mut other, said) = another(&folder.postgres(), false);
    other.wait().unwrap();
    let error = said.unwrap_err();
    let us = format!("another trunkline (process {}) is already running on", std::process::id());
    assert!(error.starts_with(&us), "{error}");
    cluster.stop().await;
}

#[tokio::test]
async fn a_stale_pid_file_is_harmless() {
    let folder = Folder::new();
    folder.start().await.unwrap().stop().await;
    let path = folder.cluster().join("postmaster.pid");
    let rest = format!("\n{}\n1700000000\n5432\n\n127.0.0.1\n", folder.cluster().display());
    // A process of PostgreSQL's own user that has the id now; nobody; a file cut short.
    let owner = fs::metadata(folder.cluster()).unwrap().uid();
    let mut sleeper = {
        use std::os::unix::process::CommandExt;
        let mut command = Command::new("sleep");
        command.arg("60").current_dir("/");
        if Uid::effective().is_root() {
            command.uid(owner);
        }
        command.spawn().unwrap()
    };
    for text in [format!("{}{rest}", sleeper.id()), format!("4194000{rest}"), String::new()] {
        fs::write(&path, &text).unwrap();
        nix::unistd::chown(&path, Some(Uid::from_raw(owner)), None).unwrap();
        folder.start().await.unwrap_or_else(|e| panic!("{text:?}: {e}")).stop().await;
    }
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
}

#[tokio::test]
async fn data_of_another_version_is_named() {
    let folder = Folder::new();
    folder.start().await.unwrap().stop().await;
    fs::write(folder.cluster().join("PG_VERSION"), "12\n").unwrap();
    let error = folder.start().await.unwrap_err().to_string();
    assert!(error.contains("was written by PostgreSQL 12, but only "), "{error}");
}

#[tokio::test]
async fn an_interrupted_initdb_is_done_again() {
    let folder = Folder::new();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "embedded::another_process"]).env("EMBEDDED_DIR", folder.postgres());
    let mut us = command.stdout(Stdio::null()).spawn().unwrap();
    let half_made = || {
        let entries = fs::read_dir(folder.postgres()).into_iter().flatten().flatten();
        entries
            .map(|e| e.path())
            .any(|p| p.to_string_lossy().contains("new-") && p.join("PG_VERSION").exists())
    };
    eventually("initdb has begun", half_made).await;
    us.kill().unwrap();
    us.wait().unwrap();
    assert!(!folder.cluster().exists());
    let cluster = folder.start().await.unwrap();
    write(&cluster, 1).await;
    cluster.stop().await;
    eventually("the half-made one is gone", || !half_made()).await;
}

#[tokio::test]
async fn missing_programs_are_named() {
    let folder = Folder::new();
    let options = Options { dir: folder.postgres(), bin_dir: Some(folder.0.clone()), ..Options::default() };
    let error = Cluster::start(options).await.unwrap_err().to_string();
    assert!(error.contains("does not hold the programs of PostgreSQL"), "{error}");
    assert!(EmbeddedError::NoBinaries.to_string().contains("apt-get install postgresql"));
}

#[tokio::test]
async fn a_refused_setting_is_quoted_from_the_log() {
    let folder = Folder::new();
    let settings = vec![("max_connections".to_owned(), "many".to_owned())];
    let options = Options { dir: folder.postgres(), settings, ..Options::default() };
    let error = Cluster::start(options).await.unwrap_err().to_string();
    assert!(error.contains("invalid value for parameter \"max_connections\""), "{error}");
    folder.start().await.unwrap().stop().await;
}

#[tokio::test]
async fn an_ephemeral_one_leaves_nothing() {
    let folder = Folder::new();
    let settings = vec![("fsync".to_owned(), "off".to_owned())];
    let options = Options { dir: folder.postgres(), settings, ephemeral: true, ..Options::default() };
    let cluster = Cluster::start(options).await.unwrap();
    write(&cluster, 1).await;
    cluster.stop().await;
    assert!(!folder.postgres().exists());
}

#[tokio::test]
async fn as_root_a_folder_that_postgres_cannot_enter_is_replaced() {
    if !Uid::effective().is_root() {
        return;
    }
    let folder = Folder::new();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
    let cluster = folder.start().await.unwrap();
    let dir = cluster.dir().to_owned();
    assert!(dir.starts_with("/var/lib/trunkline"), "{}", dir.display());
    write(&cluster, 1).await;
    cluster.stop().await;
    // The data folder moves, its database does not.
    let moved = folder.0.join("moved");
    fs::rename(folder.postgres(), &moved).unwrap();
    let cluster = start(&moved).await.unwrap();
    assert_eq!(read(&cluster).await, [1]);
    cluster.stop().await;
    fs::remove_dir_all(dir).unwrap();
    let error = start(&moved).await.unwrap_err().to_string();
    assert!(error.contains("which is gone"), "{error}");
}

#[tokio::test]
async fn a_normal_user_and_then_root_and_then_the_user_again() {
    if !Uid::effective().is_root() {
        return;
    }
    let folder = Folder::new();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o777)).unwrap();
    for as_nobody in [true, false, true] {
        let (mut child, url) = another(&folder.postgres(), as_nobody);
        let client = connect(&url.unwrap()).await;
        client.batch_execute("create table if not exists t (v int)").await.unwrap();
        let pid = folder.postmaster();
        child.kill().unwrap();
        child.wait().unwrap();
        eventually("postgres has ended", || !alive(pid)).await;
    }
    // Made by root for `postgres`: a normal user is told why it is not theirs.
    let other = Folder::new();
    other.start().await.unwrap().stop().await;
    let (mut child, said) = another(&other.postgres(), true);
    child.wait().unwrap();
    let error = said.unwrap_err();
    assert!(error.contains("made by another user?"), "{error}");
}
