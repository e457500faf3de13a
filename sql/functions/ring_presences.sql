-- Who comes online somewhere or goes offline there rings by name; who wants to know looks.
create or replace function ring_presences() returns trigger
language plpgsql as $$
begin
    perform public.ring('o', array(select user_id::text from changed));
    return null;
end
$$;

create or replace trigger presences_ring_came
after insert on presences
referencing new table as changed
for each statement
execute function ring_presences();

create or replace trigger presences_ring_went
after delete on presences
referencing old table as changed
for each statement
execute function ring_presences();
