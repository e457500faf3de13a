-- The public chats that somebody finds, the newest activity first, from one place on. chats.ranked_at is in an index and at most ten
-- minutes behind active_at: whatever belongs on the page, or before it, lies less than that beyond the last of as many by ranked_at.
-- So about as many are read as are asked for, and those of ten minutes. wanted is null for all of them.
--
-- words are patterns, each of which must occur in the title or the description: for a search that finds many. Where the page is not
-- full within the newest 20,000, nothing is answered: then those that have the words are few among many, and an index finds them.
--
-- A planner that knows nothing of the words would start workers, and that takes longer than most pages.
create or replace function find_public(
    person uuid, created_from timestamptz, created_to timestamptz, words text[], wanted bigint, skipped bigint
) returns table (id uuid)
language plpgsql stable rows 100
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
set max_parallel_workers_per_gather = 0
as $$
#variable_conflict use_column
declare
    last timestamptz;
    patterns text[] := array(select public.folded(w.word) from unnest(words) as w (word));
begin
    select c.ranked_at into last
    from (
        select c.title, c.description, c.ranked_at
        from public.chats as c
        where c.visibility = 'public' and c.kind = 'group'
            and not exists (select from public.bans as b where b.chat_id = c.id and b.user_id = person)
            and (created_from is null or c.created_at >= created_from)
            and (created_to is null or c.created_at <= created_to)
            and wanted is not null
        order by c.ranked_at desc
        limit case when cardinality(patterns) > 0 then 20000 end
    ) as c
    where cardinality(patterns) = 0 or public.folded(c.title || ' ' || c.description) like all (patterns)
    order by c.ranked_at desc
    limit 1 offset greatest(wanted + skipped - 1, 0);
    if last is null and cardinality(patterns) > 0 then
        return;
    end if;
    -- Where there are no more than are wanted, that is all of them.
    last := coalesce(last - interval '10 minutes', '-infinity');
    return query
    select c.id
    from public.chats as c
    where c.visibility = 'public' and c.kind = 'group' and c.ranked_at >= last
        and not exists (select from public.bans as b where b.chat_id = c.id and b.user_id = person)
        and (cardinality(patterns) = 0 or public.folded(c.title || ' ' || c.description) like all (patterns))
        and (created_from is null or c.created_at >= created_from)
        and (created_to is null or c.created_at <= created_to)
    order by c.active_at desc, c.id desc
    limit wanted offset skipped;
end
$$;
