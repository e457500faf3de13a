-- Who comes into a chat or goes out of it rings by name, so that their gateways hear of it on every instance, whether or
-- not anyone there follows the chat. A pair is user:chat; a notification holds 8,000 bytes.
create or replace function ring_members() returns trigger
language plpgsql as $$
declare
    payload text;
begin
    for payload in
        select case tg_op when 'INSERT' then 'a ' else 'r ' end || string_agg(pair, ',')
        from (
            select user_id || ':' || chat_id as pair, (row_number() over () - 1) / 100 as page
            from changed
        ) as pairs
        group by page
    loop
        perform pg_notify('trunkline', payload);
    end loop;
    return null;
end
$$;

create or replace trigger members_ring_came
after insert on members
referencing new table as changed
for each statement
execute function ring_members();

create or replace trigger members_ring_went
after delete on members
referencing old table as changed
for each statement
execute function ring_members();
