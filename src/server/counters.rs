//! The counters that are there from the start, with all that their labels can say: paths, tasks and close codes.

use metrics::Label;

use super::routes;
use crate::{
    realtime::protocol::close_codes,
    telemetry::metrics::{count_from_zero, names, spread_from_zero},
    worker,
};

/// What any operation can answer that somebody should hear of.
const FAILURES: [&str; 2] = ["500", "503"];

/// Makes them.
pub fn begin() {
    for (path, operations) in routes::documentation()["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let answers = operation["responses"].as_object().into_iter().flatten();
            let good =
                answers.map(|(status, _)| status.as_str()).filter(|status| status.starts_with(['1', '2']));
            for status in good.chain(FAILURES) {
                count_from_zero(
                    names::HTTP_REQUESTS,
                    vec![
                        Label::new("method", method.to_uppercase()),
                        Label::new("path", path.clone()),
                        Label::new("status", status.to_owned()),
                    ],
                );
            }
        }
    }
    let scraped = vec![Label::new("method", "GET"), Label::new("path", "/metrics")];
    spread_from_zero(names::HTTP_REQUEST_SECONDS, scraped);
    for task in worker::TASKS.iter().chain(worker::DELIVERIES) {
        let label = Label::new("task", task.name);
        spread_from_zero(names::JOB_SECONDS, vec![label.clone()]);
        for outcome in names::JOB_OUTCOMES {
            count_from_zero(names::JOBS, vec![label.clone(), Label::new("outcome", outcome)]);
        }
    }
    for (code, _) in close_codes() {
        count_from_zero(names::SOCKETS_CLOSED, vec![Label::new("code", code.to_string())]);
    }
}
