-- A job lies where its status says: what is over in finished_jobs, everything else in jobs, whoever changed it. The server moves
-- what it finishes by itself; this is for SQL, and for older programs.
create or replace function move_job() returns trigger
language plpgsql as $$
begin
    if tg_table_name = 'jobs' then
        delete from only public.jobs where id = new.id;
        insert into public.finished_jobs select new.*;
    else
        delete from only public.finished_jobs where id = new.id;
        insert into public.jobs select new.*;
    end if;
    return null;
end
$$;

create or replace trigger jobs_move_finished
after insert or update of status on jobs
for each row when (new.finished_at is not null)
execute function move_job();

create or replace trigger finished_jobs_move_queued
after update of status on finished_jobs
for each row when (new.finished_at is null)
execute function move_job();
