//! Which primary is the newest. One that was frozen or cut off while another took over still answers, for a moment, as if
//! nothing had been: what it says is old, and what it takes is lost.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio_postgres::{Client, SimpleQueryMessage};

/// Once the newest has not been met for so long, an older one is what there is: a state of before was restored.
const FORGOTTEN: Duration = Duration::from_secs(30);

/// A history of a cluster: each promotion begins the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    system: String,
    number: u32,
}

impl Timeline {
    /// That of the server at the other end; `None` of a standby, and where the server does not say.
    pub async fn of(client: &Client) -> Option<Self> {
        let answer = client.simple_query(include_str!("../../sql/queries/timeline.sql")).await.ok()?;
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        })?;
        let number = u32::from_str_radix(row.get("timeline")?, 16).ok()?;
        Some(Self { system: row.get("system")?.to_owned(), number })
    }
}

/// The newest that was met, and when that was last.
#[derive(Debug, Default)]
pub struct Newest(Mutex<Option<(Timeline, Instant)>>);

impl Newest {
    /// Whether a server of this timeline is the newest that is known; from now on it is. Another cluster is no older one, and
    /// who does not say is believed.
    pub fn accepts(&self, timeline: Option<&Timeline>) -> bool {
        self.accepts_at(timeline, Instant::now())
    }

    fn accepts_at(&self, timeline: Option<&Timeline>, now: Instant) -> bool {
        let Some(timeline) = timeline else { return true };
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, met)) = newest.as_mut() {
            if known == timeline {
                *met = now;
                return true;
            }
            if known.system == timeline.system
                && known.number > timeline.number
                && now.duration_since(*met) < FORGOTTEN
            {
                return false;
            }
        }
        *newest = Some((timeline.clone(), now));
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{FORGOTTEN, Newest, Timeline};

    #[test]
    fn a_former_primary_is_refused_and_another_cluster_is_not() {
        let of = |system: &str, number| Timeline { system: system.into(), number };
        let newest = Newest::default();
        for (timeline, is_accepted) in [
            (Some(of("a", 1)), true),
            (Some(of("a", 3)), true),
            (None, true),
            (Some(of("a", 2)), false),
            (Some(of("a", 3)), true),
            (Some(of("b", 1)), true),
            (Some(of("b", 1)), true),
        ] {
            assert_eq!(newest.accepts(timeline.as_ref()), is_accepted, "{timeline:?}");
        }
        let now = Instant::now();
        assert!(newest.accepts_at(Some(&of("b", 2)), now));
        assert!(!newest.accepts_at(Some(&of("b", 1)), now + FORGOTTEN / 2));
        assert!(newest.accepts_at(Some(&of("b", 1)), now + FORGOTTEN));
    }
}
