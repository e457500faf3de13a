//! The key pair of this database: made once, by whichever instance needs it first, and kept sealed.

use super::store;
use crate::{
    app::App,
    error::{Error, Result},
    secrets::vapid::VapidKey,
};

/// What it is sealed for.
pub const PURPOSE: &str = "push_keys.private_key";

/// The key pair.
pub async fn get(app: &App) -> Result<&VapidKey> {
    app.push_key
        .get_or_try_init(async || {
            let db = app.db().await?;
            let sealed = match store::find_key(&db).await? {
                Some(sealed) => sealed,
                None => {
                    let new = VapidKey::generate()?;
                    let public = VapidKey::open(&new)?.public().to_owned();
                    store::insert_key(&db, &public, &app.keyring.seal(PURPOSE, &new)?).await?;
                    // Maybe another instance was first.
                    let sealed = store::find_key(&db).await?;
                    sealed.ok_or_else(|| Error::internal("the key that was just made is not there"))?
                }
            };
            match app.keyring.open_or_report(PURPOSE, &sealed) {
                Some(key) => VapidKey::open(&key),
                None => Err(Error::unavailable("the key for push services cannot be decrypted", 60)),
            }
        })
        .await
}
