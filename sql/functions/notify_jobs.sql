-- A job that is due, or will be before anybody looks by the clock, notifies, whoever wrote it; a worker that is free polls. The
-- notification says since when the first of them is due, in microseconds: workers begin where they were last, and one that was
-- due before that would be skipped; and of which tasks they are, if these are few: who does none of them looks for nothing. One
-- notification a statement, and PostgreSQL sends the same payload once a transaction.
create or replace function notify_jobs() returns trigger
language plpgsql as $$
declare
    first timestamptz;
    tasks text[];
begin
    if tg_level = 'ROW' then
        first := new.run_at;
        tasks := array[new.task];
    else
        select min(run_at), array_agg(distinct task) into first, tasks
        from written
        where status = 'queued' and run_at <= now() + make_interval(secs => 6);
    end if;
    if first is not null then
        perform pg_notify(
            'trunkline', 'j due ' || (extract(epoch from greatest(first, '2000-01-01 00:00:00+00')) * 1000000)::bigint
                || case when cardinality(tasks) <= 8 then ' ' || array_to_string(tasks, ',') else '' end
        );
    end if;
    return null;
end
$$;

create or replace trigger jobs_notify_queued
after insert on jobs
referencing new table as written
for each statement
execute function notify_jobs();

create or replace trigger jobs_notify_again
after update of status, run_at, priority on jobs
for each row when (
    new.status = 'queued' and new.run_at <= now() + make_interval(secs => 6)
    and (old.status, old.run_at, old.priority) is distinct from (new.status, new.run_at, new.priority)
)
execute function notify_jobs();
