-- Who are friends, who has asked to be, and who wants nothing to do with whom.

-- One row for two people, whoever asked: so two who ask each other at once are friends once.
create table friends (
    low_id uuid not null constraint friends_low_id_fkey references users (id) on delete cascade,
    high_id uuid not null constraint friends_high_id_fkey references users (id) on delete cascade,
    asked_by uuid not null,
    created_at timestamptz not null default now(),
    accepted_at timestamptz,
    constraint friends_pkey primary key (low_id, high_id),
    constraint friends_order_check check (low_id < high_id),
    constraint friends_asked_by_check check (asked_by in (low_id, high_id))
);
create index friends_high_id_idx on friends (high_id);
comment on table friends is 'One row for two people, the smaller id first: a request, and once it is accepted a friendship.';
comment on column friends.accepted_at is 'Since when they are friends; null while it is a request of asked_by.';

create table blocks (
    user_id uuid not null constraint blocks_user_id_fkey references users (id) on delete cascade,
    blocked_id uuid not null constraint blocks_blocked_id_fkey references users (id) on delete cascade,
    created_at timestamptz not null default now(),
    constraint blocks_pkey primary key (user_id, blocked_id),
    constraint blocks_self_check check (user_id <> blocked_id)
);
create index blocks_blocked_id_idx on blocks (blocked_id);
comment on table blocks is 'user_id wants to hear nothing of blocked_id. An INSERT ends their friendship and any request.';
