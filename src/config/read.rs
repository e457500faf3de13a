//! Builds each section from the layers, and checks what concerns several keys.

use super::parse::{self, split_key};
use super::reader::{Parsed, Reader};
use super::secret::Secret;
use super::sections::{
    Admin, Audit, Auth, Backend, Database, Http, Limits, Log, LogFormat, Notifications, Push, S3, Secrets,
    Smtp, Storage, Webhooks,
};

/// Longest time in seconds a timeout may be: an hour, as more is a slip of the unit.
const HOUR: u32 = 3600;

pub(super) fn database(r: &mut Reader) -> Database {
    Database {
        url: r.optional("database.url", parse::postgres_url),
        listen_url: needs_url(r, "database.listen_url"),
        read_url: needs_url(r, "database.read_url"),
        statement_seconds: r.required("database.statement_seconds", parse::number(1..=600)),
        pool_size: r.optional("database.pool_size", parse::number(1..=1000)).map(|n| n as usize),
        bin_dir: r.optional("database.bin_dir", parse::path),
    }
}

/// The other addresses mean nothing for the private PostgreSQL, and would be another database than the one written to.
fn needs_url(r: &mut Reader, name: &str) -> Option<Secret> {
    if let (Some(place), false) = (r.place(name), r.has("database.url")) {
        r.problem(format!("{place} needs database.url as well"));
    }
    r.optional(name, parse::postgres_url)
}

pub(super) fn http(r: &mut Reader) -> Http {
    Http {
        addr: r.required("http.addr", parse::addr),
        allowed_origins: r.list("http.allowed_origins", parse::origin),
        public_url: r.optional("http.public_url", parse::http_url),
        trusted_proxies: r.list("http.trusted_proxies", parse::proxies).into_iter().flatten().collect(),
        max_connections: r.required("http.max_connections", parse::number(1..=10_000_000)) as usize,
        header_timeout_seconds: r.required("http.header_timeout_seconds", parse::number(1..=HOUR)),
        metrics_token: r.optional("http.metrics_token", parse::secret),
        keep_alive_seconds: r.required("http.keep_alive_seconds", parse::number(1..=HOUR)),
        body_timeout_seconds: r.required("http.body_timeout_seconds", parse::number(1..=HOUR)),
        shutdown_seconds: r.required("http.shutdown_seconds", parse::number(0..=HOUR)),
    }
}

pub(super) fn auth(r: &mut Reader) -> Auth {
    Auth {
        jwt_secret: r.optional("auth.jwt_secret", parse::jwt_secret),
        old_jwt_secrets: r.list("auth.old_jwt_secrets", parse::jwt_secret),
        access_minutes: r.required("auth.access_minutes", parse::number(1..=1440)),
        refresh_days: r.required("auth.refresh_days", parse::number(1..=3650)),
        refresh_grace_seconds: r.required("auth.refresh_grace_seconds", parse::number(0..=HOUR)),
        bcrypt_cost: r.required("auth.bcrypt_cost", parse::number(4..=31)),
        secure_cookies: r.optional("auth.secure_cookies", parse::flag),
    }
}

pub(super) fn storage(r: &mut Reader) -> Storage {
    let backend = r.required("storage.backend", backend);
    let min_free_megabytes = r.required("storage.min_free_megabytes", parse::number(0..=1_000_000_000));
    let endpoint = r.optional("storage.s3.endpoint", parse::http_url);
    let public_endpoint = r.optional("storage.s3.public_endpoint", parse::http_url);
    let region = r.required("storage.s3.region", parse::text);
    let bucket = r.optional("storage.s3.bucket", parse::text);
    let access_key = r.optional("storage.s3.access_key", parse::secret);
    let secret_key = r.optional("storage.s3.secret_key", parse::secret);
    if backend == Backend::Local {
        return Storage { backend, min_free_megabytes, s3: None };
    }
    let place = r.place("storage.backend").unwrap_or_default();
    for name in ["storage.s3.endpoint", "storage.s3.bucket", "storage.s3.access_key", "storage.s3.secret_key"]
    {
        if !r.has(name) {
            r.problem(format!("{name} is required, as {place} is s3"));
        }
    }
    let s3 = match (endpoint, bucket, access_key, secret_key) {
        (Some(endpoint), Some(bucket), Some(access_key), Some(secret_key)) => {
            Some(S3 { endpoint, public_endpoint, region, bucket, access_key, secret_key })
        }
        _ => None,
    };
    Storage { backend, min_free_megabytes, s3 }
}

fn backend(text: &str) -> Parsed<Backend> {
    match text.trim() {
        "local" => Ok(Backend::Local),
        "s3" => Ok(Backend::S3),
        _ => Err("must be local or s3".to_owned()),
    }
}

pub(super) fn secrets(r: &mut Reader) -> Secrets {
    let key = r.optional("secrets.key", parse::encryption_key);
    let old_keys = r.list("secrets.old_keys", parse::encryption_key);
    let mut ids: Vec<&str> =
        key.iter().chain(&old_keys).filter_map(|key| Some(split_key(key.expose())?.0)).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < all {
        // What was encrypted names its key by the id alone.
        let place = r.place("secrets.old_keys").unwrap_or_default();
        r.problem(format!("{place} has two keys of one id, or that of secrets.key"));
    }
    Secrets { key, old_keys }
}

pub(super) fn limits(r: &mut Reader) -> Limits {
    Limits {
        enabled: r.required("limits.enabled", parse::flag),
        requests_per_second: r.required("limits.requests_per_second", parse::number(1..=1_000_000)),
        address_requests_per_second: r
            .required("limits.address_requests_per_second", parse::number(1..=1_000_000)),
        commands_per_second: r.required("limits.commands_per_second", parse::number(1..=1_000_000)),
        subscriptions_per_person: r
            .required("limits.subscriptions_per_person", parse::number(1..=100_000_000)),
        watched_per_person: r.required("limits.watched_per_person", parse::number(1..=100_000_000)),
        logins_per_minute: r.required("limits.logins_per_minute", parse::number(1..=1_000_000)),
        sign_ins_per_minute: r.required("limits.sign_ins_per_minute", parse::number(1..=1_000_000)),
        sign_ups_per_hour: r.required("limits.sign_ups_per_hour", parse::number(1..=1_000_000)),
        api_tokens_per_hour: r.required("limits.api_tokens_per_hour", parse::number(1..=1_000_000)),
        upload_megabytes_per_day: r
            .required("limits.upload_megabytes_per_day", parse::number(1..=1_000_000_000)),
        upload_megabytes_in_all: r
            .required("limits.upload_megabytes_in_all", parse::number(1..=1_000_000_000)),
        chats_per_person: r.required("limits.chats_per_person", parse::number(1..=100_000_000)),
        connections_per_address: r.required("limits.connections_per_address", parse::number(1..=10_000_000)),
        sockets_per_person: r.required("limits.sockets_per_person", parse::number(1..=10_000_000)),
    }
}

pub(super) fn admin(r: &mut Reader) -> Admin {
    for (one, other) in [("admin.email", "admin.password"), ("admin.password", "admin.email")] {
        if let (Some(place), false) = (r.place(one), r.has(other)) {
            r.problem(format!("{place} needs {other} as well"));
        }
    }
    Admin {
        email: r.optional("admin.email", parse::email),
        password: r.optional("admin.password", parse::password),
    }
}

pub(super) fn smtp(r: &mut Reader) -> Smtp {
    if let (Some(place), false) = (r.place("smtp.url"), r.has("smtp.from")) {
        r.problem(format!("{place} needs smtp.from as well"));
    }
    Smtp { url: r.optional("smtp.url", parse::smtp_url), from: r.optional("smtp.from", parse::sender) }
}

pub(super) fn webhooks(r: &mut Reader) -> Webhooks {
    Webhooks { allow_private: r.required("webhooks.allow_private", parse::flag) }
}

pub(super) fn audit(r: &mut Reader) -> Audit {
    Audit { retention_days: r.optional("audit.retention_days", parse::number(30..=36_500)) }
}

pub(super) fn notifications(r: &mut Reader) -> Notifications {
    Notifications {
        retention_days: r.required("notifications.retention_days", parse::number(1..=36_500)),
        unread_retention_days: r.required("notifications.unread_retention_days", parse::number(1..=36_500)),
    }
}

pub(super) fn push(r: &mut Reader) -> Push {
    let contact = |text: &str| {
        let text = text.trim();
        match text.starts_with("mailto:") && text.contains('@') || text.starts_with("https://") {
            true => Ok(text.to_owned()),
            false => Err("must be mailto: with an e-mail address, or an https:// address".to_owned()),
        }
    };
    Push { contact: r.optional("push.contact", contact) }
}

pub(super) fn log(r: &mut Reader) -> Log {
    let format = |text: &str| match text.trim() {
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be pretty or json".to_owned()),
    };
    Log { format: r.optional("log.format", format), level: r.required("log.level", parse::log_level) }
}
