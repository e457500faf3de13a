//! What may be wrong with an event (its counts, and its waiting list) and with a post (its count of comments).

use super::store::{EventCounts, PostCounts};

/// What is wrong with an event.
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
    problems.extend(of_comments(event.comment_count, event.comments));
    problems
}

/// What is wrong with a post.
pub fn problems_of_post(post: &PostCounts) -> Vec<String> {
    of_comments(post.comment_count, post.comments).into_iter().collect()
}

fn of_comments(counted: i32, there: i32) -> Option<String> {
    (counted != there).then(|| format!("comment_count is {counted} and there are {there} comments"))
}
