//! Layers, refusals and secrecy of the configuration.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use super::*;

const KEY: &str = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const JWT: &str = "0123456789012345678901234567890123456789";

/// A working directory of its own, gone afterwards.
struct Dir(PathBuf);

impl Dir {
    fn with(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("trunkline-config-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dir = Self(env::temp_dir().join(name));
        fs::create_dir_all(&dir.0).unwrap();
        for (name, text) in files {
            fs::write(dir.0.join(name), text).unwrap();
        }
        dir
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn load(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    load_with(files, variables, None)
}

fn load_with(
    files: &[(&str, &str)],
    variables: &[(&str, &str)],
    config: Option<&str>,
) -> Result<Config, ConfigError> {
    let dir = Dir::with(files);
    let env = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(&Sources { dir: dir.0.clone(), config_file: config.map(PathBuf::from), env })
}

fn with(variables: &[(&str, &str)]) -> Config {
    load(&[], variables).unwrap()
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let config = with(&[]);
    assert_eq!(config.data_dir, Path::new("./data"));
    assert!(config.database.url.is_none() && config.database.listen_url().is_none());
    assert!((8..=64).contains(&config.database.pool_size()));
    assert_eq!(config.http.addr.to_string(), "127.0.0.1:8000");
    let proxies: Vec<_> = config.http.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["127.0.0.0/8", "::1/128"], "nobody but this machine");
    assert_eq!((config.auth.access_minutes, config.auth.refresh_days), (15, 30));
    assert_eq!((config.auth.refresh_grace_seconds, config.auth.bcrypt_cost), (10, 12));
    assert!(!config.secure_cookies());
    assert_eq!(config.storage.backend, Backend::Local);
    assert!(config.limits.enabled && !config.webhooks.allow_private);
    assert_eq!((config.log.format, config.log.level.as_str()), (None, "info"));
}

#[test]
fn default_yaml_names_every_key_once() {
    for key in keys::KEYS {
        let last = key.name.rsplit('.').next().unwrap();
        assert!(include_str!("default.yaml").contains(&format!("{last}: ")), "{} is missing", key.name);
        assert!(
            keys::find(key.name).is_some_and(|found| std::ptr::eq(found, key)),
            "{} stands twice",
            key.name
        );
    }
    assert!(sources::defaults().problems.is_empty());
}

#[test]
fn each_layer_covers_the_weaker_ones_key_by_key() {
    let layers: [(&str, &str); 3] = [
        (
            "config.yaml",
            "auth:\n  access_minutes: 1\n  refresh_days: 1\n  bcrypt_cost: 5\nlog: {level: warn}\n",
        ),
        (
            ".env",
            "TRUNKLINE_AUTH__REFRESH_DAYS=2\nTRUNKLINE_AUTH__BCRYPT_COST=6\nTRUNKLINE_LOG__LEVEL=error\n",
        ),
        ("dev.env", "export TRUNKLINE_AUTH__BCRYPT_COST='7'\nTRUNKLINE_LOG__LEVEL=debug # loud\n"),
    ];
    let config = load(&layers, &[("TRUNKLINE_LOG__LEVEL", "trace")]).unwrap();
    let auth = &config.auth;
    assert_eq!(
        (auth.access_minutes, auth.refresh_days, auth.bcrypt_cost, auth.refresh_grace_seconds),
        (1, 2, 7, 10)
    );
    assert_eq!(config.log.level, "trace");
    let yaml = config.to_yaml();
    for line in [
        "  access_minutes: 1  # config.yaml",
        "  refresh_days: 2  # TRUNKLINE_AUTH__REFRESH_DAYS in .env",
        "  bcrypt_cost: 7  # TRUNKLINE_AUTH__BCRYPT_COST in dev.env",
        "  refresh_grace_seconds: 10  # default",
        "  read_url:  # not set",
        "  old_jwt_secrets: []  # default",
        "  level: trace  # TRUNKLINE_LOG__LEVEL in the environment",
    ] {
        assert!(yaml.lines().any(|found| found == line), "{line}\n{yaml}");
    }
}

#[test]
fn what_is_shown_can_be_read_again() {
    let shown = with(&[
        ("DATABASE_URL", "postgres://u:pw@h/d"),
        ("TRUNKLINE_HTTP__ALLOWED_ORIGINS", "http://a,http://b:80"),
    ]);
    let again = load(&[("config.yaml", shown.to_yaml())], &[]).unwrap();
    assert_eq!(again.http.allowed_origins, ["http://a", "http://b"]);
    assert_eq!(again.database.url.unwrap().expose(), "postgres://u:***@h/d");
}

#[test]
fn another_file_takes_the_place_of_config_yaml() {
    let files = [("config.yaml", "nonsense: 1"), ("other.yaml", "log: {level: warn}")];
    assert_eq!(load_with(&files, &[], Some("other.yaml")).unwrap().log.level, "warn");
    let error = load_with(&files, &[], Some("absent.yaml")).unwrap_err().to_string();
    assert!(error.starts_with("absent.yaml can't be read: "), "{error}");
}

#[test]
fn database_url_is_weaker_within_its_layer_only() {
    let ours = |url| ("TRUNKLINE_DATABASE__URL", url);
    let plain = |url| ("DATABASE_URL", url);
    let file = [(".env", "DATABASE_URL=postgres://c/c\nTRUNKLINE_DATABASE__URL=postgres://d/d\n")];
    for (variables, wins) in [
        (vec![], "postgres://d/d"),
        (vec![plain("postgres://a/a")], "postgres://a/a"),
        (vec![plain("postgres://a/a"), ours("postgres://b/b")], "postgres://b/b"),
        (vec![ours("postgres://b/b"), plain("postgres://a/a")], "postgres://b/b"),
        (vec![plain("postgres://a/a"), ours("")], "postgres://a/a"),
        (vec![plain("")], "postgres://d/d"),
    ] {
        assert_eq!(load(&file, &variables).unwrap().database.url.unwrap().expose(), wins, "{variables:?}");
    }
}

#[test]
fn texts_stay_as_they_are_written() {
    for password in ["1234567a", "true1234", "0x1234ab", "1.50e1000", "a: b #1 ü", "~123456a"] {
        let files = [("config.yaml", format!("admin: {{email: a@b, password: {password:?}}}"))];
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let env = [("TRUNKLINE_ADMIN__EMAIL", "a@b"), ("TRUNKLINE_ADMIN__PASSWORD", password)];
        for config in [load(&files, &[]).unwrap(), with(&env)] {
            assert_eq!(config.admin.password.unwrap().expose(), password);
        }
    }
    // Unquoted, YAML would make numbers and booleans of these.
    for (written, kept) in
        [("0123", "0123"), ("True", "True"), ("1.50", "1.50"), ("0x1F", "0x1F"), ("1e3", "1e3"), ("+7", "+7")]
    {
        let text = format!(
            "storage:\n  backend: s3\n  s3: {{endpoint: 'http://h:1/', bucket: 12, access_key: {written}, secret_key: {written}}}"
        );
        let s3 = load(&[("config.yaml", &text)], &[]).unwrap().storage.s3.unwrap();
        assert_eq!(
            (s3.secret_key.expose(), s3.bucket.as_str(), s3.endpoint.as_str()),
            (kept, "12", "http://h:1")
        );
    }
}

#[test]
fn lists_flags_and_nesting_work_from_everywhere() {
    let origins = ["https://a.example", "http://b.example:81"];
    for yaml in [
        "[HTTPS://a.example:443/, 'http://b.example:81']",
        "https://a.example,http://b.example:81",
        "\n  - https://a.example\n  - http://b.example:81",
    ] {
        let config = load(&[("config.yaml", &format!("http:\n allowed_origins: {yaml}"))], &[]).unwrap();
        assert_eq!(config.http.allowed_origins, origins);
    }
    let config = with(&[
        ("TRUNKLINE_HTTP__ALLOWED_ORIGINS", " https://a.example , http://b.example:81,"),
        ("TRUNKLINE_STORAGE__S3__BUCKET", "files"),
        ("TRUNKLINE_LIMITS__ENABLED", "False"),
        ("TRUNKLINE_HTTP__ADDR", "0.0.0.0:0"),
        ("TRUNKLINE_DATA_DIR", "/srv/t"),
        ("PATH_OF_SOMEBODY_ELSE", "x"),
    ]);
    assert_eq!(config.http.allowed_origins, origins);
    assert_eq!(config.data_dir, Path::new("/srv/t"));
    assert!(!config.limits.enabled && config.secure_cookies());
    assert!(
        with(&[("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com")]).secure_cookies(),
        "behind a proxy"
    );
    assert!(!with(&[("TRUNKLINE_HTTP__PUBLIC_URL", "http://chat.example.com")]).secure_cookies());
    assert!(config.to_yaml().contains("bucket: files"));
}

#[test]
fn what_says_nothing_changes_nothing() {
    for yaml in
        ["", "# only this\n", "http:\n", "http:\n  addr:\n", "http: ~\nlog: {level: }\n", "--- # empty\n"]
    {
        let env = [("TRUNKLINE_HTTP__ADDR", ""), ("TRUNKLINE_AUTH__BCRYPT_COST", "")];
        let files = [("config.yaml", yaml), (".env", "TRUNKLINE_HTTP__ADDR=\nOTHER=$x\nBROKEN=a b\n\n")];
        assert_eq!(load(&files, &env).unwrap().http.addr.port(), 8000, "{yaml}");
    }
    with(&[
        ("TRUNKLINE_SERVICE_HOST", "10.0.0.1"),
        ("TRUNKLINE_PORT", "tcp://10.0.0.1:80"),
        ("TRUNKLINE_PORT_80_TCP_PORT", "80"),
    ]);
}

#[test]
fn bad_values_are_refused_by_name() {
    for (name, value, says) in [
        (
            "HTTP__ADDR",
            "nowhere",
            "must be an address and a port such as 127.0.0.1:8000 or [::]:8000, not \"nowhere\"",
        ),
        ("AUTH__BCRYPT_COST", "3", "must be a whole number from 4 to 31, not \"3\""),
        ("AUTH__ACCESS_MINUTES", "0", "must be a whole number from 1 to 1440, not \"0\""),
        ("AUTH__SECURE_COOKIES", "maybe", "must be true or false, not \"maybe\""),
        ("AUTH__JWT_SECRET", "short", "must be at least 32 bytes long"),
        (
            "SECRETS__KEY",
            "k1:c2hvcnQ=",
            "must be <id>:<base64 of 32 bytes>, as `trunkline secret generate-key` prints",
        ),
        ("STORAGE__BACKEND", "ftp", "must be local or s3, not \"ftp\""),
        ("DATABASE__URL", "mysql://u:pw@h/d", "must begin with postgres:// or postgresql://"),
        ("SMTP__FROM", "nobody", "must be an e-mail address, not \"nobody\""),
        (
            "HTTP__PUBLIC_URL",
            "https://u:pw@h",
            "must be an http:// or https:// address without user, query or fragment, not \"https://u:***@h\"",
        ),
        (
            "HTTP__ALLOWED_ORIGINS",
            "*",
            "must be an origin such as https://chat.example.com: no path, no *, not \"*\"",
        ),
        ("LOG__FORMAT", "xml", "must be pretty or json, not \"xml\""),
        (
            "LOG__LEVEL",
            "loud",
            "must be off, error, warn, info, debug or trace, or directives such as info,trunkline::realtime=debug, not \"loud\"",
        ),
        (
            "LOG__LEVEL",
            "info,a=b=c",
            "must be off, error, warn, info, debug or trace, or directives such as info,trunkline::realtime=debug, not \"info,a=b=c\"",
        ),
    ] {
        let name = format!("TRUNKLINE_{name}");
        let error = load(&[], &[(&name, value)]).unwrap_err();
        assert_eq!(error.problems(), [format!("{name} in the environment {says}")]);
    }
    with(&[
        ("TRUNKLINE_LOG__LEVEL", "warn,trunkline::realtime=debug"),
        ("TRUNKLINE_SMTP__FROM", "Chat <c@example.com>"),
    ]);
}

#[test]
fn all_problems_are_told_at_once_with_their_place() {
    let files = [
        (
            "config.yaml",
            "htpp: {addr: 1}\nauth: {bcrypt_cost: many, jwt_secert: hunter2}\nlog: {level: info}\nhttp.addr: x\n",
        ),
        (
            ".env",
            "TRUNKLINE_HTTP_ADDR=hunter2\nTRUNKLINE_LOG__FORMAT=xml\nTRUNKLINE_ADMIN__PASSWORD=hunter2 hunter2\njust hunter2\n",
        ),
    ];
    let error = load(&files, &[("TRUNKLINE_NONSENSE", "hunter2")]).unwrap_err();
    let expected = [
        "htpp in config.yaml is not a configuration key",
        "auth.jwt_secert in config.yaml is not a configuration key; did you mean auth.jwt_secret?",
        "TRUNKLINE_ADMIN__PASSWORD in .env can't be read: put its value in single quotes",
        ".env has a line that is not NAME=value",
        "TRUNKLINE_HTTP_ADDR in .env is not a configuration key; did you mean TRUNKLINE_HTTP__ADDR?",
        "TRUNKLINE_NONSENSE in the environment is not a configuration key",
        "http.addr in config.yaml must be an address and a port such as 127.0.0.1:8000 or [::]:8000, not \"x\"",
        "auth.bcrypt_cost in config.yaml must be a whole number from 4 to 31, not \"many\"",
        "TRUNKLINE_LOG__FORMAT in .env must be pretty or json, not \"xml\"",
    ];
    assert_eq!(error.problems(), expected);
    assert_eq!(error.to_string().lines().count(), 1);
}

#[test]
fn keys_that_need_each_other_are_asked_for() {
    let one = |name: &str, value: &str| load(&[], &[(name, value)]).unwrap_err().to_string();
    assert_eq!(
        one("TRUNKLINE_STORAGE__BACKEND", "s3")
            .matches("is required, as TRUNKLINE_STORAGE__BACKEND in the environment is s3")
            .count(),
        4
    );
    assert!(one("TRUNKLINE_ADMIN__EMAIL", "a@b").ends_with("needs admin.password as well"));
    assert!(one("TRUNKLINE_SMTP__URL", "smtp://u:pw@h").ends_with("needs smtp.from as well"));
    assert!(one("TRUNKLINE_DATABASE__READ_URL", "postgres://h/d").ends_with("needs database.url as well"));
    let twice =
        load(&[], &[("TRUNKLINE_SECRETS__KEY", KEY), ("TRUNKLINE_SECRETS__OLD_KEYS", KEY)]).unwrap_err();
    assert!(twice.to_string().contains("two keys of one id"), "{twice}");

    let url = ("DATABASE_URL", "postgres://h/d");
    assert_eq!(with(&[url]).check_for_serving().unwrap_err().problems().len(), 2);
    with(&[url, ("TRUNKLINE_AUTH__JWT_SECRET", JWT), ("TRUNKLINE_SECRETS__KEY", KEY)])
        .check_for_serving()
        .unwrap();
    with(&[]).check_for_serving().unwrap();
}

#[test]
fn broken_yaml_is_refused_without_a_word_of_it() {
    for yaml in [
        "hunter2",
        "- hunter2",
        "http: hunter2",
        "http: [hunter2]",
        "auth: {jwt_secret: [hunter2]}",
        "auth: {jwt_secret: {a: hunter2}}",
        "auth:\n  jwt_secret: \"hunter2\n",
        "auth: hunter2: hunter2",
        "auth: {jwt_secret: *hunter2}",
        "auth: !hunter2 x",
        "auth: {jwt_secret: 'hunter2', jwt_secret: 'hunter2'}",
        "auth: {old_jwt_secrets: {a: hunter2}}",
        "---\n---\nauth: hunter2",
        "auth: 123456789012345678901234567890",
        "auth: {jwt_secret: \"\\qhunter2\"}",
        "\thunter2: x",
        "auth: {old_jwt_secrets: hunter2}",
    ] {
        let error = load(&[("config.yaml", yaml)], &[]).unwrap_err().to_string();
        assert!(
            error.contains("config.yaml") && !error.contains("hunter2") && !error.contains("1234567890"),
            "{yaml}: {error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn secrets_stand_nowhere() {
    let url = "postgres://u:hunter2@h/d?password=hunter2";
    let variables = [
        ("DATABASE_URL", url),
        ("TRUNKLINE_DATABASE__LISTEN_URL", url),
        ("TRUNKLINE_DATABASE__READ_URL", url),
        ("TRUNKLINE_SMTP__URL", "smtps://u:hunter2@h"),
        ("TRUNKLINE_SMTP__FROM", "a@b"),
        ("TRUNKLINE_ADMIN__EMAIL", "a@b"),
        ("TRUNKLINE_ADMIN__PASSWORD", "hunter2hunter2"),
        ("TRUNKLINE_AUTH__JWT_SECRET", "hunter2hunter2hunter2hunter2hunter2"),
        ("TRUNKLINE_AUTH__OLD_JWT_SECRETS", "hunter2hunter2hunter2hunter2hunter2"),
        ("TRUNKLINE_STORAGE__BACKEND", "s3"),
        ("TRUNKLINE_STORAGE__S3__ENDPOINT", "https://h"),
        ("TRUNKLINE_STORAGE__S3__BUCKET", "b"),
        ("TRUNKLINE_STORAGE__S3__ACCESS_KEY", "hunter2"),
        ("TRUNKLINE_STORAGE__S3__SECRET_KEY", "hunter2"),
    ];
    let config = with(&variables);
    assert!(!format!("{config:?}{config:#?}{}", config.to_yaml()).contains("hunter2"));
    for key in keys::KEYS.iter().filter(|key| key.shown != keys::Shown::Plain) {
        for bad in
            ["hunter2", "postgres://u:hunter2@h:port/d", "postgres://u:p?hunter2=x@h", "smtp://hunter2:x y@:"]
        {
            if let Err(error) = load(&[], &[(&key.variable(), bad)]) {
                assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
            }
        }
    }
}
