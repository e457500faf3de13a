-- Leases records of a topic to a consumer of a group, for so many seconds: first those that somebody has had and not committed in time, then
-- new ones. Up to `most`, and not many more bytes than `most_bytes`. One group is asked by one consumer at a time, for a moment: so
-- it does not wait for the disc. A lease that a crash of the database takes back is given once more, as one that was not committed
-- in time.
create or replace function lease_records(
    from_topic text, to_group text, most integer, most_bytes bigint, seconds double precision, begins bigint
) returns table (record_offset bigint, key text, value jsonb, value_bytes bytea, created_at timestamptz)
language plpgsql
set enable_seqscan = off
as $$
declare
    place public.topic_groups;
    lapsed public.topic_leases;
    begin_of_topic bigint;
    end_of_topic bigint;
    wanted int8multirange;
    handed int8multirange;
begin
    perform set_config('synchronous_commit', 'off', true);
    select first_offset, last_offset into begin_of_topic, end_of_topic from public.topics where name = from_topic;
    if not found then
        return;
    end if;
    select * into place from public.topic_groups where topic = from_topic and name = to_group for no key update;
    if not found then
        insert into public.topic_groups (topic, name, next_offset) values (from_topic, to_group, begins) on conflict do nothing;
        select * into place from public.topic_groups where topic = from_topic and name = to_group for no key update;
        if not found then
            return; -- the topic was deleted a moment ago
        end if;
    end if;
    -- What a retention has removed is handed to nobody.
    place.next_offset := greatest(place.next_offset, begin_of_topic);
    loop
        select * into lapsed
        from public.topic_leases
        where topic_leases.topic = from_topic and topic_leases.group_name = to_group and leased_until <= clock_timestamp()
        order by leased_until, id
        limit 1
        for update;
        if lapsed.id is not null then
            wanted := lapsed.open;
        elsif place.next_offset <= end_of_topic then
            wanted := int8multirange(int8range(place.next_offset, least(end_of_topic, place.next_offset + most - 1), '[]'));
        else
            return;
        end if;
        -- What follows each other is one range.
        select range_agg(int8range(run.first, run.last, '[]')) into handed
        from (
            select min(found.at) as first, max(found.at) as last
            from (
                select
                    records.record_offset as at,
                    sum(coalesce(pg_column_size(records.value), 0) + coalesce(pg_column_size(records.value_bytes), 0))
                        over (order by records.record_offset) as bytes,
                    row_number() over (order by records.record_offset) as n
                from (
                    select r.record_offset, r.value, r.value_bytes
                    from unnest(wanted) as part
                    cross join lateral (
                        select t.record_offset, t.value, t.value_bytes
                        from public.topic_records as t
                        where t.topic = from_topic and t.record_offset >= lower(part) and t.record_offset < upper(part)
                        order by t.record_offset
                        limit most
                    ) as r
                    order by r.record_offset
                    limit most
                ) as records
            ) as found
            where found.n = 1 or found.bytes <= most_bytes
            group by found.at - found.n
        ) as run;
        if handed is null then
            -- A retention has removed all of them.
            if lapsed.id is not null then
                delete from public.topic_leases where id = lapsed.id;
            else
                update public.topic_groups set next_offset = upper(wanted) where topic = from_topic and name = to_group
                returning * into place;
            end if;
            continue;
        end if;
        if lapsed.id is null then
            update public.topic_groups set next_offset = upper(handed) where topic = from_topic and name = to_group;
            insert into public.topic_leases (topic, group_name, open, leased_until)
            values (from_topic, to_group, handed, clock_timestamp() + make_interval(secs => seconds));
        else
            -- What lies before the last one and is not there any more goes as well.
            wanted := lapsed.open - int8multirange(int8range(null, upper(handed)));
            if isempty(wanted) then
                update public.topic_leases
                set open = handed, attempts = attempts + 1, leased_until = clock_timestamp() + make_interval(secs => seconds)
                where id = lapsed.id;
            else
                update public.topic_leases set open = wanted where id = lapsed.id;
                insert into public.topic_leases (topic, group_name, open, attempts, leased_until)
                values (from_topic, to_group, handed, lapsed.attempts + 1, clock_timestamp() + make_interval(secs => seconds));
            end if;
        end if;
        return query
            select t.record_offset, t.key, t.value, t.value_bytes, t.created_at
            from unnest(handed) as part
            cross join lateral (
                select * from public.topic_records as r
                where r.topic = from_topic and r.record_offset >= lower(part) and r.record_offset < upper(part)
                offset 0
            ) as t
            order by t.record_offset;
        return;
    end loop;
end
$$;
