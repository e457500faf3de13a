-- Other ways to sign in and to stay so: tokens for programs, keys for passwords on their way, links that set a password.

create table api_tokens (
    id uuid not null default uuid_v7() constraint api_tokens_pkey primary key,
    user_id uuid not null constraint api_tokens_user_id_fkey references users (id) on delete cascade,
    name text not null constraint api_tokens_name_check check (char_length(name) between 1 and 255 and name ~ '\S'),
    hash bytea not null,
    scopes text[] not null default '{}',
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_because text
);
create index api_tokens_user_id_idx on api_tokens (user_id);
create index api_tokens_revoked_at_idx on api_tokens (revoked_at) where revoked_at is not null;
comment on table api_tokens is 'One row a personal API token. Setting revoked_at ends it: it is refused and its sockets close on every instance.';
comment on column api_tokens.hash is 'SHA-256 of the token, which nobody can show again.';
comment on column api_tokens.scopes is 'Permission codes; none is everything its owner may do.';
comment on column api_tokens.last_used_at is 'To the minute.';

create table login_keys (
    id uuid not null constraint login_keys_pkey primary key,
    public_key text not null,
    private_key bytea not null,
    created_at timestamptz not null default now()
);
create index login_keys_created_at_idx on login_keys (created_at);
comment on table login_keys is 'RSA keys a password may be encrypted to on its way here. The newest is handed out, one from before is taken for a day.';
comment on column login_keys.private_key is 'PKCS #8, sealed with the key secrets.key.';

create table password_resets (
    hash bytea not null constraint password_resets_pkey primary key,
    user_id uuid not null constraint password_resets_user_id_fkey references users (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index password_resets_user_id_idx on password_resets (user_id);
create index password_resets_expires_at_idx on password_resets (expires_at);
comment on table password_resets is 'SHA-256 of the token in each link that sets a new password. A used one is gone.';
