//! Subscribing a device, and ending that.

use futures_util::StreamExt;
use uuid::Uuid;

use super::{
    keys,
    model::{
        Device, NewPushSubscription, PushKey, PushSubscription, PushSubscriptionSort, SubscriptionRow,
        beginning, hash_of, purpose,
    },
    store::{self, NewRow, Upserted},
};
use crate::{
    app::App,
    db::query::begin_as,
    error::{Code, Error, Result},
    http::{Answer, Caller, List, RequestInfo, Wanted},
    outbound::{self, Refusal, Url},
    users,
    validate::Checks,
};

/// The most devices of one person.
const DEVICES: i64 = 20;

/// The key that a device subscribes to.
pub async fn key(app: &App) -> Result<PushKey> {
    Ok(PushKey { public_key: keys::get(app).await?.public().to_owned() })
}

/// Subscribes a device of the caller, in the session they ask from; the same device again gets other keys. Whoever was signed in
/// there before is told nothing more there.
pub async fn subscribe(
    app: &App,
    caller: Caller,
    new: NewPushSubscription,
    info: &RequestInfo,
) -> Result<Answer<PushSubscription>> {
    // A token belongs to a program, which has no screen to show anything on, and no session that ends.
    caller.require_session()?;
    let url = outbound::parse(&new.endpoint).map_err(|wrong| Error::invalid_field("endpoint", wrong))?;
    let device = Device { endpoint: new.endpoint, p256dh: new.keys.p256dh, auth: new.keys.auth };
    check(&device)?;
    refuse_inner(app, &url).await?;
    let endpoint_hash = hash_of(&device.endpoint);
    let secret = serde_json::to_vec(&device).map_err(Error::internal)?;
    let secret = app.keyring.seal(&purpose(beginning(&endpoint_hash)), &secret)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    // Of many at once no more than they may have.
    users::store::lock(&transaction, caller.user_id).await?;
    if store::count_others(&transaction, caller.user_id, &endpoint_hash).await? >= DEVICES {
        let detail = "20 devices of yours are subscribed, and nobody may have more; remove one first";
        return Err(Error::new(Code::Conflict, detail));
    }
    store::delete_of_others(&transaction, &endpoint_hash, caller.user_id).await?;
    let (user_id, session_id) = (caller.user_id, caller.session_id);
    let row = NewRow {
        id: Uuid::now_v7(),
        user_id,
        session_id,
        endpoint_hash: &endpoint_hash,
        secret: &secret,
        user_agent: &info.user_agent,
    };
    let Upserted(row, is_new) = store::upsert(&transaction, row).await?;
    transaction.commit().await?;
    Ok(Answer::new(is_new, row.view(device.endpoint, session_id)))
}

fn check(device: &Device) -> Result<()> {
    let keys = device.keys();
    let is_point = keys.as_ref().is_some_and(|(key, _)| super::delivery::is_point(key));
    let message = "must be the public key of the device: 65 bytes of base64url, a point of P-256";
    Checks::new()
        .that(is_point, "keys.p256dh", message)
        .that(keys.is_some(), "keys.auth", "must be 16 bytes of base64url")
        .done()
}

/// Fine, or 400 for what leads into an inner network, or nowhere.
async fn refuse_inner(app: &App, url: &Url) -> Result<()> {
    if url.scheme() != "https" && !app.config.webhooks.allow_private {
        return Err(Error::invalid_field("endpoint", "must be an https:// address"));
    }
    app.outbound.check(url).await.map_err(|refusal| {
        let detail = match refusal {
            Refusal::NotPublic => "endpoint must lead to a public address: this one is private, local or reserved",
            Refusal::Nowhere => {
                "endpoint must lead to public addresses: its name is not known, or has one that is private, local or reserved"
            }
        };
        Error::new(Code::AddressNotAllowed, detail)
    })
}

/// The caller's devices.
pub async fn list(
    app: &App,
    caller: Caller,
    sort: PushSubscriptionSort,
    wanted: Wanted,
) -> Result<List<PushSubscription>> {
    let (db, on) = (app.db().await?, app.clone());
    let rows = store::list(&db, caller.user_id, sort, wanted.limit(), wanted.offset()).await?;
    let items = rows.map(move |row| row.map(|row| view(&on, row, caller.session_id)));
    wanted.answer(Box::pin(items), store::count(&db, caller.user_id)).await
}

fn view(app: &App, row: SubscriptionRow, session_id: Uuid) -> PushSubscription {
    let opened = app.keyring.open_or_report(&purpose(beginning(&row.endpoint_hash)), &row.secret);
    let device = opened.and_then(|plain| serde_json::from_slice::<Device>(&plain).ok());
    row.view(device.map(|device| device.endpoint).unwrap_or_default(), session_id)
}

/// Ends one of the caller's: what is on its way may still arrive, and nothing after it.
pub async fn remove(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    match store::delete(&app.db().await?, id, caller.user_id).await? {
        true => Ok(()),
        false => Err(Error::not_found("push subscription")),
    }
}
