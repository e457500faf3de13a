//! A database of one's own, and the instances that serve it.

use std::{path::PathBuf, time::Duration};

use trunkline::{
    app::App,
    config::{Config, Secret, Sources},
    server::{self, Server},
};
use uuid::Uuid;

use super::{Person, cluster, log};

/// A fresh database, and what instances on it share.
pub struct World {
    /// Where the database is, for its owner.
    pub url: String,
    data_dir: PathBuf,
    settings: Vec<(String, String)>,
    log: log::Place,
}

/// A running instance.
pub struct Instance {
    server: Server,
    /// The address it answers at, without a slash at the end.
    pub base: String,
    /// The running product inside.
    pub app: App,
}

impl World {
    /// A world nobody has done anything in.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A world whose instances are configured by these environment variables too.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::on(cluster::database().await, settings)
    }

    /// The same, on a migrated database of the story's own; [`Self::instance_at`] starts its instances.
    pub fn on(url: String, settings: &[(&str, &str)]) -> Self {
        let log = log::listen();
        let data_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("data-{}", Uuid::new_v4()));
        let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Self { url, data_dir, settings, log }
    }

    /// What the servers of the whole run have said since it began.
    pub fn log(&self) -> String {
        log::since(self.log)
    }

    /// The configuration of its instances.
    pub fn config(&self) -> Config {
        let key = |key: &str, value: &str| (format!("TRUNKLINE_{key}"), value.to_owned());
        let mut env = vec![
            key("DATABASE__URL", &cluster::url_of_instances(&self.url)),
            key("DATABASE__POOL_SIZE", "8"),
            key("DATA_DIR", self.data_dir.to_str().unwrap()),
            key("HTTP__ADDR", "127.0.0.1:0"),
            key("HTTP__SHUTDOWN_SECONDS", "3"),
            key("AUTH__BCRYPT_COST", "4"),
            key("AUTH__JWT_SECRET", "0123456789abcdef0123456789abcdef"),
            key("SECRETS__KEY", "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ];
        for (name, value) in &self.settings {
            env.retain(|(known, _)| known != name);
            env.push((name.clone(), value.clone()));
        }
        let dir = std::env::temp_dir();
        Config::load(&Sources { dir, config_file: None, env }).unwrap()
    }

    /// Starts an instance.
    pub async fn instance(&self) -> Instance {
        self.instance_of(self.config()).await
    }

    /// Starts two instances, both of which hear what is committed from now on.
    pub async fn two_instances(&self) -> (Instance, Instance) {
        let (here, there) = (self.instance().await, self.instance().await);
        here.listens(self).await;
        there.listens(self).await;
        (here, there)
    }

    /// Starts an instance with a configuration of its own.
    pub async fn instance_of(&self, mut config: Config) -> Instance {
        let listener = server::bind(&mut config).unwrap();
        let url = config.database.url.as_ref().unwrap().expose().to_owned();
        let app = App::new(config, url).unwrap();
        let server = Server::start(app.clone(), listener).await.unwrap();
        let base = format!("http://{}", server.addr());
        Instance { server, base, app }
    }

    /// Where an instance signs in to the database.
    pub fn url_of_instances(&self) -> String {
        cluster::url_of_instances(&self.url)
    }

    /// Starts an instance that goes to the database at another url, such as through a proxy.
    pub async fn instance_at(&self, url: &str) -> Instance {
        let mut config = self.config();
        config.database.url = Some(Secret::new(url));
        self.instance_of(config).await
    }

    /// Makes someone a member of a chat, as psql would.
    pub async fn adds(&self, chat: Uuid, user: Uuid) {
        let sql = "insert into members (chat_id, user_id) values ($1, $2)";
        self.psql().await.execute(sql, &[&chat, &user]).await.unwrap();
    }

    /// The direct chat of two people, as psql would make it.
    pub async fn direct_chat(&self, one: Uuid, other: Uuid) -> Uuid {
        let sql = "insert into chats (kind, visibility, pair)
            values ('direct', 'private', array[least($1::uuid, $2), greatest($1, $2)]) returning id";
        let chat = self.psql().await.query_one(sql, &[&one, &other]).await.unwrap().get(0);
        self.adds(chat, one).await;
        self.adds(chat, other).await;
        chat
    }

    /// Until no job that is due is left.
    pub async fn rests(&self) {
        let psql = self.psql().await;
        let due =
            "select count(*) from jobs where status = 'running' or (status = 'queued' and run_at <= now())";
        for _ in 0..400 {
            if psql.query_one(due, &[]).await.unwrap().get::<_, i64>(0) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("there is always another job");
    }

    /// Makes someone an administrator, as psql would.
    pub async fn promotes(&self, user: Uuid) {
        let sql = "insert into user_roles (user_id, role) values ($1, 'admin')";
        self.psql().await.execute(sql, &[&user]).await.unwrap();
        self.rings().await;
    }

    /// Waits until every instance has heard what rang before: within a second, says the contract.
    pub async fn rings(&self) {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    /// Every instance loses the connection on which it listens.
    pub async fn loses_listeners(&self) {
        let sql = "select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name like 'trunkline listener%'";
        self.superuser().await.execute(sql, &[]).await.unwrap();
    }

    /// A session as with psql, as a role that `sql/ops/roles_and_grants.sql` makes.
    pub async fn psql_as(&self, role: &str) -> tokio_postgres::Client {
        let (_, place) = self.url.split_once('@').unwrap();
        cluster::connect(&format!("postgres://{role}:story@{place}")).await
    }

    /// Counts the statements of whoever connects from now on, in `pg_stat_statements`.
    pub async fn counts_statements(&self) {
        let (_, name) = self.url.rsplit_once('/').unwrap();
        let sql = format!(
            "create extension pg_stat_statements; alter database {name} set pg_stat_statements.track = 'top'"
        );
        self.superuser().await.batch_execute(&sql).await.unwrap();
    }

    /// A session of somebody who may only look.
    pub async fn reader(&self) -> (tokio_postgres::Client, String) {
        let (_, place) = self.url.split_once('@').unwrap();
        let url = format!("postgres://trunkline_reader:story@{place}");
        (cluster::connect(&url).await, url)
    }

    /// A session as with psql.
    pub async fn psql(&self) -> tokio_postgres::Client {
        cluster::connect(&self.url).await
    }

    /// The same as a superuser, for what an owner may not: end the connections of others, pass over triggers.
    pub async fn superuser(&self) -> tokio_postgres::Client {
        cluster::connect(&cluster::url_of_superuser(&self.url)).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data_dir);
        cluster::leave(&self.url);
        log::search(self.log);
    }
}

impl Instance {
    /// Someone new, registered and signed in here.
    pub async fn person(&self, name: &str) -> Person {
        Person::register(&self.base, name).await
    }

    /// How many sockets are connected.
    pub fn clients(&self) -> usize {
        self.server.clients()
    }

    /// The metrics as they are now: what was shown is shown for a second.
    pub async fn metrics(&self) -> String {
        tokio::time::sleep(Duration::from_millis(1100)).await;
        reqwest::get(format!("{}/metrics", self.base)).await.unwrap().text().await.unwrap()
    }

    /// Waits until this instance listens for notifications: what is committed from now on is told by a notification, not by a look
    /// around.
    pub async fn listens(&self, world: &World) {
        let psql = world.superuser().await;
        let sql = "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'trunkline listener%' and query ilike 'listen%'";
        for _ in 0..200 {
            let count: i64 = psql.query_one(sql, &[]).await.unwrap().get(0);
            if count > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the instance does not listen");
    }

    /// Stops at once and says nothing, as a killed process would.
    pub fn kill(self) {
        self.server.kill();
    }

    /// Stops gracefully.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}
