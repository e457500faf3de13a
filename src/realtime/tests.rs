//! What can be shown of the upper layer without a database.

use std::time::{Duration, Instant};

use proptest::{collection, prelude::*};
use serde_json::Value;
use uuid::Uuid;

use super::{
    commands, conversation, frames,
    notification::Notification,
    session::Session,
    tail::{Entry, LocalEntry, Tail},
};
use crate::{chats::Position, error::Code, time::Timestamp};

#[test]
fn notifications_are_read_as_the_triggers_write_them() {
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    assert_eq!(
        Notification::parse(&format!("m {one}:5,{two}:17")),
        Some(Notification::Entries(vec![(one, 5), (two, 17)]))
    );
    assert_eq!(Notification::parse(&format!("d {one}")), Some(Notification::Deleted(one)));
    assert_eq!(Notification::parse(&format!("s {one}")), Some(Notification::Ended(one)));
    for strange in ["", "m", "m ", "m x:1", "d 1", "z 1", &format!("m {one}"), &format!("m {one}:x")] {
        assert_eq!(Notification::parse(strange), None, "{strange:?}");
    }
}

/// Which entry stands at a number of a log.
fn at(log: u128, seq: i64) -> Position {
    Position { seq, id: Some(Uuid::from_u128(log << 64 | seq as u128)) }
}

fn entry(log: u128, seq: i64) -> Entry {
    Entry::new(seq, at(log, seq).id.unwrap(), frames::text(b"{}"), None)
}

#[test]
fn a_tail_gives_what_it_holds_and_says_when_it_does_not() {
    let tail = Tail::new(Uuid::now_v7());
    assert!(tail.after(Position::START, 0, i64::MAX, 10).is_none(), "nobody has said where the log stands");
    tail.start_at(at(1, 10));
    tail.push((11..=900).map(|seq| entry(1, seq)).collect(), false);
    let after = |seen, until, most| tail.after(at(1, seen), 0, until, most);
    assert!(after(10, i64::MAX, 10).is_none(), "let go");
    assert!(tail.covers(at(1, 387), 0).is_none() && tail.covers(at(1, 388), 0).is_some());
    let seqs = |seen, until, most| -> Vec<i64> {
        after(seen, until, most).unwrap().1.into_iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(seqs(388, i64::MAX, 3), [389, 390, 391]);
    assert_eq!(seqs(898, i64::MAX, 64), [899, 900]);
    assert_eq!(seqs(898, 899, 64), [899]);
    assert_eq!(seqs(900, i64::MAX, 64), [0_i64; 0]);
    tail.push(vec![entry(1, 900), entry(1, 901)], false);
    assert_eq!(seqs(899, i64::MAX, 64), [900, 901], "an entry read twice is held once");
    tail.push(vec![entry(1, 902)], true);
    assert!(after(900, i64::MAX, 1).is_none(), "a message of before has changed");
    assert_eq!(seqs(901, i64::MAX, 64), [902]);
    tail.trim();
    assert!(after(901, i64::MAX, 1).is_some(), "not before everyone has had a moment");
    tail.trim();
    assert!(after(901, i64::MAX, 1).is_none() && seqs(902, i64::MAX, 1).is_empty());
}

#[test]
fn what_was_written_here_is_told_where_it_is_all_the_news() {
    let tail = Tail::new(Uuid::now_v7());
    let hand = |after, seq| tail.push_local(LocalEntry { after, entry: entry(1, seq), at: Timestamp::now() });
    let take = || -> Vec<i64> { tail.take_local().into_iter().map(|local| local.entry.seq).collect() };
    let none = [0_i64; 0];
    hand(Position::START, 1);
    tail.announce(1);
    assert_eq!(take(), none, "nobody has said where the log stands");
    tail.start_at(Position::START);
    hand(Position::START, 1);
    assert_eq!(take(), [1], "the first of a log follows nothing");
    tail.push(vec![entry(1, 1)], false);
    hand(at(1, 1), 2);
    assert_eq!(take(), none, "no notification has told of it");
    tail.announce(2);
    assert_eq!(take(), [2]);
    assert_eq!(take(), none, "once");
    tail.push(vec![entry(1, 2)], false);
    hand(at(1, 2), 3);
    hand(at(1, 3), 4);
    hand(at(1, 4), 5);
    tail.announce(4);
    assert_eq!(take(), [3, 4], "as far as was told");
    tail.push(vec![entry(1, 3), entry(1, 4)], false);
    tail.announce(6);
    assert_eq!(take(), none, "somebody else wrote 6, which may have changed 5");
    tail.push(vec![entry(1, 5), entry(1, 6)], false);
    hand(at(2, 6), 7);
    tail.announce(7);
    assert_eq!(take(), none, "another log");
    hand(at(1, 6), 7);
    hand(at(1, 8), 9);
    tail.announce(9);
    assert_eq!(take(), none, "something lies between");
    tail.push((7..=9).map(|seq| entry(1, seq)).collect(), false);
    hand(at(1, 8), 9);
    assert_eq!(take(), none, "read meanwhile");
    hand(at(1, 9), 10);
    tail.restart(at(2, 9));
    tail.announce(10);
    assert_eq!(take(), none, "of the log before");
    tail.push(vec![entry(2, 12)], false);
    for seq in 13..200 {
        hand(at(2, seq - 1), seq);
    }
    tail.announce(199);
    assert_eq!(take(), none, "so many are not kept");
    assert_eq!(tail.behind(), Some((at(2, 12), 199)), "and read from the log");
}

#[test]
fn what_is_being_written_here_is_waited_for_but_not_for_ever() {
    let tail = Tail::new(Uuid::now_v7());
    let patience = Duration::from_millis(40);
    tail.start_at(at(1, 1));
    assert!(!tail.may_wait(patience), "nothing is being written");
    tail.expect();
    tail.announce(2);
    assert!(tail.may_wait(patience) && tail.may_wait(patience));
    assert!(tail.give_up(), "somebody waits");
    assert!(!tail.may_wait(patience), "it is there");
    tail.push(vec![entry(1, 2)], false);
    tail.expect();
    assert!(!tail.give_up(), "nobody waits");
    tail.expect();
    tail.announce(4);
    assert!(!tail.may_wait(patience), "somebody else has written, too");
    tail.give_up();
    tail.push(vec![entry(1, 3), entry(1, 4)], false);
    // However many are being written one after the other: the news of others come.
    let begun = Instant::now();
    tail.announce(5);
    tail.expect();
    while tail.may_wait(patience) {
        tail.give_up();
        tail.expect();
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
    assert!(begun.elapsed() >= patience);
    assert!(!tail.may_wait(patience), "once for all the news");
    tail.settle(4);
    assert!(tail.may_wait(patience), "and then anew");
}

#[test]
fn nobody_goes_on_from_one_log_into_another() {
    let tail = Tail::new(Uuid::now_v7());
    tail.start_at(at(1, 2));
    tail.push((3..=7).map(|seq| entry(1, seq)).collect(), false);
    assert!(tail.covers(at(2, 2), 0).is_none(), "another entry at the beginning of what is kept");
    assert!(tail.covers(at(2, 5), 0).is_none(), "another one inside");
    assert!(tail.covers(at(2, 7), 0).is_none(), "another one at its end");
    assert!(tail.covers(at(2, 9), 0).is_some(), "who is further on than the hub may be");
    assert_eq!(tail.restart(at(2, 5)), Some(at(1, 7)));
    for seen in [at(1, 5), at(1, 7), at(1, 4), at(2, 9), Position { seq: 6, id: None }] {
        assert_eq!(tail.covers(seen, 0), None, "{seen:?}");
    }
    assert_eq!(tail.covers(at(2, 5), 0), Some(1), "the same entry is proof enough");
    assert_eq!(tail.covers(at(2, 9), 1), Some(1));
    assert_eq!(tail.restart(Position::START), Some(at(2, 5)));
    assert_eq!(tail.covers(Position::START, 0), Some(2), "every log begins at the beginning");
    assert_eq!(tail.covers(at(2, 1), 1), None);
}

#[test]
fn frames_of_every_length_read_back() {
    use tungstenite::{Message, WebSocket, protocol::Role};
    for length in [0, 1, 125, 126, 65_535, 65_536, 100_000] {
        let text = "x".repeat(length);
        let stream = std::io::Cursor::new(frames::text(text.as_bytes()).to_vec());
        let mut socket = WebSocket::from_raw_socket(stream, Role::Client, None);
        assert_eq!(socket.read().unwrap(), Message::text(text));
    }
}

proptest! {
    #[test]
    fn any_frame_is_a_command_or_is_refused(
        text in "\\PC{0,80}|\\{(\"(type|ref|chat_id)\":(\"\\PC{0,10}\"|[0-9]{1,30}|null|\\[\\]|\\{\\}),?){0,3}\\}?",
    ) {
        match commands::read(text.as_bytes()) {
            Ok((event, reference, command)) => {
                prop_assert_eq!(command["type"].as_str(), Some(event.as_str()));
                prop_assert!(reference.is_null() || reference.is_string() || reference.is_number());
            }
            Err((reference, error)) => {
                prop_assert!([Code::Malformed, Code::ValidationFailed].contains(&error.code()));
                prop_assert!(!matches!(reference, Value::Object(_) | Value::Array(_)));
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused(bytes in collection::vec(any::<u8>(), 0..100)) {
        if std::str::from_utf8(&bytes).is_err() {
            prop_assert!(commands::read(&bytes).is_err());
        }
    }

    #[test]
    fn any_payload_is_a_notification_or_is_passed_over(
        text in "\\PC{0,60}|[mardosg] ([0-9a-f-]{36}:-?[0-9]{1,25},?){0,3}",
        news in collection::vec((any::<u128>(), any::<i64>()), 1..20),
    ) {
        let _ = Notification::parse(&text);
        let news: Vec<_> = news.into_iter().map(|(id, seq)| (Uuid::from_u128(id), seq)).collect();
        let told: Vec<_> = news.iter().map(|(id, seq)| format!("{id}:{seq}")).collect();
        prop_assert_eq!(Notification::parse(&format!("m {}", told.join(","))), Some(Notification::Entries(news)));
    }
}

#[test]
fn frames_in_one_piece_are_taken_apart() {
    for lengths in [vec![0, 1], vec![125, 126, 0xffff], vec![0x1_0000, 3, 127], vec![7]] {
        let all: Vec<_> = lengths.iter().map(|length| frames::text(&vec![b'x'; *length])).collect();
        assert_eq!(frames::each(all.concat().into()).collect::<Vec<_>>(), all);
    }
}

/// How much room a future has that comes out of this.
fn room<A, B, C, F>(_: impl FnOnce(A, B, C) -> F) -> usize {
    size_of::<F>()
}

#[test]
fn an_idle_socket_takes_little_room() {
    let (task, session) = (room(conversation::run), size_of::<Session>());
    assert!(task <= 720 && session <= 384, "{task} bytes of a task, {session} of a session");
}
