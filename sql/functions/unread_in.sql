-- How much somebody has not read in a chat, behind `mark`, where the log ends at `last`: messages of others that stand, and
-- those of them that mention them. Each is exact up to 999; 1000 means that or more.
--
-- It costs the same whatever lies behind the mark: where it is much, what search_runs says is used to pass over what they
-- said themselves and what was recalled, and to find what mentions them.
create or replace function unread_in(wanted_chat uuid, wanted_user uuid, mark bigint, last bigint)
returns table (unread_count bigint, mention_count bigint)
language plpgsql stable
as $$
declare
    most constant bigint := 1000;
    first_run bigint := (mark + 2031) / 32;
    known_to bigint := 0;
    beyond bigint;
begin
    if last - mark > 2000 then
        select seq into known_to from public.search_ends where chat_id = wanted_chat;
        known_to := coalesce(known_to, 0);
    end if;
    beyond := greatest(mark, known_to);
    select count(*), count(*) filter (where unread.is_mention) into unread_count, mention_count
    from (
        select found.is_mention
        from (
            select mark as after, least(first_run * 32, beyond) as up_to
            union all
            select run * 32, least((run + 1) * 32, known_to)
            from public.search_runs
            where chat_id = wanted_chat and run >= first_run and run * 32 < known_to
                and (speakers is null or cardinality(speakers) > 1)
            union all
            select run * 32, least((run + 1) * 32, known_to)
            from public.search_runs
            where chat_id = wanted_chat and speakers[1] < wanted_user and run >= first_run and run * 32 < known_to
                and cardinality(speakers) = 1
            union all
            select run * 32, least((run + 1) * 32, known_to)
            from public.search_runs
            where chat_id = wanted_chat and speakers[1] > wanted_user and run >= first_run and run * 32 < known_to
                and cardinality(speakers) = 1
            union all
            select beyond, 9223372036854775807
        ) as places
        cross join lateral (
            select wanted_user = any (mentions) as is_mention
            from public.messages
            where chat_id = wanted_chat and seq > places.after and seq <= places.up_to
                and kind in ('text', 'media') and sender_id <> wanted_user and recalled_at is null
            offset 0 -- place by place
        ) as found
        limit most
    ) as unread;
    if unread_count = most and last - mark > most then
        -- There may be more, which may mention them.
        select count(*) into mention_count
        from (
            select
            from (
                select mark as after, least(4096, known_to) as up_to
                union all
                select greatest(likely.run * 32, mark), least((likely.run + 1) * 32, known_to)
                from generate_series(greatest(mark / 32, 128) / 8192, (known_to - 1) / 32 / 8192) as stretch
                cross join lateral (
                    select chat_id, run
                    from public.search_runs
                    where grams @> array[
                        public.search_salt(wanted_chat, greatest(stretch * 8192, 128), 0) | public.search_gram(wanted_user)
                    ]
                    offset 0 -- by this index alone
                ) as likely
                where likely.chat_id = wanted_chat and likely.run >= 128
                    and (likely.run + 1) * 32 > mark and likely.run * 32 < known_to
                union all
                select greatest(run * 32, mark), least((run + 1) * 32, known_to)
                from public.search_runs
                where chat_id = wanted_chat and run >= greatest(mark / 32, 128) and run * 32 < known_to and grams is null
                union all
                select beyond, 9223372036854775807
            ) as places
            cross join lateral (
                select
                from public.messages
                where chat_id = wanted_chat and seq > places.after and seq <= places.up_to
                    and kind in ('text', 'media') and sender_id <> wanted_user and recalled_at is null
                    and wanted_user = any (mentions)
                offset 0
            ) as found
            limit most
        ) as mentioning;
    end if;
    return next;
end
$$;
