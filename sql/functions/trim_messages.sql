-- Removes what is older than the retention of a chat from the beginning of its log, for good: up to `most` entries, with
-- what people left at their messages. Answers how many went.
--
-- The log stays without a hole: it is cut at its beginning alone, up to the first entry that is young enough, and
-- chats.first_seq says where it begins, also when nothing is left. It is silent: nobody who watches is told to forget,
-- and who asks for what is gone is told where the log begins. A chat that somebody else holds is waited for, as one in which
-- people post all the time would never have its turn; after two seconds it gives up (55P03).
create or replace function trim_messages(wanted_chat uuid, most integer) returns bigint
language plpgsql
set lock_timeout = '2s'
as $$
declare
    oldest bigint;
    keep_after timestamptz;
    up_to bigint;
    removed bigint;
    said bigint;
    clearing_before text := current_setting('trunkline.clearing', true);
begin
    select first_seq, now() - make_interval(days => retention_days) into oldest, keep_after
    from public.chats
    where id = wanted_chat and retention_days is not null
    for no key update;
    if not found then
        return 0;
    end if;
    select coalesce(min(seq) filter (where created_at >= keep_after) - 1, max(seq)) into up_to
    from (
        select seq, created_at
        from public.messages
        where chat_id = wanted_chat and seq >= oldest
        order by seq
        limit most
    ) as beginning;
    perform set_config('trunkline.clearing', 'on', true);
    with gone as (
        delete from public.messages where chat_id = wanted_chat and seq between oldest and up_to returning id, kind
    ),
    without_reactions as (
        delete from public.reactions using gone where reactions.chat_id = wanted_chat and reactions.message_id = gone.id
    ),
    without_pins as (
        delete from public.pins using gone where pins.chat_id = wanted_chat and pins.message_id = gone.id
    )
    select count(*), count(*) filter (where kind in ('text', 'media', 'system')) into removed, said from gone;
    perform set_config('trunkline.clearing', coalesce(clearing_before, ''), true);
    if removed > 0 then
        -- Nor is anything of it left where words are looked for.
        delete from public.search_runs where chat_id = wanted_chat and (run + 1) * 32 <= up_to;
        update public.search_runs set grams = null where chat_id = wanted_chat and run = up_to / 32;
        -- An older version that runs beside looks there.
        delete from public.search_blocks where chat_id = wanted_chat and (block + 1) * 128 <= up_to;
        update public.search_blocks set grams = null where chat_id = wanted_chat and block = up_to / 128;
        update public.chats set first_seq = up_to + 1, message_count = message_count - said where id = wanted_chat;
    end if;
    return removed;
end
$$;
