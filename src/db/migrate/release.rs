//! What a version of the program wants the database to be: its migrations, and its functions with their triggers.

use refinery::Migration;

use super::pieces::{self, Piece};
use crate::error::{Error, Result};

/// Each `sql/migrations/*.sql`: its name and text.
const MIGRATIONS: &[(&str, &str)] = &[
    ("V1__foundation", include_str!("../../../sql/migrations/V1__foundation.sql")),
    ("V2__accounts", include_str!("../../../sql/migrations/V2__accounts.sql")),
    ("V3__chats", include_str!("../../../sql/migrations/V3__chats.sql")),
    ("V4__presences", include_str!("../../../sql/migrations/V4__presences.sql")),
    ("V5__invites", include_str!("../../../sql/migrations/V5__invites.sql")),
    ("V6__friends", include_str!("../../../sql/migrations/V6__friends.sql")),
    ("V7__files", include_str!("../../../sql/migrations/V7__files.sql")),
    ("V8__jobs", include_str!("../../../sql/migrations/V8__jobs.sql")),
    ("V9__search", include_str!("../../../sql/migrations/V9__search.sql")),
    ("V10__sessions", include_str!("../../../sql/migrations/V10__sessions.sql")),
    ("V11__audit", include_str!("../../../sql/migrations/V11__audit.sql")),
    ("V12__webhooks", include_str!("../../../sql/migrations/V12__webhooks.sql")),
    ("V13__any_database", include_str!("../../../sql/migrations/V13__any_database.sql")),
    ("V14__fresh_sign_in", include_str!("../../../sql/migrations/V14__fresh_sign_in.sql")),
    ("V15__text", include_str!("../../../sql/migrations/V15__text.sql")),
    ("V16__bans", include_str!("../../../sql/migrations/V16__bans.sql")),
    ("V17__flat", include_str!("../../../sql/migrations/V17__flat.sql")),
    ("V18__lone_message", include_str!("../../../sql/migrations/V18__lone_message.sql")),
    ("V19__quotas", include_str!("../../../sql/migrations/V19__quotas.sql")),
    ("V20__notifications", include_str!("../../../sql/migrations/V20__notifications.sql")),
    ("V21__erasure", include_str!("../../../sql/migrations/V21__erasure.sql")),
    ("V23__hooks", include_str!("../../../sql/migrations/V23__hooks.sql")),
    ("V24__scheduled_messages", include_str!("../../../sql/migrations/V24__scheduled_messages.sql")),
    ("V25__discovery", include_str!("../../../sql/migrations/V25__discovery.sql")),
    ("V26__comments", include_str!("../../../sql/migrations/V26__comments.sql")),
    ("V27__large", include_str!("../../../sql/migrations/V27__large.sql")),
    ("V28__notifications_and_push", include_str!("../../../sql/migrations/V28__notifications_and_push.sql")),
    ("V29__events", include_str!("../../../sql/migrations/V29__events.sql")),
    ("V30__posts", include_str!("../../../sql/migrations/V30__posts.sql")),
    ("V31__topics", include_str!("../../../sql/migrations/V31__topics.sql")),
    ("V32__quiet", include_str!("../../../sql/migrations/V32__quiet.sql")),
    ("V33__finished_jobs", include_str!("../../../sql/migrations/V33__finished_jobs.sql")),
    ("V34__schedules", include_str!("../../../sql/migrations/V34__schedules.sql")),
    ("V35__desk", include_str!("../../../sql/migrations/V35__desk.sql")),
    ("V36__lines_and_calendars", include_str!("../../../sql/migrations/V36__lines_and_calendars.sql")),
    (
        "V37__schedules_and_throttles",
        include_str!("../../../sql/migrations/V37__schedules_and_throttles.sql"),
    ),
    ("V38__names", include_str!("../../../sql/migrations/V38__names.sql")),
    ("V39__members_and_runs", include_str!("../../../sql/migrations/V39__members_and_runs.sql")),
];

/// Each `sql/functions/*.sql`: installed whenever one has changed, so that they may be edited.
const FUNCTIONS: &[(&str, &str)] = &[
    ("access_to", include_str!("../../../sql/functions/access_to.sql")),
    ("answerable_refusal", include_str!("../../../sql/functions/answerable_refusal.sql")),
    ("attach_files", include_str!("../../../sql/functions/attach_files.sql")),
    ("attachments_of", include_str!("../../../sql/functions/attachments_of.sql")),
    ("audit_api_tokens", include_str!("../../../sql/functions/audit_api_tokens.sql")),
    ("audit_bans", include_str!("../../../sql/functions/audit_bans.sql")),
    ("audit_chats", include_str!("../../../sql/functions/audit_chats.sql")),
    ("audit_comments", include_str!("../../../sql/functions/audit_comments.sql")),
    ("audit_hooks", include_str!("../../../sql/functions/audit_hooks.sql")),
    ("audit_members", include_str!("../../../sql/functions/audit_members.sql")),
    ("audit_posts", include_str!("../../../sql/functions/audit_posts.sql")),
    ("audit_roles", include_str!("../../../sql/functions/audit_roles.sql")),
    ("audit_sessions", include_str!("../../../sql/functions/audit_sessions.sql")),
    ("audit_users", include_str!("../../../sql/functions/audit_users.sql")),
    ("audit_webhooks", include_str!("../../../sql/functions/audit_webhooks.sql")),
    ("begin_ban", include_str!("../../../sql/functions/begin_ban.sql")),
    ("begin_block", include_str!("../../../sql/functions/begin_block.sql")),
    ("begin_comment", include_str!("../../../sql/functions/begin_comment.sql")),
    ("begin_event", include_str!("../../../sql/functions/begin_event.sql")),
    ("begin_hook", include_str!("../../../sql/functions/begin_hook.sql")),
    ("begin_post", include_str!("../../../sql/functions/begin_post.sql")),
    ("begin_waiting", include_str!("../../../sql/functions/begin_waiting.sql")),
    ("begin_webhook", include_str!("../../../sql/functions/begin_webhook.sql")),
    ("block_between", include_str!("../../../sql/functions/block_between.sql")),
    ("block_in", include_str!("../../../sql/functions/block_in.sql")),
    ("change_event", include_str!("../../../sql/functions/change_event.sql")),
    ("check_schedule", include_str!("../../../sql/functions/check_schedule.sql")),
    ("clear_messages", include_str!("../../../sql/functions/clear_messages.sql")),
    ("clear_posts", include_str!("../../../sql/functions/clear_posts.sql")),
    ("clear_sender", include_str!("../../../sql/functions/clear_sender.sql")),
    ("commit_records", include_str!("../../../sql/functions/commit_records.sql")),
    ("count_comments", include_str!("../../../sql/functions/count_comments.sql")),
    ("count_messages", include_str!("../../../sql/functions/count_messages.sql")),
    ("count_notifications", include_str!("../../../sql/functions/count_notifications.sql")),
    ("count_places", include_str!("../../../sql/functions/count_places.sql")),
    ("discard_picture", include_str!("../../../sql/functions/discard_picture.sql")),
    ("end_chat", include_str!("../../../sql/functions/end_chat.sql")),
    ("end_comments", include_str!("../../../sql/functions/end_comments.sql")),
    ("end_event", include_str!("../../../sql/functions/end_event.sql")),
    ("end_hook", include_str!("../../../sql/functions/end_hook.sql")),
    ("end_resets", include_str!("../../../sql/functions/end_resets.sql")),
    ("end_sign_ins", include_str!("../../../sql/functions/end_sign_ins.sql")),
    ("end_suspended", include_str!("../../../sql/functions/end_suspended.sql")),
    ("end_topic", include_str!("../../../sql/functions/end_topic.sql")),
    ("erase_user", include_str!("../../../sql/functions/erase_user.sql")),
    ("find_public", include_str!("../../../sql/functions/find_public.sql")),
    ("finish_jobs", include_str!("../../../sql/functions/finish_jobs.sql")),
    ("follow_creator", include_str!("../../../sql/functions/follow_creator.sql")),
    ("forget_notifications", include_str!("../../../sql/functions/forget_notifications.sql")),
    ("forget_run", include_str!("../../../sql/functions/forget_run.sql")),
    ("guard_event_chat", include_str!("../../../sql/functions/guard_event_chat.sql")),
    ("guard_friend", include_str!("../../../sql/functions/guard_friend.sql")),
    ("is_away", include_str!("../../../sql/functions/is_away.sql")),
    ("is_flooded_by", include_str!("../../../sql/functions/is_flooded_by.sql")),
    ("is_muted", include_str!("../../../sql/functions/is_muted.sql")),
    ("keep_comment", include_str!("../../../sql/functions/keep_comment.sql")),
    ("keep_own_rows", include_str!("../../../sql/functions/keep_own_rows.sql")),
    ("keep_record", include_str!("../../../sql/functions/keep_record.sql")),
    ("keep_tombstones", include_str!("../../../sql/functions/keep_tombstones.sql")),
    ("knows", include_str!("../../../sql/functions/knows.sql")),
    ("lease_records", include_str!("../../../sql/functions/lease_records.sql")),
    ("leave_erased", include_str!("../../../sql/functions/leave_erased.sql")),
    ("leave_event", include_str!("../../../sql/functions/leave_event.sql")),
    ("lock_events", include_str!("../../../sql/functions/lock_events.sql")),
    ("lock_message", include_str!("../../../sql/functions/lock_message.sql")),
    ("log_chat_change", include_str!("../../../sql/functions/log_chat_change.sql")),
    ("log_member_change", include_str!("../../../sql/functions/log_member_change.sql")),
    ("log_message_change", include_str!("../../../sql/functions/log_message_change.sql")),
    ("log_pin_change", include_str!("../../../sql/functions/log_pin_change.sql")),
    ("log_reaction_change", include_str!("../../../sql/functions/log_reaction_change.sql")),
    ("mentions_in", include_str!("../../../sql/functions/mentions_in.sql")),
    ("move_job", include_str!("../../../sql/functions/move_job.sql")),
    ("newest_public", include_str!("../../../sql/functions/newest_public.sql")),
    ("next_job", include_str!("../../../sql/functions/next_job.sql")),
    ("note_unindexed", include_str!("../../../sql/functions/note_unindexed.sql")),
    ("notify_added", include_str!("../../../sql/functions/notify_added.sql")),
    ("notify_commented", include_str!("../../../sql/functions/notify_commented.sql")),
    ("notify_finished_jobs", include_str!("../../../sql/functions/notify_finished_jobs.sql")),
    ("notify_friends", include_str!("../../../sql/functions/notify_friends.sql")),
    ("notify_instances", include_str!("../../../sql/functions/notify_instances.sql")),
    ("notify_jobs", include_str!("../../../sql/functions/notify_jobs.sql")),
    ("notify_members", include_str!("../../../sql/functions/notify_members.sql")),
    ("notify_mentioned", include_str!("../../../sql/functions/notify_mentioned.sql")),
    ("notify_messages", include_str!("../../../sql/functions/notify_messages.sql")),
    ("notify_paused_tasks", include_str!("../../../sql/functions/notify_paused_tasks.sql")),
    ("notify_people", include_str!("../../../sql/functions/notify_people.sql")),
    ("notify_presences", include_str!("../../../sql/functions/notify_presences.sql")),
    ("notify_records", include_str!("../../../sql/functions/notify_records.sql")),
    ("notify_roles", include_str!("../../../sql/functions/notify_roles.sql")),
    ("notify_scheduled_failed", include_str!("../../../sql/functions/notify_scheduled_failed.sql")),
    ("notify_scheduled_messages", include_str!("../../../sql/functions/notify_scheduled_messages.sql")),
    ("notify_sessions", include_str!("../../../sql/functions/notify_sessions.sql")),
    ("notify_webhooks", include_str!("../../../sql/functions/notify_webhooks.sql")),
    ("number_message", include_str!("../../../sql/functions/number_message.sql")),
    ("number_notifications", include_str!("../../../sql/functions/number_notifications.sql")),
    ("number_record", include_str!("../../../sql/functions/number_record.sql")),
    ("offer_places", include_str!("../../../sql/functions/offer_places.sql")),
    ("offer_places_again", include_str!("../../../sql/functions/offer_places_again.sql")),
    ("orphan_files", include_str!("../../../sql/functions/orphan_files.sql")),
    ("own_webhook", include_str!("../../../sql/functions/own_webhook.sql")),
    ("peer_of", include_str!("../../../sql/functions/peer_of.sql")),
    ("plan_schedule", include_str!("../../../sql/functions/plan_schedule.sql")),
    ("post_message", include_str!("../../../sql/functions/post_message.sql")),
    ("post_messages", include_str!("../../../sql/functions/post_messages.sql")),
    ("produce_records", include_str!("../../../sql/functions/produce_records.sql")),
    ("push_by_default", include_str!("../../../sql/functions/push_by_default.sql")),
    ("queue_direct_push", include_str!("../../../sql/functions/queue_direct_push.sql")),
    ("queue_pushes", include_str!("../../../sql/functions/queue_pushes.sql")),
    ("rank_chat", include_str!("../../../sql/functions/rank_chat.sql")),
    ("reactions_of", include_str!("../../../sql/functions/reactions_of.sql")),
    ("refuse_audit_change", include_str!("../../../sql/functions/refuse_audit_change.sql")),
    ("refuse_banned", include_str!("../../../sql/functions/refuse_banned.sql")),
    ("refuse_blank_scheduled", include_str!("../../../sql/functions/refuse_blank_scheduled.sql")),
    ("refuse_ended_comments", include_str!("../../../sql/functions/refuse_ended_comments.sql")),
    ("refuse_erased", include_str!("../../../sql/functions/refuse_erased.sql")),
    ("refuse_log_change", include_str!("../../../sql/functions/refuse_log_change.sql")),
    ("remind_event", include_str!("../../../sql/functions/remind_event.sql")),
    ("remove_comments", include_str!("../../../sql/functions/remove_comments.sql")),
    ("remove_ended", include_str!("../../../sql/functions/remove_ended.sql")),
    ("restoring", include_str!("../../../sql/functions/restoring.sql")),
    ("return_ticket", include_str!("../../../sql/functions/return_ticket.sql")),
    ("sell_ticket", include_str!("../../../sql/functions/sell_ticket.sql")),
    ("stamp_updated_at", include_str!("../../../sql/functions/stamp_updated_at.sql")),
    ("stop_webhooks", include_str!("../../../sql/functions/stop_webhooks.sql")),
    ("switch_webhook", include_str!("../../../sql/functions/switch_webhook.sql")),
    ("take_jobs", include_str!("../../../sql/functions/take_jobs.sql")),
    ("trim_audit", include_str!("../../../sql/functions/trim_audit.sql")),
    ("trim_messages", include_str!("../../../sql/functions/trim_messages.sql")),
    ("trim_topic", include_str!("../../../sql/functions/trim_topic.sql")),
    ("unread_in", include_str!("../../../sql/functions/unread_in.sql")),
    ("uuid_v7", include_str!("../../../sql/functions/uuid_v7.sql")),
    ("wake_webhooks", include_str!("../../../sql/functions/wake_webhooks.sql")),
    ("write_audit", include_str!("../../../sql/functions/write_audit.sql")),
];

/// The migrations and functions of one version.
#[derive(Debug)]
pub struct Release {
    /// The version of the program, such as 1.2.3: what a newer one installed is not replaced by an older one.
    pub version: String,
    pub(super) migrations: Vec<Migration>,
    pub(super) pieces: Vec<Piece>,
}

impl Release {
    /// That of this binary.
    pub fn ours() -> Result<Self> {
        Self::of(env!("CARGO_PKG_VERSION"), MIGRATIONS, FUNCTIONS)
    }

    /// This one with something more, as a later version would have it: migrations, and functions that are new or replace one
    /// of the same file name.
    pub fn and_then(version: &str, migrations: &[(&str, &str)], functions: &[(&str, &str)]) -> Result<Self> {
        let migrations = [MIGRATIONS, migrations].concat();
        let kept = FUNCTIONS.iter().filter(|(name, _)| functions.iter().all(|(new, _)| new != name));
        let functions: Vec<_> = kept.chain(functions).copied().collect();
        Self::of(version, &migrations, &functions)
    }

    fn of(version: &str, migrations: &[(&str, &str)], functions: &[(&str, &str)]) -> Result<Self> {
        let mut migrations = migrations
            .iter()
            .map(|(name, sql)| Migration::unapplied(name, sql).map_err(Error::internal))
            .collect::<Result<Vec<_>>>()?;
        migrations.sort_by_key(Migration::version);
        let mut pieces = Vec::new();
        for (name, sql) in functions {
            pieces.extend(pieces::of(name, sql)?);
        }
        // Functions before the triggers that call them, whatever file they are in.
        pieces.sort_by_key(|piece| !piece.name.starts_with("function "));
        Ok(Self { version: version.to_owned(), migrations, pieces })
    }

    /// The migration it needs.
    pub fn latest(&self) -> i32 {
        self.migrations.last().map_or(0, Migration::version)
    }
}
