//! Webhooks over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{CreatedWebhook, NewWebhook, Webhook, WebhookChange, WebhookSort},
    service,
};
use crate::{
    app::App,
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Wanted},
    tags::Tags,
};

/// Webhooks.
pub struct WebhooksApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Webhooks")]
impl WebhooksApi {
    /// Make a webhook
    ///
    /// By the creator and admins of the chat. A chat has at most ten webhooks, and one person at most a hundred in all chats
    /// (409). From now on each entry of the chat's log is sent to `url`, one after the other: a `POST` with the body
    /// `{"webhook_id", "chat_id", "seq", "id", "event", "data"}`. `data` is the frame that sockets receive (`LogEntry`), and
    /// `event` is its type. The guide *Webhooks* has receivers in code. The headers are:
    ///
    /// | header | |
    /// |---|---|
    /// | `X-Trunkline-Signature` | `t=<seconds since 1970>,v1=<signature>`: HMAC-SHA256 with the `secret` exactly as it is written here, of `t`, a dot and the body exactly as it came, in hexadecimal digits. Compute it, compare in constant time, and refuse a `t` that is more than five minutes old |
    /// | `X-Trunkline-Delivery` | the same for the same entry, however often it is sent: ignore what you have seen |
    /// | `X-Trunkline-Event` | the `event` |
    ///
    /// A 2xx within 10 seconds means that the entry was taken, and the next one follows. The rest of the answer is not read.
    /// Anything else is retried, after 1 second, 2, 4 and so on, with pauses of up to four and a half hours. Meanwhile the
    /// later entries wait. So nothing is lost, nothing comes out of order, and an entry whose answer was lost comes twice.
    /// After 20 failures in a row, which takes about a day, the webhook is switched off, and a system message says so in the
    /// chat. An entry shows its message as it is when it is sent: if it was recalled meanwhile, it has no `content`.
    ///
    /// The person who makes a webhook is responsible for it. When this person leaves the chat, is removed, loses the role of
    /// creator or admin, is suspended or is deleted, the webhook is switched off. `last_error` says why, and so do a system
    /// message in the chat and the audit. Another admin may switch it on again, and is then responsible.
    ///
    /// Of the webhooks for which one person is responsible, a server sends to eight at the same time.
    ///
    /// All addresses of the name in `url` must be public, now and whenever something is sent. Otherwise the answer is
    /// `address_not_allowed`, unless the server is configured with `webhooks.allow_private`. A name that does not exist gets
    /// the same answer as one with a private address. A redirection with 307 or 308 is followed up to three times, to such
    /// addresses only, and not from https to http; other redirections are failures.
    ///
    /// Errors: banned, forbidden, not_found, address_not_allowed, conflict, idempotency_key_reused
    #[oai(path = "/chats/:chat_id/webhooks", method = "post", operation_id = "create_webhook")]
    async fn create_webhook(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewWebhook>,
    ) -> poem::Result<Created<CreatedWebhook>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(Created(service::create(&self.app, caller, chat_id.0, body.0, key).await?))
    }

    /// List webhooks
    ///
    /// For the creator and admins of the chat: up to which entry each webhook was told, and its latest failure. Without the
    /// secrets.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/webhooks", method = "get", operation_id = "list_webhooks")]
    async fn list_webhooks(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<WebhookSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Webhook>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, chat_id.0, sort.0, wanted).await?)
    }

    /// Switch a webhook on or off
    ///
    /// By the creator and admins of the chat. A webhook that is switched on again continues where it was: it first sends what
    /// happened meanwhile. The person who switches it on is responsible for it from then on (`created_by`), and it counts
    /// among their hundred (409).
    ///
    /// Errors: banned, forbidden, not_found, conflict
    #[oai(path = "/chats/:chat_id/webhooks/:webhook_id", method = "patch", operation_id = "change_webhook")]
    async fn change_webhook(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The webhook.
        webhook_id: Path<Uuid>,
        body: Json<WebhookChange>,
    ) -> poem::Result<Json<Webhook>> {
        Ok(Json(service::change(&self.app, caller, chat_id.0, webhook_id.0, body.0).await?))
    }

    /// Remove a webhook
    ///
    /// By the creator and admins of the chat. A delivery that is under way may still arrive; nothing comes after it.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/webhooks/:webhook_id", method = "delete", operation_id = "remove_webhook")]
    async fn remove_webhook(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The webhook.
        webhook_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::remove(&self.app, caller, chat_id.0, webhook_id.0).await?;
        Ok(Done)
    }
}
