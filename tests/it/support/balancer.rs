//! nginx and haproxy in front of instances, with the configuration that is shipped.

use std::{
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use uuid::Uuid;

use super::quiet_port;

/// A running proxy that many clients come through.
pub struct Balancer {
    /// Which one.
    pub name: &'static str,
    /// The address it answers at, without a slash at the end.
    pub base: String,
    process: Child,
    dir: PathBuf,
}

impl Balancer {
    /// How many connections of one address nginx takes here; a thousand otherwise.
    pub const MOST: usize = 30;

    /// Both, in front of these instances.
    pub async fn both(instances: [&str; 2]) -> [Self; 2] {
        [Self::nginx(instances).await, Self::haproxy(instances).await]
    }

    /// `scripts/deploy/nginx.conf`, with addresses and places of its own.
    pub async fn nginx(instances: [&str; 2]) -> Self {
        let (dir, port) = (folder(), quiet_port());
        let config = shipped("nginx.conf", instances)
            .replace("listen 8080", &format!("listen 127.0.0.1:{port}"))
            .replace("limit_conn clients 1000", &format!("limit_conn clients {}", Self::MOST))
            .replace("/tmp/nginx.pid", &format!("{}/nginx.pid", dir.display()))
            .replace("http {", &format!("http {{\n    client_body_temp_path {0}/b;\n    proxy_temp_path {0}/p;\n    fastcgi_temp_path {0}/f;\n    uwsgi_temp_path {0}/u;\n    scgi_temp_path {0}/s;", dir.display()));
        let file = dir.join("nginx.conf");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new("/usr/sbin/nginx");
        command.args(["-e", "stderr", "-g", "daemon off;", "-p"]).arg(&dir).arg("-c").arg(&file);
        Self::started("nginx", command, dir, port).await
    }

    /// `scripts/deploy/haproxy.cfg`, with addresses of its own.
    pub async fn haproxy(instances: [&str; 2]) -> Self {
        let (dir, port) = (folder(), quiet_port());
        let config = shipped("haproxy.cfg", instances)
            .replace("maxconn 16384", "maxconn 1000")
            .replace("bind :8080", &format!("bind 127.0.0.1:{port}"));
        let file = dir.join("haproxy.cfg");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new("/usr/sbin/haproxy");
        command.args(["-db", "-f"]).arg(&file);
        Self::started("haproxy", command, dir, port).await
    }

    /// Another one of its kind.
    pub async fn anew(&self, instances: [&str; 2]) -> Self {
        match self.name {
            "nginx" => Self::nginx(instances).await,
            _ => Self::haproxy(instances).await,
        }
    }

    async fn started(name: &'static str, mut command: Command, dir: PathBuf, port: u16) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(std::fs::File::create(dir.join("log")).unwrap());
        let missing = format!("{name} is missing: scripts/test installs it (on Debian: {name})");
        let process = command.spawn().expect(&missing);
        let balancer = Self { name, base: format!("http://127.0.0.1:{port}"), process, dir };
        for _ in 0..3000 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return balancer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{name} does not answer: {}", std::fs::read_to_string(balancer.dir.join("log")).unwrap());
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // The master ends its workers.
        let pid = nix::unistd::Pid::from_raw(self.process.id().cast_signed());
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn folder() -> PathBuf {
    let dir = std::env::temp_dir().join(format!("trunkline-balancer-{}", Uuid::new_v4()));
    std::fs::create_dir(&dir).unwrap();
    dir
}

/// A file of `scripts/deploy/` with these instances in it.
fn shipped(file: &str, instances: [&str; 2]) -> String {
    let path = format!("{}/scripts/deploy/{file}", env!("CARGO_MANIFEST_DIR"));
    let [one, two] = instances.map(|base| base.trim_start_matches("http://"));
    let config = std::fs::read_to_string(path).unwrap();
    config.replace("trunkline1:8000", one).replace("trunkline2:8000", two)
}
