//! `trunkline secret`

mod places;
mod rotate;
mod store;

use std::{
    fs,
    io::{Read, stdin},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Subcommand;

use super::{Outcome, answer};
use crate::{
    config::{Config, Secret},
    error::Error,
    secrets::{self, Keyring},
};

/// What a text of the command line is encrypted for: no value of the tables opens as one, and none of them as such a value.
const PURPOSE: &str = "command line";

/// What is to be done.
#[derive(Subcommand)]
pub enum SecretCommand {
    /// Print a new key, as secrets.key takes it
    ///
    /// To change keys: put it into secrets.key, and the old one into secrets.old_keys, on every instance; then `trunkline secret
    /// rotate`; then remove the old one.
    GenerateKey {
        /// The id of the key; every key has its own. By default the date with four random hexadecimal digits
        #[arg(long)]
        id: Option<String>,
    },
    /// Encrypt a text with secrets.key, and print it in base64
    Encrypt {
        /// The text; standard input when left out, or -
        text: Option<String>,
    },
    /// Decrypt what `secret encrypt` printed, with secrets.key or any of secrets.old_keys
    Decrypt {
        /// What was printed; standard input when left out, or -
        text: Option<String>,
    },
    /// Encrypt anew, with secrets.key, what the database holds encrypted with one of secrets.old_keys
    ///
    /// First put the new key into secrets.key and the old one into secrets.old_keys on every instance. When this has
    /// succeeded, remove the old key. Servers go on meanwhile. Safe to repeat. Exits 1 and names what no key decrypts.
    Rotate {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
}

/// Prints a new key. What is encrypted names its key by the id: no two keys may have the same.
pub fn generate_key(id: Option<&str>) -> Outcome {
    let id = id.map_or_else(secrets::new_key_id, |id| Ok(id.to_owned()))?;
    if id.is_empty()
        || id.len() > 64
        || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    {
        return Err("an id is 1 to 64 of a-z, A-Z, 0-9, - and _".into());
    }
    answer(secrets::generate_key(&id)?)
}

/// Does what needs the configuration.
pub async fn run(config: Config, command: SecretCommand) -> Outcome {
    match command {
        SecretCommand::GenerateKey { id } => generate_key(id.as_deref()),
        SecretCommand::Encrypt { text } => {
            let sealed = keyring(&config)?.seal(PURPOSE, given(text)?.as_bytes())?;
            answer(STANDARD.encode(sealed))
        }
        SecretCommand::Decrypt { text } => {
            let keyring = keyring(&config)?;
            let sealed = STANDARD.decode(given(text)?.trim()).map_err(|_| "this is not base64")?;
            let cannot =
                "this cannot be decrypted: secret encrypt did not make it, or its key is not configured";
            let plain = keyring.open(PURPOSE, &sealed).map_err(|_| cannot)?;
            answer(String::from_utf8(plain)?)
        }
        SecretCommand::Rotate { json } => rotate::run(config, json).await,
    }
}

/// The keys in force: those that are configured, or the one kept beside the private PostgreSQL.
fn keyring(config: &Config) -> Outcome<Keyring> {
    let key = match &config.secrets.key {
        Some(key) => key.clone(),
        None if config.database.url.is_none() => {
            let path = config.data_dir.join("secrets_key");
            let text = fs::read_to_string(&path).map_err(|error| Error::of_file("read", &path, &error))?;
            Secret::new(text.trim())
        }
        None => return Err("secrets.key is not set".into()),
    };
    Ok(Keyring::new(key.expose(), config.secrets.old_keys.iter().map(Secret::expose))?)
}

/// The text that was given, or else standard input without the end of its last line.
fn given(text: Option<String>) -> Outcome<String> {
    match text {
        Some(text) if text != "-" => Ok(text),
        _ => {
            let mut text = String::new();
            stdin().read_to_string(&mut text)?;
            Ok(text.strip_suffix('\n').map_or(text.as_str(), |text| text.trim_end_matches('\r')).to_owned())
        }
    }
}
