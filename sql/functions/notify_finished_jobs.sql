-- Who waits for the end of a job is notified of it.
create or replace function notify_finished_jobs() returns trigger
language plpgsql as $$
begin
    perform public.notify_instances('j', (select coalesce(array_agg(id::text), '{}') from ended where awaited));
    return null;
end
$$;

create or replace trigger finished_jobs_notify
after insert on finished_jobs
referencing new table as ended
for each statement
execute function notify_finished_jobs();
