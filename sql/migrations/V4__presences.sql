-- Who is connected, and where. Both tables are unlogged: they say what is true now, cost no WAL, and are written anew by
-- the instances after PostgreSQL has crashed.

create unlogged table instances (
    id uuid not null constraint instances_pkey primary key,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
);
comment on table instances is 'One row a running instance. It renews seen_at every 5 seconds; one not seen for 25 is taken for dead.';

create unlogged table presences (
    instance_id uuid not null constraint presences_instance_id_fkey references instances (id) on delete cascade,
    user_id uuid not null,
    since timestamptz not null default now(),
    constraint presences_pkey primary key (instance_id, user_id)
);
create index presences_user_id_idx on presences (user_id);
comment on table presences is 'Who has a socket open on which instance: someone with a row here is online.';
