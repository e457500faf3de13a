-- Back to version 33: schedules are forgotten; regular tasks go on. Stop the servers first. Then run `trunkline migrate` of the
-- program whose latest migration is V33: it puts its own functions in the place of these.
begin;
drop table if exists schedules;
drop function if exists plan_schedule;
comment on table ticks is 'When each regular task was last queued, so that it is once a tick, however many instances run.';
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 34;
commit;
