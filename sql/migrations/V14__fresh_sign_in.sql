-- What sign-ins leave behind does not grow without end, and what was taken once stays taken after a crash.

-- Sessions and API tokens that ended long ago are removed.
create index sessions_expires_at_idx on sessions (expires_at);
create index api_tokens_expires_at_idx on api_tokens (expires_at) where expires_at is not null;

create table login_key_uses (
    hash bytea not null constraint login_key_uses_pkey primary key,
    used_at timestamptz not null default now()
);
create index login_key_uses_used_at_idx on login_key_uses (used_at);
comment on table login_key_uses is 'SHA-256 of each encrypted password that was taken in the last minutes: none is taken twice.';

comment on table refresh_tokens is 'SHA-256 of each refresh token that is good or was spent a moment ago. One that was spent before is known by its signature: its reuse is noticed without a row.';
