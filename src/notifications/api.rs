//! Notifications over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    announcements,
    model::{
        Filter, NewNotification, Notification, NotificationKind, NotificationList,
        announcement::Announcement,
        preferences::{Preferences, PreferencesChange},
    },
    preferences, service,
};
use crate::{
    app::App,
    http::{AnswerOrLater, Caller, Done, Format, IdempotencyKey, Json, Limit, ListAs, Offset, Wanted},
    tags::Tags,
};

/// Notifications.
pub struct NotificationsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Notifications")]
impl NotificationsApi {
    /// List notifications
    ///
    /// Mine, the newest first. A friend request, a mention, a reply and so on each make one, in the same transaction, whoever
    /// writes it; nobody is notified of what they do themselves. `message` is a sentence to show after the name of the
    /// `sender`, and `data` says what it is about. `unread_count` counts the unread ones of all kinds.
    ///
    /// While the gateway (`GET /ws`) is open, each new one arrives there as the frame `notification`.
    #[oai(path = "/notifications", method = "get", operation_id = "list_notifications")]
    async fn list_notifications(
        &self,
        caller: Caller,
        /// With `true` only those that I have not read.
        #[oai(default)]
        unread: Query<bool>,
        /// Of this kind alone.
        kind: Query<Option<NotificationKind>>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<ListAs<NotificationList>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let filter = Filter { kind: kind.0, unread: unread.0 };
        Ok(service::list(&self.app, caller, filter, wanted).await?)
    }

    /// Send a notification
    ///
    /// By administrators: says something to one person (`recipient_id`; 201 with the notification), to several
    /// (`recipient_ids`) or to everybody (`everyone`). Several are told by a job: the answer is 202 with its `id`, and
    /// `GET /announcements/{announcement_id}` shows how far it is. Each person is told once, whatever breaks
    /// in between. Who has blocked the administrator is told all the same; who does not exist any more is skipped.
    ///
    /// Errors: not_found, idempotency_key_reused
    #[oai(
        path = "/notifications",
        method = "post",
        operation_id = "send_notification",
        tag = "Tags::Administration"
    )]
    async fn send_notification(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewNotification>,
    ) -> poem::Result<AnswerOrLater<Notification, Announcement>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(service::create(&self.app, caller, body.0, key.as_deref()).await?)
    }

    /// Show an announcement
    ///
    /// By administrators: how far the job is that tells several people, or everybody, something. It is there until a week
    /// after it has ended.
    ///
    /// Errors: not_found
    #[oai(
        path = "/announcements/:announcement_id",
        method = "get",
        operation_id = "get_announcement",
        tag = "Tags::Administration"
    )]
    async fn get_announcement(
        &self,
        _caller: Caller,
        /// The `id` of the answer to `POST /notifications`.
        announcement_id: Path<Uuid>,
    ) -> poem::Result<Json<Announcement>> {
        Ok(Json(announcements::get(&self.app, announcement_id.0).await?))
    }

    /// Mark all notifications as read
    ///
    /// All that there are when the request comes. What comes meanwhile stays unread. My other sockets receive the frame
    /// `notifications_read`.
    #[oai(path = "/notifications/read", method = "put", operation_id = "read_notifications")]
    async fn read_notifications(&self, caller: Caller) -> poem::Result<Done> {
        service::mark_all_read(&self.app, caller).await?;
        Ok(Done)
    }

    /// Mark a notification as read
    ///
    /// One that was read already: 204 too. My other sockets receive the frame `notifications_read`.
    ///
    /// Errors: not_found
    #[oai(path = "/notifications/:notification_id/read", method = "put", operation_id = "read_notification")]
    async fn read_notification(
        &self,
        caller: Caller,
        /// The notification.
        notification_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::mark_read(&self.app, caller, notification_id.0).await?;
        Ok(Done)
    }

    /// Remove a notification
    ///
    /// It is gone from the list. What it tells of stays as it is.
    ///
    /// Errors: not_found
    #[oai(path = "/notifications/:notification_id", method = "delete", operation_id = "remove_notification")]
    async fn remove_notification(
        &self,
        caller: Caller,
        /// The notification.
        notification_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::remove(&self.app, caller, notification_id.0).await?;
        Ok(Done)
    }

    /// Show notification preferences
    ///
    /// How I am told of each kind: `live` at once on the gateway, `push` to my devices while no socket of mine is open. What
    /// is not live is listed all the same.
    #[oai(path = "/notifications/preferences", method = "get", operation_id = "get_notification_preferences")]
    async fn get_notification_preferences(&self, caller: Caller) -> poem::Result<Json<Preferences>> {
        Ok(Json(preferences::get(&self.app, caller).await?))
    }

    /// Change notification preferences
    ///
    /// Changes what the body names, and nothing else; the answer has all of it. It counts for what comes from then on.
    #[oai(
        path = "/notifications/preferences",
        method = "put",
        operation_id = "change_notification_preferences"
    )]
    async fn change_notification_preferences(
        &self,
        caller: Caller,
        body: Json<PreferencesChange>,
    ) -> poem::Result<Json<Preferences>> {
        Ok(Json(preferences::change(&self.app, caller, &body.0).await?))
    }
}
