//! Hooks over HTTP.

use poem::http::{HeaderMap, Uri};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{CreatedHook, Hook, HookMessage, HookPost, HookSort, NewHook},
    service::{self, Sent},
};
use crate::{
    app::App,
    http::{
        AnyBody, Caller, Created, Done, Form, Format, IdempotencyKey, Json, Limit, List, Offset, RequestInfo,
        Wanted,
    },
    messages::Outbox,
    tags::Tags,
    users::api::PictureForm,
};

/// Where programs name what happened. Gitea and Gogs bring GitHub's along.
const EVENTS: [&str; 4] = ["x-gitea-event", "x-gogs-event", "x-github-event", "x-gitlab-event"];

/// Hooks.
pub struct HooksApi {
    /// The running product.
    pub app: App,
    /// The way into the log.
    pub outbox: Outbox,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Webhooks")]
impl HooksApi {
    /// Make a hook
    ///
    /// By the creator and admins of the chat, which has at most ten; and nobody has more than a hundred, in all chats (409).
    /// The answer holds the `url`, which is shown this once: whoever knows it may post messages to the chat with it, without
    /// signing in (`POST /hooks/{token}`). Their sender is a bot user (`bot_id`) of this name; it is no member of the chat, is not
    /// found among people, and nobody can sign in as it.
    ///
    /// The person who makes a hook is responsible for it. When they are no creator or admin of the chat any more, because they left, were
    /// removed or were given another role, or when they are suspended or deleted, the hook ends, and a system message says
    /// so in the chat.
    ///
    /// Errors: banned, forbidden, not_found, suspended, conflict, idempotency_key_reused
    #[oai(path = "/chats/:chat_id/hooks", method = "post", operation_id = "create_hook")]
    async fn create_hook(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewHook>,
    ) -> poem::Result<Created<CreatedHook>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(Created(service::create(&self.app, caller, chat_id.0, body.0, key).await?))
    }

    /// List hooks
    ///
    /// By the creator and admins of the chat; without their addresses.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/hooks", method = "get", operation_id = "list_hooks")]
    async fn list_hooks(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<HookSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Hook>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, chat_id.0, sort.0, wanted).await?)
    }

    /// Give a hook a picture
    ///
    /// By the creator and admins of the chat: the picture of the bot. The old one is removed. The type is taken from the bytes, not from
    /// the name of the file.
    ///
    /// Errors: banned, forbidden, not_found, too_large, unsupported_media_type
    #[oai(
        path = "/chats/:chat_id/hooks/:hook_id/avatar",
        method = "post",
        operation_id = "change_hook_avatar"
    )]
    async fn change_hook_avatar(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The hook.
        hook_id: Path<Uuid>,
        form: Form<PictureForm>,
    ) -> poem::Result<Json<Hook>> {
        let picture = form.into_vec().await?;
        Ok(Json(service::change_avatar(&self.app, caller, chat_id.0, hook_id.0, picture).await?))
    }

    /// Remove a hook
    ///
    /// By the creator and admins of the chat. From now on its address answers 404; what was said by it stays.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/hooks/:hook_id", method = "delete", operation_id = "remove_hook")]
    async fn remove_hook(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The hook.
        hook_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::remove(&self.app, caller, chat_id.0, hook_id.0).await?;
        Ok(Done)
    }

    /// Post by a hook
    ///
    /// Needs no token but the one in its address: keep the address secret. Answered after the commit. Unknown and removed hooks
    /// are answered 404.
    ///
    /// The body is JSON, a form (of either kind) whose field `payload` or `payload_json` is JSON, a form with the field `text`, or plain text: `curl "$URL" -d 'Backup finished'`. What existing
    /// programs send works as it is:
    ///
    /// | from | what becomes the message |
    /// |---|---|
    /// | `curl`, Slack's incoming webhooks, Mattermost, Discord | `text` (Discord: `content`), and below it what each of `attachments` (`embeds`) says; `blocks` where there is no text. Slack's `<https://…\|name>` and `&lt;` are read as Slack reads them |
    /// | Alertmanager | `[FIRING:2]`, the name of the alert, and a line for each of `alerts`: its annotation `summary`, `description` or `message`, or its labels |
    /// | Grafana | `title` and `message` |
    /// | GitHub, GitLab, Gitea, Gogs | who did what where: pushes, pull and merge requests, issues, comments, releases, runs of workflows and pipelines; of other events (`X-GitHub-Event` and the like) the name |
    /// | others | the first of `text`, `content`, `message`, `msg`, `body`, `description`, under `title`, `subject` or `summary` |
    ///
    /// A body in which nothing of this is found is answered 400. More than 4,096 characters are cut, and the end says so.
    /// `@username` mentions members, as in every message.
    ///
    /// One hook posts 5 messages a second, and all hooks of who made it 20, ten seconds' worth at once (429).
    ///
    /// Errors: not_found, idempotency_key_reused, unsupported_media_type, too_many_requests, outcome_unknown, not_ready
    #[oai(path = "/hooks/:token", method = "post", operation_id = "post_by_hook")]
    async fn post_by_hook(
        &self,
        info: RequestInfo,
        headers: &HeaderMap,
        /// The end of the hook's `url`.
        token: Path<String>,
        /// The same key with the same text is the same message, for as long as the chat keeps it.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: AnyBody<HookMessage>,
    ) -> poem::Result<Json<HookPost>> {
        let key = idempotency_key.0.map(|key| key.0);
        let address = info.address.parse().ok();
        let event = EVENTS.iter().find_map(|name| headers.get(*name)?.to_str().ok());
        let sent = Sent { body: &body.value, event };
        Ok(Json(service::post(&self.app, &self.outbox, &token.0, sent, key, address).await?))
    }
}

/// The address of a hook without the slash that some programs put behind every address.
pub fn without_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/').filter(|path| path.starts_with("/api/v1/hooks/"))?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("{path}{query}").parse().ok()?);
    Uri::from_parts(parts).ok()
}
