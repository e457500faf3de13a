//! What holds for every session with the database, whatever the role, the database or the server say.

use std::time::Duration;

/// A statement that nobody cancels ends after this. The server itself gives up much sooner (`database.statement_seconds`)
/// and cancels; this is for the case that it cannot.
pub const LAST_RESORT: Duration = Duration::from_secs(600);
/// A transaction that its client has forgotten, with the rows it locked, is ended after this.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(15);

/// What a plan needs: ours are short statements, and compiling one takes longer than running it a hundred times, planning
/// one anew longer than running it; what a plan depends on is not what is asked for, but the indexes. What they look for
/// lies in memory or on flash: with the default, which is for discs that turn, PostgreSQL reads and sorts a whole chat for
/// its last page as long as it has no statistics of the table.
const PLANS: &str = "set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";

/// Lifts, before anything else is done, what a role or a database may have set beside the limit of a statement.
pub const LIMITLESS: &str = "set lock_timeout = 0; set idle_session_timeout = 0; \
     select set_config('transaction_timeout', '0', false) where current_setting('transaction_timeout', true) is not null";

/// The same as options of a connection, where even a first statement takes too long.
pub const SHIELD: &str = "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0";
/// The same for PostgreSQL 17 and newer: who does not know a limit refuses the option.
pub const SHIELD_17: &str = "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 \
     -c idle_session_timeout=0 -c transaction_timeout=0";
/// What whoever runs the program can do where a pooler does not let these options pass.
pub const LIMITS: &str = "the time limits of this role or database (statement_timeout, transaction_timeout, \
     idle_in_transaction_session_timeout) end every session before it can set its own, and the pooler in between takes no \
     options: `alter role … reset statement_timeout`, and the same for the others";

/// What the statements rely on. The rules of this product are written for READ COMMITTED: each question sees what was
/// committed before it was asked. A warning must reach us: one says that a commit did not reach the standby.
const MEANING: &str = "set default_transaction_isolation = 'read committed'; set default_transaction_deferrable = off; \
     set standard_conforming_strings = on; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; \
     set timezone = 'UTC'; set bytea_output = 'hex'; set extra_float_digits = 1; set array_nulls = on; \
     set transform_null_equals = off; set xmlbinary = 'base64'; set check_function_bodies = on; \
     set client_min_messages = warning";

/// Where the tables are: in `public`, and what pg_trgm brings wherever it was installed.
const SEARCH_PATH: &str = "select set_config('search_path', concat_ws(', ', 'public', (\
     select quote_ident(nspname) from pg_extension join pg_namespace on pg_namespace.oid = extnamespace \
     where extname = 'pg_trgm' and nspname not in ('public', 'pg_catalog'))), false)";

/// A server notices by itself that its client is gone: between statements by TCP, within one by looking now and then.
pub const WATCH: &str = "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 3; set tcp_keepalives_count = 3; \
     set tcp_user_timeout = 10000";
/// Not every operating system a server runs on can do this.
pub const WATCH_RUNNING: &str = "set client_connection_check_interval = '5s'";

/// The statements that make a session what every statement expects, and then `more`.
pub fn settings(more: &str) -> String {
    format!(
        "set statement_timeout = {}; set idle_in_transaction_session_timeout = {}; {LIMITLESS}; {PLANS}; {MEANING}; {WATCH}; \
         {SEARCH_PATH}; {more}",
        LAST_RESORT.as_millis(),
        IDLE_IN_TRANSACTION.as_millis(),
    )
}
