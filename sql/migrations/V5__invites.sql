-- What lets people into a chat who were not added to it.

create table invites (
    id uuid not null default uuid_v7() constraint invites_pkey primary key,
    chat_id uuid not null constraint invites_chat_id_fkey references chats (id) on delete cascade,
    token_hash bytea not null,
    max_uses integer constraint invites_max_uses_check check (max_uses between 1 and 1000000),
    uses integer not null default 0,
    expires_at timestamptz,
    created_by uuid constraint invites_created_by_fkey references users (id) on delete set null,
    created_at timestamptz not null default now(),
    constraint invites_uses_check check (uses >= 0 and (max_uses is null or uses <= max_uses))
);
create unique index invites_token_hash_key on invites (token_hash);
create index invites_chat_id_idx on invites (chat_id, created_at);
create index invites_created_by_idx on invites (created_by);
create index invites_expires_at_idx on invites (expires_at) where expires_at is not null;
comment on table invites is 'Who brings the token joins the chat. DELETE revokes; the uses are counted where somebody joins.';
comment on column invites.token_hash is 'SHA-256 of the token: who reads this table can not join with it.';
