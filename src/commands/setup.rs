//! What the commands that work on the database begin with: where it is, and the secrets kept beside it.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use super::Outcome;
use crate::{
    app::App,
    config::{Config, Secret},
    db::{
        embedded::{Cluster, Options},
        migrate,
    },
    error::{Error, Result},
    secrets::{generate_key, new_key_id},
};

/// The database a command works on.
pub struct Database {
    /// Where it is.
    pub url: String,
    /// The private PostgreSQL, when it is ours to run.
    pub cluster: Option<Cluster>,
}

impl Database {
    /// Finds the configured database, or starts the private one.
    pub async fn open(config: &Config) -> Outcome<Self> {
        if let Some(url) = &config.database.url {
            return Ok(Self { url: url.expose().to_owned(), cluster: None });
        }
        let made = fs::create_dir_all(&config.data_dir);
        made.map_err(|error| Error::of_file("made (data_dir)", &config.data_dir, &error))?;
        let options = Options {
            dir: config.data_dir.join("postgres"),
            bin_dir: config.database.bin_dir.clone(),
            ..Options::default()
        };
        let cluster = Cluster::start(options).await?;
        Ok(Self { url: cluster.url("trunkline"), cluster: Some(cluster) })
    }

    /// Refuses where there is none: a command that works on what a server has stored would make an empty one, and people
    /// would look for their data in it.
    pub fn require(config: &Config) -> Outcome {
        if config.database.url.is_some() || config.data_dir.join("postgres").exists() {
            return Ok(());
        }
        Err(format!(
            "there is no database in {}: go to the folder of the server, or set TRUNKLINE_DATA_DIR or \
             TRUNKLINE_DATABASE__URL",
            config.data_dir.display()
        )
        .into())
    }

    /// The same as [`Self::open`], beside a server that runs the private PostgreSQL already.
    pub async fn open_beside(config: &Config) -> Outcome<Self> {
        let dir = config.data_dir.join("postgres");
        match Cluster::url_of_running(&dir).filter(|_| config.database.url.is_none()) {
            Some(url) => Ok(Self { url, cluster: None }),
            None => Self::open(config).await,
        }
    }

    /// Stops the private PostgreSQL, if it is ours.
    pub async fn close(self) {
        if let Some(cluster) = self.cluster {
            cluster.stop().await;
        }
    }
}

/// The running product without its endpoints, for a command that works beside a server or in place of one.
pub struct OfflineApp {
    /// What is running.
    pub app: App,
    database: Database,
}

impl OfflineApp {
    /// Opens the database, which must be of this version; a private PostgreSQL that is started for this is migrated.
    pub async fn open(config: Config) -> Outcome<Self> {
        Self::open_as(config, "command").await
    }

    /// The same, of what a DBA sees by this name (`application_name`), with the number of the process.
    pub async fn open_as(config: Config, name: &str) -> Outcome<Self> {
        Self::open_with(config, name, complete_secrets).await
    }

    /// The same for a command that has nothing to do where no server has been: it makes no database.
    pub async fn open_existing(config: Config) -> Outcome<Self> {
        Database::require(&config)?;
        Self::open(config).await
    }

    /// The same for a command that only reads: where the database is, is all it must be told. It makes no database.
    pub async fn open_to_read(config: Config) -> Outcome<Self> {
        Database::require(&config)?;
        Self::open_with(config, "command", use_temporary_secrets).await
    }

    async fn open_with(mut config: Config, name: &str, secrets: fn(&mut Config) -> Outcome) -> Outcome<Self> {
        let database = Database::open_beside(&config).await?;
        let opened = async {
            secrets(&mut config)?;
            match database.cluster {
                Some(_) => _ = migrate::migrate(&database.url).await?,
                None => require_migrated(&database.url).await?,
            }
            // Several may run beside a server, each on its own.
            let name = format!("trunkline {name} {}", std::process::id());
            Ok(App::named(config, database.url.clone(), &name)?)
        };
        match opened.await {
            Ok(app) => Ok(Self { app, database }),
            Err(error) => {
                database.close().await;
                Err(error)
            }
        }
    }

    /// Lets go of everything.
    pub async fn close(self) {
        self.app.close();
        self.database.close().await;
    }
}

/// Refuses a database that is not what this binary was built with.
pub async fn require_migrated(url: &str) -> Result<()> {
    migrate::require_whole(url).await.map(drop)
}

/// Completes the secrets a configuration leaves out. With the private PostgreSQL they are made once and kept in
/// `data_dir`, readable by this user alone; with a database of one's own they are required, for several instances
/// must share them.
pub fn complete_secrets(config: &mut Config) -> Outcome {
    config.check_for_serving()?;
    if config.auth.jwt_secret.is_none() {
        let made = || Ok(generate_key("jwt")?.trim_start_matches("jwt:").to_owned());
        config.auth.jwt_secret = Some(keep(&config.data_dir.join("jwt_secret"), made)?);
    }
    if config.secrets.key.is_none() {
        config.secrets.key =
            Some(keep(&config.data_dir.join("secrets_key"), || generate_key(&new_key_id()?))?);
    }
    Ok(())
}

/// Makes temporary secrets where a configuration leaves them out: nothing is signed and nothing sealed with them.
fn use_temporary_secrets(config: &mut Config) -> Outcome {
    if config.database.url.is_none() {
        return complete_secrets(config);
    }
    for (secret, id) in [(&mut config.auth.jwt_secret, "jwt"), (&mut config.secrets.key, "none")] {
        if secret.is_none() {
            *secret = Some(Secret::new(generate_key(id)?));
        }
    }
    Ok(())
}

/// The secret in this file, made when there is none.
fn keep(path: &Path, make: impl FnOnce() -> Result<String>) -> Outcome<Secret> {
    match fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => return Ok(Secret::new(text.trim())),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::of_file("read", path, &error).into()),
    }
    let secret = make()?;
    // Written beside and renamed: a secret that is half there would be another secret.
    let half = path.with_extension("new");
    let _ = fs::remove_file(&half);
    let written = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half)?;
        file.write_all(secret.as_bytes())?;
        file.sync_all()?;
        fs::rename(&half, path)
    };
    written().map_err(|error| Error::of_file("written", path, &error))?;
    Ok(Secret::new(secret))
}

/// Thousands of connections are thousands of descriptors: takes as many as the system gives, and answers how many.
pub fn raise_descriptor_limit() -> Option<u64> {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).ok()?;
    Some(hard)
}
