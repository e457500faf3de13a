//! What a failure of the database means to whoever asked.

use std::error::Error as StdError;

use tokio_postgres::error::{DbError, SqlState};

use super::{Code, Error};

impl From<tokio_postgres::Error> for Error {
    fn from(source: tokio_postgres::Error) -> Self {
        let constraint = source.as_db_error().and_then(|db| db.constraint()).map(str::to_owned);
        let mut error = match source.as_db_error() {
            Some(refusal) => meaning(refusal),
            None if is_broken(&source) => Self::unavailable("the database is not reachable right now", 1),
            None => Self::new(Code::Internal, "something went wrong on the server"),
        };
        error.0.constraint = constraint;
        error.0.source = Some(source.into());
        error
    }
}

/// Whether the connection ended, or never came to be.
fn is_broken(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || StdError::source(error).is_some_and(<dyn StdError>::is::<std::io::Error>)
}

fn meaning(refusal: &DbError) -> Error {
    let state = refusal.code();
    if let Some((detail, seconds)) = passing(refusal) {
        return Error::unavailable(detail, seconds);
    }
    if *state == SqlState::CHARACTER_NOT_IN_REPERTOIRE {
        return Error::new(Code::Malformed, "text holds a character that cannot be stored");
    }
    if *state == SqlState::NUMERIC_VALUE_OUT_OF_RANGE {
        return Error::new(Code::ValidationFailed, "a number is out of range");
    }
    // The service checks first and says it better; what slips through is refused by the table, not a failure.
    if *state == SqlState::CHECK_VIOLATION {
        return Error::new(Code::ValidationFailed, "some of what was sent is not valid");
    }
    if *state == SqlState::UNIQUE_VIOLATION {
        return Error::new(Code::Conflict, "this is there already");
    }
    if *state == SqlState::FOREIGN_KEY_VIOLATION {
        return Error::new(Code::Conflict, "something this refers to is not there any more");
    }
    Error::new(Code::Internal, "something went wrong on the server")
}

/// What passes by itself, or when somebody mends the database: what is said of it, and after how many seconds it makes
/// sense to try again. The request is right, and so is the program.
fn passing(refusal: &DbError) -> Option<(&'static str, u32)> {
    const BUSY: (&str, u32) = ("the database is busy or restarting; try again", 1);
    const FULL: (&str, u32) = ("the database has no room for more right now; try again later", 10);
    const BROKEN: (&str, u32) =
        ("the database cannot read or write its files right now; try again later", 10);
    const READ_ONLY: (&str, u32) = ("the database takes no writes right now; try again later", 5);
    const LOCKED_OUT: (&str, u32) = ("the database does not let the server in right now; try again later", 5);
    let state = refusal.code();
    // A limit of PostgreSQL that input can exceed has the same state.
    if *state == SqlState::PROGRAM_LIMIT_EXCEEDED {
        return (refusal.routine() == Some("PreCommit_Notify")).then_some(FULL);
    }
    let states: [(&[SqlState], (&'static str, u32)); 4] = [
        (
            &[
                SqlState::LOCK_NOT_AVAILABLE,
                SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                SqlState::IN_FAILED_SQL_TRANSACTION,
                // Its plan was made before a migration, its statement on another server: the next attempt makes it anew.
                SqlState::FEATURE_NOT_SUPPORTED,
                SqlState::INVALID_SQL_STATEMENT_NAME,
                SqlState::DUPLICATE_PSTATEMENT,
                SqlState::OBJECT_IN_USE,
            ],
            BUSY,
        ),
        (&[SqlState::READ_ONLY_SQL_TRANSACTION], READ_ONLY),
        (&[SqlState::IO_ERROR], BROKEN),
        (&[SqlState::INVALID_CATALOG_NAME], LOCKED_OUT),
    ];
    if let Some((_, said)) = states.iter().find(|(states, _)| states.contains(state)) {
        return Some(*said);
    }
    match (state.code(), state.code().get(..2)) {
        // Connections; deadlocks and other transactions; cancelled, shutting down, starting up, in recovery.
        (_, Some("08" | "40" | "57")) | ("25P04", _) => Some(BUSY),
        (_, Some("53")) if *state == SqlState::TOO_MANY_CONNECTIONS => Some(BUSY),
        // Disk full, out of memory, a limit of the configuration.
        (_, Some("53")) => Some(FULL),
        // A password that was changed, a role that may not sign in.
        (_, Some("28")) => Some(LOCKED_OUT),
        _ => None,
    }
}
