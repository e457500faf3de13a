//! Work that is done later.

mod asking;
mod dying;
mod holding;
mod keys;
mod pausing;
mod prefetching;
mod queueing;
mod retrying;
mod sweeping;
mod trying;
mod waiting;

use std::{fmt::Debug, time::Duration};

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;
use trunkline::{
    app::App,
    jobs::{self, Job, NewJob},
};
use uuid::Uuid;

use crate::support::{Instance, Person, World};

const JOBS: &str = "/api/v1/jobs";

/// How long a story waits for a job.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The running product without a server, as `trunkline work` has it.
fn workshop(world: &World) -> App {
    App::new(world.config(), world.url.clone()).unwrap()
}

/// Somebody who may everything.
pub async fn administrator(world: &World, here: &Instance) -> Person {
    let admin = here.person("Admin").await;
    world.promotes(admin.id).await;
    admin
}

/// The id in an answer.
fn id_of(answer: &Value) -> Uuid {
    answer["id"].as_str().unwrap().parse().unwrap()
}

/// Queues a job of this task.
async fn queued(app: &App, task: &str, args: Value) -> Job {
    jobs::queue(&app.db().await.unwrap(), NewJob::new(task, args)).await.unwrap()
}

/// A column of a job, once it is what it should be.
async fn becomes<T>(psql: &Client, id: Uuid, column: &str, wanted: T)
where
    T: PartialEq + Debug + for<'a> tokio_postgres::types::FromSql<'a>,
{
    let until = Instant::now() + TIMEOUT;
    loop {
        let row = psql.query_one(&format!("select {column} from jobs where id = $1"), &[&id]).await.unwrap();
        let found: T = row.get(0);
        if found == wanted {
            return;
        }
        assert!(Instant::now() < until, "{column} is {found:?} and not {wanted:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

async fn number(psql: &Client, sql: &str) -> i64 {
    psql.query_one(sql, &[]).await.unwrap().get(0)
}

/// What the jobs of a world have come to.
async fn statuses(psql: &Client) -> Value {
    let sql = "select jsonb_object_agg(status, n) from (select status, count(*) as n from jobs group by status) as each";
    let found: Option<Value> = psql.query_one(sql, &[]).await.unwrap().get(0);
    found.unwrap_or(json!({}))
}
