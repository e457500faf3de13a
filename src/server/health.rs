//! Whether the server is well: for people, for orchestrators, for Prometheus.

use std::time::Duration;

use aws_lc_rs::constant_time;
use poem::Request;
use poem_openapi::{
    Object, OpenApi,
    payload::{PlainText, Response},
    types::Example,
};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    app::App,
    db::{listen, query},
    error::{Code, Error, Result},
    http::{Json, bearer, client_address},
    jobs,
    tags::Tags,
    telemetry::metrics::{self, names},
};

/// How long the database may take to answer.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long what was shown is shown again.
const FRESH: Duration = Duration::from_secs(1);

/// How long there may be no connection that LISTENs before other instances are the better choice.
const MAX_WITHOUT_LISTEN: Duration = Duration::from_secs(30);

/// Health and metrics.
pub struct HealthApi {
    /// The running product.
    pub app: App,
    /// The metrics as they were last shown, and when.
    shown: Mutex<Option<(Instant, String)>>,
}

impl HealthApi {
    /// Of this product.
    pub fn new(app: App) -> Self {
        Self { app, shown: Mutex::default() }
    }
}

/// How the server is.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Health {
    /// Always `ok`: what is not well answers 503.
    pub status: String,
    /// The version of the server.
    pub version: String,
}

impl Health {
    fn ok() -> Self {
        Self { status: "ok".into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}

impl Example for Health {
    fn example() -> Self {
        Self::ok()
    }
}

#[OpenApi(tag = "Tags::Health")]
impl HealthApi {
    /// Is it up and does its database answer?
    ///
    /// For people and monitors: 200 when a query is answered in time.
    ///
    /// Errors: not_ready
    #[oai(path = "/healthcheck", method = "get", operation_id = "healthcheck")]
    async fn healthcheck(&self) -> poem::Result<Json<Health>> {
        self.check().await?;
        Ok(Json(Health::ok()))
    }

    /// Is the process alive?
    ///
    /// Does not ask the database: a server should not be restarted because its database is away.
    #[oai(path = "/health/live", method = "get", operation_id = "health_live")]
    #[expect(clippy::unused_async, reason = "the framework's handlers are async")]
    async fn live(&self) -> Json<Health> {
        Json(Health::ok())
    }

    /// Readiness
    ///
    /// For load balancers. 503 while the database is away or takes no writes, and when there has been no connection for
    /// LISTEN for half a minute. (Then the tables are polled twice a second: nothing is lost, and nothing is late by more
    /// than that, but typing and calls are not delivered.)
    ///
    /// Errors: not_ready
    #[oai(path = "/health/ready", method = "get", operation_id = "health_ready")]
    async fn ready(&self) -> poem::Result<Json<Health>> {
        self.check().await?;
        if self.app.listen_status.away_for().is_some_and(|away| away > MAX_WITHOUT_LISTEN) {
            return Err(Error::unavailable(
                "there is no connection to the database that LISTENs; the tables are polled",
                2,
            )
            .into());
        }
        Ok(Json(Health::ok()))
    }

    /// Metrics for Prometheus
    ///
    /// Text in the format of Prometheus; every name begins with `trunkline_`. For requests from this machine, and for those
    /// that bring `http.metrics_token` as a bearer. It is renewed once a second.
    ///
    /// Errors: forbidden
    #[oai(path = "/metrics", method = "get", operation_id = "metrics")]
    async fn metrics(&self, request: &Request) -> poem::Result<Response<PlainText<String>>> {
        self.require_operator(request)?;
        let mut shown = self.shown.lock().await;
        if shown.as_ref().is_none_or(|(at, _)| at.elapsed() >= FRESH) {
            self.measure().await;
            *shown = Some((Instant::now(), metrics::render()));
        }
        let text = shown.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        Ok(Response::new(PlainText(text)).header("content-type", "text/plain; version=0.0.4; charset=utf-8"))
    }

    /// How much goes on here is nobody's business but the operator's.
    fn require_operator(&self, request: &Request) -> Result<()> {
        let is_here = client_address(request).is_none_or(|address| address.to_canonical().is_loopback());
        let brought = bearer(request).unwrap_or_default();
        let is_known = self.app.config.http.metrics_token.as_ref().is_some_and(|token| {
            constant_time::verify_slices_are_equal(token.expose().as_bytes(), brought.as_bytes()).is_ok()
        });
        if is_here || is_known {
            return Ok(());
        }
        Err(Error::new(Code::Forbidden, "for this machine itself, and for who brings http.metrics_token"))
    }

    /// What is known only when it is asked for.
    async fn measure(&self) {
        let pool = self.app.pool.status();
        metrics_gauge("idle", pool.available);
        metrics_gauge("used", pool.size.saturating_sub(pool.available));
        if let Ok(Ok(usage)) = timeout(TIMEOUT, self.queue()).await {
            ::metrics::gauge!(names::NOTIFICATION_QUEUE_USAGE).set(usage);
        }
        if let Ok(Ok(age)) = timeout(TIMEOUT, self.oldest_snapshot()).await {
            ::metrics::gauge!(names::OLDEST_SNAPSHOT).set(age as f64);
        }
        if let Ok(Ok(due)) = timeout(TIMEOUT, self.jobs_due()).await {
            ::metrics::gauge!(names::JOBS_WAITING).set(due as f64);
        }
    }

    async fn check(&self) -> Result<()> {
        let away = || Error::unavailable("the database does not answer", 2);
        let asked = async {
            let sql = include_str!("../../sql/queries/takes_writes.sql");
            query::scalar(&self.app.db().await?, sql, &[]).await
        };
        let takes_writes: Option<bool> =
            timeout(TIMEOUT, asked).await.map_err(|_| away())?.map_err(|_| away())?;
        if takes_writes == Some(true) {
            return Ok(());
        }
        // Another connection may lead to a server that does.
        self.app.pool.discard_idle();
        Err(Error::unavailable("the database takes no writes right now", 2))
    }

    async fn queue(&self) -> Result<f64> {
        listen::queue_usage(&self.app.db().await?).await
    }

    async fn oldest_snapshot(&self) -> Result<i64> {
        let sql = include_str!("../../sql/queries/oldest_snapshot.sql");
        Ok(query::scalar(&self.app.db().await?, sql, &[]).await?.unwrap_or_default())
    }

    async fn jobs_due(&self) -> Result<i64> {
        jobs::count_due(&self.app.db().await?).await
    }
}

fn metrics_gauge(state: &'static str, connections: usize) {
    ::metrics::gauge!(names::POOL_CONNECTIONS, "state" => state).set(connections as f64);
}
