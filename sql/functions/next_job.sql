-- Which job is due next, whoever's it is, from a place on, and in how many seconds; less than 0: it is due already. Before that
-- place none waits: it is not scanned, though vacuum may not be allowed to remove what was there. Never by reading the whole
-- table: a plan that was made while it was empty is kept when it is not.
create or replace function next_job(from_run_at timestamptz, from_id uuid)
returns table (next_run_at timestamptz, next_id uuid, seconds double precision)
language plpgsql stable rows 1
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    select jobs.run_at, jobs.id, extract(epoch from jobs.run_at - clock_timestamp())::float8
    from only public.jobs
    where jobs.lease is null and jobs.finished_at is null
        and (jobs.run_at, jobs.id) >= (coalesce(from_run_at, '-infinity'), from_id)
    order by jobs.run_at, jobs.id
    limit 1;
end
$$;
