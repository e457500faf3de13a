//! Webhooks over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{NewWebhook, Webhook, WebhookChange, WebhookSort},
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
    /// By the creator and admins of the chat, which has at most ten; and nobody has more than a hundred, in all chats (409).
    /// From now on each entry of its log is sent to `url`, one after the other: a `POST` with the body `{"webhook_id", "chat_id", "seq", "event", "data"}`, where `data` is the
    /// frame that sockets receive (`LogEntry`) and `event` its type, and these headers:
    ///
    /// | header | |
    /// |---|---|
    /// | `X-Trunkline-Signature` | `t=<seconds since 1970>,v1=<signature>`: HMAC-SHA256 with the `secret` as it is written here, of `t`, a dot and the body as it came, in hexadecimal digits. Compute it, compare in constant time, and refuse a `t` of more than some minutes ago |
    /// | `X-Trunkline-Delivery` | the same for the same entry, however often it is sent: drop what you have seen |
    /// | `X-Trunkline-Event` | the `event` |
    ///
    /// Any 2xx within 10 seconds means that it was taken, and the next one follows; the rest of the answer is not read. Anything
    /// else is tried again, after 1 second, then 2, 4 … up to 3 hours and half as long again, while everything after it waits:
    /// nothing is lost, nothing comes out of order, and an entry whose answer was lost comes twice. Once 20 attempts in
    /// a row have failed, which takes about a day, the webhook is switched off, and a system message says so in the chat. An
    /// entry tells of its message as it is when it is sent; what was recalled meanwhile has no `content`.
    ///
    /// Who makes a webhook answers for it. When they are no creator or admin of the chat any more, because they left, were
    /// removed or were given another role, or when they are suspended or deleted, it is switched off: `last_error` says why,
    /// and so do a system message in the chat and the audit. Another admin may switch it on again, and answers for it then.
    ///
    /// Of those that one person answers for, a server sends for eight at once; the others take turns with them.
    ///
    /// `url` must lead to public addresses (`address_not_allowed` otherwise, unless the server is configured with
    /// `webhooks.allow_private`): all those of its name, now and whenever something is sent. A name that
    /// nobody knows is answered in the same words as one with an inner address. A 307 or 308 is followed up
    /// to three times, to such addresses only, and not from https to http; other redirections are failures.
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
    ) -> poem::Result<Created<Webhook>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(Created(service::create(&self.app, caller, chat_id.0, body.0, key).await?))
    }

    /// List webhooks
    ///
    /// By the creator and admins of the chat: how far each has got, and what its latest failure was; without their secrets.
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
        /// How many to pass over.
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
    /// By the creator and admins of the chat. One that is switched on again goes on where it was: first it sends what happened
    /// meanwhile. Who switches it on answers for it from then on (`created_by`), and it counts among their hundred (409).
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
    /// By the creator and admins of the chat. What is on its way arrives, and nothing after it.
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
