-- What other programs say in a chat: each by an address of its own, in the name of a bot user.

alter table users add column is_bot boolean not null default false;
comment on column users.is_bot is 'The user in whose name a hook speaks: nobody signs in as it, finds it among people, or makes it a member.';

create table hooks (
    id uuid not null default uuid_v7() constraint hooks_pkey primary key,
    chat_id uuid not null constraint hooks_chat_id_fkey references chats (id) on delete cascade,
    bot_id uuid not null constraint hooks_bot_id_fkey references users (id) on delete cascade,
    token_hash bytea not null,
    place integer not null constraint hooks_place_check check (place between 1 and 10),
    maker_place integer not null constraint hooks_maker_place_check check (maker_place between 1 and 100),
    used_at timestamptz,
    created_by uuid not null constraint hooks_created_by_fkey references users (id) on delete cascade,
    created_at timestamptz not null default now(),
    constraint hooks_bot_id_key unique (bot_id),
    constraint hooks_token_hash_key unique (token_hash),
    constraint hooks_place_key unique (chat_id, place),
    constraint hooks_maker_place_key unique (created_by, maker_place)
);
comment on table hooks is 'Each lets whoever knows its address say something in chat_id, as bot_id. DELETE ends it.';
comment on column hooks.bot_id is 'A user with is_bot: its name and picture are shown. It stays when the hook goes, as long as what it said may stand.';
comment on column hooks.token_hash is 'SHA-256 of the token in the address; the token itself was told once.';
comment on column hooks.place is 'A chat has ten: a trigger takes the first that is free.';
comment on column hooks.maker_place is 'Whoever is created_by has a hundred: the same.';
comment on column hooks.used_at is 'When it was last used, to the minute; null when never.';
comment on column hooks.created_by is 'Who answers for it. It goes when they are no creator or admin of the chat any more, are suspended or deleted.';
