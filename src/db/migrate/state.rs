//! How far a database is, and what it lacks.

use std::collections::{HashMap, HashSet};

use refinery::Migration;
use tokio_postgres::{Error as DbError, GenericClient};

use super::{pieces::Piece, release::Release};

/// What is there, beside what a release wants.
#[derive(Debug)]
pub struct State<'a> {
    release: &'a Release,
    /// The migration the database is at; 0 when it has never been migrated.
    pub version: i32,
    /// Whether there are tables of ours and no word about which migrations made them.
    is_nameless: bool,
    /// The first migration that is not what it was when it was applied.
    changed: Option<String>,
    /// Migrations to apply.
    pub(super) pending: Vec<&'a Migration>,
    /// Functions and triggers that are missing, switched off, open to everybody, or not as this release has them.
    pub(super) lacking: Vec<&'a Piece>,
    /// A newer version of the program whose functions these are.
    newer: Option<String>,
}

impl<'a> State<'a> {
    /// Looks, and locks nothing.
    pub async fn read(db: &impl GenericClient, release: &'a Release) -> Result<Self, DbError> {
        let tables = "select to_regclass('public.refinery_schema_history') is not null,
            to_regclass('public.installed_functions') is not null, to_regclass('public.messages') is not null";
        let row = db.query_one(tables, &[]).await?;
        let (has_history, has_installed, has_messages): (bool, bool, bool) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let mut applied: HashMap<i32, (String, String)> = HashMap::new();
        if has_history {
            let sql = "select version, name, checksum from public.refinery_schema_history";
            for row in db.query(sql, &[]).await? {
                applied.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
            }
        }
        let mut installed: HashMap<String, (String, String)> = HashMap::new();
        if has_installed {
            for row in db.query("select name, hash, release from public.installed_functions", &[]).await? {
                installed.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
            }
        }
        let mut there = HashSet::new();
        let catalog = "select 'function ' || proname from pg_proc
            where pronamespace = to_regnamespace('public')
                -- What everybody may call with the rights of its owner is not as it should be.
                and not (prosecdef and has_function_privilege('public', oid, 'execute'))
            union all
            select format('trigger %s on %s', tgname, relname)
            from pg_trigger
            join pg_class on pg_class.oid = tgrelid and relnamespace = to_regnamespace('public')
            where not tgisinternal and tgenabled <> 'D'";
        for row in db.query(catalog, &[]).await? {
            there.insert(row.try_get::<_, String>(0)?);
        }
        let is_known = |migration: &&Migration| applied.contains_key(&migration.version());
        let lacking: Vec<_> = release
            .pieces
            .iter()
            .filter(|piece| {
                !there.contains(&piece.name)
                    || installed.get(&piece.name).is_none_or(|(hash, _)| *hash != piece.hash)
            })
            .collect();
        let newer = lacking.iter().filter_map(|piece| installed.get(&piece.name)).map(|(_, release)| release);
        Ok(Self {
            release,
            version: applied.keys().copied().max().unwrap_or(0),
            is_nameless: applied.is_empty() && has_messages,
            changed: release
                .migrations
                .iter()
                .filter(is_known)
                .find(|migration| applied[&migration.version()].1 != migration.checksum().to_string())
                .map(ToString::to_string),
            pending: release.migrations.iter().filter(|migration| !is_known(migration)).collect(),
            newer: newer.filter(|installed| is_newer(installed, &release.version)).max().cloned(),
            lacking,
        })
    }

    /// Why this release can neither migrate nor serve it, in a sentence.
    pub fn refusal(&self) -> Option<String> {
        let (is, wanted) = (self.version, self.release.latest());
        if self.is_nameless {
            return Some(
                "the tables are there, but refinery_schema_history is empty: they came from a dump without rows \
                 (pg_dump -s). Bring its rows too, `pg_dump -a -t refinery_schema_history …`, or begin with an empty \
                 database: `trunkline migrate`, then the rows of all tables"
                    .to_owned(),
            );
        }
        if is > wanted {
            return Some(format!(
                "the database is at migration {is}, newer than the {wanted} this version knows: run the newer trunkline"
            ));
        }
        if let Some(name) = &self.changed {
            return Some(format!(
                "migration {name} is not the one that was applied to this database: it belongs to another build"
            ));
        }
        self.newer.as_ref().map(|newer| {
            format!(
                "the functions of the database are those of trunkline {newer}, newer than this {}: run the newer one",
                self.release.version
            )
        })
    }

    /// What is missing for this release to serve it, in a sentence.
    pub fn shortfall(&self) -> Option<String> {
        let (is, wanted) = (self.version, self.release.latest());
        if let Some(next) = self.pending.first() {
            return Some(match is < wanted {
                true => format!("the database is at migration {is} and this version needs {wanted}"),
                false => format!("the database is at migration {is} and lacks {next}"),
            });
        }
        let first = self.lacking.first()?;
        let more = match self.lacking.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "the database is at migration {is}, but {}{more} are missing, switched off, open to everybody or of another version",
            first.name
        ))
    }

    /// Whether there is nothing to do.
    pub fn is_whole(&self) -> bool {
        self.pending.is_empty() && self.lacking.is_empty()
    }
}

/// Whether a version such as 1.10.0 is later than another, 1.9.2.
fn is_newer(one: &str, other: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        version.split('.').map(|number| number.parse().unwrap_or_default()).collect()
    };
    numbers(one) > numbers(other)
}

#[cfg(test)]
mod tests {
    use super::is_newer;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_newer("1.10.0", "1.9.2") && is_newer("2.0.0", "1.10.10"));
        assert!(!is_newer("0.1.0", "0.1.0") && !is_newer("0.1.0", "0.1.1"));
    }
}
