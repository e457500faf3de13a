//! What may be wrong with an event: its counts, and its waiting list.

use super::store::EventCounts;

/// What is wrong with it.
pub fn problems(event: &EventCounts) -> Vec<String> {
    let EventCounts { tickets_sold, tickets_held, sold, held, waits_in_vain, .. } = event;
    let mut problems = vec![];
    if tickets_sold != sold {
        problems.push(format!("tickets_sold is {tickets_sold} and its tickets are for {sold} places"));
    }
    if tickets_held != held {
        problems.push(format!("tickets_held is {tickets_held} and {held} places are held"));
    }
    if *waits_in_vain {
        problems.push("somebody waits for a place that is free".to_owned());
    }
    problems
}
