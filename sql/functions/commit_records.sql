-- A group is done with these records: they do not come again. What it has committed before, or was never leased, changes nothing. Answers
-- how many were open.
create or replace function commit_records(of_topic text, of_group text, offsets bigint[]) returns bigint
language plpgsql
set enable_seqscan = off
as $$
declare
    done int8multirange;
    before bigint;
    lease record;
    committed bigint := 0;
begin
    perform from public.topic_groups where topic = of_topic and name = of_group for no key update;
    -- What follows each other is one range: a lease has few.
    select range_agg(int8range(run.first, run.last, '[]')) into done
    from (
        select min(each.one) as first, max(each.one) as last
        from (
            select one, one - row_number() over (order by one) as before
            from (select distinct one from unnest(offsets) as one where one between 1 and 9223372036854775806) as said
        ) as each
        group by each.before
    ) as run;
    if done is null then
        return 0;
    end if;
    for lease in
        select id, open from public.topic_leases
        where topic = of_topic and group_name = of_group and open && done
        for update
    loop
        select coalesce(sum(upper(part) - lower(part)), 0) into before from unnest(lease.open * done) as part;
        committed := committed + before;
        if lease.open <@ done then
            delete from public.topic_leases where id = lease.id;
        else
            update public.topic_leases set open = lease.open - done where id = lease.id;
        end if;
    end loop;
    return committed;
end
$$;
