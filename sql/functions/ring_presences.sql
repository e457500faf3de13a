-- Who comes online somewhere or goes offline there rings by name; who wants to know looks. A notification holds 8,000 bytes.
create or replace function ring_presences() returns trigger
language plpgsql as $$
declare
    payload text;
begin
    for payload in
        select 'o ' || string_agg(user_id::text, ',')
        from (select user_id, (row_number() over () - 1) / 200 as page from changed) as people
        group by page
    loop
        perform pg_notify('trunkline', payload);
    end loop;
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
