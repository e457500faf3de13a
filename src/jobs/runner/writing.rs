//! How attempts ended is written down, many in one statement: those that end while one is written are the next.

use std::{collections::HashMap, time::Duration};

use tokio::time::sleep;
use uuid::Uuid;

use super::attempt::{Report, Said};
use crate::{
    app::App,
    error::Result,
    jobs::store::{self, Endings},
    telemetry::metrics::names,
};

/// The pause after the first failure; it doubles with each.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// How often it is tried to write down how a job ended, a second apart: by then the lease has lapsed.
const WRITES: u32 = 20;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was done.
    Succeeded,
    /// It failed for good.
    Failed,
    /// It failed, and will be tried again.
    Again,
    /// Another instance has taken it over, or nobody could be told how it ended: it runs elsewhere.
    Lost,
    /// It was not its turn: it is queued again, and this was no attempt.
    Postponed,
}

/// Writes reports down; answers what became of each, by its lease.
pub async fn write(app: App, reports: Vec<Report>) -> Vec<(Uuid, Ended)> {
    let mut known = HashMap::new();
    for round in 0..WRITES {
        // One that the database does not take must not keep the others from being written.
        let size = if round == 0 { reports.len() } else { 1 };
        let left: Vec<_> = reports.iter().filter(|report| !known.contains_key(&report.lease)).collect();
        if left.is_empty() {
            break;
        }
        if round > 0 {
            sleep(Duration::from_secs(1)).await;
        }
        for some in left.chunks(size.max(1)) {
            match write_some(&app, some).await {
                Ok(ended) => known.extend(ended),
                Err(error) => {
                    tracing::debug!(%error, "how jobs ended could not be written; trying again");
                }
            }
        }
    }
    let ended: Vec<_> = reports
        .iter()
        .map(|report| (report.lease, known.get(&report.lease).copied().unwrap_or(Ended::Lost)))
        .collect();
    for (report, (_, ended)) in reports.iter().zip(&ended) {
        tell(report, *ended);
    }
    ended
}

async fn write_some(app: &App, reports: &[&Report]) -> Result<Vec<(Uuid, Ended)>> {
    let mut endings = Endings::default();
    // PostgreSQL stores no U+0000 in a text.
    let errors: Vec<_> = reports
        .iter()
        .map(|report| match &report.said {
            Said::Failed(error) => Some(error.replace('\0', "\u{fffd}")),
            Said::Done(_) | Said::Postponed(_) => None,
        })
        .collect();
    for (report, error) in reports.iter().zip(&errors) {
        let (outcome, result, pause) = match &report.said {
            Said::Done(result) => ("succeeded", Some(result), Duration::ZERO),
            Said::Failed(_) => ("failed", None, pause_after(report.attempts)),
            Said::Postponed(pause) => ("postponed", None, *pause),
        };
        endings.ids.push(report.id);
        endings.leases.push(report.lease);
        endings.outcomes.push(outcome);
        endings.results.push(result);
        endings.errors.push(error.as_deref());
        endings.pauses.push(pause.as_secs_f64());
    }
    let written = store::finish(&*app.spare_db().await?, &endings).await?;
    let statuses: HashMap<_, _> = written.into_iter().map(|job| (job.id, job.status)).collect();
    let ended = reports.iter().map(|report| {
        let ended = match (&report.said, statuses.get(&report.id).map(String::as_str)) {
            (_, None) => Ended::Lost,
            (Said::Done(_), _) => Ended::Succeeded,
            (Said::Postponed(_), _) => Ended::Postponed,
            (Said::Failed(_), Some("queued")) => Ended::Again,
            (Said::Failed(_), Some(_)) => Ended::Failed,
        };
        (report.lease, ended)
    });
    Ok(ended.collect())
}

fn tell(report: &Report, ended: Ended) {
    let Report { id, task, attempts, said, .. } = report;
    let word = match (ended, said) {
        (Ended::Succeeded, _) => "succeeded",
        (Ended::Postponed, _) => "postponed",
        (Ended::Failed, Said::Failed(error)) => {
            tracing::error!(%id, task, attempts, error, "a job failed");
            "failed"
        }
        (Ended::Again, Said::Failed(error)) => {
            tracing::warn!(%id, task, attempts, error, "a job failed and will be tried again");
            "retried"
        }
        _ => {
            tracing::warn!(%id, task, attempts, "a job finished after its lease had expired; another instance runs it");
            "lease_expired"
        }
    };
    metrics::counter!(names::JOBS, "task" => *task, "outcome" => word).increment(1);
}

/// Doubles with each attempt, and up to half as long again: what failed together is not tried together.
fn pause_after(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    let pause = (PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
    pause.mul_f64(rand::random_range(1.0..1.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_somewhere() {
        for (attempts, least, most) in [(1, 1.0, 1.5), (2, 2.0, 3.0), (5, 16.0, 24.0), (100, 3600.0, 5400.0)]
        {
            let pause = pause_after(attempts).as_secs_f64();
            assert!((least..=most).contains(&pause), "{attempts}: {pause}");
        }
    }
}
