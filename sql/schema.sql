-- The tables as they are now, written by scripts/schema. Functions are in functions/, uuid_v7() in V1.

CREATE TABLE public.api_tokens (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_because text,
    CONSTRAINT api_tokens_name_check CHECK ((((char_length(name) >= 1) AND (char_length(name) <= 255)) AND (NOT public.is_blank(name)) AND public.is_line(name)))
);

COMMENT ON TABLE public.api_tokens IS 'One row a personal API token. Setting revoked_at ends it: it is refused and its sockets close on every instance.';

COMMENT ON COLUMN public.api_tokens.hash IS 'SHA-256 of the token, which nobody can show again.';

COMMENT ON COLUMN public.api_tokens.scopes IS 'Permission codes; none is everything its owner may do.';

COMMENT ON COLUMN public.api_tokens.last_used_at IS 'To the minute.';

CREATE TABLE public.audit (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    target text NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    address text,
    CONSTRAINT audit_action_check CHECK ((action ~ '^[a-z_]{1,64}$'::text))
);

COMMENT ON TABLE public.audit IS 'One row a thing done that somebody may have to answer for. It outlives whoever and whatever it tells of, so it refers to nothing.';

COMMENT ON COLUMN public.audit.actor_id IS 'The person; null when it was the server''s own doing, that of an operator on the command line (data ->> ''via''), or that of somebody in psql who did not set trunkline.actor.';

COMMENT ON COLUMN public.audit.target IS 'The id of the person, session or chat it was done to, or the name of the role.';

CREATE TABLE public.bans (
    chat_id uuid NOT NULL,
    user_id uuid NOT NULL,
    banned_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.bans IS 'An INSERT puts user_id out of the chat and keeps them out; a DELETE lets them come again.';

CREATE TABLE public.blocks (
    user_id uuid NOT NULL,
    blocked_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT blocks_self_check CHECK ((user_id <> blocked_id))
);

COMMENT ON TABLE public.blocks IS 'user_id wants to hear nothing of blocked_id. An INSERT ends their friendship and any request.';

CREATE UNLOGGED TABLE public.cache (
    key text NOT NULL,
    value jsonb NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.cache IS 'Values and counters that all instances share for a while; what has expired is not there.';

CREATE TABLE public.chat_mutes (
    user_id uuid NOT NULL,
    chat_id uuid NOT NULL,
    until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.chat_mutes IS 'A chat that somebody wants no notification and no push of. Its frames go on.';

COMMENT ON COLUMN public.chat_mutes.user_id IS 'Who.';

COMMENT ON COLUMN public.chat_mutes.chat_id IS 'Which chat.';

COMMENT ON COLUMN public.chat_mutes.until IS 'Until when; null is until they end it.';

COMMENT ON COLUMN public.chat_mutes.created_at IS 'Since when.';

CREATE TABLE public.chats (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    kind text DEFAULT 'group'::text NOT NULL,
    visibility text DEFAULT 'public'::text NOT NULL,
    title text,
    description text DEFAULT ''::text NOT NULL,
    image_key text,
    owner_id uuid,
    pair uuid[],
    retention_days integer,
    first_seq bigint DEFAULT 1 NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    message_count bigint DEFAULT 0 NOT NULL,
    member_count integer DEFAULT 0 NOT NULL,
    active_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    ranked_at timestamp with time zone DEFAULT now() NOT NULL,
    unindexed boolean DEFAULT true NOT NULL
)
WITH (fillfactor='80');

COMMENT ON TABLE public.chats IS 'last_seq is the number of the latest entry in the log of the chat; it is counted, never set.';

COMMENT ON COLUMN public.chats.pair IS 'Between whom a direct chat is, the smaller id first: two people have one.';

COMMENT ON COLUMN public.chats.first_seq IS 'The number of the oldest entry that is held: 1, unless a retention has removed what came before.';

COMMENT ON COLUMN public.chats.message_count IS 'How many entries of the log are messages (text, media, system); counted, never set.';

COMMENT ON COLUMN public.chats.member_count IS 'How many rows members holds for the chat; counted, never set.';

COMMENT ON COLUMN public.chats.ranked_at IS 'Follows active_at in steps: never later, and at most ten minutes earlier. An index may have it, where active_at would give each message one more write. Set by a trigger.';

COMMENT ON COLUMN public.chats.unindexed IS 'Whether the log may hold entries that search_runs does not; set by a trigger, cleared by whoever writes search_runs.';

CREATE TABLE public.ended_chats (
    chat_id uuid NOT NULL,
    removed_to bigint DEFAULT 0 NOT NULL,
    ended_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.ended_chats IS 'One row a deleted chat whose log is not removed yet. Nobody can read it any more; the task remove_ended_chats removes it in pieces, and then the row.';

COMMENT ON COLUMN public.ended_chats.removed_to IS 'Up to which entry the log is removed.';

CREATE TABLE public.files (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    owner_id uuid,
    name text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    width integer,
    height integer,
    thumbnail_type text,
    thumbnail_size integer,
    state text DEFAULT 'arriving'::text NOT NULL,
    chat_id uuid,
    message_id uuid,
    place integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT files_attached_check CHECK (
CASE
    WHEN (state = 'attached'::text) THEN ((chat_id IS NOT NULL) AND (message_id IS NOT NULL) AND (place IS NOT NULL))
    ELSE ((chat_id IS NULL) AND (message_id IS NULL) AND (place IS NULL))
END),
    CONSTRAINT files_name_check CHECK ((((char_length(name) >= 1) AND (char_length(name) <= 255)) AND (NOT public.is_blank(name)) AND public.is_line(name))),
    CONSTRAINT files_size_check CHECK ((size > 0)),
    CONSTRAINT files_state_check CHECK ((state = ANY (ARRAY['arriving'::text, 'loose'::text, 'attached'::text, 'orphaned'::text]))),
    CONSTRAINT files_thumbnail_check CHECK (((thumbnail_type IS NULL) = (thumbnail_size IS NULL)))
);

COMMENT ON TABLE public.files IS 'One row an upload; its bytes lie in the storage under uploads/. An INSERT of a message attaches it.';

COMMENT ON COLUMN public.files.state IS 'arriving: its bytes are on their way; loose: no message has it; attached: the message message_id has it; orphaned: nobody may fetch it, and its bytes and this row will be swept.';

CREATE TABLE public.friends (
    low_id uuid NOT NULL,
    high_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    accepted_at timestamp with time zone,
    CONSTRAINT friends_asked_by_check CHECK (((asked_by = low_id) OR (asked_by = high_id))),
    CONSTRAINT friends_order_check CHECK ((low_id < high_id))
);

COMMENT ON TABLE public.friends IS 'One row for two people, the smaller id first: a request, and once it is accepted a friendship.';

COMMENT ON COLUMN public.friends.accepted_at IS 'Since when they are friends; null while it is a request of asked_by.';

CREATE TABLE public.hooks (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    chat_id uuid NOT NULL,
    bot_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    place integer NOT NULL,
    maker_place integer NOT NULL,
    used_at timestamp with time zone,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT hooks_maker_place_check CHECK (((maker_place >= 1) AND (maker_place <= 100))),
    CONSTRAINT hooks_place_check CHECK (((place >= 1) AND (place <= 10)))
);

COMMENT ON TABLE public.hooks IS 'Each lets whoever knows its address say something in chat_id, as bot_id. DELETE ends it.';

COMMENT ON COLUMN public.hooks.bot_id IS 'A user with is_bot: its name and picture are shown. It stays when the hook goes, as long as what it said may stand.';

COMMENT ON COLUMN public.hooks.token_hash IS 'SHA-256 of the token in the address; the token itself was told once.';

COMMENT ON COLUMN public.hooks.place IS 'A chat has ten: a trigger takes the first that is free.';

COMMENT ON COLUMN public.hooks.maker_place IS 'Whoever is created_by has a hundred: the same.';

COMMENT ON COLUMN public.hooks.used_at IS 'When it was last used, to the minute; null when never.';

COMMENT ON COLUMN public.hooks.created_by IS 'Who answers for it. It goes when they are no creator or admin of the chat any more, are suspended or deleted.';

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    path text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_key_check CHECK (((char_length(key) >= 1) AND (char_length(key) <= 255)))
);

COMMENT ON TABLE public.idempotency_keys IS 'Answers already given to requests that carried an Idempotency-Key; kept at least 24 hours.';

CREATE TABLE public.installed_functions (
    name text NOT NULL,
    hash text NOT NULL,
    release text NOT NULL,
    installed_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.installed_functions IS 'Which functions and triggers `trunkline migrate` has made here, from which text and by which version.';

CREATE UNLOGGED TABLE public.instances (
    id uuid NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.instances IS 'One row a running instance. It renews seen_at every 5 seconds; one not seen for 25 is taken for dead.';

CREATE TABLE public.invites (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    chat_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    max_uses integer,
    uses integer DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invites_max_uses_check CHECK (((max_uses >= 1) AND (max_uses <= 1000000))),
    CONSTRAINT invites_uses_check CHECK (((uses >= 0) AND ((max_uses IS NULL) OR (uses <= max_uses))))
);

COMMENT ON TABLE public.invites IS 'Who brings the token joins the chat. DELETE revokes; the uses are counted where somebody joins.';

COMMENT ON COLUMN public.invites.token_hash IS 'SHA-256 of the token: who reads this table can not join with it.';

CREATE TABLE public.jobs (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    task text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    unique_key text,
    attempts integer DEFAULT 0 NOT NULL,
    max_attempts integer DEFAULT 5 NOT NULL,
    lease uuid,
    leased_until timestamp with time zone,
    result jsonb,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT jobs_finished_check CHECK (((status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT jobs_lease_check CHECK (((status = 'running'::text) = ((lease IS NOT NULL) AND (leased_until IS NOT NULL)))),
    CONSTRAINT jobs_max_attempts_check CHECK (((max_attempts >= 1) AND (max_attempts <= 100))),
    CONSTRAINT jobs_priority_check CHECK (((priority >= '-10'::integer) AND (priority <= 10))),
    CONSTRAINT jobs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT jobs_task_check CHECK (((char_length(task) >= 1) AND (char_length(task) <= 100))),
    CONSTRAINT jobs_unique_key_check CHECK (((char_length(unique_key) >= 1) AND (char_length(unique_key) <= 255)))
);

COMMENT ON TABLE public.jobs IS 'Work done at least once, by one instance at a time. An INSERT of task and args notifies: it runs at once.';

COMMENT ON COLUMN public.jobs.args IS 'What the task is given. Old and new instances run at once: a task reads what was queued before it changed.';

COMMENT ON COLUMN public.jobs.priority IS 'The higher the sooner, among those that are due.';

COMMENT ON COLUMN public.jobs.unique_key IS 'Two unfinished jobs never share one.';

COMMENT ON COLUMN public.jobs.lease IS 'Whose turn it is: a new one each time it is taken. Only who holds it may say how it ended.';

COMMENT ON COLUMN public.jobs.leased_until IS 'Renewed while it runs; once it has passed, another instance takes the job.';

COMMENT ON COLUMN public.jobs.error IS 'Why the latest attempt failed.';

CREATE TABLE public.login_key_uses (
    hash bytea NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.login_key_uses IS 'SHA-256 of each encrypted password that was taken in the last minutes: none is taken twice.';

CREATE TABLE public.login_keys (
    id uuid NOT NULL,
    public_key text NOT NULL,
    private_key bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.login_keys IS 'RSA keys a password may be encrypted to on its way here. The newest is handed out, one from before is taken for a day.';

COMMENT ON COLUMN public.login_keys.private_key IS 'PKCS #8, sealed with the key secrets.key.';

CREATE TABLE public.members (
    chat_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text DEFAULT 'member'::text NOT NULL,
    last_read_seq bigint DEFAULT 0 NOT NULL,
    read_at timestamp with time zone,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT members_last_read_seq_check CHECK ((last_read_seq >= 0)),
    CONSTRAINT members_role_check CHECK ((role = ANY (ARRAY['creator'::text, 'admin'::text, 'member'::text])))
)
WITH (fillfactor='90');

CREATE TABLE public.messages (
    chat_id uuid NOT NULL,
    seq bigint NOT NULL,
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    kind text DEFAULT 'text'::text NOT NULL,
    sender_id uuid,
    content text,
    reply_to uuid,
    target_id uuid,
    mentions uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    client_id text,
    body jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    recalled_at timestamp with time zone,
    reacted boolean DEFAULT false NOT NULL
);

COMMENT ON TABLE public.messages IS 'The log of each chat: one row for each thing that happened, numbered 1, 2, 3 ... by seq. A message row also carries its current state.';

COMMENT ON COLUMN public.messages.seq IS 'Leave it out of an INSERT: a trigger takes the next number under the lock of the chat.';

COMMENT ON COLUMN public.messages.sender_id IS 'Who did it; null for system messages and for what SQL did without naming anyone.';

COMMENT ON COLUMN public.messages.target_id IS 'The message an edit, recall, reaction or pin is about.';

COMMENT ON COLUMN public.messages.reacted IS 'Whether anyone has ever reacted with an emoji: where nobody has, reactions are not looked for.';

CREATE TABLE public.notification_heads (
    user_id uuid NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    held bigint DEFAULT 0 NOT NULL,
    unread bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='80');

COMMENT ON TABLE public.notification_heads IS 'One row a person who was ever notified: the number of their latest notification, and how many there are. Counted, never set.';

COMMENT ON COLUMN public.notification_heads.user_id IS 'Whose.';

COMMENT ON COLUMN public.notification_heads.last_seq IS 'The number of their latest notification, also when it is removed since.';

COMMENT ON COLUMN public.notification_heads.held IS 'How many notifications of theirs the table holds.';

COMMENT ON COLUMN public.notification_heads.unread IS 'How many of those they have not read.';

CREATE TABLE public.notification_preferences (
    user_id uuid NOT NULL,
    kind text NOT NULL,
    live boolean DEFAULT true NOT NULL,
    push boolean NOT NULL,
    CONSTRAINT notification_preferences_kind_check CHECK ((kind = ANY (ARRAY['friend_request'::text, 'friend_accepted'::text, 'mention'::text, 'reply'::text, 'chat_added'::text, 'comment'::text, 'ticket_bought'::text, 'event_changed'::text, 'event_soon'::text, 'place_free'::text, 'scheduled_failed'::text, 'message'::text, 'direct'::text])))
);

COMMENT ON TABLE public.notification_preferences IS 'How somebody wants to be told of a kind, where it is not the default: all live, and by push what push_by_default() says.';

COMMENT ON COLUMN public.notification_preferences.user_id IS 'Who.';

COMMENT ON COLUMN public.notification_preferences.kind IS 'A kind of notifications, or ''direct'': the messages of direct chats.';

COMMENT ON COLUMN public.notification_preferences.live IS 'Whether it is told at once to sockets that are open. It is listed all the same.';

COMMENT ON COLUMN public.notification_preferences.push IS 'Whether it is sent to their devices while no socket is open.';

CREATE TABLE public.notifications (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    recipient_id uuid NOT NULL,
    seq bigint,
    kind text DEFAULT 'message'::text NOT NULL,
    message text NOT NULL,
    sender_id uuid,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    read_at timestamp with time zone,
    CONSTRAINT notifications_data_check CHECK ((jsonb_typeof(data) = 'object'::text)),
    CONSTRAINT notifications_kind_check CHECK ((kind = ANY (ARRAY['friend_request'::text, 'friend_accepted'::text, 'mention'::text, 'reply'::text, 'chat_added'::text, 'comment'::text, 'ticket_bought'::text, 'event_changed'::text, 'event_soon'::text, 'place_free'::text, 'scheduled_failed'::text, 'message'::text]))),
    CONSTRAINT notifications_message_check CHECK ((((char_length(message) >= 1) AND (char_length(message) <= 4096)) AND (NOT public.is_blank(message))))
);

COMMENT ON TABLE public.notifications IS 'What somebody is told. An INSERT of recipient_id and message arrives at once; for many people see notify_people().';

COMMENT ON COLUMN public.notifications.recipient_id IS 'Who is told.';

COMMENT ON COLUMN public.notifications.seq IS 'Numbers the notifications of one person 1, 2, 3 ... in the order of the commits. Left out of an INSERT: it is given when the transaction commits, and nobody else sees a row without it.';

COMMENT ON COLUMN public.notifications.kind IS 'What happened; ''message'' is what an administrator has to say.';

COMMENT ON COLUMN public.notifications.message IS 'The sentence to show behind the name of the sender. It never holds what somebody said in a chat: that may be recalled.';

COMMENT ON COLUMN public.notifications.sender_id IS 'Whose doing it is; null for the system. No foreign key: who is gone is shown as nobody.';

COMMENT ON COLUMN public.notifications.data IS 'What it is about, by kind: chat_id, message_id, event_id ...';

COMMENT ON COLUMN public.notifications.created_at IS 'When it happened.';

COMMENT ON COLUMN public.notifications.read_at IS 'When it was read; null until then.';

CREATE TABLE public.password_resets (
    hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.password_resets IS 'SHA-256 of the token in each link that sets a new password. A used one is gone.';

CREATE TABLE public.permissions (
    code text NOT NULL,
    is_administration boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.permissions IS 'Every permission a server has known, written when it starts. New ones that are no administration go to the role user.';

CREATE TABLE public.pictures (
    id uuid NOT NULL,
    owner_id uuid,
    size bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT pictures_size_check CHECK ((size > 0))
);

COMMENT ON TABLE public.pictures IS 'One row a picture of a person, a hook or a chat that was stored, by the last part of its key: what counts as uploaded by owner_id. It stays for a day after created_at, also when the picture is removed.';

COMMENT ON COLUMN public.pictures.owner_id IS 'Who uploaded it; null when they are gone.';

CREATE TABLE public.pins (
    chat_id uuid NOT NULL,
    message_id uuid NOT NULL,
    pinned_by uuid,
    pinned_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.pins IS 'INSERT and DELETE are told in the log of the chat; a recall unpins.';

CREATE UNLOGGED TABLE public.presences (
    instance_id uuid NOT NULL,
    user_id uuid NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.presences IS 'Who has a socket open on which instance: someone with a row here is online.';

CREATE TABLE public.push_keys (
    id smallint DEFAULT 1 NOT NULL,
    public_key text NOT NULL,
    private_key bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT push_keys_id_check CHECK ((id = 1))
);

COMMENT ON TABLE public.push_keys IS 'The one key pair by which push services know who sends. Browsers subscribe to it: another one makes all subscriptions useless.';

COMMENT ON COLUMN public.push_keys.id IS 'Always 1.';

COMMENT ON COLUMN public.push_keys.public_key IS 'The uncompressed point of P-256, as base64url: what browsers are given.';

COMMENT ON COLUMN public.push_keys.private_key IS 'Sealed by secrets.key.';

COMMENT ON COLUMN public.push_keys.created_at IS 'When it was made.';

CREATE TABLE public.push_queue (
    subscription_id uuid NOT NULL,
    topic uuid NOT NULL,
    chat_id uuid,
    notification_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    job_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.push_queue IS 'What is still to be sent to a device: one row a chat, or a notification that is of no chat. The job send_push that an INSERT queues sends it and removes the row.';

COMMENT ON COLUMN public.push_queue.topic IS 'What a newer push takes the place of: the chat, or the notification.';

COMMENT ON COLUMN public.push_queue.chat_id IS 'The chat, if it is one.';

COMMENT ON COLUMN public.push_queue.notification_ids IS 'The latest notifications that it tells of, at most 20.';

COMMENT ON COLUMN public.push_queue.version IS 'Grows with everything that comes meanwhile, so that the job does not remove what it has not seen.';

COMMENT ON COLUMN public.push_queue.attempts IS 'How often it could not be delivered.';

COMMENT ON COLUMN public.push_queue.job_id IS 'The job that sends it.';

COMMENT ON COLUMN public.push_queue.created_at IS 'Since when it waits.';

CREATE TABLE public.push_subscriptions (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    endpoint_hash bytea NOT NULL,
    secret bytea NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone
);

COMMENT ON TABLE public.push_subscriptions IS 'A browser or device that takes what is sent to somebody who is away. A DELETE ends it.';

COMMENT ON COLUMN public.push_subscriptions.user_id IS 'Whose device it is.';

COMMENT ON COLUMN public.push_subscriptions.session_id IS 'The session in which it was made: it ends with that, for who has signed out there is told nothing more.';

COMMENT ON COLUMN public.push_subscriptions.endpoint_hash IS 'SHA-256 of the address: a device has one subscription, whoever is signed in there.';

COMMENT ON COLUMN public.push_subscriptions.secret IS 'The address and the keys of the device, sealed by secrets.key.';

COMMENT ON COLUMN public.push_subscriptions.user_agent IS 'What the device called itself.';

COMMENT ON COLUMN public.push_subscriptions.failures IS 'How many pushes in a row could not be delivered at all; too many end it.';

COMMENT ON COLUMN public.push_subscriptions.created_at IS 'When it was made.';

COMMENT ON COLUMN public.push_subscriptions.used_at IS 'When it last took something.';

CREATE TABLE public.reactions (
    chat_id uuid NOT NULL,
    message_id uuid NOT NULL,
    emoji text NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT reactions_emoji_check CHECK (((char_length(emoji) >= 1) AND (char_length(emoji) <= 64)))
);

COMMENT ON TABLE public.reactions IS 'INSERT and DELETE are told in the log of the chat, in the name of user_id; a recall takes them along.';

COMMENT ON COLUMN public.reactions.since IS 'When the first of those who stand with this emoji came, though they may have gone; set by a trigger.';

CREATE TABLE public.refresh_tokens (
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    spent_at timestamp with time zone
);

COMMENT ON TABLE public.refresh_tokens IS 'SHA-256 of each refresh token that is good or was spent a moment ago. One that was spent before is known by its signature: its reuse is noticed without a row.';

CREATE TABLE public.roles (
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    permissions text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT roles_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT roles_name_check CHECK ((name ~ '^[a-z0-9_-]{1,64}$'::text))
);

COMMENT ON TABLE public.roles IS 'What a role permits: permission codes such as GET:/api/v1/users/{id}, or * for everything.';

CREATE TABLE public.scheduled_messages (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    user_id uuid NOT NULL,
    chat_id uuid NOT NULL,
    client_id text NOT NULL,
    content text,
    reply_to uuid,
    attachments uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    send_at timestamp with time zone NOT NULL,
    leased_until timestamp with time zone,
    failed_at timestamp with time zone,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT scheduled_messages_attachments_check CHECK ((cardinality(attachments) <= 10)),
    CONSTRAINT scheduled_messages_client_id_check CHECK (((char_length(client_id) >= 1) AND (char_length(client_id) <= 64))),
    CONSTRAINT scheduled_messages_content_check CHECK (((char_length(content) >= 1) AND (char_length(content) <= 4096))),
    CONSTRAINT scheduled_messages_failed_check CHECK (((failed_at IS NULL) = (reason IS NULL))),
    CONSTRAINT scheduled_messages_something_check CHECK (((content IS NOT NULL) OR (cardinality(attachments) > 0)))
);

COMMENT ON TABLE public.scheduled_messages IS 'What will be a message of chat_id at send_at. The row goes when it has been sent; a DELETE before that takes it back.';

COMMENT ON COLUMN public.scheduled_messages.id IS 'The message has this id, too.';

COMMENT ON COLUMN public.scheduled_messages.chat_id IS 'No foreign key: that the chat is gone is told to the sender when the time has come.';

COMMENT ON COLUMN public.scheduled_messages.client_id IS 'The message has it, too: sent twice, it is one message.';

COMMENT ON COLUMN public.scheduled_messages.leased_until IS 'An instance is sending it until then; once that has passed, another one does.';

COMMENT ON COLUMN public.scheduled_messages.reason IS 'Why it was not sent, by the word of an error; the row stays for a week after failed_at.';

CREATE TABLE public.search_blocks (
    chat_id uuid NOT NULL,
    block bigint NOT NULL,
    grams integer[]
);

COMMENT ON TABLE public.search_blocks IS 'Block n of a chat holds the places n * 128 + 1 to (n + 1) * 128 of its log. Derived from messages: may be emptied together with search_heads, and is written anew.';

COMMENT ON COLUMN public.search_blocks.grams IS 'Hashes of every one, two and three characters in a row that occur in the block; null when a message of it was changed since, until it is read again.';

CREATE TABLE public.search_ends (
    chat_id uuid NOT NULL,
    seq bigint NOT NULL
);

COMMENT ON TABLE public.search_ends IS 'How far search_runs goes in each chat; what lies beyond is searched by reading it.';

CREATE TABLE public.search_heads (
    chat_id uuid NOT NULL,
    seq bigint NOT NULL
);

COMMENT ON TABLE public.search_heads IS 'How far search_blocks goes in each chat; what lies beyond is searched by reading it.';

CREATE TABLE public.search_runs (
    chat_id uuid NOT NULL,
    run bigint NOT NULL,
    grams integer[],
    speakers uuid[],
    since timestamp with time zone,
    until timestamp with time zone,
    day integer
);
ALTER TABLE ONLY public.search_runs ALTER COLUMN grams SET STORAGE EXTERNAL;

COMMENT ON TABLE public.search_runs IS 'Run n of a chat holds the places n * 32 + 1 to (n + 1) * 32 of its log. Derived from messages: may be emptied together with search_ends, and is written anew.';

COMMENT ON COLUMN public.search_runs.grams IS 'Hashes of every one, two and three characters in a row that occur in the run, and of whom it mentions, under search_salt; null when a message of it was changed since, until it is read again.';

COMMENT ON COLUMN public.search_runs.speakers IS 'Who has said something in it, one or two of them; may name more than still stand, never fewer. Null when that is not known yet.';

COMMENT ON COLUMN public.search_runs.until IS 'When the latest message of it was made; since: the earliest. Null when it holds none.';

COMMENT ON COLUMN public.search_runs.day IS 'The day of until, by number; the runs 0 to 127 of all chats are looked up by it.';

CREATE TABLE public.sessions (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    user_id uuid NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_because text
)
WITH (fillfactor='90');

COMMENT ON TABLE public.sessions IS 'One row a sign-in. Setting revoked_at ends it: its tokens die and its sockets close on every instance.';

CREATE TABLE public.ticks (
    task text NOT NULL,
    fired_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.ticks IS 'When each regular task was last queued, so that it is once a tick, however many instances run.';

CREATE TABLE public.user_roles (
    user_id uuid NOT NULL,
    role text NOT NULL
);

CREATE TABLE public.users (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    email text NOT NULL,
    username text NOT NULL,
    name text NOT NULL,
    bio text DEFAULT ''::text NOT NULL,
    contacts bytea,
    avatar_key text,
    password_hash text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    last_online_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    erased_at timestamp with time zone,
    is_bot boolean DEFAULT false NOT NULL,
    CONSTRAINT users_bio_check CHECK ((char_length(bio) <= 1000)),
    CONSTRAINT users_email_check CHECK (((char_length(email) >= 3) AND (char_length(email) <= 254))),
    CONSTRAINT users_name_check CHECK ((((char_length(name) >= 1) AND (char_length(name) <= 255)) AND (NOT public.is_blank(name)) AND public.is_line(name))),
    CONSTRAINT users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text]))),
    CONSTRAINT users_username_check CHECK ((username ~ '^[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]$'::text))
)
WITH (fillfactor='90');

COMMENT ON TABLE public.users IS 'One row a person. password_hash is bcrypt; contacts is sealed with the key secrets.key.';

COMMENT ON COLUMN public.users.erased_at IS 'Set by erase_user: the row holds nothing of the person any more, and goes when the job erase_user has taken them out of their chats.';

COMMENT ON COLUMN public.users.is_bot IS 'The user in whose name a hook speaks: nobody signs in as it, finds it among people, or makes it a member.';

CREATE TABLE public.webhooks (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    chat_id uuid NOT NULL,
    place integer NOT NULL,
    url text NOT NULL,
    events text[] DEFAULT '{}'::text[] NOT NULL,
    secret bytea NOT NULL,
    active boolean DEFAULT true NOT NULL,
    delivered_seq bigint NOT NULL,
    job_id uuid,
    failures integer DEFAULT 0 NOT NULL,
    failed_at timestamp with time zone,
    last_error text,
    maker_place integer,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT webhooks_events_check CHECK ((events <@ ARRAY['new_message'::text, 'message_edited'::text, 'message_recalled'::text, 'messages_cleared'::text, 'sender_cleared'::text, 'reaction_added'::text, 'reaction_removed'::text, 'pin_added'::text, 'pin_removed'::text, 'member_joined'::text, 'member_left'::text, 'member_changed'::text, 'chat_updated'::text])),
    CONSTRAINT webhooks_failures_check CHECK ((failures >= 0)),
    CONSTRAINT webhooks_last_error_check CHECK ((char_length(last_error) <= 500)),
    CONSTRAINT webhooks_maker_place_check CHECK (((maker_place >= 1) AND (maker_place <= 100))),
    CONSTRAINT webhooks_place_check CHECK (((place >= 1) AND (place <= 10))),
    CONSTRAINT webhooks_url_check CHECK (((char_length(url) <= 2048) AND (url ~ '^https?://[^/?#@[:space:]]+([/?#][^[:space:]]*)?$'::text)))
)
WITH (fillfactor='80');

COMMENT ON TABLE public.webhooks IS 'Each is one more reader of the log of its chat: what comes after delivered_seq is sent to url, in order. DELETE ends it.';

COMMENT ON COLUMN public.webhooks.place IS 'A chat has ten: a trigger takes the first that is free.';

COMMENT ON COLUMN public.webhooks.url IS 'May hold a secret of whoever reads it; never told but to the creator and admins of the chat.';

COMMENT ON COLUMN public.webhooks.events IS 'What is sent, by the type of the entry; empty is all.';

COMMENT ON COLUMN public.webhooks.secret IS 'Signs what is sent; sealed with the key secrets.key.';

COMMENT ON COLUMN public.webhooks.active IS 'Off once it has failed twenty times in a row, and when created_by is no creator or admin of the chat any more, or is suspended. Set back, it has a clean record and sends what happened meanwhile.';

COMMENT ON COLUMN public.webhooks.delivered_seq IS 'The latest entry that was taken, or that is not wanted; a new one begins where the log ends.';

COMMENT ON COLUMN public.webhooks.job_id IS 'The job that sends what is new, or waits to try again; null when there is nothing to send. Never two at once.';

COMMENT ON COLUMN public.webhooks.failures IS 'How many attempts in a row have failed; failed_at and last_error are the latest of them, or when and why it was switched off for created_by.';

COMMENT ON COLUMN public.webhooks.maker_place IS 'Whoever is created_by has a hundred: the same.';

COMMENT ON COLUMN public.webhooks.created_by IS 'Who answers for it: who made it, or switched it on again.';

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bans
    ADD CONSTRAINT bans_pkey PRIMARY KEY (chat_id, user_id);

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_pkey PRIMARY KEY (user_id, blocked_id);

ALTER TABLE ONLY public.cache
    ADD CONSTRAINT cache_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.chat_mutes
    ADD CONSTRAINT chat_mutes_pkey PRIMARY KEY (user_id, chat_id);

ALTER TABLE public.chats
    ADD CONSTRAINT chats_check CHECK (public.is_chat(kind, visibility, title, description, pair, retention_days)) NOT VALID;

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ended_chats
    ADD CONSTRAINT ended_chats_pkey PRIMARY KEY (chat_id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.friends
    ADD CONSTRAINT friends_pkey PRIMARY KEY (low_id, high_id);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_bot_id_key UNIQUE (bot_id);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_maker_place_key UNIQUE (created_by, maker_place);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_place_key UNIQUE (chat_id, place);

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, path, key);

ALTER TABLE ONLY public.installed_functions
    ADD CONSTRAINT installed_functions_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.login_key_uses
    ADD CONSTRAINT login_key_uses_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.login_keys
    ADD CONSTRAINT login_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (chat_id, user_id);

ALTER TABLE public.messages
    ADD CONSTRAINT messages_check CHECK (public.is_entry(seq, kind, sender_id, content, client_id, body, recalled_at)) NOT VALID;

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_id_key UNIQUE (chat_id, id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (chat_id, seq);

ALTER TABLE ONLY public.notification_heads
    ADD CONSTRAINT notification_heads_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_pkey PRIMARY KEY (user_id, kind);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_seq_key UNIQUE (recipient_id, seq);

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.permissions
    ADD CONSTRAINT permissions_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pins_pkey PRIMARY KEY (chat_id, message_id);

ALTER TABLE ONLY public.presences
    ADD CONSTRAINT presences_pkey PRIMARY KEY (instance_id, user_id);

ALTER TABLE ONLY public.push_keys
    ADD CONSTRAINT push_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.push_queue
    ADD CONSTRAINT push_queue_pkey PRIMARY KEY (subscription_id, topic);

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_endpoint_hash_key UNIQUE (endpoint_hash);

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT reactions_pkey PRIMARY KEY (chat_id, message_id, emoji, user_id);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.scheduled_messages
    ADD CONSTRAINT scheduled_messages_client_id_key UNIQUE (user_id, chat_id, client_id);

ALTER TABLE ONLY public.scheduled_messages
    ADD CONSTRAINT scheduled_messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.search_blocks
    ADD CONSTRAINT search_blocks_pkey PRIMARY KEY (chat_id, block);

ALTER TABLE ONLY public.search_ends
    ADD CONSTRAINT search_ends_pkey PRIMARY KEY (chat_id);

ALTER TABLE ONLY public.search_heads
    ADD CONSTRAINT search_heads_pkey PRIMARY KEY (chat_id);

ALTER TABLE ONLY public.search_runs
    ADD CONSTRAINT search_runs_pkey PRIMARY KEY (chat_id, run);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ticks
    ADD CONSTRAINT ticks_pkey PRIMARY KEY (task);

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_maker_place_key UNIQUE (created_by, maker_place);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_place_key UNIQUE (chat_id, place);

CREATE INDEX api_tokens_expires_at_idx ON public.api_tokens USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX api_tokens_revoked_at_idx ON public.api_tokens USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);

CREATE INDEX api_tokens_user_id_idx ON public.api_tokens USING btree (user_id);

CREATE INDEX audit_action_idx ON public.audit USING btree (action, at, id);

CREATE INDEX audit_actor_id_idx ON public.audit USING btree (actor_id, at, id);

CREATE INDEX audit_at_idx ON public.audit USING btree (at, id);

CREATE INDEX audit_target_idx ON public.audit USING btree (target, at, id);

CREATE INDEX bans_banned_by_idx ON public.bans USING btree (banned_by);

CREATE INDEX bans_user_id_idx ON public.bans USING btree (user_id);

CREATE INDEX blocks_blocked_id_idx ON public.blocks USING btree (blocked_id);

CREATE INDEX cache_expires_at_idx ON public.cache USING btree (expires_at);

CREATE INDEX chat_mutes_chat_id_idx ON public.chat_mutes USING btree (chat_id);

CREATE INDEX chats_folded_search_idx ON public.chats USING gin (public.folded(((title || ' '::text) || description)) public.gin_trgm_ops) WHERE ((visibility = 'public'::text) AND (kind = 'group'::text));

CREATE INDEX chats_owner_id_idx ON public.chats USING btree (owner_id);

CREATE UNIQUE INDEX chats_pair_key ON public.chats USING btree (pair) WHERE (kind = 'direct'::text);

CREATE UNIQUE INDEX chats_public_folded_title_key ON public.chats USING btree (public.folded(title)) WHERE ((visibility = 'public'::text) AND (kind = 'group'::text));

CREATE INDEX chats_public_ranked_at_idx ON public.chats USING btree (ranked_at, id) WHERE ((visibility = 'public'::text) AND (kind = 'group'::text));

CREATE UNIQUE INDEX chats_public_title_key ON public.chats USING btree (public.fold(title)) WHERE ((visibility = 'public'::text) AND (kind = 'group'::text));

CREATE INDEX chats_retained_idx ON public.chats USING btree (id) WHERE (retention_days IS NOT NULL);

CREATE INDEX chats_search_idx ON public.chats USING gin (public.fold(((title || ' '::text) || description)) public.gin_trgm_ops) WHERE ((visibility = 'public'::text) AND (kind = 'group'::text));

CREATE INDEX chats_unindexed_idx ON public.chats USING btree (id) WHERE unindexed;

CREATE INDEX files_message_id_idx ON public.files USING btree (chat_id, message_id) WHERE (message_id IS NOT NULL);

CREATE INDEX files_owner_id_created_at_idx ON public.files USING btree (owner_id, created_at) INCLUDE (size);

CREATE INDEX files_unattached_idx ON public.files USING btree (id) WHERE (state <> 'attached'::text);

CREATE INDEX friends_high_id_idx ON public.friends USING btree (high_id);

CREATE INDEX idempotency_keys_created_at_idx ON public.idempotency_keys USING btree (created_at);

CREATE INDEX invites_chat_id_idx ON public.invites USING btree (chat_id, created_at);

CREATE INDEX invites_created_by_idx ON public.invites USING btree (created_by);

CREATE INDEX invites_expires_at_idx ON public.invites USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE UNIQUE INDEX invites_token_hash_key ON public.invites USING btree (token_hash);

CREATE INDEX jobs_delivered_idx ON public.jobs USING btree (finished_at) WHERE ((task = 'deliver_webhook'::text) AND (finished_at IS NOT NULL));

CREATE INDEX jobs_due_idx ON public.jobs USING btree (task, priority, run_at, id) WHERE (status = 'queued'::text);

CREATE INDEX jobs_finished_at_idx ON public.jobs USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX jobs_leased_until_idx ON public.jobs USING btree (leased_until) WHERE (status = 'running'::text);

CREATE UNIQUE INDEX jobs_unique_key_key ON public.jobs USING btree (unique_key) WHERE ((unique_key IS NOT NULL) AND (status = ANY (ARRAY['queued'::text, 'running'::text])));

CREATE INDEX login_key_uses_used_at_idx ON public.login_key_uses USING btree (used_at);

CREATE INDEX login_keys_created_at_idx ON public.login_keys USING btree (created_at);

CREATE UNIQUE INDEX members_creator_key ON public.members USING btree (chat_id) WHERE (role = 'creator'::text);

CREATE INDEX members_user_id_idx ON public.members USING btree (user_id, chat_id);

CREATE UNIQUE INDEX messages_client_id_key ON public.messages USING btree (chat_id, sender_id, client_id) WHERE (client_id IS NOT NULL);

CREATE INDEX notifications_kind_idx ON public.notifications USING btree (recipient_id, kind, seq);

CREATE INDEX notifications_read_at_idx ON public.notifications USING btree (read_at) WHERE (read_at IS NOT NULL);

CREATE INDEX notifications_unnumbered_idx ON public.notifications USING btree (recipient_id) WHERE (seq IS NULL);

CREATE INDEX notifications_unread_idx ON public.notifications USING btree (recipient_id, seq) WHERE (read_at IS NULL);

CREATE INDEX notifications_unread_kind_idx ON public.notifications USING btree (recipient_id, kind, seq) WHERE (read_at IS NULL);

CREATE INDEX notifications_unread_since_idx ON public.notifications USING btree ((
CASE
    WHEN (read_at IS NULL) THEN created_at
    ELSE NULL::timestamp with time zone
END)) WHERE (
CASE
    WHEN (read_at IS NULL) THEN created_at
    ELSE NULL::timestamp with time zone
END IS NOT NULL);

CREATE INDEX password_resets_expires_at_idx ON public.password_resets USING btree (expires_at);

CREATE INDEX password_resets_user_id_idx ON public.password_resets USING btree (user_id);

CREATE INDEX pictures_owner_id_idx ON public.pictures USING btree (owner_id, created_at) INCLUDE (size);

CREATE INDEX pictures_removed_idx ON public.pictures USING btree (created_at) WHERE (removed_at IS NOT NULL);

CREATE INDEX presences_user_id_idx ON public.presences USING btree (user_id);

CREATE INDEX push_subscriptions_session_id_idx ON public.push_subscriptions USING btree (session_id);

CREATE INDEX push_subscriptions_user_id_idx ON public.push_subscriptions USING btree (user_id);

CREATE INDEX refresh_tokens_expires_at_idx ON public.refresh_tokens USING btree (expires_at);

CREATE INDEX refresh_tokens_session_id_idx ON public.refresh_tokens USING btree (session_id);

CREATE INDEX scheduled_messages_due_idx ON public.scheduled_messages USING btree (send_at, id) WHERE (failed_at IS NULL);

CREATE INDEX scheduled_messages_failed_at_idx ON public.scheduled_messages USING btree (failed_at) WHERE (failed_at IS NOT NULL);

CREATE INDEX search_blocks_grams_idx ON public.search_blocks USING gin (grams) WITH (fastupdate='on', gin_pending_list_limit='1024');

CREATE INDEX search_blocks_stale_idx ON public.search_blocks USING btree (chat_id, block) WHERE (grams IS NULL);

CREATE INDEX search_ends_long_idx ON public.search_ends USING btree (chat_id) WHERE (seq > 4096);

CREATE INDEX search_runs_day_idx ON public.search_runs USING btree (day, until) WHERE (run < 128);

CREATE INDEX search_runs_grams_idx ON public.search_runs USING gin (grams) WITH (fastupdate='on', gin_pending_list_limit='4096');

CREATE INDEX search_runs_many_idx ON public.search_runs USING btree (chat_id, run) WHERE ((speakers IS NULL) OR (cardinality(speakers) > 1));

CREATE INDEX search_runs_one_idx ON public.search_runs USING btree (chat_id, (speakers[1]), run) WHERE (cardinality(speakers) = 1);

CREATE INDEX search_runs_stale_idx ON public.search_runs USING btree (chat_id, run) WHERE (grams IS NULL);

CREATE INDEX search_runs_stretch_idx ON public.search_runs USING btree (chat_id, ((run / 8192)), until) WHERE (run >= 128);

CREATE INDEX sessions_expires_at_idx ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_revoked_at_idx ON public.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);

CREATE INDEX sessions_user_id_idx ON public.sessions USING btree (user_id);

CREATE INDEX user_roles_role_idx ON public.user_roles USING btree (role, user_id);

CREATE UNIQUE INDEX users_email_folded_key ON public.users USING btree (public.folded(email));

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (lower(email));

CREATE INDEX users_folded_search_idx ON public.users USING gin (public.folded(((name || ' '::text) || username)) public.gin_trgm_ops);

CREATE INDEX users_search_idx ON public.users USING gin (public.fold(((name || ' '::text) || username)) public.gin_trgm_ops);

CREATE UNIQUE INDEX users_username_key ON public.users USING btree (username);

CREATE TRIGGER api_tokens_audit_made AFTER INSERT ON public.api_tokens FOR EACH ROW EXECUTE FUNCTION public.audit_api_tokens();

CREATE TRIGGER api_tokens_audit_revoked AFTER UPDATE OF revoked_at ON public.api_tokens FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL) AND (new.revoked_because IS DISTINCT FROM 'erased'::text))) EXECUTE FUNCTION public.audit_api_tokens();

CREATE TRIGGER api_tokens_notify_deleted AFTER DELETE ON public.api_tokens FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND ((old.expires_at IS NULL) OR (old.expires_at > now())))) EXECUTE FUNCTION public.notify_sessions();

CREATE TRIGGER api_tokens_notify_revoked AFTER UPDATE OF revoked_at ON public.api_tokens FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL))) EXECUTE FUNCTION public.notify_sessions();

CREATE TRIGGER audit_refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

CREATE TRIGGER audit_refuse_recent BEFORE DELETE ON public.audit FOR EACH ROW WHEN ((old.at > (now() - make_interval(days => 30)))) EXECUTE FUNCTION public.refuse_audit_change();

CREATE TRIGGER bans_audit AFTER INSERT OR DELETE ON public.bans FOR EACH ROW EXECUTE FUNCTION public.audit_bans();

CREATE TRIGGER bans_begin BEFORE INSERT ON public.bans FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_ban();

CREATE TRIGGER bans_put_out AFTER INSERT ON public.bans REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.put_out_banned();

CREATE TRIGGER blocks_begin BEFORE INSERT ON public.blocks FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_block();

CREATE TRIGGER chats_audit_deleted AFTER DELETE ON public.chats FOR EACH ROW EXECUTE FUNCTION public.audit_chats();

CREATE TRIGGER chats_discard_deleted AFTER DELETE ON public.chats FOR EACH ROW WHEN ((old.image_key IS NOT NULL)) EXECUTE FUNCTION public.discard_picture('image_key');

CREATE TRIGGER chats_discard_replaced AFTER UPDATE OF image_key ON public.chats FOR EACH ROW WHEN (((old.image_key IS NOT NULL) AND (new.image_key IS DISTINCT FROM old.image_key))) EXECUTE FUNCTION public.discard_picture('image_key');

CREATE TRIGGER chats_end AFTER DELETE ON public.chats FOR EACH ROW EXECUTE FUNCTION public.end_chat();

CREATE TRIGGER chats_log_change AFTER UPDATE OF title, description, visibility, image_key, owner_id, retention_days ON public.chats FOR EACH ROW WHEN (((((((old.title IS DISTINCT FROM new.title) OR (old.description IS DISTINCT FROM new.description)) OR (old.visibility IS DISTINCT FROM new.visibility)) OR (old.image_key IS DISTINCT FROM new.image_key)) OR (old.owner_id IS DISTINCT FROM new.owner_id)) OR (old.retention_days IS DISTINCT FROM new.retention_days))) EXECUTE FUNCTION public.log_chat_change();

CREATE TRIGGER chats_note_unindexed BEFORE UPDATE OF last_seq ON public.chats FOR EACH ROW WHEN (((new.last_seq > old.last_seq) AND (NOT new.unindexed))) EXECUTE FUNCTION public.note_unindexed();

CREATE TRIGGER chats_rank BEFORE UPDATE OF active_at ON public.chats FOR EACH ROW WHEN (((new.active_at < old.ranked_at) OR (new.active_at > (old.ranked_at + make_interval(mins => 10))))) EXECUTE FUNCTION public.rank_chat();

CREATE TRIGGER chats_rank_new BEFORE INSERT ON public.chats FOR EACH ROW WHEN (((new.active_at < new.ranked_at) OR (new.active_at > (new.ranked_at + make_interval(mins => 10))))) EXECUTE FUNCTION public.rank_chat();

CREATE TRIGGER chats_refuse_ended BEFORE INSERT ON public.chats FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.refuse_ended();

CREATE TRIGGER chats_refuse_shrinking BEFORE UPDATE OF last_seq ON public.chats FOR EACH ROW WHEN ((new.last_seq < old.last_seq)) EXECUTE FUNCTION public.refuse_log_change();

CREATE TRIGGER chats_refuse_truncate BEFORE TRUNCATE ON public.chats FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_log_change();

CREATE TRIGGER chats_stamp_change BEFORE UPDATE OF title, description, visibility, image_key, owner_id, retention_days ON public.chats FOR EACH ROW WHEN (((((((old.title IS DISTINCT FROM new.title) OR (old.description IS DISTINCT FROM new.description)) OR (old.visibility IS DISTINCT FROM new.visibility)) OR (old.image_key IS DISTINCT FROM new.image_key)) OR (old.owner_id IS DISTINCT FROM new.owner_id)) OR (old.retention_days IS DISTINCT FROM new.retention_days))) EXECUTE FUNCTION public.stamp_updated_at();

CREATE TRIGGER friends_guard BEFORE INSERT ON public.friends FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.guard_friend();

CREATE TRIGGER friends_notify_accepted AFTER UPDATE OF accepted_at ON public.friends FOR EACH ROW WHEN (((old.accepted_at IS NULL) AND (new.accepted_at IS NOT NULL))) EXECUTE FUNCTION public.notify_friends();

CREATE TRIGGER friends_notify_asked AFTER INSERT ON public.friends FOR EACH ROW WHEN (((new.accepted_at IS NULL) AND (NOT public.restoring()))) EXECUTE FUNCTION public.notify_friends();

CREATE TRIGGER hooks_audit AFTER INSERT OR DELETE ON public.hooks FOR EACH ROW EXECUTE FUNCTION public.audit_hooks();

CREATE TRIGGER hooks_begin BEFORE INSERT OR UPDATE OF created_by, chat_id, bot_id ON public.hooks FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_hook();

CREATE TRIGGER hooks_end AFTER DELETE ON public.hooks FOR EACH ROW EXECUTE FUNCTION public.end_hook();

CREATE TRIGGER installed_functions_keep_own BEFORE INSERT ON public.installed_functions FOR EACH ROW WHEN (public.restoring()) EXECUTE FUNCTION public.keep_own_rows();

CREATE TRIGGER jobs_notify_again AFTER UPDATE OF status, run_at, priority ON public.jobs FOR EACH ROW WHEN (((new.status = 'queued'::text) AND (new.run_at <= now()) AND ((old.status IS DISTINCT FROM new.status) OR (old.run_at IS DISTINCT FROM new.run_at)))) EXECUTE FUNCTION public.notify_jobs();

CREATE TRIGGER jobs_notify_queued AFTER INSERT ON public.jobs FOR EACH STATEMENT EXECUTE FUNCTION public.notify_jobs();

CREATE TRIGGER members_audit_removed AFTER DELETE ON public.members REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.audit_members();

CREATE TRIGGER members_audit_role AFTER UPDATE OF role ON public.members FOR EACH ROW WHEN ((old.role IS DISTINCT FROM new.role)) EXECUTE FUNCTION public.audit_members();

CREATE TRIGGER members_log_arrival AFTER INSERT ON public.members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.log_member_change();

CREATE TRIGGER members_log_departure AFTER DELETE ON public.members REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.log_member_change();

CREATE TRIGGER members_log_role AFTER UPDATE OF role ON public.members FOR EACH ROW WHEN ((old.role IS DISTINCT FROM new.role)) EXECUTE FUNCTION public.log_member_role();

CREATE TRIGGER members_log_roles AFTER UPDATE OF role ON public.members FOR EACH STATEMENT EXECUTE FUNCTION public.log_member_role();

CREATE TRIGGER members_notify_added AFTER INSERT ON public.members REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN (((COALESCE(current_setting('trunkline.actor'::text, true), ''::text) <> ''::text) AND (NOT public.restoring()))) EXECUTE FUNCTION public.notify_added();

CREATE TRIGGER members_notify_came AFTER INSERT ON public.members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_members();

CREATE TRIGGER members_notify_went AFTER DELETE ON public.members REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_members();

CREATE TRIGGER members_owner_follows AFTER UPDATE OF role ON public.members FOR EACH ROW WHEN (((new.role = 'creator'::text) AND (old.role <> 'creator'::text))) EXECUTE FUNCTION public.follow_creator();

CREATE TRIGGER members_refuse_banned AFTER INSERT ON public.members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_banned();

CREATE TRIGGER members_refuse_erased AFTER INSERT ON public.members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_erased();

CREATE TRIGGER members_stop_webhooks_demoted AFTER UPDATE OF role ON public.members FOR EACH ROW WHEN (((old.role <> 'member'::text) AND (new.role = 'member'::text))) EXECUTE FUNCTION public.stop_webhooks();

CREATE TRIGGER members_stop_webhooks_left AFTER DELETE ON public.members REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.stop_webhooks();

CREATE TRIGGER messages_attach_files AFTER INSERT ON public.messages FOR EACH ROW WHEN (((new.kind = 'media'::text) AND (new.recalled_at IS NULL) AND (NOT public.restoring()))) EXECUTE FUNCTION public.attach_files();

CREATE TRIGGER messages_count AFTER INSERT ON public.messages REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN (((COALESCE(current_setting('trunkline.numbered'::text, true), ''::text) <> ALL (ARRAY['on'::text, 'told'::text])) AND (NOT public.restoring()))) EXECUTE FUNCTION public.count_messages();

CREATE TRIGGER messages_forget_run AFTER UPDATE OF created_at, sender_id, kind ON public.messages FOR EACH ROW WHEN ((((old.created_at IS DISTINCT FROM new.created_at) OR (old.sender_id IS DISTINCT FROM new.sender_id)) OR (old.kind IS DISTINCT FROM new.kind))) EXECUTE FUNCTION public.forget_run();

CREATE TRIGGER messages_log_change AFTER UPDATE ON public.messages REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT WHEN ((current_setting('trunkline.clearing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION public.log_message_change();

CREATE TRIGGER messages_notify AFTER INSERT ON public.messages REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN ((current_setting('trunkline.numbered'::text, true) IS DISTINCT FROM 'told'::text)) EXECUTE FUNCTION public.notify_messages();

CREATE TRIGGER messages_notify_mentioned AFTER INSERT ON public.messages FOR EACH ROW WHEN ((((new.reply_to IS NOT NULL) OR (cardinality(new.mentions) > 0) OR (COALESCE(current_setting('trunkline.numbered'::text, true), ''::text) <> ALL (ARRAY['on'::text, 'told'::text]))) AND (new.kind = ANY (ARRAY['text'::text, 'media'::text, 'system'::text])) AND (NOT public.restoring()))) EXECUTE FUNCTION public.notify_mentioned();

CREATE TRIGGER messages_number BEFORE INSERT ON public.messages FOR EACH ROW WHEN (((new.seq IS NULL) OR ((COALESCE(current_setting('trunkline.numbered'::text, true), ''::text) <> ALL (ARRAY['on'::text, 'told'::text])) AND (NOT public.restoring())))) EXECUTE FUNCTION public.number_message();

CREATE TRIGGER messages_orphan_files AFTER UPDATE OF recalled_at ON public.messages FOR EACH ROW WHEN (((old.kind = 'media'::text) AND (old.recalled_at IS NULL) AND (new.recalled_at IS NOT NULL))) EXECUTE FUNCTION public.orphan_files();

CREATE TRIGGER messages_orphan_files_of_deleted AFTER DELETE ON public.messages FOR EACH ROW WHEN ((old.kind = 'media'::text)) EXECUTE FUNCTION public.orphan_files();

CREATE TRIGGER messages_refuse_delete BEFORE DELETE OR TRUNCATE ON public.messages FOR EACH STATEMENT WHEN ((current_setting('trunkline.clearing'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION public.refuse_log_change();

CREATE TRIGGER messages_refuse_move BEFORE UPDATE OF chat_id, seq, id ON public.messages FOR EACH ROW WHEN ((((old.chat_id IS DISTINCT FROM new.chat_id) OR (old.seq IS DISTINCT FROM new.seq)) OR (old.id IS DISTINCT FROM new.id))) EXECUTE FUNCTION public.refuse_log_change();

CREATE TRIGGER messages_stamp_change BEFORE UPDATE OF content, recalled_at ON public.messages FOR EACH ROW WHEN (((old.kind = ANY (ARRAY['text'::text, 'media'::text, 'system'::text])) AND ((old.content IS DISTINCT FROM new.content) OR ((old.recalled_at IS NULL) <> (new.recalled_at IS NULL))) AND (current_setting('trunkline.clearing'::text, true) IS DISTINCT FROM 'on'::text))) EXECUTE FUNCTION public.stamp_message_change();

CREATE TRIGGER notifications_begin BEFORE INSERT ON public.notifications FOR EACH ROW WHEN (((new.seq IS NOT NULL) AND (NOT public.restoring()))) EXECUTE FUNCTION public.begin_notification();

CREATE TRIGGER notifications_count_gone AFTER DELETE ON public.notifications REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION public.count_notifications();

CREATE TRIGGER notifications_count_read AFTER UPDATE ON public.notifications REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.count_notifications();

CREATE CONSTRAINT TRIGGER notifications_number AFTER INSERT ON public.notifications DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.seq IS NULL)) EXECUTE FUNCTION public.number_notifications();

CREATE TRIGGER notifications_queue_pushes AFTER INSERT ON public.notifications REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.queue_pushes();

CREATE TRIGGER permissions_keep_own BEFORE INSERT ON public.permissions FOR EACH ROW WHEN (public.restoring()) EXECUTE FUNCTION public.keep_own_rows();

CREATE TRIGGER pins_hold_message BEFORE INSERT ON public.pins FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.hold_message();

CREATE TRIGGER pins_log_added AFTER INSERT ON public.pins REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.log_pin_change();

CREATE TRIGGER pins_log_removed AFTER DELETE ON public.pins REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.log_pin_change();

CREATE TRIGGER presences_notify_came AFTER INSERT ON public.presences REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_presences();

CREATE TRIGGER presences_notify_went AFTER DELETE ON public.presences REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_presences();

CREATE TRIGGER push_queue_send AFTER INSERT ON public.push_queue FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.queue_push_job();

CREATE TRIGGER reactions_hold_message BEFORE INSERT ON public.reactions FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.hold_message();

CREATE TRIGGER reactions_log_added AFTER INSERT ON public.reactions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.log_reaction_change();

CREATE TRIGGER reactions_log_removed AFTER DELETE ON public.reactions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.log_reaction_change();

CREATE TRIGGER reactions_place BEFORE INSERT ON public.reactions FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.place_reaction();

CREATE TRIGGER roles_audit_change AFTER INSERT OR DELETE OR UPDATE ON public.roles FOR EACH ROW EXECUTE FUNCTION public.audit_roles();

CREATE TRIGGER roles_keep_own BEFORE INSERT ON public.roles FOR EACH ROW WHEN (public.restoring()) EXECUTE FUNCTION public.keep_own_rows();

CREATE TRIGGER roles_notify_change AFTER INSERT OR DELETE OR UPDATE ON public.roles FOR EACH ROW EXECUTE FUNCTION public.notify_roles();

CREATE TRIGGER scheduled_messages_notify AFTER INSERT OR UPDATE OF send_at ON public.scheduled_messages FOR EACH STATEMENT EXECUTE FUNCTION public.notify_scheduled_messages();

CREATE TRIGGER scheduled_messages_notify_failed AFTER UPDATE OF failed_at ON public.scheduled_messages FOR EACH ROW WHEN (((old.failed_at IS NULL) AND (new.failed_at IS NOT NULL))) EXECUTE FUNCTION public.notify_scheduled_failed();

CREATE TRIGGER scheduled_messages_refuse_blank BEFORE INSERT OR UPDATE OF content ON public.scheduled_messages FOR EACH ROW WHEN ((public.is_blank(new.content) AND (NOT public.restoring()))) EXECUTE FUNCTION public.refuse_blank_scheduled();

CREATE TRIGGER search_ends_note_emptied AFTER DELETE ON public.search_ends REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.note_index_emptied();

CREATE TRIGGER search_ends_note_truncated AFTER TRUNCATE ON public.search_ends FOR EACH STATEMENT EXECUTE FUNCTION public.note_index_emptied();

CREATE TRIGGER sessions_audit_revoked AFTER UPDATE OF revoked_at ON public.sessions FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL) AND ((new.revoked_because IS NULL) OR (new.revoked_because <> ALL (ARRAY['signed out'::text, 'too many sessions'::text, 'erased'::text]))))) EXECUTE FUNCTION public.audit_sessions();

CREATE TRIGGER sessions_notify_deleted AFTER DELETE ON public.sessions FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (old.expires_at > now()))) EXECUTE FUNCTION public.notify_sessions();

CREATE TRIGGER sessions_notify_revoked AFTER UPDATE OF revoked_at ON public.sessions FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL))) EXECUTE FUNCTION public.notify_sessions();

CREATE TRIGGER user_roles_audit_change AFTER INSERT OR DELETE OR UPDATE ON public.user_roles FOR EACH ROW EXECUTE FUNCTION public.audit_roles();

CREATE TRIGGER user_roles_notify_change AFTER UPDATE OR TRUNCATE ON public.user_roles FOR EACH STATEMENT EXECUTE FUNCTION public.notify_roles();

CREATE TRIGGER user_roles_notify_given AFTER INSERT ON public.user_roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_roles();

CREATE TRIGGER user_roles_notify_taken AFTER DELETE ON public.user_roles REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_roles();

CREATE TRIGGER users_audit_change AFTER DELETE OR UPDATE OF status, password_hash, email, username, name, bio, contacts, avatar_key ON public.users FOR EACH ROW EXECUTE FUNCTION public.audit_users();

CREATE TRIGGER users_discard_deleted AFTER DELETE ON public.users FOR EACH ROW WHEN ((old.avatar_key IS NOT NULL)) EXECUTE FUNCTION public.discard_picture('avatar_key');

CREATE TRIGGER users_discard_replaced AFTER UPDATE OF avatar_key ON public.users FOR EACH ROW WHEN (((old.avatar_key IS NOT NULL) AND (new.avatar_key IS DISTINCT FROM old.avatar_key))) EXECUTE FUNCTION public.discard_picture('avatar_key');

CREATE TRIGGER users_end_resets AFTER UPDATE OF password_hash, email ON public.users FOR EACH ROW WHEN (((old.password_hash <> new.password_hash) OR (old.email <> new.email))) EXECUTE FUNCTION public.end_resets();

CREATE TRIGGER users_end_sign_ins AFTER UPDATE OF password_hash ON public.users FOR EACH ROW WHEN ((old.password_hash <> new.password_hash)) EXECUTE FUNCTION public.end_sign_ins();

CREATE TRIGGER users_end_suspended AFTER UPDATE OF status ON public.users FOR EACH ROW WHEN (((old.status <> 'suspended'::text) AND (new.status = 'suspended'::text))) EXECUTE FUNCTION public.end_suspended();

CREATE TRIGGER users_forget_notifications AFTER DELETE ON public.users FOR EACH ROW EXECUTE FUNCTION public.forget_notifications();

CREATE TRIGGER users_stamp_change BEFORE UPDATE OF email, username, name, bio, contacts, avatar_key, password_hash, status ON public.users FOR EACH ROW EXECUTE FUNCTION public.stamp_updated_at();

CREATE TRIGGER users_stop_webhooks_deleted BEFORE DELETE ON public.users FOR EACH ROW EXECUTE FUNCTION public.stop_webhooks();

CREATE TRIGGER users_stop_webhooks_suspended AFTER UPDATE OF status ON public.users FOR EACH ROW WHEN (((old.status <> 'suspended'::text) AND (new.status = 'suspended'::text))) EXECUTE FUNCTION public.stop_webhooks();

CREATE TRIGGER webhooks_audit_made AFTER INSERT OR DELETE ON public.webhooks FOR EACH ROW EXECUTE FUNCTION public.audit_webhooks();

CREATE TRIGGER webhooks_audit_switched AFTER UPDATE OF active, created_by ON public.webhooks FOR EACH ROW WHEN ((old.active IS DISTINCT FROM new.active)) EXECUTE FUNCTION public.audit_webhooks();

CREATE TRIGGER webhooks_begin BEFORE INSERT ON public.webhooks FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_webhook();

CREATE TRIGGER webhooks_notify_again AFTER UPDATE OF active ON public.webhooks FOR EACH ROW WHEN ((new.active AND (NOT old.active))) EXECUTE FUNCTION public.notify_webhooks();

CREATE TRIGGER webhooks_notify_made AFTER INSERT ON public.webhooks FOR EACH ROW EXECUTE FUNCTION public.notify_webhooks();

CREATE TRIGGER webhooks_own BEFORE INSERT OR UPDATE OF created_by, chat_id ON public.webhooks FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.own_webhook();

CREATE TRIGGER webhooks_switch BEFORE UPDATE OF active ON public.webhooks FOR EACH ROW WHEN ((old.active IS DISTINCT FROM new.active)) EXECUTE FUNCTION public.switch_webhook();

ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bans
    ADD CONSTRAINT bans_banned_by_fkey FOREIGN KEY (banned_by) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.bans
    ADD CONSTRAINT bans_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bans
    ADD CONSTRAINT bans_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chat_mutes
    ADD CONSTRAINT chat_mutes_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chat_mutes
    ADD CONSTRAINT chat_mutes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.friends
    ADD CONSTRAINT friends_high_id_fkey FOREIGN KEY (high_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.friends
    ADD CONSTRAINT friends_low_id_fkey FOREIGN KEY (low_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_bot_id_fkey FOREIGN KEY (bot_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.hooks
    ADD CONSTRAINT hooks_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invites
    ADD CONSTRAINT invites_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notification_preferences
    ADD CONSTRAINT notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.presences
    ADD CONSTRAINT presences_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES public.instances(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.push_queue
    ADD CONSTRAINT push_queue_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES public.push_subscriptions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.push_subscriptions
    ADD CONSTRAINT push_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.scheduled_messages
    ADD CONSTRAINT scheduled_messages_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_role_fkey FOREIGN KEY (role) REFERENCES public.roles(name) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE SET NULL;
