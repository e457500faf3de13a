-- Who people are, and how they stay signed in.

create table users (
    id uuid not null default uuid_v7() constraint users_pkey primary key,
    email text not null constraint users_email_check check (char_length(email) between 3 and 254),
    username text not null constraint users_username_check check (username ~ '^[a-z0-9_.]{3,32}$'),
    name text not null constraint users_name_check check (char_length(name) between 1 and 255 and name ~ '\S'),
    bio text not null default '' constraint users_bio_check check (char_length(bio) <= 1000),
    contacts bytea,
    avatar_key text,
    password_hash text not null,
    status text not null default 'active' constraint users_status_check check (status in ('active', 'suspended')),
    last_online_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
) with (fillfactor = 90); -- room for the next version of a row when its owner is seen online, on the same page
create unique index users_email_key on users (lower(email));
create unique index users_username_key on users (username);
-- What a search of people asks, word for word.
create index users_search_idx on users using gin (fold(name || ' ' || username) gin_trgm_ops);
comment on table users is 'One row a person. password_hash is bcrypt; contacts is sealed with the key secrets.key.';

create table roles (
    name text not null constraint roles_pkey primary key
        constraint roles_name_check check (name ~ '^[a-z0-9_-]{1,64}$'),
    description text not null default ''
        constraint roles_description_check check (char_length(description) <= 1000),
    permissions text[] not null default '{}',
    created_at timestamptz not null default now()
);
comment on table roles is 'What a role permits: permission codes such as GET:/api/v1/users/{id}, or * for everything.';
insert into roles (name, description, permissions) values
    ('admin', 'Everything', '{*}'),
    ('user', 'What a new account gets: everything but administration', '{}');

create table permissions (
    code text not null constraint permissions_pkey primary key,
    is_administration boolean not null,
    created_at timestamptz not null default now()
);
comment on table permissions is 'Every permission a server has known, written when it starts. New ones that are no administration go to the role user.';

create table user_roles (
    user_id uuid not null constraint user_roles_user_id_fkey references users (id) on delete cascade,
    role text not null constraint user_roles_role_fkey references roles (name) on update cascade on delete cascade,
    constraint user_roles_pkey primary key (user_id, role)
);
create index user_roles_role_idx on user_roles (role, user_id);

create table sessions (
    id uuid not null default uuid_v7() constraint sessions_pkey primary key,
    user_id uuid not null constraint sessions_user_id_fkey references users (id) on delete cascade,
    user_agent text not null default '',
    address text not null default '',
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_because text
) with (fillfactor = 90); -- the same for a session that is refreshed
create index sessions_user_id_idx on sessions (user_id);
create index sessions_revoked_at_idx on sessions (revoked_at) where revoked_at is not null;
comment on table sessions is 'One row a sign-in. Setting revoked_at ends it: its tokens die and its sockets close on every instance.';

create table refresh_tokens (
    hash bytea not null constraint refresh_tokens_pkey primary key,
    session_id uuid not null constraint refresh_tokens_session_id_fkey references sessions (id) on delete cascade,
    issued_at timestamptz not null default now(),
    expires_at timestamptz not null,
    spent_at timestamptz
);
create index refresh_tokens_session_id_idx on refresh_tokens (session_id);
create index refresh_tokens_expires_at_idx on refresh_tokens (expires_at);
comment on table refresh_tokens is 'SHA-256 of each refresh token ever issued; a spent one stays, so that its reuse is noticed.';

create table idempotency_keys (
    user_id uuid not null constraint idempotency_keys_user_id_fkey references users (id) on delete cascade,
    path text not null,
    key text not null constraint idempotency_keys_key_check check (char_length(key) between 1 and 255),
    request_hash bytea not null,
    answer jsonb,
    created_at timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (user_id, path, key)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
comment on table idempotency_keys is 'Answers already given to requests that carried an Idempotency-Key; kept at least 24 hours.';
