-- Rings for items of a kind, 100 to a notification, since a notification holds 8,000 bytes and an item at most 74. Not in plain SQL:
-- such a function would be parsed again by every statement that notifies.
create or replace function notify_instances(kind text, items text[]) returns void
language plpgsql as $$
begin
    for place in 1 .. cardinality(items) by 100 loop
        perform pg_notify('trunkline', kind || ' ' || array_to_string(items[place : place + 99], ','));
    end loop;
end
$$;
