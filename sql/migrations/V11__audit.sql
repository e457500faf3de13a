-- Who did what to whom, and when: written by triggers, in the transaction that did it, and never changed.

create table audit (
    id uuid not null default uuid_v7() constraint audit_pkey primary key,
    at timestamptz not null default now(),
    actor_id uuid,
    action text not null constraint audit_action_check check (action ~ '^[a-z_]{1,64}$'),
    target text not null,
    data jsonb not null default '{}',
    address text
);
create index audit_at_idx on audit (at, id);
create index audit_actor_id_idx on audit (actor_id, at, id);
create index audit_action_idx on audit (action, at, id);
create index audit_target_idx on audit (target, at, id);
comment on table audit is 'One row a thing done that somebody may have to answer for. It outlives whoever and whatever it tells of, so it refers to nothing.';
comment on column audit.actor_id is 'The person; null when it was the server''s own doing, that of an operator on the command line (data ->> ''via''), or that of somebody in psql who did not set trunkline.actor.';
comment on column audit.target is 'The id of the person, session or chat it was done to, or the name of the role.';
