//! Calendars over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path},
};
use uuid::Uuid;

use super::{answer::Calendar, model::CalendarAddress, service};
use crate::{
    app::App,
    http::{Caller, Created, Done, IdempotencyKey, RequestInfo},
    tags::Tags,
};

/// Calendars.
pub struct CalendarsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Calendars")]
impl CalendarsApi {
    /// Download an event for a calendar
    ///
    /// The event as iCalendar (RFC 5545), with its time zone: a calendar program imports it. It does not follow later changes; for
    /// that, subscribe to the address of `POST /users/me/calendar`.
    ///
    /// Errors: not_found
    #[oai(path = "/events/:id/calendar.ics", method = "get", operation_id = "get_event_calendar")]
    async fn get_event_calendar(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The tags that are known already.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> poem::Result<Calendar> {
        let text = service::event(&self.app, caller, id.0).await?;
        Ok(Calendar::new(text, if_none_match.0.as_deref()))
    }

    /// Make an address for my calendar
    ///
    /// The answer has the `url`, which is shown only this once. A calendar program that subscribes to it shows the events that I hold
    /// tickets for or own, and follows their changes. Whoever knows the address can read this, without signing in: keep it secret. A
    /// second request makes another address, and the first one ends. It ends with the account, too, and answers 404 while the account
    /// is suspended.
    ///
    /// Errors: not_found, idempotency_key_reused
    #[oai(path = "/users/me/calendar", method = "post", operation_id = "create_calendar")]
    async fn create_calendar(
        &self,
        caller: Caller,
        /// The same key gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
    ) -> poem::Result<Created<CalendarAddress>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(service::create(&self.app, caller, key).await?))
    }

    /// End the address of my calendar
    ///
    /// It answers 404 from now on. If there is none: 204 too.
    #[oai(path = "/users/me/calendar", method = "delete", operation_id = "end_calendar")]
    async fn end_calendar(&self, caller: Caller) -> poem::Result<Done> {
        service::end(&self.app, caller).await?;
        Ok(Done)
    }

    /// Read a calendar
    ///
    /// The address that `POST /users/me/calendar` answers as `url`, for calendar programs. Needs no token but the one in the address. It
    /// holds the events that its owner has made or holds tickets for: up to a thousand, those nearest to now, and none that began more
    /// than a year ago. An event that was deleted, and one whose ticket was given back, is in it for 30 days with `STATUS:CANCELLED`.
    ///
    /// Times are local times with the time zone of the event (`VTIMEZONE`). Where a local time could mean two moments, because the clocks
    /// are put back, it is in UTC. `SEQUENCE` grows with each change. Programs are asked to come again after 15 minutes
    /// (`REFRESH-INTERVAL`); with `If-None-Match` they get 304 when nothing has changed. From one address calendars are read 20 times a
    /// second, ten seconds' worth at once (429).
    ///
    /// Errors: not_found
    #[oai(path = "/calendars/:calendar", method = "get", operation_id = "read_calendar")]
    async fn read_calendar(
        &self,
        info: RequestInfo,
        /// The last part of the address.
        calendar: Path<String>,
        /// The tags that are known already.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> poem::Result<Calendar> {
        let text = service::read(&self.app, &calendar.0, info.address.parse().ok()).await?;
        Ok(Calendar::new(text, if_none_match.0.as_deref()))
    }
}
