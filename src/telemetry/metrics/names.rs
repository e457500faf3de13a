//! The names of all metrics and what each counts.

/// Requests answered, by method, route and status.
pub const HTTP_REQUESTS: &str = "trunkline_http_requests_total";
/// Messages committed by this instance.
pub const MESSAGES_POSTED: &str = "trunkline_messages_posted_total";
/// Frames written to sockets.
pub const FRAMES_SENT: &str = "trunkline_frames_sent_total";
/// Notifications received from PostgreSQL.
pub const NOTIFICATIONS: &str = "trunkline_notifications_total";
/// Notifications that the tables contradict, or that no server has signed.
pub const NOTIFICATIONS_REFUSED: &str = "trunkline_notifications_refused_total";
/// New entries found by polling that no notification had announced.
pub const NOTIFICATIONS_MISSED: &str = "trunkline_notifications_missed_total";
/// Messages sent without reading them back: this instance had written them, and each was the next entry of its chat.
pub const ENTRIES_NOT_READ: &str = "trunkline_entries_not_read_total";
/// Times the LISTEN connection was lost and made again.
pub const LISTEN_RECONNECTS: &str = "trunkline_listen_reconnects_total";
/// Polls of the tables while notifications did not arrive.
pub const POLLS: &str = "trunkline_listen_polls_total";
/// Statements that were cancelled: at their deadline, or because whoever waited had gone away.
pub const STATEMENTS_CANCELLED: &str = "trunkline_statements_cancelled_total";
/// Times the replica was asked for what could be read there, by outcome (used, lagging, unavailable).
pub const REPLICA_READS: &str = "trunkline_replica_reads_total";
/// Times a socket fell behind the recent entries kept in memory and went on from the log.
pub const SLOW_READERS: &str = "trunkline_slow_readers_total";
/// Logs that turned out to be others than were read: a restored backup, a failover that lost its last entries.
pub const LOGS_REPLACED: &str = "trunkline_logs_replaced_total";
/// Sockets closed by the server, by close code.
pub const SOCKETS_CLOSED: &str = "trunkline_sockets_closed_total";
/// What was refused for its rate, or because enough are held already, by kind (request, command, connection, socket).
pub const RATE_LIMITED: &str = "trunkline_rate_limited_total";
/// Attempts at jobs that ended, by task and outcome (succeeded, failed, retried, lease_expired, postponed).
pub const JOBS: &str = "trunkline_jobs_total";
/// Times at which schedules were due, by outcome (queued; skipped, since the last job was not over).
pub const SCHEDULES: &str = "trunkline_schedules_total";
/// Requests sent for webhooks, by outcome (succeeded, failed).
pub const WEBHOOK_REQUESTS: &str = "trunkline_webhook_requests_total";
/// Pushes to devices, by outcome.
pub const PUSH_REQUESTS: &str = "trunkline_push_requests_total";

/// Always 1; its label says which version this is.
pub const BUILD_INFO: &str = "trunkline_build_info";
/// Sockets open on this instance.
pub const SOCKETS: &str = "trunkline_sockets";
/// TCP connections held by this instance.
pub const CONNECTIONS: &str = "trunkline_connections";
/// Chats at least one socket of this instance follows.
pub const FOLLOWED_CHATS: &str = "trunkline_followed_chats";
/// How many chats all sockets of this instance follow, each socket for itself.
pub const SUBSCRIPTIONS: &str = "trunkline_subscriptions";
/// Share of PostgreSQL's notification queue in use, 0 to 1; a full one stops all writers.
pub const NOTIFICATION_QUEUE_USAGE: &str = "trunkline_notification_queue_usage";
/// How many transactions ago the oldest snapshot was taken that somebody still holds: a dump, a forgotten transaction, a
/// replication slot. What was changed since cannot be cleaned up.
pub const OLDEST_SNAPSHOT: &str = "trunkline_oldest_snapshot_transactions";
/// 1 while notifications do not come through and the instance polls instead.
pub const LISTEN_POLLING: &str = "trunkline_listen_polling";
/// Database connections of this instance, by state (idle, used).
pub const POOL_CONNECTIONS: &str = "trunkline_pool_connections";
/// Jobs that are due and not yet taken.
pub const JOBS_WAITING: &str = "trunkline_jobs_waiting";
/// Jobs that run on this instance.
pub const JOBS_RUNNING: &str = "trunkline_jobs_running";

/// Time from the headers of a request to the headers of its answer, by method and route.
pub const HTTP_REQUEST_SECONDS: &str = "trunkline_http_request_seconds";
/// Time from the creation of an entry in the log to the moment when it is queued for the sockets.
pub const COMMIT_TO_SOCKET_SECONDS: &str = "trunkline_commit_to_socket_seconds";
/// Time one shared commit of sends took.
pub const COMMIT_SECONDS: &str = "trunkline_commit_seconds";
/// Time spent waiting for a database connection.
pub const POOL_WAIT_SECONDS: &str = "trunkline_pool_wait_seconds";
/// Time from the moment a job was due to that at which it began.
pub const JOB_WAIT_SECONDS: &str = "trunkline_job_wait_seconds";
/// Time a job ran, by task.
pub const JOB_SECONDS: &str = "trunkline_job_seconds";
/// Sends that shared one commit.
pub const BATCH_SIZE: &str = "trunkline_batch_size";

/// What only grows, with its description.
pub(super) const COUNTERS: &[(&str, &str)] = &[
    (HTTP_REQUESTS, "Requests answered, by method, route and status."),
    (MESSAGES_POSTED, "Messages committed by this instance."),
    (FRAMES_SENT, "Frames written to sockets."),
    (NOTIFICATIONS, "Notifications received from PostgreSQL."),
    (NOTIFICATIONS_REFUSED, "Notifications that the tables contradict, or that no server has signed."),
    (
        ENTRIES_NOT_READ,
        "Messages told without reading them back: written here, and the very next of their chats.",
    ),
    (NOTIFICATIONS_MISSED, "New entries found by polling that no notification had announced."),
    (LISTEN_RECONNECTS, "Times the LISTEN connection was lost and made again."),
    (POLLS, "Polls of the tables while notifications did not arrive."),
    (
        STATEMENTS_CANCELLED,
        "Statements that were cancelled: at their deadline, or because whoever waited had gone away.",
    ),
    (
        REPLICA_READS,
        "Times the replica was asked for what could be read there, by outcome (used, lagging, unavailable).",
    ),
    (SLOW_READERS, "Times a socket fell behind the recent entries kept in memory and went on from the log."),
    (
        LOGS_REPLACED,
        "Followed logs that turned out to be others than were read (a restored backup, a failover that lost its last entries).",
    ),
    (SOCKETS_CLOSED, "Sockets closed by the server, by close code."),
    (
        RATE_LIMITED,
        "Refused for its rate, or because enough are held already, by kind (request, command, connection, socket).",
    ),
    (
        JOBS,
        "Attempts at jobs that ended, by task and outcome (succeeded, failed, retried, lease_expired, postponed).",
    ),
    (
        SCHEDULES,
        "Times at which schedules were due, by outcome (queued; skipped, since the last job was not over).",
    ),
    (WEBHOOK_REQUESTS, "Requests sent for webhooks, by outcome (succeeded, failed)."),
    (
        PUSH_REQUESTS,
        "Pushes to devices, by outcome (sent, failed; dropped: the subscription ended, as the device is gone or signed out).",
    ),
];

/// What goes up and down, with its description.
pub(super) const GAUGES: &[(&str, &str)] = &[
    (BUILD_INFO, "Always 1; the label says which version this is."),
    (SOCKETS, "Sockets open on this instance."),
    (CONNECTIONS, "TCP connections held by this instance."),
    (FOLLOWED_CHATS, "Chats at least one socket of this instance follows."),
    (SUBSCRIPTIONS, "Chats the sockets of this instance follow, each socket for itself."),
    (
        NOTIFICATION_QUEUE_USAGE,
        "Share of PostgreSQL's notification queue in use, 0 to 1; a full one stops all writers.",
    ),
    (OLDEST_SNAPSHOT, "How many transactions ago the oldest snapshot was taken that somebody still holds."),
    (LISTEN_POLLING, "1 while notifications do not come through and the instance polls instead."),
    (POOL_CONNECTIONS, "Database connections of this instance, by state (idle, used)."),
    (JOBS_WAITING, "Jobs that are due and not yet taken."),
    (JOBS_RUNNING, "Jobs that run on this instance."),
];

/// What is spread over buckets, with its description.
pub(super) const HISTOGRAMS: &[(&str, &str)] = &[
    (
        HTTP_REQUEST_SECONDS,
        "Time from the headers of a request to the headers of its answer, by method and route.",
    ),
    (
        COMMIT_TO_SOCKET_SECONDS,
        "Time from the creation of an entry in the log to the moment when it is queued for the sockets.",
    ),
    (COMMIT_SECONDS, "Time one shared commit of sends took."),
    (POOL_WAIT_SECONDS, "Time spent waiting for a database connection."),
    (JOB_SECONDS, "Time a job ran, by task."),
    (JOB_WAIT_SECONDS, "Time from the moment a job was due to that at which it began."),
    (BATCH_SIZE, "Sends that shared one commit."),
];

/// Those of them that come with labels.
pub(super) const LABELLED: &[&str] = &[
    HTTP_REQUESTS,
    REPLICA_READS,
    SOCKETS_CLOSED,
    RATE_LIMITED,
    JOBS,
    SCHEDULES,
    WEBHOOK_REQUESTS,
    PUSH_REQUESTS,
    BUILD_INFO,
    POOL_CONNECTIONS,
    HTTP_REQUEST_SECONDS,
    JOB_SECONDS,
];

/// What the one label of a counter can say, where that is known here. What paths, tasks and close codes there are is known
/// to the server.
pub(super) const WORDS: &[(&str, &str, &[&str])] = &[
    (RATE_LIMITED, "kind", &["request", "command", "connection", "socket"]),
    (REPLICA_READS, "outcome", &["used", "lagging", "unavailable"]),
    (WEBHOOK_REQUESTS, "outcome", &["succeeded", "failed"]),
    (PUSH_REQUESTS, "outcome", &["sent", "failed", "dropped"]),
    (SCHEDULES, "outcome", &["queued", "skipped"]),
];

/// How an attempt at a job ends.
pub const JOB_OUTCOMES: [&str; 5] = ["succeeded", "failed", "retried", "postponed", "lease_expired"];
