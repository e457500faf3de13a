//! Every key there is: its name, whether it is a list, and how much of it may be shown.

/// How much of a key's value may appear on a screen or in a log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of it (a password inside a URL is replaced all the same).
    Plain,
    /// A URL that may carry a password: everything but that.
    Url,
    /// Nothing.
    Never,
}

/// One key of the configuration.
pub(super) struct Key {
    /// Dotted, as in `storage.s3.bucket`.
    pub name: &'static str,
    pub many: bool,
    pub shown: Shown,
}

impl Key {
    /// The name in the environment and the env files, as in `TRUNKLINE_STORAGE__S3__BUCKET`.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('.', "__").to_uppercase())
    }
}

/// What our variables begin with; others are none of our business.
pub(super) const PREFIX: &str = "TRUNKLINE_";

const fn one(name: &'static str) -> Key {
    Key { name, many: false, shown: Shown::Plain }
}

const fn url(name: &'static str) -> Key {
    Key { name, many: false, shown: Shown::Url }
}

const fn hidden(name: &'static str, many: bool) -> Key {
    Key { name, many, shown: Shown::Never }
}

/// All keys, in the order they are shown: a section's keys stand together.
pub(super) static KEYS: &[Key] = &[
    one("data_dir"),
    url("database.url"),
    url("database.listen_url"),
    url("database.read_url"),
    one("database.statement_seconds"),
    one("database.pool_size"),
    one("database.bin_dir"),
    one("http.addr"),
    Key { name: "http.allowed_origins", many: true, shown: Shown::Plain },
    one("http.public_url"),
    Key { name: "http.trusted_proxies", many: true, shown: Shown::Plain },
    one("http.max_connections"),
    one("http.header_timeout_seconds"),
    hidden("http.metrics_token", false),
    one("http.keep_alive_seconds"),
    one("http.body_timeout_seconds"),
    one("http.shutdown_seconds"),
    hidden("auth.jwt_secret", false),
    hidden("auth.old_jwt_secrets", true),
    one("auth.access_minutes"),
    one("auth.refresh_days"),
    one("auth.refresh_grace_seconds"),
    one("auth.bcrypt_cost"),
    one("auth.secure_cookies"),
    one("storage.backend"),
    one("storage.min_free_megabytes"),
    one("storage.s3.endpoint"),
    one("storage.s3.public_endpoint"),
    one("storage.s3.region"),
    one("storage.s3.bucket"),
    hidden("storage.s3.access_key", false),
    hidden("storage.s3.secret_key", false),
    hidden("secrets.key", false),
    hidden("secrets.old_keys", true),
    one("limits.enabled"),
    one("limits.requests_per_second"),
    one("limits.address_requests_per_second"),
    one("limits.commands_per_second"),
    one("limits.subscriptions_per_person"),
    one("limits.watched_per_person"),
    one("limits.logins_per_minute"),
    one("limits.sign_ins_per_minute"),
    one("limits.sign_ups_per_hour"),
    one("limits.api_tokens_per_hour"),
    one("limits.upload_megabytes_per_day"),
    one("limits.upload_megabytes_in_all"),
    one("limits.chats_per_person"),
    one("limits.connections_per_address"),
    one("limits.sockets_per_person"),
    one("admin.email"),
    hidden("admin.password", false),
    url("smtp.url"),
    one("smtp.from"),
    one("webhooks.allow_private"),
    one("notifications.retention_days"),
    one("notifications.unread_retention_days"),
    one("push.contact"),
    one("audit.retention_days"),
    one("log.format"),
    one("log.level"),
];

/// The key of this dotted name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether keys lie below this dotted name.
pub(super) fn is_section(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// The key someone probably meant by an unknown name, for the error message.
pub(super) fn closest(written: &str) -> Option<&'static Key> {
    // Separators are what people get wrong most: TRUNKLINE_HTTP_ADDR, http_addr.
    let bare = |name: &str| {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    let wanted = bare(written.strip_prefix(PREFIX).unwrap_or(written));
    KEYS.iter()
        .map(|key| (distance(&wanted, &bare(key.name)), key))
        .filter(|(far, _)| *far <= 2)
        .min_by_key(|(far, _)| *far)
        .map(|(_, key)| key)
}

/// How many letters must be put in, left out or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_an_env_file_names_every_key_and_sets_none() {
        let example = include_str!("../../.env.example");
        for key in KEYS {
            let start = format!("# {}=", key.variable());
            assert!(example.lines().any(|line| line.starts_with(&start)), "{start}");
        }
        assert!(example.lines().all(|line| line.is_empty() || line.starts_with('#')));
        assert_eq!(example.lines().filter(|line| line.starts_with("# TRUNKLINE_")).count(), KEYS.len());
    }
}
