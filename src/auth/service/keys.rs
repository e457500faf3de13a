//! Passwords that are encrypted on their way here, to a key that all instances share.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    app::App,
    auth::{
        model::PublicKey,
        store::keys::{self as store, KeyRow},
    },
    cache,
    error::{Error, Result},
    http::json,
    secrets::rsa::PrivateKey,
    time::Timestamp,
};

/// How far the clock of a client may be from ours, and how long a password may be on its way.
const ON_ITS_WAY: TimeDelta = TimeDelta::minutes(5);
/// Longer than the same one could be taken again.
const REMEMBERED: Duration = Duration::from_secs(11 * 60);

/// What is encrypted.
#[derive(Deserialize)]
struct Sealed {
    password: String,
    at: Timestamp,
}

/// The key to encrypt passwords to. The first who asks makes it.
pub async fn public_key(app: &App) -> Result<PublicKey> {
    let newest = store::newest(&app.db().await?).await?;
    let key = match newest {
        Some(KeyRow { id, public_key, .. }) => PublicKey::new(id, public_key),
        None => make(app).await?,
    };
    Ok(key)
}

/// Makes a new key when the newest is a day old, or can't be opened any more, and removes those that are not taken any
/// more; answers how many it removed.
pub async fn rotate(app: &App) -> Result<u64> {
    let newest = store::newest(&app.db().await?).await?;
    let is_due =
        newest.is_none_or(|key| key.is_old || app.keyring.open(&purpose(key.id), &key.private_key).is_err());
    if is_due {
        make(app).await?;
    }
    store::sweep(&app.pool).await
}

async fn make(app: &App) -> Result<PublicKey> {
    let id = Uuid::now_v7();
    let made = || {
        let key = PrivateKey::generate()?;
        Ok::<_, Error>((key.public_pem()?, key.to_pkcs8()?))
    };
    let (public_key, private_key) = tokio::task::spawn_blocking(made).await.map_err(Error::internal)??;
    let sealed = app.keyring.seal(&purpose(id), &private_key)?;
    store::insert(&app.db().await?, id, &public_key, &sealed).await?;
    Ok(PublicKey::new(id, public_key))
}

/// The password in what a client encrypted. Taken once, and for five minutes.
pub async fn open(app: &App, encrypted: &str, key_id: Option<&str>) -> Result<String> {
    let refused = |message: &str| Error::invalid_field("encrypted_password", message);
    let key_id = key_id.ok_or_else(|| Error::invalid_field("key_id", "is required"))?;
    let unknown = || Error::invalid_field("key_id", "is not known, or no longer: ask for the key again");
    let key_id: Uuid = key_id.parse().map_err(|_| unknown())?;
    let encrypted = STANDARD.decode(encrypted).map_err(|_| refused("must be base64"))?;
    let db = app.db().await?;
    let sealed = store::find(&db, key_id).await?.ok_or_else(unknown)?;
    // Sealed with a key that is lost: it is as good as unknown, and there will soon be another.
    let private_key = app.keyring.open(&purpose(key_id), &sealed).map_err(|_| unknown())?;
    let cannot = "can not be decrypted: must be {\"password\", \"at\"}, encrypted with RSA-OAEP and SHA-256";
    let plain = PrivateKey::from_pkcs8(&private_key)?.decrypt(&encrypted).ok_or_else(|| refused(cannot))?;
    // What is wrong inside is not told word for word: it holds a password.
    let Sealed { password, at } = json::parse(&plain).map_err(|_| refused(cannot))?;
    let age = Utc::now() - at.0;
    if age > ON_ITS_WAY || age < -ON_ITS_WAY {
        return Err(refused("is older than five minutes, or its `at` lies ahead"));
    }
    let hash = digest::digest(&digest::SHA256, &encrypted);
    let key = format!("login:encrypted:{}", URL_SAFE_NO_PAD.encode(hash));
    if cache::incr(&db, &key, 1, REMEMBERED).await? > 1 {
        return Err(refused("was taken already: encrypt the password anew"));
    }
    Ok(password)
}

fn purpose(id: Uuid) -> String {
    format!("login_keys.private_key:{id}")
}
