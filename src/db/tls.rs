//! TLS to the database: with `sslmode=require` in its url, verified against the certificates the system trusts.

use std::sync::OnceLock;

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

static CONNECTOR: OnceLock<MakeRustlsConnect> = OnceLock::new();

/// What every connection to the database is made with. Reads the system's certificates once; `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` add others, such as that of a private authority.
pub fn connector() -> MakeRustlsConnect {
    CONNECTOR.get_or_init(|| MakeRustlsConnect::new(client())).clone()
}

/// TLS is spoken when it is asked for. `prefer`, the default of a url, means no more than "encrypted if you like, by
/// whomever": a certificate nobody can verify would then be an obstacle and no protection.
pub fn settle(config: &mut tokio_postgres::Config) {
    if config.get_ssl_mode() == SslMode::Prefer {
        config.ssl_mode(SslMode::Disable);
    }
}

fn client() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in found.errors {
        tracing::debug!(%error, "a certificate of the system cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    match ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions() {
        Ok(builder) => builder.with_root_certificates(roots).with_no_client_auth(),
        // The provider is compiled in with these very versions.
        Err(error) => unreachable!("TLS without a protocol version: {error}"),
    }
}
