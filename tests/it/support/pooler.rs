//! PgBouncer between an instance and its database.

use std::{
    net::{TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use nix::unistd::{Uid, User};
use tokio_postgres::config::Host;
use uuid::Uuid;

/// A running pooler.
pub struct Pooler {
    port: u16,
    process: Child,
    dir: PathBuf,
}

impl Pooler {
    /// Starts one before the database at `url`.
    pub async fn start(url: &str) -> Self {
        let programs = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
        let program = programs.iter().find(|program| Path::new(program).exists());
        let program = program.expect("pgbouncer is missing: scripts/test installs it (on Debian: pgbouncer)");
        let config: tokio_postgres::Config = url.parse().unwrap();
        let [Host::Tcp(host)] = config.get_hosts() else { panic!("{url}") };
        let database = format!(
            "host={host} port={} dbname={} user={} password={}",
            config.get_ports()[0],
            config.get_dbname().unwrap(),
            config.get_user().unwrap(),
            std::str::from_utf8(config.get_password().unwrap()).unwrap()
        );
        let dir = std::env::temp_dir().join(format!("trunkline-pooler-{}", Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        let port = quiet_port();
        // Later versions would keep prepared statements in transaction mode, too; this one does not know the word.
        let settings = format!(
            "[databases]\nsession = {database} pool_mode=session\n\
             transaction = {database} pool_mode=transaction\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        );
        let file = dir.join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(program);
        command.arg("-q").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It refuses to run as root.
        if Uid::effective().is_root() {
            std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
            let user = ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
            let user = user.expect("a user to run it as");
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw()).current_dir("/");
        }
        let pooler = Self { port, process: command.spawn().unwrap(), dir };
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return pooler;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("pgbouncer does not answer");
    }

    /// The url through it when it hands out its connections for a transaction at a time.
    pub fn transaction_url(&self) -> String {
        format!("postgres://any@127.0.0.1:{}/transaction", self.port)
    }

    /// The url through it when each client keeps its connection.
    pub fn session_url(&self) -> String {
        format!("postgres://any@127.0.0.1:{}/session", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// A port outside the range that connections take theirs from: none of them can take it while the instance is away. Nor does any
/// other story of this run.
pub fn quiet_port() -> u16 {
    static NEXT: LazyLock<AtomicUsize> = LazyLock::new(|| AtomicUsize::new(rand::random_range(0..12_000)));
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let first = range.split_whitespace().next().and_then(|port| port.parse::<u16>().ok()).unwrap_or(32_768);
    // Where that range begins early there is no such port, and any will have to do.
    let lowest = if first > 14_000 { first - 12_000 } else { 20_000 };
    let free = |_| {
        let port = lowest + (NEXT.fetch_add(1, Ordering::Relaxed) % 12_000) as u16;
        TcpListener::bind(("127.0.0.1", port)).is_ok().then_some(port)
    };
    (0..1000).find_map(free).expect("a free port")
}
