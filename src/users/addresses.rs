//! The word to an e-mail address that an account has no more.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::App,
    db::GenericClient,
    error::{Error, Result},
    jobs::{self, Job, NewJob},
};

/// The task that writes the e-mail.
pub const TASK: &str = "send_email_changed";

/// What the task is done with.
#[derive(Serialize, Deserialize)]
struct Args {
    email: String,
    public_url: String,
}

/// Has the old address told, in the transaction that changes it. A server without mail tells nobody.
pub async fn tell(app: &App, db: &impl GenericClient, old: &str) -> Result<()> {
    if app.mail.is_some() {
        let args = json!(Args { email: old.to_owned(), public_url: app.public_url() });
        jobs::queue(db, NewJob::new(TASK, args)).await?;
    }
    Ok(())
}

/// Tells it; says whether this instance can send anything.
pub async fn send(app: &App, job: Job) -> Result<bool> {
    let Args { email, public_url } = serde_json::from_value(job.args).map_err(Error::internal)?;
    let Some(mail) = &app.mail else { return Ok(false) };
    let text = format!(
        "Your account at\n{public_url}\n\nhas another e-mail address since a moment ago. E-mails for it, links to set a new \
         password too, go there and not to this address any more.\n\n\
         If it was you, there is nothing to do. If it was not, somebody else is in your account:\n\
         tell those who run this server at once.\n"
    );
    mail.send(&email, "Your e-mail address was changed", text).await?;
    Ok(true)
}
