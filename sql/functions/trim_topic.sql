-- Removes up to `most` of the oldest records that the retention of a topic does not keep, or, with is_all, whatever it keeps; answers how
-- many. By age it ends at the first record that is younger. Nobody waits: those who produce lock the row of the topic, and here it is locked last and for a moment.
create or replace function trim_topic(old_topic text, most integer, is_all boolean default false) returns bigint
language plpgsql
set enable_seqscan = off
as $$
declare
    place public.topics;
    up_to bigint;
    removed bigint;
    clearing_before text := coalesce(current_setting('trunkline.clearing', true), '');
begin
    select * into place from public.topics where name = old_topic;
    if not found then
        return 0;
    end if;
    up_to := case when is_all then place.last_offset else place.last_offset - place.retention_records end;
    if place.retention_days is not null and not is_all then
        select coalesce(min(record_offset) - 1, least(place.last_offset, place.first_offset + most - 1)) into removed
        from (
            select record_offset, created_at
            from public.topic_records
            where topic = old_topic and record_offset >= place.first_offset
            order by record_offset
            limit most
        ) as beginning
        where created_at >= now() - make_interval(days => place.retention_days);
        up_to := greatest(coalesce(up_to, 0), removed);
    end if;
    up_to := least(up_to, place.first_offset + most - 1);
    if up_to is null or up_to < place.first_offset then
        return 0;
    end if;
    perform set_config('trunkline.clearing', 'on', true);
    delete from public.topic_records where topic = old_topic and record_offset >= place.first_offset and record_offset <= up_to;
    get diagnostics removed = row_count;
    perform set_config('trunkline.clearing', clearing_before, true);
    update public.topics set first_offset = up_to + 1 where name = old_topic and first_offset <= up_to;
    return removed;
end
$$;
