-- schedules/learn
-- The regular tasks of this program, each with the seconds between two turns. Somebody may have switched one off: so it stays.
insert into schedules (name, task, every_seconds, built_in)
select wanted.task, wanted.task, wanted.seconds, true
from unnest($1::text[], $2::integer[]) as wanted (task, seconds)
on conflict (task) where built_in
do update set every_seconds = excluded.every_seconds
where schedules.every_seconds is distinct from excluded.every_seconds
