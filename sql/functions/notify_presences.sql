-- Who comes online somewhere or goes offline there is notified by name; who wants to know asks.
create or replace function notify_presences() returns trigger
language plpgsql as $$
begin
    perform public.notify_instances('o', array(select user_id::text from changed));
    return null;
end
$$;

create or replace trigger presences_notify_came
after insert on presences
referencing new table as changed
for each statement
execute function notify_presences();

create or replace trigger presences_notify_went
after delete on presences
referencing old table as changed
for each statement
execute function notify_presences();
