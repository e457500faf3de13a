-- The tables as they are now, written by scripts/schema. Functions are in functions/.

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
    concurrency_key text,
    awaited boolean DEFAULT false NOT NULL,
    CONSTRAINT jobs_concurrency_key_check CHECK (((char_length(concurrency_key) >= 1) AND (char_length(concurrency_key) <= 255))),
    CONSTRAINT jobs_finished_check CHECK (((status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT jobs_lease_check CHECK (((status = 'running'::text) = ((lease IS NOT NULL) AND (leased_until IS NOT NULL)))),
    CONSTRAINT jobs_max_attempts_check CHECK (((max_attempts >= 1) AND (max_attempts <= 100))),
    CONSTRAINT jobs_priority_check CHECK (((priority >= '-10'::integer) AND (priority <= 10))),
    CONSTRAINT jobs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT jobs_task_check CHECK (((char_length(task) >= 1) AND (char_length(task) <= 100))),
    CONSTRAINT jobs_unique_key_check CHECK (((char_length(unique_key) >= 1) AND (char_length(unique_key) <= 255)))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='20000');

COMMENT ON TABLE public.jobs IS 'Work done at least once, by one instance at a time. An INSERT of task and args notifies: it runs at once. Those that are over lie in finished_jobs, and are shown here, too.';

COMMENT ON COLUMN public.jobs.id IS 'The job.';

COMMENT ON COLUMN public.jobs.task IS 'What kind of work it is.';

COMMENT ON COLUMN public.jobs.args IS 'What the task is given. Old and new instances run at once: a task reads what was queued before it changed.';

COMMENT ON COLUMN public.jobs.status IS 'queued, running, succeeded, failed or cancelled.';

COMMENT ON COLUMN public.jobs.priority IS 'The higher the sooner, among those that are due.';

COMMENT ON COLUMN public.jobs.run_at IS 'Not before then.';

COMMENT ON COLUMN public.jobs.unique_key IS 'Two unfinished jobs never share one.';

COMMENT ON COLUMN public.jobs.attempts IS 'How often it was begun.';

COMMENT ON COLUMN public.jobs.max_attempts IS 'How often it may be begun.';

COMMENT ON COLUMN public.jobs.lease IS 'Whose turn it is: a new one each time it is taken. Only who holds it may say how it ended.';

COMMENT ON COLUMN public.jobs.leased_until IS 'Renewed while it runs; once it has passed, another instance takes the job.';

COMMENT ON COLUMN public.jobs.result IS 'What it came to.';

COMMENT ON COLUMN public.jobs.error IS 'Why the latest attempt failed.';

COMMENT ON COLUMN public.jobs.created_at IS 'When it was queued.';

COMMENT ON COLUMN public.jobs.finished_at IS 'When it had ended; null before.';

COMMENT ON COLUMN public.jobs.concurrency_key IS 'Of the jobs with equal keys one runs at a time.';

COMMENT ON COLUMN public.jobs.awaited IS 'Whether somebody waits for its end, who is notified.';

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

COMMENT ON COLUMN public.api_tokens.id IS 'The token, as lists and the audit name it; not the secret.';

COMMENT ON COLUMN public.api_tokens.user_id IS 'Whose it is: a program that brings it acts for this person.';

COMMENT ON COLUMN public.api_tokens.name IS 'What its owner calls it.';

COMMENT ON COLUMN public.api_tokens.hash IS 'SHA-256 of the token, which nobody can show again.';

COMMENT ON COLUMN public.api_tokens.scopes IS 'Permission codes; none is everything its owner may do.';

COMMENT ON COLUMN public.api_tokens.created_at IS 'When it was made.';

COMMENT ON COLUMN public.api_tokens.expires_at IS 'From when on it is refused; null: never.';

COMMENT ON COLUMN public.api_tokens.last_used_at IS 'To the minute.';

COMMENT ON COLUMN public.api_tokens.revoked_at IS 'When it was ended; null while it is good.';

COMMENT ON COLUMN public.api_tokens.revoked_because IS 'Why it was ended, in words.';

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

COMMENT ON COLUMN public.audit.id IS 'The row; later ones are greater.';

COMMENT ON COLUMN public.audit.at IS 'When it was done.';

COMMENT ON COLUMN public.audit.actor_id IS 'The person; null when it was the server''s own doing, that of an operator on the command line (data ->> ''via''), or that of somebody in psql who did not set trunkline.actor.';

COMMENT ON COLUMN public.audit.action IS 'What was done, as one word such as user_suspended.';

COMMENT ON COLUMN public.audit.target IS 'The id of the person, session or chat it was done to, or the name of the role.';

COMMENT ON COLUMN public.audit.data IS 'What else is to be known of it; its fields depend on action.';

COMMENT ON COLUMN public.audit.address IS 'From which address it was done, where that is known.';

CREATE VIEW public.api_v1_audit AS
 SELECT audit.id,
    audit.at,
    audit.actor_id,
    audit.action,
    audit.target,
    audit.data
   FROM public.audit;

COMMENT ON VIEW public.api_v1_audit IS 'Stable. One row a thing done that somebody may have to answer for, without addresses.';

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

COMMENT ON COLUMN public.chats.id IS 'The chat.';

COMMENT ON COLUMN public.chats.kind IS 'group or direct.';

COMMENT ON COLUMN public.chats.visibility IS 'public: anyone signed in may read and join; private: members alone know of it.';

COMMENT ON COLUMN public.chats.title IS 'The title; null for a direct chat. Unique among public groups, ignoring case.';

COMMENT ON COLUMN public.chats.description IS 'What the chat is about, in its own words.';

COMMENT ON COLUMN public.chats.image_key IS 'Where its picture lies in the storage; null: it has none.';

COMMENT ON COLUMN public.chats.owner_id IS 'Its creator; follows members by a trigger. Null for a direct chat.';

COMMENT ON COLUMN public.chats.pair IS 'Between whom a direct chat is, the smaller id first: two people have one.';

COMMENT ON COLUMN public.chats.retention_days IS 'After how many days entries are forgotten; null: never.';

COMMENT ON COLUMN public.chats.first_seq IS 'The number of the oldest entry that is held: 1, unless a retention has removed what came before.';

COMMENT ON COLUMN public.chats.last_seq IS 'The number of the latest entry; 0 in an empty log. Counted, never set.';

COMMENT ON COLUMN public.chats.message_count IS 'How many entries of the log are messages (text, media, system); counted, never set.';

COMMENT ON COLUMN public.chats.member_count IS 'How many rows members holds for the chat; counted, never set.';

COMMENT ON COLUMN public.chats.active_at IS 'When the latest message was posted, or the chat was made.';

COMMENT ON COLUMN public.chats.created_at IS 'When it was made.';

COMMENT ON COLUMN public.chats.updated_at IS 'When title, description, visibility, picture, owner or retention last changed.';

COMMENT ON COLUMN public.chats.ranked_at IS 'Follows active_at in steps: never later, and at most ten minutes earlier. An index may have it, where active_at would give each message one more write. Set by a trigger.';

COMMENT ON COLUMN public.chats.unindexed IS 'Whether the log may hold entries that search_runs does not; set by a trigger, cleared by whoever writes search_runs.';

CREATE VIEW public.api_v1_chats AS
 SELECT chats.id,
    chats.kind,
    chats.visibility,
    chats.title,
    chats.description,
    chats.owner_id,
    chats.retention_days,
    chats.member_count,
    chats.message_count,
    chats.first_seq,
    chats.last_seq,
    chats.created_at,
    chats.updated_at,
    chats.active_at
   FROM public.chats;

COMMENT ON VIEW public.api_v1_chats IS 'Stable. One row a chat, private and direct ones included.';

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

COMMENT ON COLUMN public.messages.chat_id IS 'The chat.';

COMMENT ON COLUMN public.messages.seq IS 'Leave it out of an INSERT: a trigger takes the next number under the lock of the chat.';

COMMENT ON COLUMN public.messages.id IS 'The entry. That of a new message is the message.';

COMMENT ON COLUMN public.messages.kind IS 'text, media and system are messages; the others say what happened, such as message_edited or member_joined.';

COMMENT ON COLUMN public.messages.sender_id IS 'Who did it; null for system messages and for what SQL did without naming anyone.';

COMMENT ON COLUMN public.messages.content IS 'The words of a message, as they are now; null when there are none, or it was recalled or cleared.';

COMMENT ON COLUMN public.messages.reply_to IS 'The message it answers.';

COMMENT ON COLUMN public.messages.target_id IS 'The message an edit, recall, reaction or pin is about.';

COMMENT ON COLUMN public.messages.mentions IS 'Whom it names with @username; set by a trigger.';

COMMENT ON COLUMN public.messages.client_id IS 'The sender''s own name for a message: the same again is the same message.';

COMMENT ON COLUMN public.messages.body IS 'What else there is to say, by kind: attachments of a media message, the emoji of a reaction, up to where was cleared.';

COMMENT ON COLUMN public.messages.created_at IS 'When.';

COMMENT ON COLUMN public.messages.updated_at IS 'When the state of the message last changed.';

COMMENT ON COLUMN public.messages.edited_at IS 'When its words were last changed; null: never.';

COMMENT ON COLUMN public.messages.recalled_at IS 'When it was taken back; null: it stands.';

COMMENT ON COLUMN public.messages.reacted IS 'Whether anyone has ever reacted with an emoji: where nobody has, reactions are not looked for.';

CREATE VIEW public.api_v1_entries AS
 SELECT messages.chat_id,
    messages.seq,
    messages.id,
    messages.kind,
    messages.sender_id AS actor_id,
    messages.target_id,
    messages.body,
    messages.created_at
   FROM public.messages;

COMMENT ON VIEW public.api_v1_entries IS 'Stable. One row an entry of a log: what happened, in order of seq, without words. body depends on kind.';

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

COMMENT ON COLUMN public.files.id IS 'The upload. Its bytes lie under uploads/, then the last two digits of this id, then the id.';

COMMENT ON COLUMN public.files.owner_id IS 'Who uploaded it; null when that person is gone.';

COMMENT ON COLUMN public.files.name IS 'What its uploader called it.';

COMMENT ON COLUMN public.files.content_type IS 'What its bytes are, not what its name says.';

COMMENT ON COLUMN public.files.size IS 'Bytes.';

COMMENT ON COLUMN public.files.width IS 'Pixels; null for what is no picture.';

COMMENT ON COLUMN public.files.height IS 'Pixels; null for what is no picture.';

COMMENT ON COLUMN public.files.thumbnail_type IS 'The media type of its thumbnail; null: there is none.';

COMMENT ON COLUMN public.files.thumbnail_size IS 'The bytes of its thumbnail.';

COMMENT ON COLUMN public.files.state IS 'arriving: its bytes are on their way; loose: no message has it; attached: the message message_id has it; orphaned: nobody may fetch it, and its bytes and this row will be swept.';

COMMENT ON COLUMN public.files.chat_id IS 'The chat of the message that has it.';

COMMENT ON COLUMN public.files.message_id IS 'The message that has it.';

COMMENT ON COLUMN public.files.place IS 'Which of the files of that message it is, from 0.';

COMMENT ON COLUMN public.files.created_at IS 'When it was uploaded.';

CREATE VIEW public.api_v1_files AS
 SELECT files.id,
    files.owner_id,
    files.content_type,
    files.size,
    files.width,
    files.height,
    files.state,
    files.chat_id,
    files.message_id,
    files.created_at
   FROM public.files;

COMMENT ON VIEW public.api_v1_files IS 'Stable. One row an upload, without its name.';

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

COMMENT ON TABLE public.members IS 'One row a person in a chat. An INSERT joins, a DELETE leaves; both are told in the log.';

COMMENT ON COLUMN public.members.chat_id IS 'The chat.';

COMMENT ON COLUMN public.members.user_id IS 'Who is in it.';

COMMENT ON COLUMN public.members.role IS 'creator, admin or member; a group has one creator.';

COMMENT ON COLUMN public.members.last_read_seq IS 'Up to which entry this person has read; never moves back over the API.';

COMMENT ON COLUMN public.members.read_at IS 'When the read mark last moved; null: never.';

COMMENT ON COLUMN public.members.joined_at IS 'Since when this person is in the chat.';

CREATE VIEW public.api_v1_members AS
 SELECT members.chat_id,
    members.user_id,
    members.role,
    members.last_read_seq,
    members.read_at,
    members.joined_at
   FROM public.members;

COMMENT ON VIEW public.api_v1_members IS 'Stable. One row a person in a chat.';

CREATE VIEW public.api_v1_message_facts AS
 SELECT messages.chat_id,
    messages.seq,
    messages.id,
    messages.kind,
    messages.sender_id,
    char_length(messages.content) AS characters,
    messages.reply_to,
    cardinality(messages.mentions) AS mention_count,
    COALESCE(jsonb_array_length((messages.body -> 'attachments'::text)), 0) AS attachment_count,
    messages.created_at,
    messages.edited_at,
    messages.recalled_at
   FROM public.messages
  WHERE (messages.kind = ANY (ARRAY['text'::text, 'media'::text, 'system'::text]));

COMMENT ON VIEW public.api_v1_message_facts IS 'Stable. The same without words: who said something where, when, and how much.';

CREATE VIEW public.api_v1_messages AS
 SELECT messages.chat_id,
    messages.seq,
    messages.id,
    messages.kind,
    messages.sender_id,
    messages.content,
    messages.reply_to,
    messages.mentions,
    ARRAY( SELECT (jsonb_array_elements_text((messages.body -> 'attachments'::text)))::uuid AS jsonb_array_elements_text) AS attachments,
    messages.client_id,
    messages.created_at,
    messages.edited_at,
    messages.recalled_at
   FROM public.messages
  WHERE (messages.kind = ANY (ARRAY['text'::text, 'media'::text, 'system'::text]));

COMMENT ON VIEW public.api_v1_messages IS 'Stable. One row a message as it is now, with its words.';

CREATE TABLE public.pins (
    chat_id uuid NOT NULL,
    message_id uuid NOT NULL,
    pinned_by uuid,
    pinned_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.pins IS 'INSERT and DELETE are told in the log of the chat; a recall unpins.';

COMMENT ON COLUMN public.pins.chat_id IS 'The chat.';

COMMENT ON COLUMN public.pins.message_id IS 'The message.';

COMMENT ON COLUMN public.pins.pinned_by IS 'Who pinned it; null when that person is gone, or when SQL did.';

COMMENT ON COLUMN public.pins.pinned_at IS 'Since when.';

CREATE VIEW public.api_v1_pins AS
 SELECT pins.chat_id,
    pins.message_id,
    pins.pinned_by,
    pins.pinned_at
   FROM public.pins;

COMMENT ON VIEW public.api_v1_pins IS 'Stable. One row a pinned message.';

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

COMMENT ON COLUMN public.reactions.chat_id IS 'The chat.';

COMMENT ON COLUMN public.reactions.message_id IS 'The message.';

COMMENT ON COLUMN public.reactions.emoji IS 'One emoji in the form of one_emoji(), or a :word:.';

COMMENT ON COLUMN public.reactions.user_id IS 'Whose.';

COMMENT ON COLUMN public.reactions.created_at IS 'When.';

COMMENT ON COLUMN public.reactions.since IS 'When the first of those who stand with this emoji came, though they may have gone; set by a trigger.';

CREATE VIEW public.api_v1_reactions AS
 SELECT reactions.chat_id,
    reactions.message_id,
    reactions.emoji,
    reactions.user_id,
    reactions.created_at
   FROM public.reactions;

COMMENT ON VIEW public.api_v1_reactions IS 'Stable. One row an emoji of somebody at a message.';

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

COMMENT ON COLUMN public.sessions.id IS 'The session.';

COMMENT ON COLUMN public.sessions.user_id IS 'Who signed in.';

COMMENT ON COLUMN public.sessions.user_agent IS 'With which program.';

COMMENT ON COLUMN public.sessions.address IS 'From which address.';

COMMENT ON COLUMN public.sessions.created_at IS 'When.';

COMMENT ON COLUMN public.sessions.last_used_at IS 'When a token of it was last used, about.';

COMMENT ON COLUMN public.sessions.expires_at IS 'Until when it can go on without another sign-in.';

COMMENT ON COLUMN public.sessions.revoked_at IS 'When it was ended; null while it goes on. Setting it ends the session on every instance.';

COMMENT ON COLUMN public.sessions.revoked_because IS 'Why it was ended, in words.';

CREATE VIEW public.api_v1_sessions AS
 SELECT sessions.id,
    sessions.user_id,
    sessions.created_at,
    sessions.last_used_at,
    sessions.expires_at,
    sessions.revoked_at
   FROM public.sessions;

COMMENT ON VIEW public.api_v1_sessions IS 'Stable. One row a sign-in, without address and program.';

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

COMMENT ON COLUMN public.users.id IS 'The person.';

COMMENT ON COLUMN public.users.email IS 'Where mail goes, and what one signs in with; unique ignoring case.';

COMMENT ON COLUMN public.users.username IS 'What one is mentioned by: a-z, 0-9, _ and dots, unique.';

COMMENT ON COLUMN public.users.name IS 'What is shown.';

COMMENT ON COLUMN public.users.bio IS 'What somebody says of themselves.';

COMMENT ON COLUMN public.users.contacts IS 'Encrypted with secrets.key; null or empty: none.';

COMMENT ON COLUMN public.users.avatar_key IS 'Where the picture lies in the storage; null: there is none.';

COMMENT ON COLUMN public.users.password_hash IS 'bcrypt of base64(SHA-256(password in NFC)).';

COMMENT ON COLUMN public.users.status IS 'active or suspended. Setting suspended signs the person out everywhere.';

COMMENT ON COLUMN public.users.last_online_at IS 'When a socket of theirs was last open.';

COMMENT ON COLUMN public.users.created_at IS 'When the account was made.';

COMMENT ON COLUMN public.users.updated_at IS 'When the profile last changed.';

COMMENT ON COLUMN public.users.erased_at IS 'Set by erase_user: the row holds nothing of the person any more, and goes when the job erase_user has taken them out of their chats.';

COMMENT ON COLUMN public.users.is_bot IS 'The user in whose name a hook speaks: nobody signs in as it, finds it among people, or makes it a member.';

CREATE VIEW public.api_v1_users AS
 SELECT users.id,
    users.username,
    users.name,
    users.status,
    users.is_bot,
    users.created_at,
    users.updated_at,
    users.last_online_at
   FROM public.users
  WHERE (users.erased_at IS NULL);

COMMENT ON VIEW public.api_v1_users IS 'Stable. One row a person or bot, without addresses and contacts; who was erased is not in it.';

CREATE TABLE public.bans (
    chat_id uuid NOT NULL,
    user_id uuid NOT NULL,
    banned_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.bans IS 'An INSERT puts user_id out of the chat and keeps them out; a DELETE lets them come again.';

COMMENT ON COLUMN public.bans.chat_id IS 'The chat.';

COMMENT ON COLUMN public.bans.user_id IS 'Who may not come in.';

COMMENT ON COLUMN public.bans.banned_by IS 'Who did it; null when that person is gone, or when SQL did.';

COMMENT ON COLUMN public.bans.created_at IS 'Since when.';

CREATE TABLE public.blocks (
    user_id uuid NOT NULL,
    blocked_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT blocks_self_check CHECK ((user_id <> blocked_id))
);

COMMENT ON TABLE public.blocks IS 'user_id wants to hear nothing of blocked_id. An INSERT ends their friendship and any request.';

COMMENT ON COLUMN public.blocks.user_id IS 'Who wants to hear nothing.';

COMMENT ON COLUMN public.blocks.blocked_id IS 'Of whom.';

COMMENT ON COLUMN public.blocks.created_at IS 'Since when.';

CREATE UNLOGGED TABLE public.cache (
    key text NOT NULL,
    value jsonb NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.cache IS 'Values and counters that all instances share for a while; what has expired is not there.';

COMMENT ON COLUMN public.cache.key IS 'The name of the value.';

COMMENT ON COLUMN public.cache.value IS 'The value.';

COMMENT ON COLUMN public.cache.expires_at IS 'From when on it is not there.';

CREATE TABLE public.calendar_feeds (
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.calendar_feeds IS 'The secret address at which calendars read what events user_id owns or holds tickets for. DELETE ends it.';

COMMENT ON COLUMN public.calendar_feeds.user_id IS 'Whose calendar it is.';

COMMENT ON COLUMN public.calendar_feeds.token_hash IS 'SHA-256 of the token in the address; the token itself was told once.';

COMMENT ON COLUMN public.calendar_feeds.created_at IS 'When the address was made.';

CREATE TABLE public.calendar_tombstones (
    user_id uuid NOT NULL,
    event_id uuid NOT NULL,
    name text NOT NULL,
    event_time timestamp with time zone NOT NULL,
    timezone text NOT NULL,
    duration_minutes integer NOT NULL,
    sequence integer NOT NULL,
    deleted_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.calendar_tombstones IS 'A deleted event, for the calendar of somebody who owned it or held a ticket: it is shown there as cancelled for 30 days.';

COMMENT ON COLUMN public.calendar_tombstones.user_id IS 'Whose calendar. No foreign key: whoever deletes an event waits for nobody.';

COMMENT ON COLUMN public.calendar_tombstones.event_id IS 'The event that was deleted.';

COMMENT ON COLUMN public.calendar_tombstones.name IS 'What the event was called.';

COMMENT ON COLUMN public.calendar_tombstones.event_time IS 'When it would have begun.';

COMMENT ON COLUMN public.calendar_tombstones.timezone IS 'In which zone it would have begun.';

COMMENT ON COLUMN public.calendar_tombstones.duration_minutes IS 'How long it would have been, hours included.';

COMMENT ON COLUMN public.calendar_tombstones.sequence IS 'Greater than any that the calendar of this person has shown for the event.';

COMMENT ON COLUMN public.calendar_tombstones.deleted_at IS 'Since when it is shown as cancelled.';

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

CREATE TABLE public.comments (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    event_id uuid,
    post_id uuid,
    on_id uuid GENERATED ALWAYS AS (COALESCE(event_id, post_id)) STORED NOT NULL,
    owner_id uuid NOT NULL,
    content text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT comments_content_check CHECK ((((char_length(content) >= 1) AND (char_length(content) <= 4096)) AND (NOT public.is_blank(content)))),
    CONSTRAINT comments_place_check CHECK ((num_nonnulls(event_id, post_id) = 1))
);

COMMENT ON TABLE public.comments IS 'What somebody has written about an event or a post, one of the two. It ends with that.';

COMMENT ON COLUMN public.comments.id IS 'Later ones are greater.';

COMMENT ON COLUMN public.comments.event_id IS 'The event it is on. A trigger asks for it: a deleted event with many comments is gone before they are removed.';

COMMENT ON COLUMN public.comments.post_id IS 'The post it is on; the same.';

COMMENT ON COLUMN public.comments.on_id IS 'Whichever of the two it is.';

COMMENT ON COLUMN public.comments.owner_id IS 'Who wrote it. No foreign key, as in posts.';

COMMENT ON COLUMN public.comments.content IS 'What was written.';

COMMENT ON COLUMN public.comments.created_at IS 'When it was written.';

CREATE TABLE public.ended_chats (
    chat_id uuid NOT NULL,
    removed_to bigint DEFAULT 0 NOT NULL,
    ended_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.ended_chats IS 'One row a deleted chat whose log is not removed yet. Nobody can read it any more; the task remove_ended_chats removes it in pieces, and then the row.';

COMMENT ON COLUMN public.ended_chats.chat_id IS 'The chat that is gone.';

COMMENT ON COLUMN public.ended_chats.removed_to IS 'Up to which entry the log is removed.';

COMMENT ON COLUMN public.ended_chats.ended_at IS 'When it was deleted.';

CREATE TABLE public.ended_comments (
    on_id uuid NOT NULL,
    after_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    after_id uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    ended_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.ended_comments IS 'One row a deleted event or post whose comments are not removed yet. Nobody can read them any more; the task remove_ended_comments removes them in pieces, and then the row.';

COMMENT ON COLUMN public.ended_comments.on_id IS 'Which event or post that was.';

COMMENT ON COLUMN public.ended_comments.after_at IS 'Up to which comment they are removed: its created_at …';

COMMENT ON COLUMN public.ended_comments.after_id IS '… and its id.';

COMMENT ON COLUMN public.ended_comments.ended_at IS 'When the event or post was deleted.';

CREATE TABLE public.event_waiting (
    event_id uuid NOT NULL,
    user_id uuid NOT NULL,
    quantity integer NOT NULL,
    place bigint NOT NULL,
    held_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    told_free integer DEFAULT 0 NOT NULL,
    CONSTRAINT event_waiting_quantity_check CHECK (((quantity >= 1) AND (quantity <= 10)))
)
WITH (fillfactor='90');

COMMENT ON TABLE public.event_waiting IS 'The line of those who wait for a ticket of an event. An INSERT stands at its end, a DELETE gives the place up.';

COMMENT ON COLUMN public.event_waiting.event_id IS 'For which event.';

COMMENT ON COLUMN public.event_waiting.user_id IS 'Who waits.';

COMMENT ON COLUMN public.event_waiting.quantity IS 'How many places they want.';

COMMENT ON COLUMN public.event_waiting.place IS 'Who has the smaller one is served before. A trigger gives the next.';

COMMENT ON COLUMN public.event_waiting.held_until IS 'Until then so many places are held for them; null while they wait. Whoever does not take them by then is out of the line.';

COMMENT ON COLUMN public.event_waiting.created_at IS 'Since when they wait.';

COMMENT ON COLUMN public.event_waiting.told_free IS 'Of how many free places they were told while they were first in line and waited for more. Set by a trigger.';

CREATE TABLE public.events (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    owner_id uuid NOT NULL,
    name text NOT NULL,
    event_time timestamp(3) with time zone NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    duration_hours integer DEFAULT 0 NOT NULL,
    duration_minutes integer DEFAULT 0 NOT NULL,
    max_tickets integer NOT NULL,
    tickets_sold integer DEFAULT 0 NOT NULL,
    tickets_held integer DEFAULT 0 NOT NULL,
    with_chat boolean DEFAULT false NOT NULL,
    chat_id uuid,
    remind_minutes integer DEFAULT 60 NOT NULL,
    remind_at timestamp with time zone,
    sequence integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    comment_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT events_comment_count_check CHECK ((comment_count >= 0)),
    CONSTRAINT events_description_check CHECK ((char_length(description) <= 10000)),
    CONSTRAINT events_duration_hours_check CHECK (((duration_hours >= 0) AND (duration_hours <= 8760))),
    CONSTRAINT events_duration_minutes_check CHECK (((duration_minutes >= 0) AND (duration_minutes <= 59))),
    CONSTRAINT events_event_time_check CHECK (((EXTRACT(year FROM timezone('UTC'::text, event_time)) >= (1900)::numeric) AND (EXTRACT(year FROM timezone('UTC'::text, event_time)) <= (9997)::numeric))),
    CONSTRAINT events_max_tickets_check CHECK (((max_tickets >= 0) AND (max_tickets <= 1000000))),
    CONSTRAINT events_name_check CHECK ((((char_length(name) >= 1) AND (char_length(name) <= 255)) AND (NOT public.is_blank(name)) AND public.is_line(name))),
    CONSTRAINT events_places_check CHECK (((tickets_sold >= 0) AND (tickets_held >= 0) AND ((tickets_sold + tickets_held) <= max_tickets))),
    CONSTRAINT events_remind_minutes_check CHECK (((remind_minutes >= 0) AND (remind_minutes <= 40320)))
)
WITH (fillfactor='80');

COMMENT ON TABLE public.events IS 'What takes place at event_time. tickets_sold and tickets_held are counted, never set: together they are never more than max_tickets.';

COMMENT ON COLUMN public.events.id IS 'Later ones are greater.';

COMMENT ON COLUMN public.events.owner_id IS 'Who made it, for ever: the event goes with its owner.';

COMMENT ON COLUMN public.events.name IS 'What it is called, on one line.';

COMMENT ON COLUMN public.events.event_time IS 'When it begins, to the millisecond, as the API writes it. No ticket is sold from then on.';

COMMENT ON COLUMN public.events.timezone IS 'The name of a time zone as IANA has it: in which the local time is shown.';

COMMENT ON COLUMN public.events.description IS 'What it is about.';

COMMENT ON COLUMN public.events.duration_hours IS 'How long it takes: whole hours.';

COMMENT ON COLUMN public.events.duration_minutes IS 'And minutes.';

COMMENT ON COLUMN public.events.max_tickets IS 'How many places there are.';

COMMENT ON COLUMN public.events.tickets_sold IS 'The places of all tickets that are not cancelled.';

COMMENT ON COLUMN public.events.tickets_held IS 'The places that are held for those who have waited.';

COMMENT ON COLUMN public.events.with_chat IS 'Whether it has a chat of its own; said when it is made.';

COMMENT ON COLUMN public.events.chat_id IS 'The private chat of the owner and of those who hold a ticket. A trigger makes it, and it ends with the event.';

COMMENT ON COLUMN public.events.remind_minutes IS 'How long before event_time the owner and the holders are reminded; 0 for never.';

COMMENT ON COLUMN public.events.remind_at IS 'When they are to be reminded; null once that is done, or when it is not to be done. Set by a trigger.';

COMMENT ON COLUMN public.events.sequence IS 'Grows by one with each change of what a calendar shows. Set by a trigger.';

COMMENT ON COLUMN public.events.created_at IS 'When it was made.';

COMMENT ON COLUMN public.events.updated_at IS 'When something of it last changed that people see.';

COMMENT ON COLUMN public.events.comment_count IS 'Counted by a trigger, never set.';

CREATE TABLE public.finished_jobs (
)
INHERITS (public.jobs);

COMMENT ON TABLE public.finished_jobs IS 'Jobs that are over, for a week. Who sets status to queued and finished_at to null queues one again.';

COMMENT ON COLUMN public.finished_jobs.id IS 'That which it had in jobs.';

COMMENT ON COLUMN public.finished_jobs.task IS 'What was to be done.';

COMMENT ON COLUMN public.finished_jobs.args IS 'What the task was given.';

COMMENT ON COLUMN public.finished_jobs.status IS 'succeeded, failed or cancelled.';

COMMENT ON COLUMN public.finished_jobs.priority IS 'As in jobs.';

COMMENT ON COLUMN public.finished_jobs.run_at IS 'When its last attempt was due.';

COMMENT ON COLUMN public.finished_jobs.unique_key IS 'As in jobs; many that are over may share one.';

COMMENT ON COLUMN public.finished_jobs.attempts IS 'How often it was begun.';

COMMENT ON COLUMN public.finished_jobs.max_attempts IS 'How often it might have been begun.';

COMMENT ON COLUMN public.finished_jobs.lease IS 'Always null.';

COMMENT ON COLUMN public.finished_jobs.leased_until IS 'Always null.';

COMMENT ON COLUMN public.finished_jobs.result IS 'What the task answered.';

COMMENT ON COLUMN public.finished_jobs.error IS 'Why the latest attempt failed.';

COMMENT ON COLUMN public.finished_jobs.created_at IS 'When it was queued.';

COMMENT ON COLUMN public.finished_jobs.finished_at IS 'When it ended.';

COMMENT ON COLUMN public.finished_jobs.concurrency_key IS 'As in jobs.';

COMMENT ON COLUMN public.finished_jobs.awaited IS 'Whether somebody waited for its end.';

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

COMMENT ON COLUMN public.friends.low_id IS 'The one of the two with the smaller id.';

COMMENT ON COLUMN public.friends.high_id IS 'The other one.';

COMMENT ON COLUMN public.friends.asked_by IS 'Who asked.';

COMMENT ON COLUMN public.friends.created_at IS 'When it was asked.';

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

COMMENT ON COLUMN public.hooks.id IS 'The hook.';

COMMENT ON COLUMN public.hooks.chat_id IS 'Where it posts.';

COMMENT ON COLUMN public.hooks.bot_id IS 'A user with is_bot: its name and picture are shown. It stays when the hook goes, as long as what it said may stand.';

COMMENT ON COLUMN public.hooks.token_hash IS 'SHA-256 of the token in the address; the token itself was told once.';

COMMENT ON COLUMN public.hooks.place IS 'A chat has ten: a trigger takes the first that is free.';

COMMENT ON COLUMN public.hooks.maker_place IS 'Whoever is created_by has a hundred: the same.';

COMMENT ON COLUMN public.hooks.used_at IS 'When it was last used, to the minute; null when never.';

COMMENT ON COLUMN public.hooks.created_by IS 'Who answers for it. It goes when they are no creator or admin of the chat any more, are suspended or deleted.';

COMMENT ON COLUMN public.hooks.created_at IS 'When it was made.';

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

COMMENT ON COLUMN public.idempotency_keys.user_id IS 'Who sent the request.';

COMMENT ON COLUMN public.idempotency_keys.path IS 'Method and path of the request.';

COMMENT ON COLUMN public.idempotency_keys.key IS 'The header Idempotency-Key.';

COMMENT ON COLUMN public.idempotency_keys.request_hash IS 'SHA-256 of the body: the same key with another body is refused.';

COMMENT ON COLUMN public.idempotency_keys.answer IS 'What was answered; text is encrypted, because the answer held a secret.';

COMMENT ON COLUMN public.idempotency_keys.created_at IS 'When it was answered.';

CREATE TABLE public.installed_functions (
    name text NOT NULL,
    hash text NOT NULL,
    release text NOT NULL,
    installed_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.installed_functions IS 'Which functions and triggers `trunkline migrate` has made here, from which text and by which version.';

COMMENT ON COLUMN public.installed_functions.name IS 'The function or trigger, as the catalog names it.';

COMMENT ON COLUMN public.installed_functions.hash IS 'SHA-256 of the text that made it.';

COMMENT ON COLUMN public.installed_functions.release IS 'The version of the program that made it.';

COMMENT ON COLUMN public.installed_functions.installed_at IS 'When.';

CREATE UNLOGGED TABLE public.instances (
    id uuid NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.instances IS 'One row a running instance. It renews seen_at every 5 seconds; one not seen for 25 is taken for dead.';

COMMENT ON COLUMN public.instances.id IS 'The instance, from its start to its end.';

COMMENT ON COLUMN public.instances.started_at IS 'When it started.';

COMMENT ON COLUMN public.instances.seen_at IS 'When it last said that it lives.';

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

COMMENT ON COLUMN public.invites.id IS 'The invite.';

COMMENT ON COLUMN public.invites.chat_id IS 'Into which chat it leads.';

COMMENT ON COLUMN public.invites.token_hash IS 'SHA-256 of the token: who reads this table can not join with it.';

COMMENT ON COLUMN public.invites.max_uses IS 'How many may join with it; null: any number.';

COMMENT ON COLUMN public.invites.uses IS 'How many have.';

COMMENT ON COLUMN public.invites.expires_at IS 'From when on nobody can; null: never.';

COMMENT ON COLUMN public.invites.created_by IS 'Who made it; null when that person is gone.';

COMMENT ON COLUMN public.invites.created_at IS 'When.';

CREATE TABLE public.login_key_uses (
    hash bytea NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.login_key_uses IS 'SHA-256 of each encrypted password that was taken in the last minutes: none is taken twice.';

COMMENT ON COLUMN public.login_key_uses.hash IS 'SHA-256 of the encrypted password.';

COMMENT ON COLUMN public.login_key_uses.used_at IS 'When it was taken.';

CREATE TABLE public.login_keys (
    id uuid NOT NULL,
    public_key text NOT NULL,
    private_key bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.login_keys IS 'RSA keys a password may be encrypted to on its way here. The newest is handed out, one from before is taken for a day.';

COMMENT ON COLUMN public.login_keys.id IS 'What a client names it by (key_id).';

COMMENT ON COLUMN public.login_keys.public_key IS 'PEM.';

COMMENT ON COLUMN public.login_keys.private_key IS 'PKCS #8, sealed with the key secrets.key.';

COMMENT ON COLUMN public.login_keys.created_at IS 'When it was made.';

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

COMMENT ON COLUMN public.notifications.id IS 'Later ones are greater.';

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

COMMENT ON COLUMN public.password_resets.hash IS 'SHA-256 of the token in the link.';

COMMENT ON COLUMN public.password_resets.user_id IS 'Whose password it sets.';

COMMENT ON COLUMN public.password_resets.created_at IS 'When it was asked for.';

COMMENT ON COLUMN public.password_resets.expires_at IS 'From when on the link is refused.';

CREATE TABLE public.paused_tasks (
    task text NOT NULL,
    paused_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT paused_tasks_task_check CHECK (((char_length(task) >= 1) AND (char_length(task) <= 100)))
);

COMMENT ON TABLE public.paused_tasks IS 'Tasks whose jobs wait until the row goes. An INSERT or DELETE takes effect within a second.';

COMMENT ON COLUMN public.paused_tasks.task IS 'The name of a task.';

COMMENT ON COLUMN public.paused_tasks.paused_at IS 'Since when.';

CREATE TABLE public.permissions (
    code text NOT NULL,
    is_administration boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.permissions IS 'Every permission a server has known, written when it starts. New ones that are no administration go to the role user.';

COMMENT ON COLUMN public.permissions.code IS 'The permission, made from method and path.';

COMMENT ON COLUMN public.permissions.is_administration IS 'Whether it is left out of the role user.';

COMMENT ON COLUMN public.permissions.created_at IS 'When a server first knew it.';

CREATE TABLE public.pictures (
    id uuid NOT NULL,
    owner_id uuid,
    size bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT pictures_size_check CHECK ((size > 0))
);

COMMENT ON TABLE public.pictures IS 'One row a picture of a person, a hook or a chat that was stored, by the last part of its key: what counts as uploaded by owner_id. It stays for a day after created_at, also when the picture is removed.';

COMMENT ON COLUMN public.pictures.id IS 'The last part of its key in the storage.';

COMMENT ON COLUMN public.pictures.owner_id IS 'Who uploaded it; null when they are gone.';

COMMENT ON COLUMN public.pictures.size IS 'Bytes.';

COMMENT ON COLUMN public.pictures.created_at IS 'When it was uploaded.';

COMMENT ON COLUMN public.pictures.removed_at IS 'When it was removed; null while it is shown.';

CREATE TABLE public.posts (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    owner_id uuid NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    comment_count integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT posts_comment_count_check CHECK ((comment_count >= 0)),
    CONSTRAINT posts_content_check CHECK ((((char_length(content) >= 1) AND (char_length(content) <= 65536)) AND (NOT public.is_blank(content)))),
    CONSTRAINT posts_title_check CHECK ((((char_length(title) >= 1) AND (char_length(title) <= 255)) AND (NOT public.is_blank(title)) AND public.is_line(title)))
);

COMMENT ON TABLE public.posts IS 'What somebody has written for everybody who is signed in. A DELETE takes its comments along.';

COMMENT ON COLUMN public.posts.id IS 'Later ones are greater.';

COMMENT ON COLUMN public.posts.owner_id IS 'Who wrote it. No foreign key: it stays when they are erased, with an id that names nobody.';

COMMENT ON COLUMN public.posts.title IS 'What stands above it, on one line.';

COMMENT ON COLUMN public.posts.content IS 'What was written.';

COMMENT ON COLUMN public.posts.comment_count IS 'Counted by a trigger, never set.';

COMMENT ON COLUMN public.posts.created_at IS 'When it was written.';

COMMENT ON COLUMN public.posts.updated_at IS 'When title or content last changed.';

CREATE UNLOGGED TABLE public.presences (
    instance_id uuid NOT NULL,
    user_id uuid NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.presences IS 'Who has a socket open on which instance: someone with a row here is online.';

COMMENT ON COLUMN public.presences.instance_id IS 'The instance that holds the socket.';

COMMENT ON COLUMN public.presences.user_id IS 'Who is online.';

COMMENT ON COLUMN public.presences.since IS 'Since when.';

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

COMMENT ON COLUMN public.push_queue.subscription_id IS 'To which device.';

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

COMMENT ON COLUMN public.push_subscriptions.id IS 'Later ones are greater.';

COMMENT ON COLUMN public.push_subscriptions.user_id IS 'Whose device it is.';

COMMENT ON COLUMN public.push_subscriptions.session_id IS 'The session in which it was made: it ends with that, for who has signed out there is told nothing more.';

COMMENT ON COLUMN public.push_subscriptions.endpoint_hash IS 'SHA-256 of the address: a device has one subscription, whoever is signed in there.';

COMMENT ON COLUMN public.push_subscriptions.secret IS 'The address and the keys of the device, sealed by secrets.key.';

COMMENT ON COLUMN public.push_subscriptions.user_agent IS 'What the device called itself.';

COMMENT ON COLUMN public.push_subscriptions.failures IS 'How many pushes in a row could not be delivered at all; too many end it.';

COMMENT ON COLUMN public.push_subscriptions.created_at IS 'When it was made.';

COMMENT ON COLUMN public.push_subscriptions.used_at IS 'When it last took something.';

CREATE TABLE public.refresh_tokens (
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    spent_at timestamp with time zone
);

COMMENT ON TABLE public.refresh_tokens IS 'SHA-256 of each refresh token that is good or was spent a moment ago. One that was spent before is known by its signature: its reuse is noticed without a row.';

COMMENT ON COLUMN public.refresh_tokens.hash IS 'SHA-256 of the token.';

COMMENT ON COLUMN public.refresh_tokens.session_id IS 'The session it goes on with.';

COMMENT ON COLUMN public.refresh_tokens.issued_at IS 'When it was given out.';

COMMENT ON COLUMN public.refresh_tokens.expires_at IS 'From when on it is refused.';

COMMENT ON COLUMN public.refresh_tokens.spent_at IS 'When it was exchanged for another; null while it is good.';

CREATE TABLE public.roles (
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    permissions text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT roles_description_check CHECK ((char_length(description) <= 1000)),
    CONSTRAINT roles_name_check CHECK ((name ~ '^[a-z0-9_-]{1,64}$'::text))
);

COMMENT ON TABLE public.roles IS 'What a role permits: permission codes such as GET:/api/v1/users/{id}, or * for everything.';

COMMENT ON COLUMN public.roles.name IS 'The role.';

COMMENT ON COLUMN public.roles.description IS 'What it is for.';

COMMENT ON COLUMN public.roles.permissions IS 'Permission codes; * is all of them.';

COMMENT ON COLUMN public.roles.created_at IS 'When it was made.';

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

COMMENT ON COLUMN public.scheduled_messages.user_id IS 'Who will say it.';

COMMENT ON COLUMN public.scheduled_messages.chat_id IS 'No foreign key: that the chat is gone is told to the sender when the time has come.';

COMMENT ON COLUMN public.scheduled_messages.client_id IS 'The message has it, too: sent twice, it is one message.';

COMMENT ON COLUMN public.scheduled_messages.content IS 'What will be said.';

COMMENT ON COLUMN public.scheduled_messages.reply_to IS 'The message it will answer.';

COMMENT ON COLUMN public.scheduled_messages.attachments IS 'The uploads that will come with it.';

COMMENT ON COLUMN public.scheduled_messages.send_at IS 'When.';

COMMENT ON COLUMN public.scheduled_messages.leased_until IS 'An instance is sending it until then; once that has passed, another one does.';

COMMENT ON COLUMN public.scheduled_messages.failed_at IS 'When it could not be sent; null while it waits.';

COMMENT ON COLUMN public.scheduled_messages.reason IS 'Why it was not sent, by the word of an error; the row stays for a week after failed_at.';

COMMENT ON COLUMN public.scheduled_messages.created_at IS 'When it was handed in.';

CREATE TABLE public.schedules (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    name text NOT NULL,
    task text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    cron text,
    every_seconds integer,
    solar jsonb,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    overlap text DEFAULT 'skip'::text NOT NULL,
    built_in boolean DEFAULT false NOT NULL,
    last_run_at timestamp with time zone,
    next_run_at timestamp with time zone,
    planned_at timestamp with time zone,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schedules_cron_check CHECK (((char_length(cron) >= 1) AND (char_length(cron) <= 255))),
    CONSTRAINT schedules_every_seconds_check CHECK (((every_seconds >= 1) AND (every_seconds <= 31536000))),
    CONSTRAINT schedules_name_check CHECK ((((char_length(name) >= 1) AND (char_length(name) <= 255)) AND (NOT public.is_blank(name)) AND public.is_line(name))),
    CONSTRAINT schedules_overlap_check CHECK ((overlap = ANY (ARRAY['skip'::text, 'queue'::text]))),
    CONSTRAINT schedules_rule_check CHECK ((num_nonnulls(cron, every_seconds, solar) = 1)),
    CONSTRAINT schedules_solar_check CHECK (
CASE
    WHEN (solar IS NULL) THEN true
    WHEN (jsonb_typeof(solar) <> 'object'::text) THEN false
    WHEN (jsonb_typeof((solar -> 'latitude'::text)) IS DISTINCT FROM 'number'::text) THEN false
    WHEN (jsonb_typeof((solar -> 'longitude'::text)) IS DISTINCT FROM 'number'::text) THEN false
    ELSE (((((solar ->> 'latitude'::text))::numeric >= ('-90'::integer)::numeric) AND (((solar ->> 'latitude'::text))::numeric <= (90)::numeric)) AND ((((solar ->> 'longitude'::text))::numeric >= ('-180'::integer)::numeric) AND (((solar ->> 'longitude'::text))::numeric <= (180)::numeric)) AND (COALESCE((solar ->> 'event'::text), ''::text) = ANY (ARRAY['sunrise'::text, 'sunset'::text, 'noon'::text, 'civil_dawn'::text, 'civil_dusk'::text, 'nautical_dawn'::text, 'nautical_dusk'::text, 'astronomical_dawn'::text, 'astronomical_dusk'::text])))
END),
    CONSTRAINT schedules_task_check CHECK (((char_length(task) >= 1) AND (char_length(task) <= 100))),
    CONSTRAINT schedules_timezone_check CHECK (((char_length(timezone) >= 1) AND (char_length(timezone) <= 100)))
)
WITH (fillfactor='70');

COMMENT ON TABLE public.schedules IS 'Jobs that are queued again and again. An INSERT, UPDATE or DELETE is live within a second; each time is one job, however many instances run.';

COMMENT ON COLUMN public.schedules.id IS 'Which schedule it is, for ever.';

COMMENT ON COLUMN public.schedules.name IS 'For people; two may have the same.';

COMMENT ON COLUMN public.schedules.task IS 'What each of its jobs does.';

COMMENT ON COLUMN public.schedules.args IS 'What each of its jobs is given.';

COMMENT ON COLUMN public.schedules.cron IS 'Minute, hour, day of the month, month, day of the week, by the clock of timezone; another shape is refused. One of cron, every_seconds and solar is set.';

COMMENT ON COLUMN public.schedules.every_seconds IS 'The pace, counted from created_at.';

COMMENT ON COLUMN public.schedules.solar IS '{"event", "latitude", "longitude"}: sunrise, sunset, noon, or the dawn or dusk that is civil, nautical or astronomical.';

COMMENT ON COLUMN public.schedules.timezone IS 'An IANA name, such as Europe/Berlin, for cron; one that is not in pg_timezone_names is refused.';

COMMENT ON COLUMN public.schedules.enabled IS 'Whether it runs.';

COMMENT ON COLUMN public.schedules.overlap IS 'What happens when its time has come and its last job is not over: skip, or queue another behind it.';

COMMENT ON COLUMN public.schedules.built_in IS 'Whether it came with the program: it can be switched off, but each start of a server adds it anew where it was deleted.';

COMMENT ON COLUMN public.schedules.last_run_at IS 'When it queued a job last.';

COMMENT ON COLUMN public.schedules.next_run_at IS 'When it will next; null when it is switched off, or has no time to come. Set to now(), it queues one at once.';

COMMENT ON COLUMN public.schedules.planned_at IS 'When next_run_at was reckoned; null: to be reckoned by the server.';

COMMENT ON COLUMN public.schedules.error IS 'Why it has no next time: what the database cannot see and the server can, such as a cron of 30 February.';

COMMENT ON COLUMN public.schedules.created_at IS 'When it was made.';

COMMENT ON COLUMN public.schedules.updated_at IS 'When it was last changed by somebody.';

CREATE TABLE public.search_blocks (
    chat_id uuid NOT NULL,
    block bigint NOT NULL,
    grams integer[]
);

COMMENT ON TABLE public.search_blocks IS 'Block n of a chat holds the places n * 128 + 1 to (n + 1) * 128 of its log. Derived from messages: may be emptied together with search_heads, and is written anew.';

COMMENT ON COLUMN public.search_blocks.chat_id IS 'The chat.';

COMMENT ON COLUMN public.search_blocks.block IS 'Which block of its log.';

COMMENT ON COLUMN public.search_blocks.grams IS 'Hashes of every one, two and three characters in a row that occur in the block; null when a message of it was changed since, until it is read again.';

CREATE TABLE public.search_ends (
    chat_id uuid NOT NULL,
    seq bigint NOT NULL
);

COMMENT ON TABLE public.search_ends IS 'How far search_runs goes in each chat; what lies beyond is searched by reading it.';

COMMENT ON COLUMN public.search_ends.chat_id IS 'The chat.';

COMMENT ON COLUMN public.search_ends.seq IS 'Up to which entry search_runs goes.';

CREATE TABLE public.search_heads (
    chat_id uuid NOT NULL,
    seq bigint NOT NULL
);

COMMENT ON TABLE public.search_heads IS 'How far search_blocks goes in each chat; what lies beyond is searched by reading it.';

COMMENT ON COLUMN public.search_heads.chat_id IS 'The chat.';

COMMENT ON COLUMN public.search_heads.seq IS 'Up to which entry search_blocks goes.';

CREATE TABLE public.search_runs (
    chat_id uuid NOT NULL,
    run bigint NOT NULL,
    grams integer[],
    speakers uuid[],
    since timestamp with time zone,
    until timestamp with time zone,
    day integer
)
WITH (autovacuum_vacuum_scale_factor='0.5', autovacuum_vacuum_insert_scale_factor='0.5', toast.autovacuum_vacuum_insert_scale_factor='0.5');
ALTER TABLE ONLY public.search_runs ALTER COLUMN grams SET STORAGE EXTERNAL;

COMMENT ON TABLE public.search_runs IS 'Run n of a chat holds the places n * 32 + 1 to (n + 1) * 32 of its log. Derived from messages: may be emptied together with search_ends, and is written anew.';

COMMENT ON COLUMN public.search_runs.chat_id IS 'The chat.';

COMMENT ON COLUMN public.search_runs.run IS 'Which run of its log.';

COMMENT ON COLUMN public.search_runs.grams IS 'Hashes of every one, two and three characters in a row that occur in the run, and of whom it mentions, under search_salt; null when a message of it was changed since, until it is read again.';

COMMENT ON COLUMN public.search_runs.speakers IS 'Who has said something in it, one or two of them; may name more than still stand, never fewer. Null when that is not known yet.';

COMMENT ON COLUMN public.search_runs.since IS 'When the earliest message of it was made.';

COMMENT ON COLUMN public.search_runs.until IS 'When the latest message of it was made; since: the earliest. Null when it holds none.';

COMMENT ON COLUMN public.search_runs.day IS 'The day of until, by number; the runs 0 to 127 of all chats are looked up by it.';

CREATE TABLE public.throttles (
    key text NOT NULL,
    count bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT throttles_count_check CHECK ((count >= 0))
)
WITH (fillfactor='70');

COMMENT ON TABLE public.throttles IS 'Attempts that are limited (sign-ins, sign-ups, wrong passwords, mails): how often each was made in its time. A key tells nobody who it was.';

COMMENT ON COLUMN public.throttles.key IS 'What is counted, of which kind, and a hash of the account or the address.';

COMMENT ON COLUMN public.throttles.count IS 'How often, since the counter began.';

COMMENT ON COLUMN public.throttles.expires_at IS 'From when on it counts from zero.';

CREATE TABLE public.tickets (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    event_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    quantity integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    cancelled_at timestamp with time zone,
    checked_in_at timestamp with time zone,
    checked_in_by uuid,
    sequence integer,
    CONSTRAINT tickets_quantity_check CHECK (((quantity >= 1) AND (quantity <= 10)))
)
WITH (fillfactor='90');

COMMENT ON TABLE public.tickets IS 'So many places at an event for holder_id. An INSERT buys them and fails where there are not so many; cancelled_at gives them back.';

COMMENT ON COLUMN public.tickets.id IS 'Later ones are greater.';

COMMENT ON COLUMN public.tickets.event_id IS 'For which event.';

COMMENT ON COLUMN public.tickets.holder_id IS 'Whose it is.';

COMMENT ON COLUMN public.tickets.quantity IS 'How many places.';

COMMENT ON COLUMN public.tickets.created_at IS 'When it was bought.';

COMMENT ON COLUMN public.tickets.cancelled_at IS 'When it was given back; null while it is good. The row stays, because calendars tell of it.';

COMMENT ON COLUMN public.tickets.checked_in_at IS 'When its holder came in; null before that.';

COMMENT ON COLUMN public.tickets.checked_in_by IS 'Who let them in.';

COMMENT ON COLUMN public.tickets.sequence IS 'The number of its last change in the calendar of its holder: it grows with each ticket of the event that they buy or give back. Set by a trigger; null for one from before, which counts by its time.';

CREATE TABLE public.ticks (
    task text NOT NULL,
    fired_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.ticks IS 'Of an older version: schedules takes its place.';

COMMENT ON COLUMN public.ticks.task IS 'The regular task.';

COMMENT ON COLUMN public.ticks.fired_at IS 'When it was last queued.';

CREATE TABLE public.topic_groups (
    topic text NOT NULL,
    name text NOT NULL,
    next_offset bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT topic_groups_name_check CHECK ((((char_length(name) >= 1) AND (char_length(name) <= 255)) AND (NOT public.is_blank(name)) AND public.is_line(name)))
)
WITH (fillfactor='50');

COMMENT ON TABLE public.topic_groups IS 'Consumers that share the records of a topic: each record goes to one of them, and comes again until it is committed.';

COMMENT ON COLUMN public.topic_groups.topic IS 'Of which topic.';

COMMENT ON COLUMN public.topic_groups.name IS 'What its consumers call it.';

COMMENT ON COLUMN public.topic_groups.next_offset IS 'The first record that was handed to nobody yet. What was handed out before is committed, or stands in topic_leases.';

COMMENT ON COLUMN public.topic_groups.created_at IS 'When somebody first read as this group.';

CREATE TABLE public.topic_leases (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    topic text NOT NULL,
    group_name text NOT NULL,
    open int8multirange NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    leased_until timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.topic_leases IS 'Records that were handed to a consumer and are not committed yet; after leased_until they go to the next one that asks.';

COMMENT ON COLUMN public.topic_leases.id IS 'Later ones are greater.';

COMMENT ON COLUMN public.topic_leases.topic IS 'Of which topic.';

COMMENT ON COLUMN public.topic_leases.group_name IS 'To which group they were handed.';

COMMENT ON COLUMN public.topic_leases.open IS 'Their offsets.';

COMMENT ON COLUMN public.topic_leases.attempts IS 'How often they were handed out.';

COMMENT ON COLUMN public.topic_leases.leased_until IS 'When they come again, if they are not committed before.';

CREATE TABLE public.topic_records (
    topic text NOT NULL,
    record_offset bigint NOT NULL,
    key text,
    value jsonb,
    value_bytes bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT topic_records_key_check CHECK ((char_length(key) <= 1024)),
    CONSTRAINT topic_records_value_check CHECK ((num_nonnulls(value, value_bytes) = 1))
);

COMMENT ON TABLE public.topic_records IS 'A record of a topic. Leave record_offset out of an INSERT: it is the next. No row is changed; a retention removes the oldest.';

COMMENT ON COLUMN public.topic_records.topic IS 'No foreign key: the row of the topic is locked by the trigger that counts.';

COMMENT ON COLUMN public.topic_records.record_offset IS '1, 2, 3 … in the order of commits, without a gap.';

COMMENT ON COLUMN public.topic_records.key IS 'What the record is about, in the words of those who produce; null for nothing.';

COMMENT ON COLUMN public.topic_records.value IS 'What it says, as JSON; null where it is bytes.';

COMMENT ON COLUMN public.topic_records.value_bytes IS 'What it says, as bytes; null where it is JSON.';

COMMENT ON COLUMN public.topic_records.created_at IS 'When it was produced.';

CREATE TABLE public.topics (
    name text NOT NULL,
    first_offset bigint DEFAULT 1 NOT NULL,
    last_offset bigint DEFAULT 0 NOT NULL,
    retention_days integer,
    retention_records bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT topics_name_check CHECK ((name ~ '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$'::text)),
    CONSTRAINT topics_offsets_check CHECK (((first_offset >= 1) AND (last_offset >= (first_offset - 1)))),
    CONSTRAINT topics_retention_days_check CHECK (((retention_days >= 1) AND (retention_days <= 36500))),
    CONSTRAINT topics_retention_records_check CHECK ((retention_records >= 1))
)
WITH (fillfactor='50');

COMMENT ON TABLE public.topics IS 'A log of records. An INSERT into topic_records makes it where it is not there; a DELETE removes its records, and its groups.';

COMMENT ON COLUMN public.topics.name IS 'What programs call it.';

COMMENT ON COLUMN public.topics.first_offset IS 'The oldest record that is kept. Counted, never set.';

COMMENT ON COLUMN public.topics.last_offset IS 'The latest record; 0 before the first. Counted under the lock of the row, so that the order of offsets is that of commits.';

COMMENT ON COLUMN public.topics.retention_days IS 'Records that are older are removed, once an hour; null for never.';

COMMENT ON COLUMN public.topics.retention_records IS 'So many are kept; null for all.';

COMMENT ON COLUMN public.topics.created_at IS 'When it was made.';

CREATE TABLE public.user_roles (
    user_id uuid NOT NULL,
    role text NOT NULL
);

COMMENT ON TABLE public.user_roles IS 'Who has which role. Every change is noted in audit, and counts on every instance within a second.';

COMMENT ON COLUMN public.user_roles.user_id IS 'Who.';

COMMENT ON COLUMN public.user_roles.role IS 'Has which role.';

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

COMMENT ON COLUMN public.webhooks.id IS 'The webhook.';

COMMENT ON COLUMN public.webhooks.chat_id IS 'Whose entries it is sent.';

COMMENT ON COLUMN public.webhooks.place IS 'A chat has ten: a trigger takes the first that is free.';

COMMENT ON COLUMN public.webhooks.url IS 'May hold a secret of whoever reads it; never told but to the creator and admins of the chat.';

COMMENT ON COLUMN public.webhooks.events IS 'What is sent, by the type of the entry; empty is all.';

COMMENT ON COLUMN public.webhooks.secret IS 'Signs what is sent; sealed with the key secrets.key.';

COMMENT ON COLUMN public.webhooks.active IS 'Off once it has failed twenty times in a row, and when created_by is no creator or admin of the chat any more, or is suspended. Set back, it has a clean record and sends what happened meanwhile.';

COMMENT ON COLUMN public.webhooks.delivered_seq IS 'The latest entry that was taken, or that is not wanted; a new one begins where the log ends.';

COMMENT ON COLUMN public.webhooks.job_id IS 'The job that sends what is new, or waits to try again; null when there is nothing to send. Never two at once.';

COMMENT ON COLUMN public.webhooks.failures IS 'How many attempts in a row have failed; failed_at and last_error are the latest of them, or when and why it was switched off for created_by.';

COMMENT ON COLUMN public.webhooks.failed_at IS 'When it last failed; null when the latest delivery arrived.';

COMMENT ON COLUMN public.webhooks.last_error IS 'Why it failed, or why it is off.';

COMMENT ON COLUMN public.webhooks.maker_place IS 'Whoever is created_by has a hundred: the same.';

COMMENT ON COLUMN public.webhooks.created_by IS 'Who answers for it: who made it, or switched it on again.';

COMMENT ON COLUMN public.webhooks.created_at IS 'When it was made.';

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN id SET DEFAULT public.uuid_v7();

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN args SET DEFAULT '{}'::jsonb;

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN status SET DEFAULT 'queued'::text;

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN priority SET DEFAULT 0;

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN run_at SET DEFAULT now();

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN attempts SET DEFAULT 0;

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN max_attempts SET DEFAULT 5;

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE ONLY public.finished_jobs ALTER COLUMN awaited SET DEFAULT false;

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

ALTER TABLE ONLY public.calendar_feeds
    ADD CONSTRAINT calendar_feeds_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.calendar_feeds
    ADD CONSTRAINT calendar_feeds_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.calendar_tombstones
    ADD CONSTRAINT calendar_tombstones_pkey PRIMARY KEY (user_id, event_id);

ALTER TABLE ONLY public.chat_mutes
    ADD CONSTRAINT chat_mutes_pkey PRIMARY KEY (user_id, chat_id);

ALTER TABLE public.chats
    ADD CONSTRAINT chats_check CHECK (public.is_chat(kind, visibility, title, description, pair, retention_days)) NOT VALID;

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ended_chats
    ADD CONSTRAINT ended_chats_pkey PRIMARY KEY (chat_id);

ALTER TABLE ONLY public.ended_comments
    ADD CONSTRAINT ended_comments_pkey PRIMARY KEY (on_id);

ALTER TABLE ONLY public.event_waiting
    ADD CONSTRAINT event_waiting_pkey PRIMARY KEY (event_id, user_id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_chat_id_key UNIQUE (chat_id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.finished_jobs
    ADD CONSTRAINT finished_jobs_pkey PRIMARY KEY (id);

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

ALTER TABLE ONLY public.paused_tasks
    ADD CONSTRAINT paused_tasks_pkey PRIMARY KEY (task);

ALTER TABLE ONLY public.permissions
    ADD CONSTRAINT permissions_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pins_pkey PRIMARY KEY (chat_id, message_id);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

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

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (id);

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

ALTER TABLE ONLY public.throttles
    ADD CONSTRAINT throttles_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ticks
    ADD CONSTRAINT ticks_pkey PRIMARY KEY (task);

ALTER TABLE ONLY public.topic_groups
    ADD CONSTRAINT topic_groups_pkey PRIMARY KEY (topic, name);

ALTER TABLE ONLY public.topic_leases
    ADD CONSTRAINT topic_leases_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.topic_records
    ADD CONSTRAINT topic_records_pkey PRIMARY KEY (topic, record_offset);

ALTER TABLE ONLY public.topics
    ADD CONSTRAINT topics_pkey PRIMARY KEY (name);

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

CREATE INDEX calendar_tombstones_deleted_at_idx ON public.calendar_tombstones USING btree (deleted_at);

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

CREATE INDEX comments_on_id_idx ON public.comments USING btree (on_id, created_at, id);

CREATE INDEX comments_owner_id_idx ON public.comments USING btree (owner_id, created_at, id);

CREATE INDEX ended_comments_ended_at_idx ON public.ended_comments USING btree (ended_at, on_id);

CREATE INDEX event_waiting_ends_idx ON public.event_waiting USING btree (event_id, held_until) WHERE (held_until IS NOT NULL);

CREATE INDEX event_waiting_held_until_idx ON public.event_waiting USING btree (held_until) WHERE (held_until IS NOT NULL);

CREATE INDEX event_waiting_holds_idx ON public.event_waiting USING btree (event_id, place) WHERE (held_until IS NOT NULL);

CREATE INDEX event_waiting_line_idx ON public.event_waiting USING btree (event_id, place) WHERE (held_until IS NULL);

CREATE INDEX event_waiting_user_id_idx ON public.event_waiting USING btree (user_id);

CREATE INDEX events_created_at_idx ON public.events USING btree (created_at, id);

CREATE INDEX events_event_time_idx ON public.events USING btree (event_time, id);

CREATE INDEX events_folded_name_idx ON public.events USING btree (public.folded(name), id);

CREATE INDEX events_folded_search_idx ON public.events USING gin (public.folded(((name || ' '::text) || description)) public.gin_trgm_ops);

CREATE INDEX events_owner_id_idx ON public.events USING btree (owner_id, event_time);

CREATE INDEX events_remind_at_idx ON public.events USING btree (remind_at) WHERE (remind_at IS NOT NULL);

CREATE INDEX files_message_id_idx ON public.files USING btree (chat_id, message_id) WHERE (message_id IS NOT NULL);

CREATE INDEX files_owner_id_created_at_idx ON public.files USING btree (owner_id, created_at) INCLUDE (size);

CREATE INDEX files_unattached_idx ON public.files USING btree (id) WHERE (state <> 'attached'::text);

CREATE INDEX finished_jobs_delivered_idx ON public.finished_jobs USING btree (finished_at) WHERE (task = 'deliver_webhook'::text);

CREATE INDEX finished_jobs_finished_at_idx ON public.finished_jobs USING btree (finished_at);

CREATE INDEX finished_jobs_status_idx ON public.finished_jobs USING btree (status, id);

CREATE INDEX friends_high_id_idx ON public.friends USING btree (high_id);

CREATE INDEX idempotency_keys_created_at_idx ON public.idempotency_keys USING btree (created_at);

CREATE INDEX invites_chat_id_idx ON public.invites USING btree (chat_id, created_at);

CREATE INDEX invites_created_by_idx ON public.invites USING btree (created_by);

CREATE INDEX invites_expires_at_idx ON public.invites USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE UNIQUE INDEX invites_token_hash_key ON public.invites USING btree (token_hash);

CREATE UNIQUE INDEX jobs_concurrency_key_key ON public.jobs USING btree (concurrency_key) WHERE ((status = 'running'::text) AND (concurrency_key IS NOT NULL));

CREATE INDEX jobs_finished_at_idx ON public.jobs USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX jobs_free_idx ON public.jobs USING btree (task, priority, run_at, id) WHERE ((status = 'queued'::text) AND (concurrency_key IS NULL));

CREATE INDEX jobs_keyed_idx ON public.jobs USING btree (concurrency_key, priority DESC, run_at, id) WHERE ((status = 'queued'::text) AND (concurrency_key IS NOT NULL));

CREATE INDEX jobs_leased_until_idx ON public.jobs USING btree (leased_until) WHERE (status = 'running'::text);

CREATE INDEX jobs_next_idx ON public.jobs USING btree (run_at, id) WHERE ((lease IS NULL) AND (finished_at IS NULL));

CREATE UNIQUE INDEX jobs_unique_key_key ON public.jobs USING btree (unique_key) WHERE ((unique_key IS NOT NULL) AND (status = ANY (ARRAY['queued'::text, 'running'::text])));

CREATE INDEX login_key_uses_used_at_idx ON public.login_key_uses USING btree (used_at);

CREATE INDEX login_keys_created_at_idx ON public.login_keys USING btree (created_at);

CREATE UNIQUE INDEX members_creator_key ON public.members USING btree (chat_id) WHERE (role = 'creator'::text);

CREATE INDEX members_joined_at_idx ON public.members USING btree (chat_id, joined_at, user_id) WHERE (role <> ''::text);

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

CREATE INDEX posts_created_at_idx ON public.posts USING btree (created_at, id);

CREATE INDEX posts_folded_search_idx ON public.posts USING gin (public.folded(((title || ' '::text) || content)) public.gin_trgm_ops);

CREATE INDEX posts_folded_title_idx ON public.posts USING btree (public.folded(title), id);

CREATE INDEX posts_owner_id_idx ON public.posts USING btree (owner_id, created_at, id);

CREATE INDEX presences_user_id_idx ON public.presences USING btree (user_id);

CREATE INDEX push_subscriptions_session_id_idx ON public.push_subscriptions USING btree (session_id);

CREATE INDEX push_subscriptions_user_id_idx ON public.push_subscriptions USING btree (user_id);

CREATE INDEX refresh_tokens_expires_at_idx ON public.refresh_tokens USING btree (expires_at);

CREATE INDEX refresh_tokens_session_id_idx ON public.refresh_tokens USING btree (session_id);

CREATE INDEX scheduled_messages_due_idx ON public.scheduled_messages USING btree (send_at, id) WHERE (failed_at IS NULL);

CREATE INDEX scheduled_messages_failed_at_idx ON public.scheduled_messages USING btree (failed_at) WHERE (failed_at IS NOT NULL);

CREATE UNIQUE INDEX schedules_built_in_key ON public.schedules USING btree (task) WHERE built_in;

CREATE INDEX schedules_next_run_at_idx ON public.schedules USING btree (next_run_at) WHERE enabled;

CREATE INDEX schedules_unplanned_idx ON public.schedules USING btree (id) WHERE (enabled AND (planned_at IS NULL));

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

CREATE INDEX throttles_expires_at_idx ON public.throttles USING btree (expires_at);

CREATE INDEX tickets_all_of_event_idx ON public.tickets USING btree (event_id);

CREATE INDEX tickets_cancelled_at_idx ON public.tickets USING btree (cancelled_at) WHERE (cancelled_at IS NOT NULL);

CREATE INDEX tickets_checked_in_by_idx ON public.tickets USING btree (checked_in_by) WHERE (checked_in_by IS NOT NULL);

CREATE INDEX tickets_event_id_idx ON public.tickets USING btree (event_id, created_at, id) WHERE (cancelled_at IS NULL);

CREATE INDEX tickets_holder_id_idx ON public.tickets USING btree (holder_id, event_id);

CREATE INDEX topic_leases_due_idx ON public.topic_leases USING btree (topic, group_name, leased_until, id);

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

CREATE TRIGGER chats_keep_event BEFORE UPDATE OF visibility ON public.chats FOR EACH ROW WHEN ((new.visibility <> old.visibility)) EXECUTE FUNCTION public.keep_event_chat();

CREATE TRIGGER chats_log_change AFTER UPDATE OF title, description, visibility, image_key, owner_id, retention_days ON public.chats FOR EACH ROW WHEN (((((((old.title IS DISTINCT FROM new.title) OR (old.description IS DISTINCT FROM new.description)) OR (old.visibility IS DISTINCT FROM new.visibility)) OR (old.image_key IS DISTINCT FROM new.image_key)) OR (old.owner_id IS DISTINCT FROM new.owner_id)) OR (old.retention_days IS DISTINCT FROM new.retention_days))) EXECUTE FUNCTION public.log_chat_change();

CREATE TRIGGER chats_note_unindexed BEFORE UPDATE OF last_seq ON public.chats FOR EACH ROW WHEN (((new.last_seq > old.last_seq) AND (NOT new.unindexed))) EXECUTE FUNCTION public.note_unindexed();

CREATE TRIGGER chats_rank BEFORE UPDATE OF active_at ON public.chats FOR EACH ROW WHEN (((new.active_at < old.ranked_at) OR (new.active_at > (old.ranked_at + make_interval(mins => 10))))) EXECUTE FUNCTION public.rank_chat();

CREATE TRIGGER chats_rank_new BEFORE INSERT ON public.chats FOR EACH ROW WHEN (((new.active_at < new.ranked_at) OR (new.active_at > (new.ranked_at + make_interval(mins => 10))))) EXECUTE FUNCTION public.rank_chat();

CREATE TRIGGER chats_refuse_ended BEFORE INSERT ON public.chats FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.refuse_ended();

CREATE TRIGGER chats_refuse_shrinking BEFORE UPDATE OF last_seq ON public.chats FOR EACH ROW WHEN ((new.last_seq < old.last_seq)) EXECUTE FUNCTION public.refuse_log_change();

CREATE TRIGGER chats_refuse_truncate BEFORE TRUNCATE ON public.chats FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_log_change();

CREATE TRIGGER chats_stamp_change BEFORE UPDATE OF title, description, visibility, image_key, owner_id, retention_days ON public.chats FOR EACH ROW WHEN (((((((old.title IS DISTINCT FROM new.title) OR (old.description IS DISTINCT FROM new.description)) OR (old.visibility IS DISTINCT FROM new.visibility)) OR (old.image_key IS DISTINCT FROM new.image_key)) OR (old.owner_id IS DISTINCT FROM new.owner_id)) OR (old.retention_days IS DISTINCT FROM new.retention_days))) EXECUTE FUNCTION public.stamp_updated_at();

CREATE TRIGGER comments_audit AFTER DELETE ON public.comments FOR EACH ROW EXECUTE FUNCTION public.audit_comments();

CREATE TRIGGER comments_begin BEFORE INSERT ON public.comments FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_comment();

CREATE TRIGGER comments_count AFTER INSERT ON public.comments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.count_comments();

CREATE TRIGGER comments_count_deleted AFTER DELETE ON public.comments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.count_comments();

CREATE TRIGGER comments_count_truncated AFTER TRUNCATE ON public.comments FOR EACH STATEMENT EXECUTE FUNCTION public.count_comments();

CREATE TRIGGER comments_keep BEFORE UPDATE OF event_id, post_id ON public.comments FOR EACH ROW WHEN (((old.event_id IS DISTINCT FROM new.event_id) OR (old.post_id IS DISTINCT FROM new.post_id))) EXECUTE FUNCTION public.keep_comment();

CREATE TRIGGER comments_notify AFTER INSERT ON public.comments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.notify_commented();

CREATE TRIGGER event_waiting_begin BEFORE INSERT ON public.event_waiting FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_waiting();

CREATE TRIGGER event_waiting_end AFTER DELETE ON public.event_waiting FOR EACH ROW WHEN (((NOT public.restoring()) AND (COALESCE(current_setting('trunkline.ending'::text, true), ''::text) <> (old.event_id)::text))) EXECUTE FUNCTION public.end_waiting();

CREATE TRIGGER event_waiting_keep BEFORE UPDATE ON public.event_waiting FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.keep_place();

CREATE TRIGGER event_waiting_serve AFTER INSERT ON public.event_waiting FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.serve_waiting();

CREATE TRIGGER events_begin BEFORE INSERT ON public.events FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_event();

CREATE TRIGGER events_change BEFORE UPDATE ON public.events FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.change_event();

CREATE TRIGGER events_end BEFORE DELETE ON public.events FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.end_event();

CREATE TRIGGER events_end_chat AFTER DELETE ON public.events FOR EACH ROW WHEN (((old.chat_id IS NOT NULL) AND (NOT public.restoring()))) EXECUTE FUNCTION public.end_event_chat();

CREATE TRIGGER events_end_comments AFTER DELETE ON public.events FOR EACH ROW EXECUTE FUNCTION public.end_comments();

CREATE TRIGGER events_keep_tombstones BEFORE DELETE ON public.events FOR EACH ROW EXECUTE FUNCTION public.keep_tombstones();

CREATE TRIGGER events_refuse_ended BEFORE INSERT ON public.events FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.refuse_ended_comments();

CREATE TRIGGER events_tell_change AFTER UPDATE OF name, event_time, timezone, description, duration_hours, duration_minutes, max_tickets ON public.events FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.tell_event_change();

CREATE TRIGGER finished_jobs_move_queued AFTER UPDATE OF status ON public.finished_jobs FOR EACH ROW WHEN ((new.finished_at IS NULL)) EXECUTE FUNCTION public.move_job();

CREATE TRIGGER finished_jobs_notify AFTER INSERT ON public.finished_jobs REFERENCING NEW TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION public.notify_finished_jobs();

CREATE TRIGGER friends_forget_requests AFTER DELETE ON public.friends REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION public.forget_friend_requests();

CREATE TRIGGER friends_guard BEFORE INSERT ON public.friends FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.guard_friend();

CREATE TRIGGER friends_notify_accepted AFTER UPDATE OF accepted_at ON public.friends FOR EACH ROW WHEN (((old.accepted_at IS NULL) AND (new.accepted_at IS NOT NULL))) EXECUTE FUNCTION public.notify_friends();

CREATE TRIGGER friends_notify_asked AFTER INSERT ON public.friends FOR EACH ROW WHEN (((new.accepted_at IS NULL) AND (NOT public.restoring()))) EXECUTE FUNCTION public.notify_friends();

CREATE TRIGGER hooks_audit AFTER INSERT OR DELETE ON public.hooks FOR EACH ROW EXECUTE FUNCTION public.audit_hooks();

CREATE TRIGGER hooks_begin BEFORE INSERT OR UPDATE OF created_by, chat_id, bot_id ON public.hooks FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_hook();

CREATE TRIGGER hooks_end AFTER DELETE ON public.hooks FOR EACH ROW EXECUTE FUNCTION public.end_hook();

CREATE TRIGGER installed_functions_keep_own BEFORE INSERT ON public.installed_functions FOR EACH ROW WHEN (public.restoring()) EXECUTE FUNCTION public.keep_own_rows();

CREATE TRIGGER jobs_move_finished AFTER INSERT OR UPDATE OF status ON public.jobs FOR EACH ROW WHEN ((new.finished_at IS NOT NULL)) EXECUTE FUNCTION public.move_job();

CREATE TRIGGER jobs_notify_again AFTER UPDATE OF status, run_at, priority ON public.jobs FOR EACH ROW WHEN (((new.status = 'queued'::text) AND (new.run_at <= (now() + make_interval(secs => (6)::double precision))) AND (((old.status IS DISTINCT FROM new.status) OR (old.run_at IS DISTINCT FROM new.run_at)) OR (old.priority IS DISTINCT FROM new.priority)))) EXECUTE FUNCTION public.notify_jobs();

CREATE TRIGGER jobs_notify_queued AFTER INSERT ON public.jobs REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.notify_jobs();

CREATE TRIGGER members_audit_removed AFTER DELETE ON public.members REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.audit_members();

CREATE TRIGGER members_audit_role AFTER UPDATE OF role ON public.members FOR EACH ROW WHEN ((old.role IS DISTINCT FROM new.role)) EXECUTE FUNCTION public.audit_members();

CREATE TRIGGER members_guard_event AFTER INSERT ON public.members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.guard_event_chat();

CREATE TRIGGER members_guard_event_owner AFTER UPDATE OF role ON public.members FOR EACH ROW WHEN (((new.role = 'creator'::text) AND (old.role <> 'creator'::text))) EXECUTE FUNCTION public.guard_event_chat();

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

CREATE TRIGGER paused_tasks_notify AFTER INSERT OR DELETE OR UPDATE ON public.paused_tasks FOR EACH STATEMENT EXECUTE FUNCTION public.notify_paused_tasks();

CREATE TRIGGER permissions_keep_own BEFORE INSERT ON public.permissions FOR EACH ROW WHEN (public.restoring()) EXECUTE FUNCTION public.keep_own_rows();

CREATE TRIGGER pins_lock_message BEFORE INSERT ON public.pins FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.lock_message();

CREATE TRIGGER pins_log_added AFTER INSERT ON public.pins REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.log_pin_change();

CREATE TRIGGER pins_log_removed AFTER DELETE ON public.pins REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.log_pin_change();

CREATE TRIGGER posts_audit AFTER DELETE ON public.posts FOR EACH ROW EXECUTE FUNCTION public.audit_posts();

CREATE TRIGGER posts_audit_change AFTER UPDATE OF title, content ON public.posts FOR EACH ROW WHEN (((old.title IS DISTINCT FROM new.title) OR (old.content IS DISTINCT FROM new.content))) EXECUTE FUNCTION public.audit_posts();

CREATE TRIGGER posts_begin BEFORE INSERT ON public.posts FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.begin_post();

CREATE TRIGGER posts_end_comments AFTER DELETE ON public.posts FOR EACH ROW EXECUTE FUNCTION public.end_comments();

CREATE TRIGGER posts_refuse_ended BEFORE INSERT ON public.posts FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.refuse_ended_comments();

CREATE TRIGGER posts_stamp_change BEFORE UPDATE OF title, content ON public.posts FOR EACH ROW WHEN (((old.title IS DISTINCT FROM new.title) OR (old.content IS DISTINCT FROM new.content))) EXECUTE FUNCTION public.stamp_updated_at();

CREATE TRIGGER presences_notify_came AFTER INSERT ON public.presences REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_presences();

CREATE TRIGGER presences_notify_went AFTER DELETE ON public.presences REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.notify_presences();

CREATE TRIGGER push_queue_send AFTER INSERT ON public.push_queue FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.queue_push_job();

CREATE TRIGGER reactions_lock_message BEFORE INSERT ON public.reactions FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.lock_message();

CREATE TRIGGER reactions_log_added AFTER INSERT ON public.reactions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.log_reaction_change();

CREATE TRIGGER reactions_log_removed AFTER DELETE ON public.reactions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.log_reaction_change();

CREATE TRIGGER reactions_place BEFORE INSERT ON public.reactions FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.place_reaction();

CREATE TRIGGER roles_audit_change AFTER INSERT OR DELETE OR UPDATE ON public.roles FOR EACH ROW EXECUTE FUNCTION public.audit_roles();

CREATE TRIGGER roles_keep_own BEFORE INSERT ON public.roles FOR EACH ROW WHEN (public.restoring()) EXECUTE FUNCTION public.keep_own_rows();

CREATE TRIGGER roles_notify_change AFTER INSERT OR DELETE OR UPDATE ON public.roles FOR EACH ROW EXECUTE FUNCTION public.notify_roles();

CREATE TRIGGER scheduled_messages_notify AFTER INSERT OR UPDATE OF send_at ON public.scheduled_messages FOR EACH STATEMENT EXECUTE FUNCTION public.notify_scheduled_messages();

CREATE TRIGGER scheduled_messages_notify_failed AFTER UPDATE OF failed_at ON public.scheduled_messages FOR EACH ROW WHEN (((old.failed_at IS NULL) AND (new.failed_at IS NOT NULL))) EXECUTE FUNCTION public.notify_scheduled_failed();

CREATE TRIGGER scheduled_messages_refuse_blank BEFORE INSERT OR UPDATE OF content ON public.scheduled_messages FOR EACH ROW WHEN ((public.is_blank(new.content) AND (NOT public.restoring()))) EXECUTE FUNCTION public.refuse_blank_scheduled();

CREATE TRIGGER schedules_check_changed BEFORE UPDATE OF cron, every_seconds, solar, timezone ON public.schedules FOR EACH ROW WHEN (((((old.cron IS DISTINCT FROM new.cron) OR (old.every_seconds IS DISTINCT FROM new.every_seconds)) OR (old.solar IS DISTINCT FROM new.solar)) OR (old.timezone IS DISTINCT FROM new.timezone))) EXECUTE FUNCTION public.check_schedule();

CREATE TRIGGER schedules_check_new BEFORE INSERT ON public.schedules FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.check_schedule();

CREATE TRIGGER schedules_notify AFTER INSERT OR UPDATE OF cron, every_seconds, solar, timezone, enabled, next_run_at, planned_at ON public.schedules FOR EACH ROW WHEN ((new.enabled AND ((new.planned_at IS NULL) OR (new.next_run_at <= now())))) EXECUTE FUNCTION public.plan_schedule();

CREATE TRIGGER schedules_plan_changed BEFORE UPDATE OF cron, every_seconds, solar, timezone, enabled ON public.schedules FOR EACH ROW WHEN ((((((old.cron IS DISTINCT FROM new.cron) OR (old.every_seconds IS DISTINCT FROM new.every_seconds)) OR (old.solar IS DISTINCT FROM new.solar)) OR (old.timezone IS DISTINCT FROM new.timezone)) OR (old.enabled IS DISTINCT FROM new.enabled))) EXECUTE FUNCTION public.plan_schedule();

CREATE TRIGGER schedules_plan_new BEFORE INSERT ON public.schedules FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.plan_schedule();

CREATE TRIGGER schedules_stamp_change BEFORE UPDATE OF name, task, args, overlap ON public.schedules FOR EACH ROW WHEN (((((old.name IS DISTINCT FROM new.name) OR (old.task IS DISTINCT FROM new.task)) OR (old.args IS DISTINCT FROM new.args)) OR (old.overlap IS DISTINCT FROM new.overlap))) EXECUTE FUNCTION public.stamp_updated_at();

CREATE TRIGGER search_ends_note_emptied AFTER DELETE ON public.search_ends REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.note_index_emptied();

CREATE TRIGGER search_ends_note_truncated AFTER TRUNCATE ON public.search_ends FOR EACH STATEMENT EXECUTE FUNCTION public.note_index_emptied();

CREATE TRIGGER sessions_audit_revoked AFTER UPDATE OF revoked_at ON public.sessions FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL) AND ((new.revoked_because IS NULL) OR (new.revoked_because <> ALL (ARRAY['signed out'::text, 'too many sessions'::text, 'erased'::text]))))) EXECUTE FUNCTION public.audit_sessions();

CREATE TRIGGER sessions_notify_deleted AFTER DELETE ON public.sessions FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (old.expires_at > now()))) EXECUTE FUNCTION public.notify_sessions();

CREATE TRIGGER sessions_notify_revoked AFTER UPDATE OF revoked_at ON public.sessions FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL))) EXECUTE FUNCTION public.notify_sessions();

CREATE TRIGGER tickets_keep BEFORE UPDATE ON public.tickets FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.keep_ticket();

CREATE TRIGGER tickets_return AFTER UPDATE OF cancelled_at ON public.tickets FOR EACH ROW WHEN (((old.cancelled_at IS NULL) AND (new.cancelled_at IS NOT NULL) AND (NOT public.restoring()))) EXECUTE FUNCTION public.return_ticket();

CREATE TRIGGER tickets_return_deleted AFTER DELETE ON public.tickets FOR EACH ROW WHEN (((old.cancelled_at IS NULL) AND (NOT public.restoring()) AND (COALESCE(current_setting('trunkline.ending'::text, true), ''::text) <> (old.event_id)::text))) EXECUTE FUNCTION public.return_ticket();

CREATE TRIGGER tickets_sell BEFORE INSERT ON public.tickets FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.sell_ticket();

CREATE TRIGGER tickets_welcome AFTER INSERT ON public.tickets REFERENCING NEW TABLE AS added FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.welcome_holder();

CREATE TRIGGER topic_records_keep BEFORE DELETE OR UPDATE ON public.topic_records FOR EACH ROW EXECUTE FUNCTION public.keep_record();

CREATE TRIGGER topic_records_notify AFTER INSERT ON public.topic_records REFERENCING NEW TABLE AS changed FOR EACH STATEMENT WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.notify_records();

CREATE TRIGGER topic_records_number BEFORE INSERT ON public.topic_records FOR EACH ROW WHEN ((NOT public.restoring())) EXECUTE FUNCTION public.number_record();

CREATE TRIGGER topics_end AFTER DELETE ON public.topics FOR EACH ROW EXECUTE FUNCTION public.end_topic();

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

CREATE TRIGGER users_lock_events BEFORE DELETE ON public.users FOR EACH ROW EXECUTE FUNCTION public.lock_events();

CREATE TRIGGER users_offer_places AFTER UPDATE OF status ON public.users FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION public.offer_places_again();

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

ALTER TABLE ONLY public.calendar_feeds
    ADD CONSTRAINT calendar_feeds_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chat_mutes
    ADD CONSTRAINT chat_mutes_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chat_mutes
    ADD CONSTRAINT chat_mutes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chats
    ADD CONSTRAINT chats_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.event_waiting
    ADD CONSTRAINT event_waiting_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.event_waiting
    ADD CONSTRAINT event_waiting_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id) ON DELETE CASCADE;

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

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_checked_in_by_fkey FOREIGN KEY (checked_in_by) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_holder_id_fkey FOREIGN KEY (holder_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.topic_groups
    ADD CONSTRAINT topic_groups_topic_fkey FOREIGN KEY (topic) REFERENCES public.topics(name) ON DELETE CASCADE;

ALTER TABLE ONLY public.topic_leases
    ADD CONSTRAINT topic_leases_group_fkey FOREIGN KEY (topic, group_name) REFERENCES public.topic_groups(topic, name) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_role_fkey FOREIGN KEY (role) REFERENCES public.roles(name) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES public.chats(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE SET NULL;
