-- Work that is done later, by whichever instance has a hand free, and what all instances remember for a while.

create table jobs (
    id uuid not null default uuid_v7() constraint jobs_pkey primary key,
    task text not null constraint jobs_task_check check (char_length(task) between 1 and 100),
    args jsonb not null default '{}',
    status text not null default 'queued'
        constraint jobs_status_check check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    priority integer not null default 0 constraint jobs_priority_check check (priority between -10 and 10),
    run_at timestamptz not null default now(),
    unique_key text constraint jobs_unique_key_check check (char_length(unique_key) between 1 and 255),
    attempts integer not null default 0,
    max_attempts integer not null default 5 constraint jobs_max_attempts_check check (max_attempts between 1 and 100),
    lease uuid,
    leased_until timestamptz,
    result jsonb,
    error text,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    constraint jobs_lease_check check ((status = 'running') = (lease is not null and leased_until is not null)),
    constraint jobs_finished_check check (
        (status in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null)
    )
);
create unique index jobs_unique_key_key on jobs (unique_key)
    where unique_key is not null and status in ('queued', 'running');
create index jobs_due_idx on jobs (task, priority, run_at, id) where status = 'queued';
create index jobs_leased_until_idx on jobs (leased_until) where status = 'running';
create index jobs_finished_at_idx on jobs (finished_at) where finished_at is not null;
comment on table jobs is 'Work done at least once, by one instance at a time. An INSERT of task and args rings: it runs at once.';
comment on column jobs.args is 'What the task is given. Old and new instances run at once: a task reads what was queued before it changed.';
comment on column jobs.priority is 'The higher the sooner, among those that are due.';
comment on column jobs.unique_key is 'Two unfinished jobs never share one.';
comment on column jobs.lease is 'Whose turn it is: a new one each time it is taken. Only who holds it may say how it ended.';
comment on column jobs.leased_until is 'Renewed while it runs; once it has passed, another instance takes the job.';
comment on column jobs.error is 'Why the latest attempt failed.';

create table ticks (
    task text not null constraint ticks_pkey primary key,
    fired_at timestamptz not null default now()
);
comment on table ticks is 'When each regular task was last queued, so that it is once a tick, however many instances run.';

-- Unlogged: it costs no WAL, and is empty after PostgreSQL has crashed. Nothing that must be known stands here alone.
create unlogged table cache (
    key text not null constraint cache_pkey primary key,
    value jsonb not null,
    expires_at timestamptz not null
);
create index cache_expires_at_idx on cache (expires_at);
comment on table cache is 'Values and counters that all instances share for a while; what has expired is not there.';
