-- What grows: a deleted chat is gone at once and its log is removed afterwards, the index of words knows which chats it lacks
-- something of, and pictures count as what a person has uploaded.

create table ended_chats (
    chat_id uuid not null constraint ended_chats_pkey primary key,
    removed_to bigint not null default 0,
    ended_at timestamptz not null default now()
);
comment on table ended_chats is 'One row a deleted chat whose log is not removed yet. Nobody can read it any more; the task remove_ended_chats removes it in pieces, and then the row.';
comment on column ended_chats.removed_to is 'Up to which entry the log is removed.';

-- What is derived from the log goes with it, in the same pieces.
alter table search_runs drop constraint search_runs_chat_id_fkey;
alter table search_ends drop constraint search_ends_chat_id_fkey;
alter table search_blocks drop constraint search_blocks_chat_id_fkey;
alter table search_heads drop constraint search_heads_chat_id_fkey;

alter table chats add column unindexed boolean not null default false;
update chats
set unindexed = true
from chats as known
left join search_ends on search_ends.chat_id = known.id
where known.id = chats.id and known.last_seq > coalesce(search_ends.seq, 0);
alter table chats alter column unindexed set default true;
create index chats_unindexed_idx on chats (id) where unindexed;
comment on column chats.unindexed is 'Whether the log may hold entries that search_runs does not; set by a trigger, cleared by whoever writes search_runs.';

-- They get a parameter more.
drop function if exists clear_messages(uuid, bigint, bigint);
drop function if exists clear_sender(uuid, uuid, bigint, bigint);

create table pictures (
    id uuid not null constraint pictures_pkey primary key,
    owner_id uuid constraint pictures_owner_id_fkey references users (id) on delete set null,
    size bigint not null constraint pictures_size_check check (size > 0),
    created_at timestamptz not null default now(),
    removed_at timestamptz
);
create index pictures_owner_id_idx on pictures (owner_id, created_at) include (size);
create index pictures_removed_idx on pictures (created_at) where removed_at is not null;
comment on table pictures is 'One row a picture of a person, a hook or a chat that was stored, by the last part of its key: what counts as uploaded by owner_id. It stays for a day after created_at, also when the picture is removed.';
comment on column pictures.owner_id is 'Who uploaded it; null when they are gone.';
