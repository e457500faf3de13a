-- Whoever changes when a schedule runs has its next time computed anew; one that is switched off has none. A schedule that needs
-- that, or that somebody has made due by hand, notifies: every instance looks.
create or replace function plan_schedule() returns trigger
language plpgsql as $$
begin
    if tg_when = 'AFTER' then
        perform pg_notify('trunkline', 'j plan');
        return null;
    end if;
    new.next_run_at := null;
    new.planned_at := null;
    new.error := null;
    if tg_op = 'UPDATE' then
        new.updated_at := clock_timestamp();
    end if;
    return new;
end
$$;

create or replace trigger schedules_plan_new
before insert on schedules
for each row when (not public.restoring())
execute function plan_schedule();

create or replace trigger schedules_plan_changed
before update of cron, every_seconds, solar, timezone, enabled on schedules
for each row when (
    (old.cron, old.every_seconds, old.solar, old.timezone, old.enabled)
    is distinct from (new.cron, new.every_seconds, new.solar, new.timezone, new.enabled)
)
execute function plan_schedule();

create or replace trigger schedules_notify
after insert or update of cron, every_seconds, solar, timezone, enabled, next_run_at, planned_at on schedules
for each row when (new.enabled and (new.planned_at is null or new.next_run_at <= now()))
execute function plan_schedule();
