//! Configuration: environment, `dev.env`, `.env`, `config.yaml` and compiled-in defaults, the strongest first.
//!
//! Each layer may hold just some keys. An unknown key or a bad value is refused by name, and all of them at once.
//! Nothing here writes the process environment, and only [`Sources::of_process`] reads it.

mod database_url;
mod env;
mod error;
mod keys;
mod layers;
mod network;
mod parse;
mod read;
mod reader;
mod render;
mod secret;
mod sections;
mod sources;
#[cfg(test)]
mod tests;
mod yaml;

use std::path::PathBuf;

pub use database_url::read_database_url;
pub use error::ConfigError;
pub use network::Network;
pub use parse::split_key;
pub use secret::{Secret, redact_url};
pub use sections::{
    Admin, Audit, Auth, Backend, Database, Http, Limits, Log, LogFormat, Notifications, Push, S3, Secrets,
    Smtp, Storage, Webhooks,
};
pub use sources::Sources;

/// The configuration of one instance. Printing it shows no secret.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where local files, generated secrets and the private PostgreSQL live.
    pub data_dir: PathBuf,
    /// `database.*`
    pub database: Database,
    /// `http.*`
    pub http: Http,
    /// `auth.*`
    pub auth: Auth,
    /// `storage.*`
    pub storage: Storage,
    /// `secrets.*`
    pub secrets: Secrets,
    /// `limits.*`
    pub limits: Limits,
    /// `admin.*`
    pub admin: Admin,
    /// `smtp.*`
    pub smtp: Smtp,
    /// `webhooks.*`
    pub webhooks: Webhooks,
    /// `notifications.*`
    pub notifications: Notifications,
    /// `push.*`
    pub push: Push,
    /// `audit.*`
    pub audit: Audit,
    /// `log.*`
    pub log: Log,
    /// What [`Config::to_yaml`] shows; already masked.
    rendered: String,
}

impl Config {
    /// Reads and checks everything. The error holds every problem there is.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut reader = reader::Reader::new(sources::gather(sources));
        let r = &mut reader;
        let mut config = Self {
            data_dir: r.required("data_dir", parse::path),
            database: read::database(r),
            http: read::http(r),
            auth: read::auth(r),
            storage: read::storage(r),
            secrets: read::secrets(r),
            limits: read::limits(r),
            admin: read::admin(r),
            smtp: read::smtp(r),
            webhooks: read::webhooks(r),
            notifications: read::notifications(r),
            push: read::push(r),
            audit: read::audit(r),
            log: read::log(r),
            rendered: String::new(),
        };
        let (entries, problems) = reader.finish();
        if !problems.is_empty() {
            return Err(ConfigError::new(problems));
        }
        config.rendered = render::yaml(&entries);
        Ok(config)
    }

    /// What serving needs beyond loading: with a database of one's own, secrets are not generated, as several
    /// instances must share them. Commands that sign and encrypt nothing (`migrate`) go without.
    pub fn check_for_serving(&self) -> Result<(), ConfigError> {
        if self.database.url.is_none() {
            return Ok(());
        }
        let needed = [("auth.jwt_secret", &self.auth.jwt_secret), ("secrets.key", &self.secrets.key)];
        let missing = needed.iter().filter(|(_, value)| value.is_none());
        let problems: Vec<String> =
            missing.map(|(name, _)| format!("{name} is required, as database.url is set")).collect();
        if problems.is_empty() { Ok(()) } else { Err(ConfigError::new(problems)) }
    }

    /// Whether cookies carry `Secure`: as configured, else unless the server listens on loopback alone and is not known
    /// to be reached by HTTPS.
    pub fn secure_cookies(&self) -> bool {
        let is_https = self.http.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        self.auth.secure_cookies.unwrap_or(is_https || !self.http.addr.ip().is_loopback())
    }

    /// The configuration as it was loaded, as YAML with the origin of each value; secrets are masked.
    pub fn to_yaml(&self) -> &str {
        &self.rendered
    }
}
