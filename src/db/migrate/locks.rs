//! Taking the locks of a migration so that a running server notices nothing.
//!
//! Whoever waits for a table makes everybody who comes later wait behind it, so nothing is waited for long. And whoever
//! waits while holding another table may deadlock with a post, whose end would be a failed request. So everything is locked
//! before anything is changed, in less time than PostgreSQL takes to look for a deadlock (a second): with all of the
//! tables, or with none and then again.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use tokio_postgres::{Error as DbError, Transaction};

use super::pieces::statements;

/// How long the first table is waited for, while nothing is held. A post that waits behind it has more patience.
const FIRST: Duration = Duration::from_millis(300);
/// How long the others are waited for, together.
const OTHERS: Duration = Duration::from_millis(200);
/// How long where a vacuum holds the table: after a second PostgreSQL ends one that somebody waits for.
const VACUUM: Duration = Duration::from_millis(1_300);

/// How a table is locked; the later one is the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    /// Others may read.
    Writers,
    /// Nobody else has it.
    Everybody,
}

/// The tables to lock.
#[derive(Debug, Default)]
pub(super) struct Locks {
    tables: BTreeMap<String, Mode>,
    /// Those that somebody else held when it was tried: they go first the next time, while nothing is held.
    held: Vec<String>,
}

impl Locks {
    /// What these texts will lock: a table that is altered, or gets an index, a trigger or somebody who refers to it.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut locks = Self::default();
        for sql in texts.flat_map(statements) {
            let words: Vec<String> = sql
                .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
                .filter(|word| !word.is_empty())
                .map(|word| word.to_lowercase().trim_start_matches("public.").to_owned())
                .collect();
            let after = |word: &str| {
                let mut rest = words.iter().skip_while(|other| *other != word).skip(1);
                rest.find(|other| !["table", "if", "exists", "only"].contains(&other.as_str()))
            };
            let begins = |start: &[&str]| start.iter().zip(&words).all(|(start, word)| start == word);
            let is_about = |what: &str| words.iter().take(4).any(|word| word == what);
            let (table, mode) = if begins(&["alter", "table"]) || begins(&["drop", "table"]) {
                (after("table"), Mode::Everybody)
            } else if begins(&["drop", "trigger"]) {
                (after("on"), Mode::Everybody)
            } else if begins(&["create"]) && (is_about("index") || is_about("trigger")) {
                (after("on"), Mode::Writers)
            } else {
                (None, Mode::Writers)
            };
            locks.add(table, mode);
            if !begins(&["create", "function"]) && !begins(&["create", "or", "replace", "function"]) {
                for pair in words.windows(2).filter(|pair| pair[0] == "references") {
                    locks.add(Some(&pair[1]), Mode::Writers);
                }
            }
        }
        locks
    }

    fn add(&mut self, table: Option<&String>, mode: Mode) {
        if let Some(table) = table {
            let known = self.tables.entry(table.clone()).or_insert(mode);
            *known = mode.max(*known);
        }
    }

    /// Locks all that are there. Whom it can't get is asked for first the next time.
    pub(super) async fn take(&mut self, db: &Transaction<'_>) -> Result<(), DbError> {
        let first = self.held.iter().rev().filter(|name| self.tables.contains_key(*name));
        let mut order: Vec<String> = first.cloned().collect();
        order.extend(self.tables.keys().filter(|name| !self.held.contains(name)).cloned());
        let mut begun = None;
        for table in order {
            let wait = match begun {
                None if is_vacuumed(db, &table).await? => VACUUM,
                None => FIRST,
                Some(begun) => OTHERS.saturating_sub(Instant::elapsed(&begun)).max(Duration::from_millis(10)),
            };
            let mode = match self.tables.get(&table) {
                Some(Mode::Everybody) => "access exclusive",
                _ => "share row exclusive",
            };
            let there = "select format('public.%I', relname) from pg_class
                where relnamespace = 'public'::regnamespace and relname = $1 and relkind in ('r', 'p')";
            let Some(row) = db.query_opt(there, &[&table]).await? else { continue };
            let (name, wait): (String, _) = (row.try_get(0)?, wait.as_millis());
            let sql = format!("set local lock_timeout = {wait}; lock table {name} in {mode} mode");
            if let Err(error) = db.batch_execute(&sql).await {
                self.held.retain(|held| *held != table);
                self.held.push(table);
                return Err(error);
            }
            begun.get_or_insert_with(Instant::now);
        }
        Ok(())
    }

    /// The table that was waited for last.
    pub(super) fn held(&self) -> Option<&str> {
        self.held.last().map(String::as_str)
    }
}

/// Whether a vacuum (or an analyze) has it.
async fn is_vacuumed(db: &Transaction<'_>, table: &str) -> Result<bool, DbError> {
    let sql = "select exists (
        select from pg_locks
        where relation = to_regclass(format('public.%I', $1::text)) and mode = 'ShareUpdateExclusiveLock' and granted
    )";
    db.query_one(sql, &[&table]).await?.try_get(0)
}

#[cfg(test)]
mod tests {
    use super::{Locks, Mode};

    #[test]
    fn a_migration_says_what_it_locks() {
        let text = "
            create table new (id uuid references users (id), chat uuid references public.chats (id));
            create unique index if not exists x on messages (a) where b;
            create or replace trigger t after update of on_air on pins for each row execute function f();
            alter table only messages add column c int; -- on y
            create function g() returns int language sql as $$ create index on nothing (a) $$;
            drop trigger if exists u on public.members; update jobs set x = 1 where on_air";
        let locks = Locks::of(std::iter::once(text));
        let expected = [
            ("chats", Mode::Writers),
            ("members", Mode::Everybody),
            ("messages", Mode::Everybody),
            ("pins", Mode::Writers),
            ("users", Mode::Writers),
        ];
        assert_eq!(
            locks.tables.into_iter().collect::<Vec<_>>(),
            expected.map(|(name, mode)| (name.to_owned(), mode))
        );
    }
}
