//! Schedules over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Filter, NewSchedule, Schedule, ScheduleChange, ScheduleSort},
    service,
};
use crate::{
    app::App,
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Wanted},
    jobs::Task,
    tags::Tags,
};

/// Schedules.
pub struct SchedulesApi {
    /// The running product.
    pub app: App,
    /// Every task there is.
    pub tasks: Vec<&'static Task>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Schedules")]
impl SchedulesApi {
    /// Make a schedule
    ///
    /// Queues a job again and again: by cron in a time zone (`cron`, `timezone`), at an interval (`every_seconds`), or by the sun
    /// (`solar`). Each time is one job, however many instances of the server run. After a time at which none ran, what was
    /// missed is queued once, and not as often as it was missed.
    ///
    /// Errors: idempotency_key_reused
    #[oai(
        path = "/schedules",
        method = "post",
        operation_id = "create_schedule",
        tag = "Tags::Administration"
    )]
    async fn create_schedule(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewSchedule>,
    ) -> poem::Result<Created<Schedule>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(service::create(&self.app, &self.tasks, caller, body.0, key).await?))
    }

    /// List schedules
    ///
    /// What the server does regularly by itself is among them, with `built_in`.
    #[oai(path = "/schedules", method = "get", operation_id = "list_schedules", tag = "Tags::Administration")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_schedules(
        &self,
        caller: Caller,
        /// Of this task.
        task: Query<Option<String>>,
        /// Switched on, or off.
        enabled: Query<Option<bool>>,
        /// The server's own, or those that people have made.
        built_in: Query<Option<bool>>,
        /// The order, by name when left out.
        #[oai(default)]
        sort: Query<ScheduleSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Schedule>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let filter = Filter { task: task.0, enabled: enabled.0, built_in: built_in.0 };
        Ok(service::list(&self.app, filter, sort.0, wanted).await?)
    }

    /// Get a schedule
    ///
    /// With the times at which it ran last and will run next.
    ///
    /// Errors: not_found
    #[oai(
        path = "/schedules/:schedule_id",
        method = "get",
        operation_id = "get_schedule",
        tag = "Tags::Administration"
    )]
    async fn get_schedule(
        &self,
        _caller: Caller,
        /// The schedule.
        schedule_id: Path<Uuid>,
    ) -> poem::Result<Json<Schedule>> {
        Ok(Json(service::get(&self.app, schedule_id.0).await?))
    }

    /// Change a schedule
    ///
    /// What is left out stays. A change counts within a second, on every instance. Of a schedule that came with the server,
    /// `enabled` alone can be changed (409).
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/schedules/:schedule_id",
        method = "patch",
        operation_id = "change_schedule",
        tag = "Tags::Administration"
    )]
    async fn change_schedule(
        &self,
        _caller: Caller,
        /// The schedule.
        schedule_id: Path<Uuid>,
        body: Json<ScheduleChange>,
    ) -> poem::Result<Json<Schedule>> {
        Ok(Json(service::change(&self.app, &self.tasks, schedule_id.0, body.0).await?))
    }

    /// Delete a schedule
    ///
    /// It queues no more jobs; those that wait or run go on. One that came with the server stays (409): switch it off.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/schedules/:schedule_id",
        method = "delete",
        operation_id = "delete_schedule",
        tag = "Tags::Administration"
    )]
    async fn delete_schedule(
        &self,
        _caller: Caller,
        /// The schedule.
        schedule_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::remove(&self.app, schedule_id.0).await?;
        Ok(Done)
    }
}
