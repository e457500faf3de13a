-- Back to version 32. What is over is forgotten, and tasks that are paused go on. Stop the servers first. Then run
-- `trunkline migrate` of the program whose latest migration is V32: it puts its own functions in the place of these.
begin;
drop trigger if exists jobs_move_finished on jobs;
drop trigger if exists jobs_notify_queued on jobs;
drop trigger if exists jobs_notify_again on jobs;
drop function if exists finish_jobs, next_job, take_jobs;
drop table if exists finished_jobs, paused_tasks;
drop function if exists move_job, notify_finished_jobs, notify_paused_tasks;
drop index if exists jobs_free_idx, jobs_next_idx, jobs_keyed_idx, jobs_concurrency_key_key;
create index jobs_due_idx on jobs (task, priority, run_at, id) where status = 'queued';
create index jobs_run_at_idx on jobs (run_at) where status = 'queued';
create index jobs_delivered_idx on jobs (finished_at) where task = 'deliver_webhook' and finished_at is not null;
alter table jobs drop column concurrency_key, drop column awaited;
alter table jobs reset (
    fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_vacuum_cost_delay,
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold
);
comment on table jobs is 'Work done at least once, by one instance at a time. An INSERT of task and args notifies: it runs at once.';
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 33;
commit;
