//! What may be wrong with the notifications of a person: their numbers, and what is counted of them.

use super::store::PersonCounts;

/// What is wrong.
pub fn problems(person: &PersonCounts) -> Vec<String> {
    let PersonCounts { last_seq, held, unread, real_held, real_unread, highest, unnumbered, .. } = person;
    let mut problems = vec![];
    if last_seq < highest {
        problems.push(format!("last_seq is {last_seq} and the latest notification is {highest}"));
    }
    if held != real_held {
        problems.push(format!("held is {held} and there are {real_held} notifications"));
    }
    if unread != real_unread {
        problems.push(format!("unread is {unread} and {real_unread} notifications are not read"));
    }
    if *unnumbered > 0 {
        problems.push(format!("{unnumbered} notifications have no number"));
    }
    problems
}

/// What is said of who has notifications, and no row that counts them.
pub fn is_uncounted() -> Vec<String> {
    vec!["there are notifications, and nothing is counted of them".to_owned()]
}
