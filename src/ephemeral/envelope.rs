//! Ephemeral events as payloads of notifications. A payload holds 8,000 bytes; what does not fit is cut, and put together again on
//! the other side: the notifications of one transaction arrive in order, with nothing in between.
//!
//! `l <signatures> <sender> <number> <milliseconds> <part> <text>`: the signatures cover all that follows them. Each instance
//! numbers its payloads; what was heard before, or was signed more than a minute ago, is not heard again.

use std::collections::HashMap;

use uuid::Uuid;

use super::{EphemeralEvent, Keys};

/// The most bytes of events in one payload.
const MAX_PAYLOAD: usize = 7_600;
/// The most bytes that are put together: more than any event has.
const WHOLE: usize = 256 * 1024;
/// How old a payload may be, or how far the clock of its sender may be ahead.
const FRESH_MS: i64 = 60_000;
/// How many senders are known at most before those are forgotten that were not heard for a while.
const SENDERS: usize = 1_000;

/// The end of a page, where the number of its part would stand.
const END: &str = "=";

/// Where an instance signs its events.
pub struct Encoder {
    keys: Keys,
    sender: Uuid,
    number: u64,
}

impl Encoder {
    /// An instance nobody has heard of yet.
    pub fn new(keys: Keys) -> Self {
        Self { keys, sender: Uuid::new_v4(), number: 0 }
    }

    /// Packs events into payloads.
    pub fn encode(&mut self, events: &[EphemeralEvent], now_ms: i64) -> Vec<String> {
        let mut payloads = Vec::new();
        let mut page = String::new();
        for event in events {
            // Our own events have string keys and no maps that could fail.
            let text = serde_json::to_string(event).unwrap_or_default();
            if !page.is_empty() && page.len() + text.len() + 2 > MAX_PAYLOAD {
                self.close(&mut payloads, &page, now_ms);
                page.clear();
            }
            page.push(if page.is_empty() { '[' } else { ',' });
            page.push_str(&text);
        }
        if !page.is_empty() {
            self.close(&mut payloads, &page, now_ms);
        }
        payloads
    }

    /// Ends a page, and cuts it where it is too long.
    fn close(&mut self, payloads: &mut Vec<String>, page: &str, now_ms: i64) {
        let page = format!("{page}]");
        let mut rest = page.as_str();
        let mut part = 0;
        while rest.len() > MAX_PAYLOAD {
            let (head, tail) = rest.split_at(rest.floor_char_boundary(MAX_PAYLOAD));
            payloads.push(self.sign(&part.to_string(), head, now_ms));
            rest = tail;
            part += 1;
        }
        payloads.push(self.sign(END, rest, now_ms));
    }

    fn sign(&mut self, part: &str, text: &str, now_ms: i64) -> String {
        self.number += 1;
        let signed = format!("{} {} {now_ms} {part} {text}", self.sender.simple(), self.number);
        format!("l {} {signed}", self.keys.sign(&signed))
    }
}

/// What comes of a payload.
#[derive(Debug, PartialEq)]
pub enum Taken {
    /// Ephemeral events, complete.
    Events(Vec<EphemeralEvent>),
    /// A part of some.
    Part,
    /// Nobody of us has written it, or it was heard before.
    Refused,
    /// It is no event.
    Other,
}

/// Puts payloads together, and knows who was heard: one for the whole life of an instance.
pub struct Decoder {
    keys: Keys,
    /// Nothing that was signed before this instance began is heard: it can't know whether it has been.
    since_ms: i64,
    /// Of each sender the number of the last payload, and when that was signed.
    seen: HashMap<Uuid, (u64, i64)>,
    parts: String,
    /// Whose parts these are.
    from: Option<Uuid>,
}

impl Decoder {
    /// Somebody who has heard nobody yet.
    pub fn new(keys: Keys, now_ms: i64) -> Self {
        Self { keys, since_ms: now_ms, seen: HashMap::new(), parts: String::new(), from: None }
    }

    /// Takes the next payload.
    pub fn take(&mut self, payload: &str, now_ms: i64) -> Taken {
        let Some(rest) = payload.strip_prefix("l ") else { return Taken::Other };
        let Some((sender, part, text)) = self.check(rest, now_ms) else { return Taken::Refused };
        if part == "0" || self.from != Some(sender) || self.parts.len() > WHOLE {
            self.parts.clear();
        }
        self.parts.push_str(text);
        if part != END {
            self.from = Some(sender);
            return Taken::Part;
        }
        self.from = None;
        let whole = std::mem::take(&mut self.parts);
        serde_json::from_str(&whole).map_or(Taken::Refused, Taken::Events)
    }

    /// Who has written a payload, which part it is, and its text, if it is one of ours and was not heard before.
    fn check<'a>(&mut self, rest: &'a str, now_ms: i64) -> Option<(Uuid, &'a str, &'a str)> {
        let (signatures, signed) = rest.split_once(' ')?;
        if !self.keys.verify(signatures, signed) {
            return None;
        }
        let mut words = signed.splitn(5, ' ');
        let sender = words.next()?.parse().ok()?;
        let number: u64 = words.next()?.parse().ok()?;
        let at_ms: i64 = words.next()?.parse().ok()?;
        let (part, text) = (words.next()?, words.next()?);
        let is_fresh = now_ms.abs_diff(at_ms) <= FRESH_MS.unsigned_abs() && at_ms >= self.since_ms;
        let is_new = self.seen.get(&sender).is_none_or(|(last, _)| number > *last);
        if !is_fresh || !is_new {
            return None;
        }
        if self.seen.len() >= SENDERS {
            // Whatever they have sent is too old to be heard again.
            self.seen.retain(|_, (_, last_ms)| now_ms - *last_ms <= 2 * FRESH_MS);
        }
        self.seen.insert(sender, (number, at_ms));
        Some((sender, part, text))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Decoder, Encoder, EphemeralEvent, FRESH_MS, Keys, MAX_PAYLOAD, Taken};

    const NOW: i64 = 1_780_000_000_000;

    fn keys(secrets: &[&str]) -> Keys {
        Keys::new(secrets.iter().copied())
    }

    fn event() -> EphemeralEvent {
        EphemeralEvent::CallSignal(Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4(), "\"ring\"".to_owned())
    }

    #[test]
    fn events_arrive_as_they_were_posted_however_long_they_are() {
        let id = Uuid::new_v4();
        let (mut encoder, mut decoder) = (Encoder::new(keys(&["a"])), Decoder::new(keys(&["a"]), NOW));
        for length in [0, 10, MAX_PAYLOAD - 200, MAX_PAYLOAD, 3 * MAX_PAYLOAD, 60_000] {
            let mut events = vec![EphemeralEvent::CallSignal(id, id, id, "\"ü".repeat(length / 3))];
            events.extend((0..300).map(|seq| EphemeralEvent::Read(id, Uuid::new_v4(), seq)));
            events.push(EphemeralEvent::Typing(id, id));
            let payloads = encoder.encode(&events, NOW);
            assert!(payloads.iter().all(|payload| payload.len() < 8_000));
            let mut arrived = Vec::new();
            for payload in payloads {
                match decoder.take(&payload, NOW) {
                    Taken::Events(events) => arrived.extend(events),
                    taken => assert_eq!(taken, Taken::Part),
                }
            }
            assert_eq!(arrived, events);
        }
    }

    #[test]
    fn four_secrets_leave_room_for_a_payload() {
        let mut encoder = Encoder::new(keys(&["a", "b", "c", "d", "e"]));
        let id = Uuid::new_v4();
        let events = [EphemeralEvent::CallSignal(id, id, id, "x".repeat(4 * MAX_PAYLOAD))];
        assert!(encoder.encode(&events, NOW).iter().all(|payload| payload.len() < 8_000));
    }

    #[test]
    fn what_nobody_of_us_signed_is_refused() {
        let (mut encoder, mut stranger) = (Encoder::new(keys(&["a"])), Encoder::new(keys(&["b"])));
        let mut decoder = Decoder::new(keys(&["a"]), NOW);
        let foreign = stranger.encode(&[event()], NOW).remove(0);
        assert_eq!(decoder.take(&foreign, NOW), Taken::Refused);
        let ours = encoder.encode(&[event()], NOW).remove(0);
        for at in (2..ours.len()).step_by(3) {
            let mut changed = ours.clone().into_bytes();
            changed[at] ^= 1;
            let Ok(changed) = String::from_utf8(changed) else { continue };
            assert_eq!(decoder.take(&changed, NOW), Taken::Refused, "{changed}");
        }
        for strange in ["l ", "l  ", "l x", "l , , , , ,", "l [{\"t\":[]}]", "l+0 [", "l 00 a 1 2 = []"] {
            assert!(!matches!(decoder.take(strange, NOW), Taken::Events(_) | Taken::Part), "{strange}");
        }
        assert_eq!(decoder.take("m x:1", NOW), Taken::Other);
        assert!(matches!(decoder.take(&ours, NOW), Taken::Events(_)));
    }

    #[test]
    fn what_was_heard_or_is_old_is_not_heard_again() {
        let (mut encoder, mut decoder) = (Encoder::new(keys(&["a"])), Decoder::new(keys(&["a"]), NOW));
        let payloads: Vec<_> = (0..3).map(|_| encoder.encode(&[event()], NOW).remove(0)).collect();
        assert!(matches!(decoder.take(&payloads[1], NOW), Taken::Events(_)));
        for again in [&payloads[1], &payloads[0]] {
            assert_eq!(decoder.take(again, NOW + 5), Taken::Refused);
        }
        assert_eq!(decoder.take(&payloads[2], NOW + FRESH_MS + 1), Taken::Refused, "kept back for a while");
        assert!(matches!(decoder.take(&payloads[2], NOW + FRESH_MS), Taken::Events(_)));
        let mut other = Decoder::new(keys(&["a"]), NOW + 1);
        assert_eq!(other.take(&payloads[0], NOW + 1), Taken::Refused, "from before it began");
    }

    #[test]
    fn a_forged_part_spoils_no_event() {
        let (mut encoder, mut stranger) = (Encoder::new(keys(&["a"])), Encoder::new(keys(&["b"])));
        let mut decoder = Decoder::new(keys(&["a"]), NOW);
        let long = |encoder: &mut Encoder| {
            let id = Uuid::from_u128(1);
            encoder.encode(&[EphemeralEvent::CallSignal(id, id, id, "a".repeat(3 * MAX_PAYLOAD))], NOW)
        };
        let (ours, foreign) = (long(&mut encoder), long(&mut stranger));
        let mut events = 0;
        for (ours, foreign) in ours.iter().zip(&foreign) {
            assert_eq!(decoder.take(foreign, NOW), Taken::Refused);
            events += usize::from(matches!(decoder.take(ours, NOW), Taken::Events(_)));
        }
        assert_eq!(events, 1);
        // One whose end was lost is forgotten with the next.
        assert_eq!(decoder.take(&long(&mut encoder)[0], NOW), Taken::Part);
        let mut other = Encoder::new(keys(&["a"]));
        assert!(matches!(decoder.take(&other.encode(&[event()], NOW)[0], NOW), Taken::Events(_)));
    }

    #[test]
    fn a_secret_that_is_changed_on_one_after_the_other_loses_nothing() {
        let mut before = Encoder::new(keys(&["old"]));
        let mut after = Encoder::new(keys(&["new", "old"]));
        for known in [&["old"][..], &["new", "old"]] {
            let mut decoder = Decoder::new(keys(known), NOW);
            for encoder in [&mut before, &mut after] {
                assert!(matches!(decoder.take(&encoder.encode(&[event()], NOW)[0], NOW), Taken::Events(_)));
            }
        }
        let mut decoder = Decoder::new(keys(&["new"]), NOW);
        assert_eq!(decoder.take(&before.encode(&[event()], NOW)[0], NOW), Taken::Refused);
        assert!(matches!(decoder.take(&after.encode(&[event()], NOW)[0], NOW), Taken::Events(_)));
    }
}
