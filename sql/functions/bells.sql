-- What to ring: items behind the letter of their kind, 100 to a bell, since a notification holds 8,000 bytes and an item at
-- most 74.
create or replace function bells(kind text, items text[]) returns setof text
language sql immutable as $$
    select kind || ' ' || string_agg(item, ',')
    from unnest(items) with ordinality as given (item, place)
    group by (place - 1) / 100
$$;
