-- jobs/move_finished
-- What older programs have finished, before there was a table for it, a piece at a time.
with gone as (
    delete from only jobs
    where id in (
        select id from only jobs where finished_at is not null order by finished_at limit 1000 for update skip locked
    )
    returning *
)
insert into finished_jobs select * from gone
