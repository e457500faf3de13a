//! Jobs over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Filter, JobRequest, JobSort, JobStatus, JobView, Retried, RetryRequest, TaskView},
    service,
    tasks::Task,
};
use crate::{
    app::App,
    http::{Answer, Caller, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Wanted},
    tags::Tags,
    time::Timestamp,
};

/// Jobs.
pub struct JobsApi {
    /// The running product.
    pub app: App,
    /// Every task there is.
    pub tasks: Vec<&'static Task>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Jobs")]
impl JobsApi {
    /// Queue a job
    ///
    /// Runs a task in the background, at least once, on any instance. It is tried again after a failure, with a growing pause
    /// between attempts (1 second, 2, 4 … up to an hour, each up to half as long again), until it has been begun
    /// `max_attempts` times. When an instance fails, its jobs run on another one within half a minute.
    ///
    /// With `unique_key` there is at most one unfinished job of that key: a second request is answered with the first job, 200
    /// instead of 201. With `concurrency_key` the jobs of that key run one after the other.
    ///
    /// Errors: conflict, idempotency_key_reused
    #[oai(path = "/jobs", method = "post", operation_id = "queue_job", tag = "Tags::Administration")]
    async fn queue_job(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<JobRequest>,
    ) -> poem::Result<Answer<JobView>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(service::queue(&self.app, &self.tasks, caller, body.0, key).await?)
    }

    /// List jobs
    ///
    /// Those that wait or run, and those that ended within a week (deliveries of webhooks: an hour).
    #[oai(path = "/jobs", method = "get", operation_id = "list_jobs", tag = "Tags::Administration")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_jobs(
        &self,
        caller: Caller,
        /// In this state.
        status: Query<Option<JobStatus>>,
        /// Of this task.
        task: Query<Option<String>>,
        /// Queued at this moment or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Queued at this moment or before.
        created_at_to: Query<Option<Timestamp>>,
        /// Ended at this moment or later.
        finished_at_from: Query<Option<Timestamp>>,
        /// Ended at this moment or before.
        finished_at_to: Query<Option<Timestamp>>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<JobSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<JobView>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let filter = Filter {
            status: status.0,
            task: task.0,
            created_from: created_at_from.0,
            created_to: created_at_to.0.map(Timestamp::and_what_is_cut_off),
            finished_from: finished_at_from.0,
            finished_to: finished_at_to.0.map(Timestamp::and_what_is_cut_off),
        };
        Ok(service::list(&self.app, self.tasks.clone(), filter, sort.0, wanted).await?)
    }

    /// List tasks
    ///
    /// What this server can do in the background. A task that is `open` can be queued with `POST /jobs` and in a schedule; the
    /// others are queued by the server itself, and the args of their jobs are not shown.
    #[oai(path = "/jobs/tasks", method = "get", operation_id = "list_tasks", tag = "Tags::Administration")]
    async fn list_tasks(
        &self,
        caller: Caller,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<TaskView>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list_tasks(&self.app, &self.tasks, wanted).await?)
    }

    /// Pause a task
    ///
    /// Its jobs wait, on all instances, until somebody resumes it; those that run go on. New ones can be queued. In SQL: `INSERT
    /// INTO paused_tasks (task) VALUES (…)`.
    ///
    /// Errors: not_found
    #[oai(
        path = "/jobs/tasks/:task/pause",
        method = "put",
        operation_id = "pause_task",
        tag = "Tags::Administration"
    )]
    async fn pause_task(
        &self,
        _caller: Caller,
        /// Which task.
        task: Path<String>,
    ) -> poem::Result<Done> {
        service::switch(&self.app, &self.tasks, &task.0, true).await?;
        Ok(Done)
    }

    /// Resume a task
    ///
    /// Its jobs run again, those that have waited first. One that is not paused stays as it is.
    ///
    /// Errors: not_found
    #[oai(
        path = "/jobs/tasks/:task/pause",
        method = "delete",
        operation_id = "resume_task",
        tag = "Tags::Administration"
    )]
    async fn resume_task(
        &self,
        _caller: Caller,
        /// Which task.
        task: Path<String>,
    ) -> poem::Result<Done> {
        service::switch(&self.app, &self.tasks, &task.0, false).await?;
        Ok(Done)
    }

    /// Try failed jobs again
    ///
    /// All jobs that failed, or those of a task, or those that failed within a time. Each waits again as if it had never been
    /// begun. A job is skipped if another job with its `unique_key` is unfinished.
    #[oai(path = "/jobs/retry", method = "post", operation_id = "retry_jobs", tag = "Tags::Administration")]
    async fn retry_jobs(&self, _caller: Caller, body: Json<RetryRequest>) -> poem::Result<Json<Retried>> {
        Ok(Json(service::retry_failed(&self.app, body.0).await?))
    }

    /// Get a job
    ///
    /// With `wait_seconds` the answer comes when the job has ended, well or not, or when so many seconds are over: look at
    /// `status`.
    ///
    /// Errors: not_found
    #[oai(path = "/jobs/:job_id", method = "get", operation_id = "get_job", tag = "Tags::Administration")]
    async fn get_job(
        &self,
        _caller: Caller,
        /// The job.
        job_id: Path<Uuid>,
        /// How long to wait for its end, 0 to 30 seconds.
        #[oai(validator(minimum(value = "0"), maximum(value = "30")))]
        wait_seconds: Query<Option<i64>>,
    ) -> poem::Result<Json<JobView>> {
        Ok(Json(service::get(&self.app, &self.tasks, job_id.0, wait_seconds.0).await?))
    }

    /// Try a job again
    ///
    /// A job that failed or was cancelled waits again, as if it had never been begun; one that waits for its time or for its next
    /// attempt is due now. 409 for one that runs or has succeeded, and where another job with its `unique_key` is unfinished.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/jobs/:job_id/retry",
        method = "post",
        operation_id = "retry_job",
        tag = "Tags::Administration"
    )]
    async fn retry_job(
        &self,
        _caller: Caller,
        /// The job.
        job_id: Path<Uuid>,
    ) -> poem::Result<Json<JobView>> {
        Ok(Json(service::retry(&self.app, &self.tasks, job_id.0).await?))
    }

    /// Cancel a job
    ///
    /// One that waits will not run. 409 for one that runs or has ended; one that is cancelled stays so.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/jobs/:job_id",
        method = "delete",
        operation_id = "cancel_job",
        tag = "Tags::Administration"
    )]
    async fn cancel_job(
        &self,
        _caller: Caller,
        /// The job.
        job_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::cancel(&self.app, job_id.0).await?;
        Ok(Done)
    }
}
