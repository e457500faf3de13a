//! Web push over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{
    model::{NewPushSubscription, PushKey, PushSubscription, PushSubscriptionSort},
    service,
};
use crate::{
    app::App,
    http::{Answer, Caller, Done, Format, Json, Limit, List, Offset, RequestInfo, Wanted},
    tags::Tags,
};

/// Web push.
pub struct PushApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/push", tag = "Tags::Notifications")]
impl PushApi {
    /// Show the push key
    ///
    /// What a browser takes as `applicationServerKey` when it subscribes (VAPID). It is always the same.
    #[oai(path = "/key", method = "get", operation_id = "get_push_key")]
    async fn get_push_key(&self, _caller: Caller) -> poem::Result<Json<PushKey>> {
        Ok(Json(service::key(&self.app).await?))
    }

    /// Subscribe a device
    ///
    /// While no socket of mine is open anywhere, what I have chosen to be pushed (`PUT /notifications/preferences`) is sent
    /// to this device, encrypted. The body is what a browser has: `JSON.stringify(subscription)`. The same device again
    /// takes the new keys: 200. If somebody else was subscribed on this device, that ends. The subscription ends with the
    /// session: after signing out nothing is sent there. At most 20 devices (409).
    ///
    /// Errors: address_not_allowed, forbidden, conflict
    #[oai(path = "/subscriptions", method = "post", operation_id = "create_push_subscription")]
    async fn create_push_subscription(
        &self,
        caller: Caller,
        info: RequestInfo,
        body: Json<NewPushSubscription>,
    ) -> poem::Result<Answer<PushSubscription>> {
        Ok(service::subscribe(&self.app, caller, body.0, &info).await?)
    }

    /// List push subscriptions
    ///
    /// My devices, without their keys.
    #[oai(path = "/subscriptions", method = "get", operation_id = "list_push_subscriptions")]
    async fn list_push_subscriptions(
        &self,
        caller: Caller,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<PushSubscriptionSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<PushSubscription>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, sort.0, wanted).await?)
    }

    /// Remove a push subscription
    ///
    /// From now on nothing is sent to this device.
    ///
    /// Errors: not_found
    #[oai(
        path = "/subscriptions/:subscription_id",
        method = "delete",
        operation_id = "remove_push_subscription"
    )]
    async fn remove_push_subscription(
        &self,
        caller: Caller,
        /// The subscription.
        subscription_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::remove(&self.app, caller, subscription_id.0).await?;
        Ok(Done)
    }
}
