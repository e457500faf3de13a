//! Brings a database to the schema this binary was built with.

use refinery::{Migration, Runner};
use tokio_postgres::Client;

use super::connect::Target;
use crate::error::{Error, Result};

/// Only one process migrates a database at a time; the number is arbitrary and never changes.
const ADVISORY_LOCK: i64 = 7_236_015_521;

/// Each `sql/migrations/*.sql`: its name and text.
const MIGRATIONS: &[(&str, &str)] = &[
    ("V1__foundation", include_str!("../../sql/migrations/V1__foundation.sql")),
    ("V2__accounts", include_str!("../../sql/migrations/V2__accounts.sql")),
    ("V3__chats", include_str!("../../sql/migrations/V3__chats.sql")),
    ("V4__presences", include_str!("../../sql/migrations/V4__presences.sql")),
    ("V5__invites", include_str!("../../sql/migrations/V5__invites.sql")),
    ("V6__friends", include_str!("../../sql/migrations/V6__friends.sql")),
    ("V7__files", include_str!("../../sql/migrations/V7__files.sql")),
    ("V8__jobs", include_str!("../../sql/migrations/V8__jobs.sql")),
    ("V9__search", include_str!("../../sql/migrations/V9__search.sql")),
    ("V10__sessions", include_str!("../../sql/migrations/V10__sessions.sql")),
    ("V11__audit", include_str!("../../sql/migrations/V11__audit.sql")),
    ("V12__webhooks", include_str!("../../sql/migrations/V12__webhooks.sql")),
];

/// Each `sql/functions/*.sql`: loaded at every migrate, so that they may be edited.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("attach_files", include_str!("../../sql/functions/attach_files.sql")),
    ("attachments_of", include_str!("../../sql/functions/attachments_of.sql")),
    ("audit_api_tokens", include_str!("../../sql/functions/audit_api_tokens.sql")),
    ("audit_chats", include_str!("../../sql/functions/audit_chats.sql")),
    ("audit_members", include_str!("../../sql/functions/audit_members.sql")),
    ("audit_roles", include_str!("../../sql/functions/audit_roles.sql")),
    ("audit_sessions", include_str!("../../sql/functions/audit_sessions.sql")),
    ("audit_users", include_str!("../../sql/functions/audit_users.sql")),
    ("audit_webhooks", include_str!("../../sql/functions/audit_webhooks.sql")),
    ("begin_block", include_str!("../../sql/functions/begin_block.sql")),
    ("begin_webhook", include_str!("../../sql/functions/begin_webhook.sql")),
    ("block_between", include_str!("../../sql/functions/block_between.sql")),
    ("block_in", include_str!("../../sql/functions/block_in.sql")),
    ("clear_messages", include_str!("../../sql/functions/clear_messages.sql")),
    ("discard_picture", include_str!("../../sql/functions/discard_picture.sql")),
    ("end_chat", include_str!("../../sql/functions/end_chat.sql")),
    ("end_resets", include_str!("../../sql/functions/end_resets.sql")),
    ("end_suspended", include_str!("../../sql/functions/end_suspended.sql")),
    ("follow_creator", include_str!("../../sql/functions/follow_creator.sql")),
    ("guard_friend", include_str!("../../sql/functions/guard_friend.sql")),
    ("hold_message", include_str!("../../sql/functions/hold_message.sql")),
    ("log_chat_change", include_str!("../../sql/functions/log_chat_change.sql")),
    ("log_member_change", include_str!("../../sql/functions/log_member_change.sql")),
    ("log_message_change", include_str!("../../sql/functions/log_message_change.sql")),
    ("log_pin_change", include_str!("../../sql/functions/log_pin_change.sql")),
    ("log_reaction_change", include_str!("../../sql/functions/log_reaction_change.sql")),
    ("mentions_in", include_str!("../../sql/functions/mentions_in.sql")),
    ("number_message", include_str!("../../sql/functions/number_message.sql")),
    ("orphan_files", include_str!("../../sql/functions/orphan_files.sql")),
    ("own_webhook", include_str!("../../sql/functions/own_webhook.sql")),
    ("peer_of", include_str!("../../sql/functions/peer_of.sql")),
    ("post_messages", include_str!("../../sql/functions/post_messages.sql")),
    ("reactions_of", include_str!("../../sql/functions/reactions_of.sql")),
    ("refuse_audit_change", include_str!("../../sql/functions/refuse_audit_change.sql")),
    ("ring", include_str!("../../sql/functions/ring.sql")),
    ("ring_jobs", include_str!("../../sql/functions/ring_jobs.sql")),
    ("ring_members", include_str!("../../sql/functions/ring_members.sql")),
    ("ring_messages", include_str!("../../sql/functions/ring_messages.sql")),
    ("ring_presences", include_str!("../../sql/functions/ring_presences.sql")),
    ("ring_roles", include_str!("../../sql/functions/ring_roles.sql")),
    ("ring_sessions", include_str!("../../sql/functions/ring_sessions.sql")),
    ("ring_webhooks", include_str!("../../sql/functions/ring_webhooks.sql")),
    ("stamp_updated_at", include_str!("../../sql/functions/stamp_updated_at.sql")),
    ("stop_webhooks", include_str!("../../sql/functions/stop_webhooks.sql")),
    ("switch_webhook", include_str!("../../sql/functions/switch_webhook.sql")),
    ("trim_messages", include_str!("../../sql/functions/trim_messages.sql")),
    ("wake_webhooks", include_str!("../../sql/functions/wake_webhooks.sql")),
    ("write_audit", include_str!("../../sql/functions/write_audit.sql")),
];

/// What a migrate did, or how far a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Names of the migrations that this run applied.
    pub applied: Vec<String>,
    /// The version the database is at now.
    pub version: i32,
}

/// Applies what is missing and loads every function, in one transaction under an advisory lock: a failure leaves
/// the database as it was, and two processes that migrate at once do it one after the other.
pub async fn migrate(url: &str) -> Result<Progress> {
    let mut client = connect(url).await?;
    client.execute("select pg_advisory_lock($1)", &[&ADVISORY_LOCK]).await?;
    let report = runner()?.run_async(&mut client).await.map_err(Error::internal)?;
    let transaction = client.transaction().await?;
    for (_, sql) in FUNCTIONS {
        transaction.batch_execute(sql).await?;
    }
    transaction.commit().await?;
    let applied = report.applied_migrations().iter().map(ToString::to_string).collect();
    Ok(Progress { applied, version: latest() })
}

/// The version this binary was built with.
pub fn latest() -> i32 {
    let number = |name: &str| name.strip_prefix('V')?.split_once("__")?.0.parse().ok();
    MIGRATIONS.iter().filter_map(|(name, _)| number(name)).max().unwrap_or(0)
}

/// The version a database is at; 0 when it has never been migrated.
pub async fn version(url: &str) -> Result<i32> {
    let client = connect(url).await?;
    let known: bool = client
        .query_one("select to_regclass('refinery_schema_history') is not null", &[])
        .await?
        .try_get(0)?;
    if !known {
        return Ok(0);
    }
    let row =
        client.query_one("select coalesce(max(version), 0)::int4 from refinery_schema_history", &[]).await?;
    Ok(row.try_get(0)?)
}

fn runner() -> Result<Runner> {
    let migrations = MIGRATIONS
        .iter()
        .map(|(name, sql)| Migration::unapplied(name, sql))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(Error::internal)?;
    Ok(Runner::new(&migrations).set_grouped(true))
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = Target::parse(url, "trunkline migrate")?.connect().await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the migration's connection ended");
        }
    });
    Ok(client)
}
