//! Somebody who may do everything must remain, or nobody could repair anything.

use crate::{
    db::GenericClient,
    error::{Code, Error, Result},
    roles::store,
};

/// Held by a transaction that may take everything (`*`) from somebody: by another role, another set of permissions, a
/// suspension. Two such transactions go one after the other.
pub struct Administrators {
    had_one: bool,
}

impl Administrators {
    /// To be called before anything changes, and before any other lock is taken.
    pub async fn lock(db: &impl GenericClient) -> Result<Self> {
        store::lock_administrators(db).await?;
        Ok(Self { had_one: store::has_administrator(db).await? })
    }

    /// To be called after everything has changed: 409 when nobody is left who is not suspended and may everything.
    pub async fn must_remain(self, db: &impl GenericClient) -> Result<()> {
        if self.had_one && !store::has_administrator(db).await? {
            return Err(Error::new(Code::Conflict, "this would leave nobody who may do everything"));
        }
        Ok(())
    }
}
