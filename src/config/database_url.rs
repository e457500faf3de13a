//! The url of a PostgreSQL database, as libpq would read it: one reading for whoever checks it and whoever connects.

use std::{error::Error as _, str::FromStr};

use tokio_postgres::Config;

/// What libpq takes in a url, and the driver does not.
const OPTIONS_OF_LIBPQ: [&str; 26] = [
    "client_encoding",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "krbsrvname",
    "max_protocol_version",
    "min_protocol_version",
    "oauth_client_id",
    "oauth_issuer",
    "passfile",
    "replication",
    "require_auth",
    "requirepeer",
    "requiressl",
    "scram_client_key",
    "scram_server_key",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslkey",
    "sslrootcert",
];

/// What an url says, or why it says nothing: a sentence without a word of its password.
pub fn read_database_url(url: &str) -> Result<Config, String> {
    let url = url.trim();
    let Some(rest) = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://")) else {
        return Err("must begin with postgres:// or postgresql://".to_owned());
    };
    // An @ ends who signs in, and their password may hold a question mark.
    let place = rest.split_once('@').map_or(rest, |(_, place)| place);
    let options = place.split_once('?').map_or("", |(_, options)| options);
    let before = &url[..url.len() - options.len()];
    let options: Vec<_> = options.split('&').map(known).collect();
    Config::from_str(&format!("{before}{}", options.join("&"))).map_err(|error| {
        // Of all the reasons, only these can't quote a part of a password: the names of options are those that libpq has.
        let reason = error.source().map(ToString::to_string).filter(|reason| {
            reason.starts_with("invalid value for option")
                || OPTIONS_OF_LIBPQ.iter().any(|name| *reason == format!("unknown option `{name}`"))
        });
        let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        format!(
            "is no URL of a PostgreSQL database{reason} (special characters of a password are written %40 for @, %2F for /)"
        )
    })
}

/// An option in the words that the driver has for it. The certificate is always verified, and the name in it.
fn known(option: &str) -> &str {
    match option {
        "sslmode=verify-full" | "sslmode=verify-ca" => "sslmode=require",
        "sslmode=allow" => "sslmode=prefer",
        // What is in force anyway.
        "sslrootcert=system" => "sslmode=require",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::read_database_url as read;

    #[test]
    fn every_way_to_ask_for_tls_is_known() {
        for (options, mode) in [
            ("", SslMode::Prefer),
            ("?sslmode=disable", SslMode::Disable),
            ("?sslmode=allow", SslMode::Prefer),
            ("?sslmode=require", SslMode::Require),
            ("?sslmode=verify-ca", SslMode::Require),
            ("?connect_timeout=3&sslmode=verify-full", SslMode::Require),
            ("?sslmode=verify-full&sslrootcert=system", SslMode::Require),
        ] {
            for place in ["u:p@h:1/d", "u:p?sslmode=verify-full@h,i/d", "h/d", "u@/d"] {
                let config = read(&format!("postgres://{place}{options}")).unwrap();
                assert_eq!(
                    (config.get_ssl_mode(), config.get_dbname()),
                    (mode, Some("d")),
                    "{place}{options}"
                );
            }
        }
        let config = read("postgresql://u:p?sslmode=verify-full@h/d").unwrap();
        assert_eq!(config.get_password(), Some(&b"p?sslmode=verify-full"[..]));
    }

    #[test]
    fn what_is_not_known_is_named_and_no_password_is() {
        let error = read("postgres://u:hunter2@h/d?gssencmode=disable").unwrap_err();
        assert!(error.contains("unknown option `gssencmode`") && !error.contains("hunter2"), "{error}");
        assert!(read("postgres://h/d?passfile=x").unwrap_err().contains("unknown option `passfile`"));
        let error = read("postgres://u:hunter2@h/d?sslmode=verify").unwrap_err();
        assert!(error.contains("invalid value for option `sslmode`"), "{error}");
        for url in [
            "postgres://u:p@ss?hunter2=x@h/d",
            "postgres://u:p?hunter2=x",
            "postgres://u:hunter2@h:port/d",
            "postgres://h/d?hunter2",
            "u:hunter2@h/d",
        ] {
            let error = read(url).err().unwrap_or_default();
            assert!(!error.contains("hunter2"), "{url}: {error}");
        }
    }
}
