//! What can go wrong with the private PostgreSQL, each in one line for the one who can act on it.

use std::{io, path::Path, path::PathBuf};

/// Why the private PostgreSQL could not be started, or is gone. `Display` is one line.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No usable binaries in any of the known places.
    #[error(
        "no PostgreSQL 15 or newer was found: `apt-get install postgresql`, \
         or use a server of your own with DATABASE_URL=postgres://user:password@host:5432/trunkline"
    )]
    NoBinaries,
    /// The configured folder does not hold them.
    #[error("{} does not hold the programs of PostgreSQL 15 or newer (postgres and initdb)", .0.display())]
    BadBinDir(PathBuf),
    /// We are root, and there is neither of the users PostgreSQL could run as.
    #[error("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as")]
    NoUser,
    /// The user PostgreSQL is to run as cannot execute it.
    #[error("the user {user} cannot run {}: {source}", program.display())]
    NotExecutable {
        /// Whom we tried.
        user: String,
        /// What we tried to run.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process of ours holds the folder.
    #[error("another trunkline{} is already running on {}", pid.map(|p| format!(" (process {p})")).unwrap_or_default(), dir.display())]
    Busy {
        /// The folder both want.
        dir: PathBuf,
        /// Who has it, if the lock file says so.
        pid: Option<i32>,
    },
    /// A postmaster from an earlier life does not end.
    #[error(
        "an earlier PostgreSQL (process {pid}) still runs on {} after {seconds} seconds of waiting; \
         end it with `kill -INT {pid}`", dir.display()
    )]
    OldServer {
        /// The postmaster.
        pid: i32,
        /// Its cluster.
        dir: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
    /// The data was written by another major version.
    #[error(
        "{} was written by PostgreSQL {cluster}, but only {found} is installed: `apt-get install postgresql-{cluster}`, \
         or move what is in it with `trunkline backup` and `trunkline restore`", dir.display()
    )]
    WrongVersion {
        /// The cluster.
        dir: PathBuf,
        /// The major version in its PG_VERSION.
        cluster: u32,
        /// The major versions that are installed.
        found: String,
    },
    /// The cluster was put elsewhere in an earlier life, and that place is gone.
    #[error(
        "{} says that the database is in {}, which is gone; remove that file to begin with an empty database",
        pointer.display(), place.display()
    )]
    PlaceGone {
        /// The file that points to it.
        pointer: PathBuf,
        /// Where it should be.
        place: PathBuf,
    },
    /// The cluster is there and its password is not.
    #[error("{} is missing or empty: put the password of the database user `trunkline` back into it", .0.display())]
    NoPassword(PathBuf),
    /// initdb failed.
    #[error("initdb failed: {0}")]
    Init(String),
    /// postgres ended before it accepted connections, or did not accept them in time.
    #[error("PostgreSQL did not start: {reason}; the end of {}: {tail}", log.display())]
    Start {
        /// What happened.
        reason: String,
        /// Its log file.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// The server runs, but the first connection failed.
    #[error("the private PostgreSQL does not let us in: {0}")]
    Connect(#[from] tokio_postgres::Error),
    /// The file system said no.
    #[error("cannot {what}: {source}{}", hint(source))]
    Io {
        /// The attempt, with the path.
        what: String,
        /// The answer.
        source: io::Error,
    },
}

fn hint(e: &io::Error) -> &'static str {
    match e.kind() {
        io::ErrorKind::PermissionDenied => " (made by another user? run as that user, or as root)",
        _ => "",
    }
}

/// Names the attempt and the path in an I/O error.
pub(super) trait Attempt<T> {
    fn attempt(self, verb: &str, path: &Path) -> Result<T, EmbeddedError>;
}

impl<T, E: Into<io::Error>> Attempt<T> for Result<T, E> {
    fn attempt(self, verb: &str, path: &Path) -> Result<T, EmbeddedError> {
        self.map_err(|e| EmbeddedError::Io { what: format!("{verb} {}", path.display()), source: e.into() })
    }
}
