-- Back to version 36: schedules that cannot be understood are taken again, and attempts are counted from zero. Stop the servers first. Then run `trunkline migrate` of the
-- program whose latest migration is V36: it puts its own functions in the place of these.
begin;
drop trigger if exists schedules_check_new on schedules;
drop trigger if exists schedules_check_changed on schedules;
drop function if exists check_schedule;
drop table if exists throttles;
comment on column schedules.cron is 'Minute, hour, day of the month, month, day of the week, by the clock of timezone. One of cron, every_seconds and solar is set.';
comment on column schedules.timezone is 'An IANA name, such as Europe/Berlin, for cron.';
comment on column schedules.error is 'Why it has no next time: what is wrong with cron or timezone.';
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 37;
commit;
