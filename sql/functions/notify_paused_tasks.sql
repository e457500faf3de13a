-- A task that is paused or resumed notifies, whoever wrote it: every worker looks from the beginning.
create or replace function notify_paused_tasks() returns trigger
language plpgsql as $$
begin
    perform pg_notify('trunkline', 'j due');
    return null;
end
$$;

create or replace trigger paused_tasks_notify
after insert or update or delete on paused_tasks
for each statement
execute function notify_paused_tasks();
