-- Notifies of items of a kind, 100 in a notification, since a notification holds 8,000 bytes and an item at most 74. Not in plain SQL:
-- such a function would be parsed again by every statement that notifies. Of many items no slices are taken: each would be
-- counted off from the beginning.
create or replace function notify_instances(kind text, items text[]) returns void
language plpgsql as $$
declare
    piece text;
begin
    if cardinality(items) <= 100 then
        if cardinality(items) > 0 then
            perform pg_notify('trunkline', kind || ' ' || array_to_string(items, ','));
        end if;
        return;
    end if;
    for piece in
        select string_agg(item, ',' order by n)
        from unnest(items) with ordinality as each (item, n)
        group by (n - 1) / 100
        order by (n - 1) / 100
    loop
        perform pg_notify('trunkline', kind || ' ' || piece);
    end loop;
end
$$;
