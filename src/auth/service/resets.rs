//! A new password for who has forgotten theirs: a link by e-mail, good for one use and an hour.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{new_secret, passwords::check};
use crate::{
    app::App,
    auth::{
        model::{Forgotten, PasswordReset},
        passwords,
        store::{self, resets},
        throttle::Throttle,
    },
    db::query::{Actor, begin_as},
    error::{Code, Error, Result},
    http::RequestInfo,
    jobs::{self, Job, NewJob},
    secrets::random::hash_of,
    users,
    validate::Checks,
};

/// The task that writes the e-mail.
pub const TASK: &str = "send_password_reset";

/// How long a link is good for.
const GOOD_FOR: Duration = Duration::from_secs(3600);
/// How long a wish for a link counts.
const WINDOW: Duration = Duration::from_secs(600);

/// What the task is done with. Links begin with `public_url`; without one, with that of the instance that does it.
#[derive(Serialize, Deserialize)]
struct Args {
    email: String,
    public_url: Option<String>,
}

/// Has a link sent, if there is such an account. That is looked up by the job, so that the answer tells nothing, nor how
/// long it took.
pub async fn ask(app: &App, forgotten: Forgotten, info: &RequestInfo) -> Result<()> {
    require_mail(app)?;
    let email = passwords::composed(forgotten.email.trim());
    Checks::new().email(&email, "email").done()?;
    Throttle::new(app, "reset", &info.address, &email.to_lowercase(), WINDOW).count(app).await?;
    let args = json!(Args { email, public_url: Some(app.public_url()) });
    jobs::queue(&app.db().await?, NewJob::new(TASK, args)).await?;
    Ok(())
}

/// Sends the link; says whether there was anybody to send it to. Sent anew after a failure, it is another link.
pub async fn send(app: &App, job: Job) -> Result<bool> {
    let Args { email, public_url } = serde_json::from_value(job.args).map_err(Error::internal)?;
    let public_url = public_url.unwrap_or_else(|| app.public_url());
    let mail = app.mail.as_ref().ok_or_else(not_configured)?;
    let (token, hash) = new_secret()?;
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let Some(address) = resets::insert(&transaction, &hash, &email, GOOD_FOR).await? else {
        return Ok(false);
    };
    transaction.commit().await?;
    drop(db);
    // Behind the #, where no server and no log between sees it.
    let text = format!(
        "Somebody, probably you, has asked for a new password for your account at\n{public_url}\n\n\
         Set one here, within an hour:\n\n{public_url}/#/reset-password?token={token}\n\n\
         If it was not you, do nothing: your password stays as it is.\n"
    );
    mail.send(&address, "A new password", text).await?;
    Ok(true)
}

/// Sets a new password with the token of a link; every session and API token of the account ends. Of two who use one link at once, one
/// does.
pub async fn reset(app: &App, reset: PasswordReset, info: &RequestInfo) -> Result<()> {
    require_mail(app)?;
    check(&reset.new_password)?;
    let spent = || Error::invalid_field("token", "is not known, was used already or has expired");
    let hash = hash_of(&reset.token);
    // Whoever has no token gets nothing hashed.
    let user_id = resets::find(&app.db().await?, &hash).await?.ok_or_else(spent)?;
    let new = passwords::permit(app, &info.address).await?.hash(&reset.new_password).await?;
    let mut db = app.db().await?;
    // Who has the link is taken for the owner of the account, in the audit too.
    let actor = Actor { user_id: Some(user_id), address: info.address.parse().ok() };
    let transaction = begin_as(&mut db, actor).await?;
    let user_id = resets::take(&transaction, &hash).await?.ok_or_else(spent)?;
    users::store::set_password(&transaction, user_id, &new, None).await?;
    let ended = store::list_ended_now(&transaction, user_id).await?;
    transaction.commit().await?;
    ended.iter().for_each(|id| app.revocations.add(*id));
    Ok(())
}

fn require_mail(app: &App) -> Result<()> {
    app.mail.as_ref().map(|_| ()).ok_or_else(not_configured)
}

fn not_configured() -> Error {
    Error::new(Code::MailNotConfigured, "this server sends no e-mails: ask whoever runs it")
}
