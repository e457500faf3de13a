-- Who is kept out of a chat that others may enter.

create table bans (
    chat_id uuid not null constraint bans_chat_id_fkey references chats (id) on delete cascade,
    user_id uuid not null constraint bans_user_id_fkey references users (id) on delete cascade,
    banned_by uuid constraint bans_banned_by_fkey references users (id) on delete set null,
    created_at timestamptz not null default now(),
    constraint bans_pkey primary key (chat_id, user_id)
);
create index bans_user_id_idx on bans (user_id);
create index bans_banned_by_idx on bans (banned_by);
comment on table bans is 'An INSERT puts user_id out of the chat and keeps them out; a DELETE lets them come again.';
