-- Chats, who is in them, and the one log each of them has.

create table chats (
    id uuid not null default uuid_v7() constraint chats_pkey primary key,
    kind text not null default 'group' constraint chats_kind_check check (kind in ('group', 'direct')),
    visibility text not null default 'public'
        constraint chats_visibility_check check (visibility in ('public', 'private')),
    title text constraint chats_title_check check (
        kind = 'direct' or (title is not null and char_length(title) between 1 and 255 and title ~ '\S')
    ),
    description text not null default '' constraint chats_description_check check (char_length(description) <= 4096),
    image_key text,
    owner_id uuid constraint chats_owner_id_fkey references users (id),
    pair uuid[] constraint chats_pair_check check (
        case when kind = 'direct' then (cardinality(pair) = 2 and pair[1] < pair[2]) is true else pair is null end
    ),
    retention_days integer constraint chats_retention_days_check check (retention_days between 1 and 36500),
    first_seq bigint not null default 1,
    last_seq bigint not null default 0,
    message_count bigint not null default 0,
    member_count integer not null default 0,
    active_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
) with (fillfactor = 80); -- room for the next version of a row that a post writes, on the same page
create unique index chats_public_title_key on chats (fold(title)) where visibility = 'public' and kind = 'group';
-- What a search of public chats asks, word for word. No index holds a column that a post changes (last_seq,
-- message_count, active_at), so that posting updates a chat in place.
create index chats_search_idx on chats using gin (fold(title || ' ' || description) gin_trgm_ops)
    where visibility = 'public' and kind = 'group';
create unique index chats_pair_key on chats (pair) where kind = 'direct';
create index chats_owner_id_idx on chats (owner_id);
create index chats_retained_idx on chats (id) where retention_days is not null;
comment on table chats is 'last_seq is the number of the latest entry in the log of the chat; it is counted, never set.';
comment on column chats.first_seq is 'The number of the oldest entry that is held: 1, unless a retention has removed what came before.';
comment on column chats.pair is 'Between whom a direct chat is, the smaller id first: two people have one.';
comment on column chats.message_count is 'How many entries of the log are messages (text, media, system); counted, never set.';
comment on column chats.member_count is 'How many rows members holds for the chat; counted, never set.';

create table members (
    chat_id uuid not null constraint members_chat_id_fkey references chats (id) on delete cascade,
    user_id uuid not null constraint members_user_id_fkey references users (id) on delete cascade,
    role text not null default 'member' constraint members_role_check check (role in ('creator', 'admin', 'member')),
    last_read_seq bigint not null default 0 constraint members_last_read_seq_check check (last_read_seq >= 0),
    read_at timestamptz,
    joined_at timestamptz not null default now(),
    constraint members_pkey primary key (chat_id, user_id)
) with (fillfactor = 90); -- the same for a read mark
create index members_user_id_idx on members (user_id, chat_id);
create unique index members_creator_key on members (chat_id) where role = 'creator';

-- No foreign keys and no sequence: what a send touches is its chat alone, so the table can be distributed by chat_id.
create table messages (
    chat_id uuid not null,
    seq bigint not null constraint messages_seq_check check (seq > 0),
    id uuid not null default uuid_v7(),
    kind text not null default 'text',
    sender_id uuid,
    content text,
    reply_to uuid,
    target_id uuid,
    mentions uuid[] not null default '{}',
    client_id text constraint messages_client_id_check check (char_length(client_id) between 1 and 64),
    body jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    edited_at timestamptz,
    recalled_at timestamptz,
    reacted boolean not null default false,
    constraint messages_pkey primary key (chat_id, seq),
    constraint messages_id_key unique (chat_id, id),
    constraint messages_kind_check check (
        kind in (
            'text', 'media', 'system',
            'message_edited', 'message_recalled', 'messages_cleared',
            'reaction_added', 'reaction_removed', 'pin_added', 'pin_removed',
            'member_joined', 'member_left', 'member_changed', 'chat_updated'
        )
    ),
    constraint messages_content_check check (
        kind not in ('text', 'media', 'system')
        or recalled_at is not null
        or (content is null and kind = 'media')
        or (content is not null and char_length(content) between 1 and 4096 and content ~ '\S')
    ),
    constraint messages_recalled_check check (recalled_at is null or content is null),
    constraint messages_sender_check check (
        case when kind = 'system' then sender_id is null when kind in ('text', 'media') then sender_id is not null else true end
    )
);
create unique index messages_client_id_key on messages (chat_id, sender_id, client_id) where client_id is not null;
comment on table messages is 'The log of each chat: one row for each thing that happened, numbered 1, 2, 3 ... by seq. '
    'A message row also carries its current state.';
comment on column messages.seq is 'Leave it out of an INSERT: a trigger takes the next number under the lock of the chat.';
comment on column messages.target_id is 'The message an edit, recall, reaction or pin is about.';
comment on column messages.reacted is 'Whether anyone has ever reacted with an emoji: where nobody has, reactions are not looked for.';
comment on column messages.sender_id is 'Who did it; null for system messages and for what SQL did without naming anyone.';

-- What people reacted with. No foreign keys, as with messages: a trigger looks whether the message is there.
create table reactions (
    chat_id uuid not null,
    message_id uuid not null,
    emoji text not null constraint reactions_emoji_check check (char_length(emoji) between 1 and 64),
    user_id uuid not null,
    created_at timestamptz not null default clock_timestamp(),
    since timestamptz not null,
    constraint reactions_pkey primary key (chat_id, message_id, emoji, user_id)
);
comment on table reactions is 'INSERT and DELETE are told in the log of the chat, in the name of user_id; a recall takes them along.';
comment on column reactions.since is 'When the first of those who stand with this emoji came, though they may have gone; set by a trigger.';

create table pins (
    chat_id uuid not null,
    message_id uuid not null,
    pinned_by uuid,
    pinned_at timestamptz not null default now(),
    constraint pins_pkey primary key (chat_id, message_id)
);
comment on table pins is 'INSERT and DELETE are told in the log of the chat; a recall unpins.';
