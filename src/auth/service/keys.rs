//! Passwords that are encrypted on their way here, to a key that all instances share.

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    app::App,
    auth::{
        model::PublicKey,
        passwords::Permit,
        store::keys::{self as store, KeyRow},
    },
    error::{Error, Result},
    http::json,
    secrets::rsa::PrivateKey,
    time::Timestamp,
};

/// How far the clock of a client may be from ours, and how long a password may be on its way.
const ON_ITS_WAY: TimeDelta = TimeDelta::minutes(5);

/// What is encrypted.
#[derive(Deserialize)]
struct Content {
    password: String,
    at: Timestamp,
}

/// What a client encrypted, and the key it says to have used, as it lies in the table.
pub struct Sealed {
    encrypted: Vec<u8>,
    key_id: Uuid,
    private_key: Vec<u8>,
}

/// The key to encrypt passwords to. The first who asks makes it.
pub async fn public_key(app: &App) -> Result<PublicKey> {
    let newest = store::newest(&app.db().await?).await?;
    let key = match newest {
        Some(key) => key.into(),
        None => {
            let _alone = app.login_keys.making().await;
            // Whoever had to wait finds what the one before has made.
            let newest = store::newest(&app.db().await?).await?;
            match newest {
                Some(key) => key.into(),
                None => make(app).await?,
            }
        }
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
    store::sweep_uses(&app.pool).await?;
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

/// Finds the key of what a client encrypted.
pub async fn find(app: &App, encrypted: &str, key_id: Option<&str>) -> Result<Sealed> {
    let key_id = key_id.ok_or_else(|| Error::invalid_field("key_id", "is required"))?;
    let key_id: Uuid = key_id.parse().map_err(|_| unknown())?;
    let encrypted = STANDARD.decode(encrypted).map_err(|_| refused("must be base64"))?;
    let private_key = store::find(&app.db().await?, key_id).await?.ok_or_else(unknown)?;
    Ok(Sealed { encrypted, key_id, private_key })
}

impl Sealed {
    /// The password in it, decrypted with a permit to hash, which is returned. Taken once, and for five minutes.
    pub async fn open(self, app: &App, permit: Permit) -> Result<(Permit, String)> {
        let hash = digest::digest(&digest::SHA256, &self.encrypted);
        let on = app.clone();
        let (permit, plain) = permit.run(move || self.decrypt(&on)).await?;
        let cannot =
            "cannot be decrypted: must be {\"password\", \"at\"}, encrypted with RSA-OAEP and SHA-256";
        // What is wrong inside is not told word for word: it holds a password.
        let plain = plain?.ok_or_else(|| refused(cannot))?;
        let Content { password, at } = json::parse(&plain).map_err(|_| refused(cannot))?;
        let age = Utc::now() - at.0;
        if age > ON_ITS_WAY || age < -ON_ITS_WAY {
            return Err(refused("is older than five minutes, or its `at` lies ahead"));
        }
        if !store::take(&app.db().await?, hash.as_ref()).await? {
            return Err(refused("was taken already: encrypt the password again"));
        }
        Ok((permit, password))
    }

    fn decrypt(self, app: &App) -> Result<Option<Vec<u8>>> {
        let Self { encrypted, key_id, private_key } = self;
        if let Some(key) = app.login_keys.get(key_id, &private_key) {
            return Ok(key.decrypt(&encrypted));
        }
        // Sealed with a key that is lost: it is as good as unknown, and there will soon be another.
        let opened = app.keyring.open(&purpose(key_id), &private_key).map_err(|_| unknown())?;
        let key = PrivateKey::from_pkcs8(&opened)?;
        app.login_keys.keep(key_id, private_key, key.clone());
        Ok(key.decrypt(&encrypted))
    }
}

fn unknown() -> Error {
    Error::invalid_field("key_id", "is not known, or no longer: ask for the key again")
}

fn refused(message: &str) -> Error {
    Error::invalid_field("encrypted_password", message)
}

impl From<KeyRow> for PublicKey {
    fn from(key: KeyRow) -> Self {
        Self::new(key.id, key.public_key)
    }
}

/// What the private key of this one is sealed for.
pub fn purpose(id: Uuid) -> String {
    format!("login_keys.private_key:{id}")
}
