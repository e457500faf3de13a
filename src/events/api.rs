//! Events over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Event, EventSort, Filter, NewEvent},
    service,
};
use crate::{
    app::App,
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Search, Wanted},
    tags::Tags,
    time::Timestamp,
};

/// Events.
pub struct EventsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/events", tag = "Tags::Events")]
impl EventsApi {
    /// Make an event
    ///
    /// By anyone signed in, who is its owner from then on; everybody signed in sees it. `event_time` is a moment, or a local time in
    /// `timezone`; the answer has both, `event_time` in UTC and `local_time`. With `with_chat` the event has a private chat of its own
    /// (`chat_id`): whoever has a ticket is in it, and nobody else. One person has at most 1,000 events that are still to come (409).
    ///
    /// Errors: conflict, idempotency_key_reused
    #[oai(path = "/", method = "post", operation_id = "create_event")]
    async fn create_event(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewEvent>,
    ) -> poem::Result<Created<Event>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(service::create(&self.app, caller, body.0, key).await?))
    }

    /// List events
    ///
    /// All events, the soonest first; those that are still to come with `event_time_from`. With `search` the `total` is exact up to
    /// 1,000.
    #[oai(path = "/", method = "get", operation_id = "list_events")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_events(
        &self,
        caller: Caller,
        /// Every word must occur in the name or the description, ignoring case; parts of words count.
        search: Query<Option<String>>,
        /// Those of this person.
        owner_id: Query<Option<Uuid>>,
        /// Those that begin at this time or later.
        event_time_from: Query<Option<Timestamp>>,
        /// Those that begin at this time or earlier.
        event_time_to: Query<Option<Timestamp>>,
        /// The order, the soonest first when left out.
        #[oai(default)]
        sort: Query<EventSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Event>> {
        let filter = Filter {
            search: Search::parse(search.0.as_deref())?,
            owner_id: owner_id.0,
            from: event_time_from.0,
            to: event_time_to.0.map(Timestamp::and_what_is_cut_off),
        };
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, &filter, sort.0, wanted).await?)
    }

    /// An event
    ///
    /// Open to anyone signed in. `chat_id` is there for the owner and whoever holds a ticket.
    ///
    /// Errors: not_found
    #[oai(path = "/:id", method = "get", operation_id = "get_event")]
    async fn get_event(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
    ) -> poem::Result<Json<Event>> {
        Ok(Json(service::get(&self.app, caller, id.0).await?))
    }

    /// Change an event
    ///
    /// By its owner and administrators. The body is the whole event: what is left out is as if the event were made anew, and only the
    /// chat stays as it was said then. When its name, time, time zone, description or duration changes, whoever holds a ticket is
    /// notified (`event_changed`), its chat is told, and `sequence` grows; another time is reminded of anew. `max_tickets` cannot be
    /// less than what is sold or held (409); new places are given to those who wait.
    ///
    /// Errors: forbidden, not_found, conflict
    #[oai(path = "/:id", method = "put", operation_id = "change_event")]
    async fn change_event(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        body: Json<NewEvent>,
    ) -> poem::Result<Json<Event>> {
        Ok(Json(service::change(&self.app, caller, id.0, body.0).await?))
    }

    /// Delete an event
    ///
    /// By its owner and administrators. Its tickets, its waiting list and its chat end with it. Where tickets are sold this is refused
    /// (409 `tickets_sold`), unless `force` is true: then their holders are notified (`event_changed`, with `deleted`).
    ///
    /// Errors: forbidden, not_found, tickets_sold
    #[oai(path = "/:id", method = "delete", operation_id = "delete_event")]
    async fn delete_event(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// Also when tickets are sold; false when left out.
        #[oai(default)]
        force: Query<bool>,
    ) -> poem::Result<Done> {
        service::delete(&self.app, caller, id.0, force.0).await?;
        Ok(Done)
    }
}
