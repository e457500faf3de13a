-- What: copies messages that are older than so many days into the table archive.messages, with the names of chat and sender as
-- they are now: psql -v days=365 -f sql/ops/archive.sql. Run again it adds what has become old since, and what was archived
-- is never changed by it. Nothing is removed from messages: set `retention_days` of a chat when its archive is safe.
-- The schema archive is not served; dump it (`pg_dump -n archive`), or give it a tablespace of its own.
-- Role: the owner of the tables, who may make schemas.
-- Writes: the schema archive.
-- Locks: nothing that anybody waits for; reads all of messages in one snapshot, so not at the busiest hour.
\if :{?days}
\else
\warn 'What is old? psql -v days=365 -f sql/ops/archive.sql'
\quit
\endif
begin;
set local statement_timeout = 0;
create schema if not exists archive;
create table if not exists archive.messages (
    chat_id uuid not null,
    seq bigint not null,
    id uuid not null,
    chat text,
    kind text not null,
    sender_id uuid,
    sender text,
    content text,
    reply_to uuid,
    attachments uuid[] not null,
    created_at timestamptz not null,
    edited_at timestamptz,
    archived_at timestamptz not null default now(),
    constraint messages_pkey primary key (chat_id, seq, id)
);
comment on table archive.messages is 'Messages as they were when they were archived (sql/ops/archive.sql). Trunkline does not read it.';
with added as (
    insert into archive.messages (chat_id, seq, id, chat, kind, sender_id, sender, content, reply_to, attachments, created_at, edited_at)
    select
        said.chat_id, said.seq, said.id, chats.title, said.kind, said.sender_id, users.username, said.content, said.reply_to,
        said.attachments, said.created_at, said.edited_at
    from public.api_v1_messages as said
    join public.chats on chats.id = said.chat_id
    left join public.users on users.id = said.sender_id
    where said.created_at < now() - make_interval(days => :'days'::int) and said.recalled_at is null
    on conflict do nothing
    returning chat_id
)
select count(*) as archived, count(distinct chat_id) as chats from added;
commit;
