//! What can go wrong, in the words of the product: one error type for everything below HTTP.

use std::{borrow::Cow, error::Error as StdError, fmt, io, path::Path};

use tokio_postgres::error::{Severity, SqlState};

pub use self::code::Code;

mod code;
mod database;

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

    /// An internal error. The cause goes to the log, the client learns nothing of it.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(Code::Internal, "something went wrong on the server");
        error.0.source = Some(source.into());
        error
    }

    /// An internal error: something cannot be done with a file or a folder. The system's own words name neither.
    pub fn of_file(what: &str, path: &Path, source: &io::Error) -> Self {
        Self::internal(format!("{} cannot be {what}: {source}", path.display()))
    }

    /// Not possible at this moment; the same request may succeed after `seconds`.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>, seconds: u32) -> Self {
        Self::new(Code::NotReady, detail).retry_after(seconds)
    }

    /// The database cannot be spoken to at all; `why` is for the log.
    pub fn unreachable(why: impl Into<String>) -> Self {
        let mut error = Self::unavailable("the database is not reachable right now", 1);
        error.0.source = Some(Box::new(Unreachable(why.into())));
        error
    }

    /// A statement was sent, and nobody knows what became of it; `why` is for the log.
    pub fn unanswered(why: impl Into<String>) -> Self {
        let mut error = Self::unavailable("the database did not answer in time; try again", 1);
        error.0.source = Some(Box::new(Unanswered(why.into())));
        error
    }

    /// The same failure of a write. Only a refusal by the database itself says that nothing was written; whatever else
    /// happened after the statement was sent, it may be done.
    #[must_use]
    pub fn or_unknown(self) -> Self {
        if self.is_rolled_back() || self.code() == Code::Internal { self } else { self.outcome_unknown() }
    }

    /// The same failure of something that was to be written once: whoever asked cannot know whether it was.
    #[must_use]
    pub fn outcome_unknown(mut self) -> Self {
        self.0.code = Code::OutcomeUnknown;
        self.0.detail = "it is not known whether this was done; send it again with the same client_id or Idempotency-Key, and it is done once"
            .into();
        self.retry_after(1)
    }

    /// The same failure of a request that changes something: where a statement was sent and its answer never came, nobody
    /// knows whether it was done.
    #[must_use]
    pub fn of_change(self) -> Self {
        let is_lost = self.is_unanswered() || self.database().is_some_and(tokio_postgres::Error::is_closed);
        if self.code() == Code::NotReady && is_lost { self.outcome_unknown() } else { self }
    }

    /// Adds the seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The same refusal for another who is concerned.
    #[must_use]
    pub fn repeat(&self) -> Self {
        Self(Box::new(Inner {
            code: self.0.code,
            detail: self.0.detail.clone(),
            fields: self.0.fields.clone(),
            retry_after: self.0.retry_after,
            constraint: self.0.constraint.clone(),
            source: self.0.source.as_ref().map(|_| self.causes().trim_start_matches(": ").to_owned().into()),
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

    /// What PostgreSQL calls it, where PostgreSQL refused.
    pub fn sql_state(&self) -> Option<&SqlState> {
        self.database().and_then(tokio_postgres::Error::code)
    }

    /// Whether the database itself refused the statement: then nothing of it was done.
    pub fn is_rolled_back(&self) -> bool {
        self.database()
            .and_then(tokio_postgres::Error::as_db_error)
            .is_some_and(|refusal| refusal.parsed_severity() == Some(Severity::Error))
    }

    /// Whether the database refuses this whoever asks: it has no room, cannot reach its files, takes no writes, lets nobody
    /// in, is cancelled or shut down. Asking for less, or at once again, changes nothing.
    pub fn is_everybodys(&self) -> bool {
        let is_passing = self.0.retry_after.is_some();
        is_passing
            && self.sql_state().is_some_and(|state| {
                *state == SqlState::READ_ONLY_SQL_TRANSACTION
                    || ["08", "28", "53", "54", "57", "58"]
                        .iter()
                        .any(|class| state.code().starts_with(class))
            })
    }

    /// Whether a statement was sent, and no answer came in time: another connection may be better.
    pub fn is_unanswered(&self) -> bool {
        self.0.source.as_deref().is_some_and(<dyn StdError + Send + Sync>::is::<Unanswered>)
    }

    /// Whether there was no server to refuse anything.
    pub fn is_unreachable(&self) -> bool {
        self.0.source.as_deref().is_some_and(<dyn StdError + Send + Sync>::is::<Unreachable>)
            || self.database().is_some_and(|error| error.as_db_error().is_none())
    }

    fn database(&self) -> Option<&tokio_postgres::Error> {
        self.0.source.as_deref()?.downcast_ref()
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

/// Why the database cannot be spoken to.
#[derive(Debug)]
struct Unreachable(String);

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Unreachable {}

/// What is known of a statement that was not answered.
#[derive(Debug)]
struct Unanswered(String);

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Unanswered {}
