-- A job that may be due notifies, whoever wrote it; a worker that is free looks. One notification a transaction is enough, and PostgreSQL
-- sends the same payload only once.
create or replace function notify_jobs() returns trigger
language plpgsql as $$
begin
    perform pg_notify('trunkline', 'j due');
    return null;
end
$$;

create or replace trigger jobs_notify_queued
after insert on jobs
for each statement
execute function notify_jobs();

create or replace trigger jobs_notify_again
after update of status, run_at, priority on jobs
for each row when (
    new.status = 'queued' and new.run_at <= now()
    and (old.status, old.run_at) is distinct from (new.status, new.run_at)
)
execute function notify_jobs();
