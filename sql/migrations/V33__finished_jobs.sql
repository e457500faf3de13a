-- Jobs that wait and jobs that are over lie apart: what is looked at all day stays small, whatever has been done before. The
-- second table inherits from the first, so that `jobs` goes on showing all of them, and older programs go on working: what
-- they finish in place is moved by a trigger, and what they finished before this by the server, a piece at a time.

alter table jobs
    add column concurrency_key text
        constraint jobs_concurrency_key_check check (char_length(concurrency_key) between 1 and 255),
    add column awaited boolean not null default false;
-- Each row is changed once or twice and then goes: room for that on its page, and vacuum comes by number and not by share.
alter table jobs set (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000
);

create table finished_jobs (constraint finished_jobs_pkey primary key (id)) inherits (jobs);
create index finished_jobs_finished_at_idx on finished_jobs (finished_at);
create index finished_jobs_status_idx on finished_jobs (status, id);
create index finished_jobs_delivered_idx on finished_jobs (finished_at) where task = 'deliver_webhook';
drop index jobs_delivered_idx;

-- Whoever takes jobs begins where they were last (run_at, id), so that they do not walk over what was taken since. Jobs with a
-- concurrency key are found by it.
create index jobs_free_idx on jobs (task, priority, run_at, id) where status = 'queued' and concurrency_key is null;
drop index jobs_due_idx;
-- Those that are queued, in other words: whoever looks for the jobs of a task must not be planned to read this one.
create index jobs_next_idx on jobs (run_at, id) where lease is null and finished_at is null;
drop index jobs_run_at_idx;
create index jobs_keyed_idx on jobs (concurrency_key, priority desc, run_at, id)
    where status = 'queued' and concurrency_key is not null;
create unique index jobs_concurrency_key_key on jobs (concurrency_key)
    where status = 'running' and concurrency_key is not null;

create table paused_tasks (
    task text not null constraint paused_tasks_pkey primary key
        constraint paused_tasks_task_check check (char_length(task) between 1 and 100),
    paused_at timestamptz not null default now()
);

comment on table jobs is 'Work done at least once, by one instance at a time. An INSERT of task and args notifies: it runs at once. Those that are over lie in finished_jobs, and are shown here, too.';
comment on column jobs.concurrency_key is 'Of the jobs with equal keys one runs at a time.';
comment on column jobs.awaited is 'Whether somebody waits for its end, who is notified.';
comment on table finished_jobs is 'Jobs that are over, for a week. Who sets status to queued and finished_at to null queues one again.';
comment on column finished_jobs.id is 'That which it had in jobs.';
comment on column finished_jobs.task is 'What was to be done.';
comment on column finished_jobs.args is 'What the task was given.';
comment on column finished_jobs.status is 'succeeded, failed or cancelled.';
comment on column finished_jobs.priority is 'As in jobs.';
comment on column finished_jobs.run_at is 'When its last attempt was due.';
comment on column finished_jobs.unique_key is 'As in jobs; many that are over may share one.';
comment on column finished_jobs.attempts is 'How often it was begun.';
comment on column finished_jobs.max_attempts is 'How often it might have been begun.';
comment on column finished_jobs.lease is 'Always null.';
comment on column finished_jobs.leased_until is 'Always null.';
comment on column finished_jobs.result is 'What the task answered.';
comment on column finished_jobs.error is 'Why the latest attempt failed.';
comment on column finished_jobs.created_at is 'When it was queued.';
comment on column finished_jobs.finished_at is 'When it ended.';
comment on column finished_jobs.concurrency_key is 'As in jobs.';
comment on column finished_jobs.awaited is 'Whether somebody waited for its end.';
comment on table paused_tasks is 'Tasks whose jobs wait until the row goes. An INSERT or DELETE takes effect within a second.';
comment on column paused_tasks.task is 'The name of a task.';
comment on column paused_tasks.paused_at is 'Since when.';
