//! Tickets over HTTP.

use poem::{
    IntoResponse, Response,
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    registry::{MetaResponses, Registry},
};
use uuid::Uuid;

use super::{
    check_ins::{self, ShownCode},
    model::{
        CheckIn, CodeFormat, HeldTicket, HeldTicketSort, NewTicket, Ticket, TicketCode, TicketSort, Waiting,
        WaitingReceipt,
    },
    service, waiting,
};
use crate::{
    app::App,
    http::{Answer, Caller, CreatedOrLater, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Wanted},
    pictures::qr,
    tags::Tags,
    time::Timestamp,
};

/// Tickets.
pub struct TicketsApi {
    /// The running product.
    pub app: App,
}

/// The code of a ticket, in the form that was asked for. The document has the JSON, and tells of the picture in words.
pub enum CodeAnswer {
    /// As text.
    Text(TicketCode),
    /// As an SVG.
    Picture(String),
}

impl IntoResponse for CodeAnswer {
    fn into_response(self) -> Response {
        match self {
            Self::Text(code) => Json(code).into_response(),
            Self::Picture(svg) => Response::builder()
                .status(StatusCode::OK)
                .content_type("image/svg+xml")
                .header(header::CACHE_CONTROL, "private, no-store")
                .body(svg),
        }
    }
}

impl ApiResponse for CodeAnswer {
    fn meta() -> MetaResponses {
        let mut meta = Json::<TicketCode>::meta();
        for response in &mut meta.responses {
            response.description = "The code; with `format=svg` a picture of it (`image/svg+xml`).";
        }
        meta
    }

    fn register(registry: &mut Registry) {
        <Json<TicketCode> as ApiResponse>::register(registry);
    }
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Events")]
impl TicketsApi {
    /// Buy a ticket
    ///
    /// A ticket is for 1 to 10 places. It is sold if there are so many and nobody else waits for them, until the event begins (409
    /// `event_started`); never are more sold than there are. Otherwise it is a 409 `sold_out`, or with `"wait": true` a 202: the caller
    /// is added at the end of the waiting list, at `position`. A person who waits already keeps their place and number.
    ///
    /// The list is strict: who wants more than is free waits, and nobody overtakes them. A place that becomes free is held for the first who
    /// waits, for 24 hours, but not beyond the start. They are notified (`place_free`), and take it with this same request. Who takes
    /// fewer than are held releases the rest. A hold that is not taken in time goes to the next, and its holder is off the list.
    ///
    /// Where fewer places become free than the first one waits for, nothing is held, and nobody behind them is served. They are
    /// notified (`place_free` with `held_until` null and `quantity`, which are free): they may take so many, or wait on. Who waits for
    /// more than `max_tickets`, because it was lowered, can never be served: they are off the waiting list, and notified (`event_changed`
    /// with `max_tickets` in `changed`). Who is suspended is skipped and keeps their place. When they are let in again, they have
    /// the same place as before, and are served at once where there are enough places. A hold that they had runs out as any other.
    ///
    /// The owner of the event is notified (`ticket_bought`). Of an event with a chat, the holder is in the chat from then on. One person
    /// has at most 1,000 tickets for events that are still to come, and waits for at most 100 (409 `conflict`).
    ///
    /// Errors: not_found, sold_out, event_started, conflict, idempotency_key_reused
    #[oai(path = "/events/:id/tickets", method = "post", operation_id = "buy_ticket")]
    async fn buy_ticket(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewTicket>,
    ) -> poem::Result<CreatedOrLater<Ticket, WaitingReceipt>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(service::buy(&self.app, caller, id.0, body.0, key).await?)
    }

    /// List the tickets of an event
    ///
    /// All of them for the owner of the event and administrators, one's own for everybody else. What was given back is not listed.
    ///
    /// Errors: not_found
    #[oai(path = "/events/:id/tickets", method = "get", operation_id = "list_tickets")]
    async fn list_tickets(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The order, the first sold first when left out.
        #[oai(default)]
        sort: Query<TicketSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Ticket>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, id.0, sort.0, wanted).await?)
    }

    /// A ticket
    ///
    /// For its holder, the owner of the event and administrators.
    ///
    /// Errors: not_found
    #[oai(path = "/events/:id/tickets/:ticket_id", method = "get", operation_id = "get_ticket")]
    async fn get_ticket(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The ticket.
        ticket_id: Path<Uuid>,
    ) -> poem::Result<Json<Ticket>> {
        Ok(Json(service::get(&self.app, caller, id.0, ticket_id.0).await?))
    }

    /// Give a ticket back
    ///
    /// By its holder, the owner of the event and administrators. Its places are free again, or held for the next who waits. Who has no other
    /// ticket leaves the chat of the event. A ticket with which its holder has come in stays (409). Whose ticket somebody else gives
    /// back is notified (`event_changed`).
    ///
    /// Errors: not_found, conflict
    #[oai(path = "/events/:id/tickets/:ticket_id", method = "delete", operation_id = "cancel_ticket")]
    async fn cancel_ticket(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The ticket.
        ticket_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::cancel(&self.app, caller, id.0, ticket_id.0).await?;
        Ok(Done)
    }

    /// The code of a ticket
    ///
    /// For its holder, the owner of the event and administrators: the code to show at check-in. It is signed, so nobody can forge one, and it
    /// is always the same, until the operator changes the key. With `format=svg` it is a picture, a QR code.
    ///
    /// Errors: not_found
    #[oai(path = "/events/:id/tickets/:ticket_id/code", method = "get", operation_id = "get_ticket_code")]
    async fn get_ticket_code(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The ticket.
        ticket_id: Path<Uuid>,
        /// As text, or as a picture.
        #[oai(default)]
        format: Query<CodeFormat>,
    ) -> poem::Result<CodeAnswer> {
        let code = service::get_code(&self.app, caller, id.0, ticket_id.0).await?;
        Ok(match format.0 {
            CodeFormat::Json => CodeAnswer::Text(code),
            CodeFormat::Svg => CodeAnswer::Picture(qr::svg(&code.code)?),
        })
    }

    /// Check in a ticket
    ///
    /// By the owner of the event and administrators, with the `code` that somebody shows. 201: they come in with this ticket now. 200:
    /// somebody came in with it before, and the answer says when, and who let them in. A code of another event, of a ticket that was
    /// given back, or one that was made up is a 404.
    ///
    /// Errors: forbidden, not_found
    #[oai(path = "/events/:id/check-ins", method = "post", operation_id = "check_in")]
    async fn check_in(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        body: Json<ShownCode>,
    ) -> poem::Result<Answer<CheckIn>> {
        Ok(check_ins::check_in(&self.app, caller, id.0, body.0).await?)
    }

    /// The waiting list of an event
    ///
    /// All of it for the owner of the event and administrators, one's own place for everybody else; in the order of the list. Who has
    /// `held_until` may take their places until then, and has the `position` 0.
    ///
    /// Errors: not_found
    #[oai(path = "/events/:id/waiting", method = "get", operation_id = "list_waiting")]
    async fn list_waiting(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Waiting>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(waiting::list(&self.app, caller, id.0, wanted).await?)
    }

    /// Stop waiting
    ///
    /// The caller gives up their place on the waiting list, or the places that are held for them: these are for the next. Who waits again
    /// is at the end.
    ///
    /// Errors: not_found
    #[oai(path = "/events/:id/waiting", method = "delete", operation_id = "stop_waiting")]
    async fn stop_waiting(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
    ) -> poem::Result<Done> {
        waiting::leave(&self.app, caller, id.0).await?;
        Ok(Done)
    }

    /// List my tickets
    ///
    /// What the caller holds, each with the event it is for, the soonest first. What was given back is not listed.
    #[oai(path = "/users/me/tickets", method = "get", operation_id = "list_my_tickets")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_my_tickets(
        &self,
        caller: Caller,
        /// For events that begin at this time or later.
        event_time_from: Query<Option<Timestamp>>,
        /// For events that begin at this time or earlier.
        event_time_to: Query<Option<Timestamp>>,
        /// The order, the soonest first when left out.
        #[oai(default)]
        sort: Query<HeldTicketSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<HeldTicket>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let (from, to) = (event_time_from.0, event_time_to.0.map(Timestamp::and_what_is_cut_off));
        Ok(service::list_held(&self.app, caller, from, to, sort.0, wanted).await?)
    }
}
