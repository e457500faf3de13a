-- Adds many records at once, and takes their offsets in one step; answers the first. Each has a value or bytes.
create or replace function produce_records(into_topic text, keys text[], contents jsonb[], bytes bytea[]) returns bigint
language plpgsql
set enable_seqscan = off
as $$
declare
    many integer := cardinality(keys);
    last bigint;
    numbered_before text := coalesce(current_setting('trunkline.numbered', true), '');
begin
    update public.topics set last_offset = last_offset + many where name = into_topic returning last_offset into last;
    if not found then
        insert into public.topics (name, last_offset) values (into_topic, many)
        on conflict (name) do update set last_offset = topics.last_offset + many
        returning last_offset into last;
    end if;
    perform set_config('trunkline.numbered', 'on', true);
    insert into public.topic_records (topic, record_offset, key, value, value_bytes)
    select into_topic, last - many + n, key, value, value_bytes
    from unnest(keys, contents, bytes) with ordinality as records (key, value, value_bytes, n);
    perform set_config('trunkline.numbered', numbered_before, true);
    return last - many + 1;
end
$$;
