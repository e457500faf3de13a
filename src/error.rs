//! What can go wrong, in the words of the product: one error type for everything below HTTP.

use std::{borrow::Cow, error::Error as StdError, fmt};

use tokio_postgres::error::SqlState;

pub use self::code::Code;

mod code;

/// The result of everything below HTTP.
pub type Result<T> = std::result::Result<T, Error>;

/// One refusal or failure: a stable [`Code`], a sentence to the one who can act on it, and what caused it.
///
/// The cause is for the log alone; what a client sees is the code, the sentence and the fields.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    detail: Cow<'static, str>,
    fields: Vec<FieldError>,
    retry_after: Option<u32>,
    constraint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What is wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field as the client wrote it; nested ones dotted.
    pub field: String,
    /// A sentence that says what is expected.
    pub message: String,
}

impl Error {
    /// A refusal with a sentence of its own.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
            constraint: None,
            source: None,
        }))
    }

    /// Input that breaks a rule, with every field that does.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(Code::ValidationFailed, "some of what was sent is not valid");
        error.0.fields = fields;
        error
    }

    /// Input of which one field breaks a rule.
    pub fn invalid_field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// Not there, or not the caller's to see: the two look the same from outside.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// Our fault. The cause goes to the log, the client learns nothing of it.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(Code::Internal, "something went wrong on the server");
        error.0.source = Some(source.into());
        error
    }

    /// Not possible at this moment; the same request may succeed after `seconds`.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>, seconds: u32) -> Self {
        Self::new(Code::NotReady, detail).retry_after(seconds)
    }

    /// Adds the seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The same refusal for another who is concerned; the cause stays with the first.
    #[must_use]
    pub fn repeat(&self) -> Self {
        Self(Box::new(Inner {
            code: self.0.code,
            detail: self.0.detail.clone(),
            fields: self.0.fields.clone(),
            retry_after: self.0.retry_after,
            constraint: self.0.constraint.clone(),
            source: None,
        }))
    }

    /// The stable word and status of this error.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence for the client.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The fields that are not valid; empty unless the code is `validation_failed`.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// Seconds after which trying again makes sense.
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.0.retry_after
    }

    /// What caused it, for the log: each cause after a colon. The detail of a database error is left out; it may hold a
    /// whole row, and with it what people wrote.
    pub fn causes(&self) -> String {
        let mut causes = String::new();
        let mut cause = StdError::source(self);
        while let Some(next) = cause {
            let from_database = next.downcast_ref().map(tokio_postgres::Error::as_db_error);
            if let Some(Some(db)) = from_database {
                return format!("{causes}: {} {}", db.code().code(), db.message());
            }
            causes.push_str(&format!(": {next}"));
            cause = next.source();
        }
        causes
    }

    /// The database constraint that refused, if one did.
    pub fn constraint(&self) -> Option<&str> {
        self.0.constraint.as_deref()
    }
}

/// Turns a violated constraint into its meaning, where it can happen.
pub trait OnConstraint {
    /// When the database refused because of `constraint`, the error becomes `meaning()`.
    fn on_constraint(self, constraint: &str, meaning: impl FnOnce() -> Error) -> Self;
}

impl<T> OnConstraint for Result<T> {
    fn on_constraint(self, constraint: &str, meaning: impl FnOnce() -> Error) -> Self {
        self.map_err(|error| if error.constraint() == Some(constraint) { meaning() } else { error })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.word(), self.0.detail)?;
        for field in &self.0.fields {
            write!(f, "; {}: {}", field.field, field.message)?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(source: tokio_postgres::Error) -> Self {
        let constraint = source.as_db_error().and_then(|db| db.constraint()).map(str::to_owned);
        let mut error = match source.code() {
            _ if source.is_closed() => Self::unavailable("the database is not reachable right now", 1),
            None if std::error::Error::source(&source).is_some_and(<dyn StdError>::is::<std::io::Error>) => {
                Self::unavailable("the database is not reachable right now", 1)
            }
            Some(state) if is_passing(state) => {
                Self::unavailable("the database is busy or restarting; try again", 1)
            }
            Some(state) if *state == SqlState::CHARACTER_NOT_IN_REPERTOIRE => {
                Self::new(Code::Malformed, "text holds a character that can not be stored")
            }
            Some(state) if *state == SqlState::NUMERIC_VALUE_OUT_OF_RANGE => {
                Self::new(Code::ValidationFailed, "a number is out of range")
            }
            // The service checks first and says it better; what slips through is refused by the table, not a failure.
            Some(state) if *state == SqlState::CHECK_VIOLATION => {
                Self::new(Code::ValidationFailed, "some of what was sent is not valid")
            }
            Some(state) if *state == SqlState::UNIQUE_VIOLATION => {
                Self::new(Code::Conflict, "this is there already")
            }
            Some(state) if *state == SqlState::FOREIGN_KEY_VIOLATION => {
                Self::new(Code::Conflict, "something this refers to is not there any more")
            }
            _ => Self::new(Code::Internal, "something went wrong on the server"),
        };
        error.0.constraint = constraint;
        error.0.source = Some(source.into());
        error
    }
}

/// States of the server or of a lock that pass by themselves.
fn is_passing(state: &SqlState) -> bool {
    [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::QUERY_CANCELED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ]
    .contains(state)
        || state.code().starts_with("08")
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(source: deadpool_postgres::PoolError) -> Self {
        match source {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            other => {
                let mut error = Self::unavailable("every database connection is in use; try again", 1);
                error.0.source = Some(other.into());
                error
            }
        }
    }
}
