-- What people are told beside the messages of their chats, how they want to be told, and what reaches them while they are away.

-- No foreign keys to people, as with messages: whoever posts holds a chat by then, and people are locked before chats. What somebody
-- was told goes with them all the same (forget_notifications).
create table notification_heads (
    user_id uuid not null constraint notification_heads_pkey primary key,
    last_seq bigint not null default 0,
    held bigint not null default 0,
    unread bigint not null default 0
) with (fillfactor = 80);
comment on table notification_heads is 'One row a person who was ever notified: the number of their latest notification, and how many there are. Counted, never set.';
comment on column notification_heads.user_id is 'Whose.';
comment on column notification_heads.last_seq is 'The number of their latest notification, also when it is removed since.';
comment on column notification_heads.held is 'How many notifications of theirs the table holds.';
comment on column notification_heads.unread is 'How many of those they have not read.';

create table notifications (
    id uuid not null default uuid_v7() constraint notifications_pkey primary key,
    recipient_id uuid not null,
    seq bigint,
    kind text not null default 'message' constraint notifications_kind_check check (
        kind in (
            'friend_request', 'friend_accepted', 'mention', 'reply', 'chat_added', 'comment', 'ticket_bought',
            'event_changed', 'event_soon', 'place_free', 'scheduled_failed', 'message'
        )
    ),
    message text not null
        constraint notifications_message_check check (char_length(message) between 1 and 4096 and not public.is_blank(message)),
    sender_id uuid,
    data jsonb not null default '{}' constraint notifications_data_check check (jsonb_typeof(data) = 'object'),
    created_at timestamptz not null default now(),
    read_at timestamptz,
    constraint notifications_seq_key unique (recipient_id, seq)
);
create index notifications_kind_idx on notifications (recipient_id, kind, seq);
create index notifications_unread_idx on notifications (recipient_id, seq) where read_at is null;
create index notifications_unread_kind_idx on notifications (recipient_id, kind, seq) where read_at is null;
create index notifications_unnumbered_idx on notifications (recipient_id) where seq is null;
create index notifications_read_at_idx on notifications (read_at) where read_at is not null;
-- In such words that nothing but the sweep asks by it: the unread of one person are found by the indexes above, however few unread
-- there are in all.
create index notifications_unread_since_idx on notifications ((case when read_at is null then created_at end))
    where case when read_at is null then created_at end is not null;
comment on table notifications is 'What somebody is told. An INSERT of recipient_id and message arrives at once; for many people see notify_people().';
comment on column notifications.recipient_id is 'Who is told.';
comment on column notifications.seq is 'Numbers the notifications of one person 1, 2, 3 ... in the order of the commits. Left out of an INSERT: it is given when the transaction commits, and nobody else sees a row without it.';
comment on column notifications.kind is 'What happened; ''message'' is what an administrator has to say.';
comment on column notifications.message is 'The sentence to show behind the name of the sender. It never holds what somebody said in a chat: that may be recalled.';
comment on column notifications.sender_id is 'Whose doing it is; null for the system. No foreign key: who is gone is shown as nobody.';
comment on column notifications.data is 'What it is about, by kind: chat_id, message_id, event_id ...';
comment on column notifications.created_at is 'When it happened.';
comment on column notifications.read_at is 'When it was read; null until then.';

-- A number is taken at the commit, so that nobody waits for a transaction that goes on for long, and whoever notifies several people
-- locks them in one order, whatever else the transaction does. Such a trigger cannot be replaced, and so it stands here; its function
-- lies in functions/number_notifications.sql.
create function number_notifications() returns trigger language plpgsql as $$
begin
    return null;
end
$$;
create constraint trigger notifications_number
after insert on notifications
deferrable initially deferred
for each row when (new.seq is null)
execute function number_notifications();

create table notification_preferences (
    user_id uuid not null constraint notification_preferences_user_id_fkey references users (id) on delete cascade,
    kind text not null constraint notification_preferences_kind_check check (
        kind in (
            'friend_request', 'friend_accepted', 'mention', 'reply', 'chat_added', 'comment', 'ticket_bought',
            'event_changed', 'event_soon', 'place_free', 'scheduled_failed', 'message', 'direct'
        )
    ),
    live boolean not null default true,
    push boolean not null,
    constraint notification_preferences_pkey primary key (user_id, kind)
);
comment on table notification_preferences is 'How somebody wants to be told of a kind, where it is not the default: all live, and by push what push_by_default() says.';
comment on column notification_preferences.user_id is 'Who.';
comment on column notification_preferences.kind is 'A kind of notifications, or ''direct'': the messages of direct chats.';
comment on column notification_preferences.live is 'Whether it is told at once to sockets that are open. It is listed all the same.';
comment on column notification_preferences.push is 'Whether it is sent to their devices while no socket is open.';

create table chat_mutes (
    user_id uuid not null constraint chat_mutes_user_id_fkey references users (id) on delete cascade,
    chat_id uuid not null constraint chat_mutes_chat_id_fkey references chats (id) on delete cascade,
    until timestamptz,
    created_at timestamptz not null default now(),
    constraint chat_mutes_pkey primary key (user_id, chat_id)
);
create index chat_mutes_chat_id_idx on chat_mutes (chat_id);
comment on table chat_mutes is 'A chat that somebody wants no notification and no push of. Its frames go on.';
comment on column chat_mutes.user_id is 'Who.';
comment on column chat_mutes.chat_id is 'Which chat.';
comment on column chat_mutes.until is 'Until when; null is until they end it.';
comment on column chat_mutes.created_at is 'Since when.';

create table push_keys (
    id smallint not null default 1 constraint push_keys_pkey primary key constraint push_keys_id_check check (id = 1),
    public_key text not null,
    private_key bytea not null,
    created_at timestamptz not null default now()
);
comment on table push_keys is 'The one key pair by which push services know who sends. Browsers subscribe to it: another one makes all subscriptions useless.';
comment on column push_keys.id is 'Always 1.';
comment on column push_keys.public_key is 'The uncompressed point of P-256, as base64url: what browsers are given.';
comment on column push_keys.private_key is 'Sealed by secrets.key.';
comment on column push_keys.created_at is 'When it was made.';

create table push_subscriptions (
    id uuid not null default uuid_v7() constraint push_subscriptions_pkey primary key,
    user_id uuid not null constraint push_subscriptions_user_id_fkey references users (id) on delete cascade,
    session_id uuid not null constraint push_subscriptions_session_id_fkey references sessions (id) on delete cascade,
    endpoint_hash bytea not null constraint push_subscriptions_endpoint_hash_key unique,
    secret bytea not null,
    user_agent text not null default '',
    failures integer not null default 0,
    created_at timestamptz not null default now(),
    used_at timestamptz
);
create index push_subscriptions_user_id_idx on push_subscriptions (user_id);
create index push_subscriptions_session_id_idx on push_subscriptions (session_id);
comment on table push_subscriptions is 'A browser or device that takes what is sent to somebody who is away. A DELETE ends it.';
comment on column push_subscriptions.user_id is 'Whose device it is.';
comment on column push_subscriptions.session_id is 'The session in which it was made: it ends with that, for who has signed out there is told nothing more.';
comment on column push_subscriptions.endpoint_hash is 'SHA-256 of the address: a device has one subscription, whoever is signed in there.';
comment on column push_subscriptions.secret is 'The address and the keys of the device, sealed by secrets.key.';
comment on column push_subscriptions.user_agent is 'What the device called itself.';
comment on column push_subscriptions.failures is 'How many pushes in a row could not be delivered at all; too many end it.';
comment on column push_subscriptions.created_at is 'When it was made.';
comment on column push_subscriptions.used_at is 'When it last took something.';

create table push_queue (
    subscription_id uuid not null
        constraint push_queue_subscription_id_fkey references push_subscriptions (id) on delete cascade,
    topic uuid not null,
    chat_id uuid,
    notification_ids uuid[] not null default '{}',
    version bigint not null default 1,
    attempts integer not null default 0,
    job_id uuid,
    created_at timestamptz not null default now(),
    constraint push_queue_pkey primary key (subscription_id, topic)
);
comment on table push_queue is 'What is still to be sent to a device: one row a chat, or a notification that is of no chat. The job send_push that an INSERT queues sends it and removes the row.';
comment on column push_queue.topic is 'What a newer push takes the place of: the chat, or the notification.';
comment on column push_queue.chat_id is 'The chat, if it is one.';
comment on column push_queue.notification_ids is 'The latest notifications that it tells of, at most 20.';
comment on column push_queue.version is 'Grows with everything that comes meanwhile, so that the job does not remove what it has not seen.';
comment on column push_queue.attempts is 'How often it could not be delivered.';
comment on column push_queue.job_id is 'The job that sends it.';
comment on column push_queue.created_at is 'Since when it waits.';

comment on column notifications.id is 'Later ones are greater.';
comment on column push_queue.subscription_id is 'To which device.';
comment on column push_subscriptions.id is 'Later ones are greater.';
