-- Takes the words out of what somebody has said in a chat, as clear_messages does with all that was said there: what people
-- left at these messages goes too, their places stay, and one entry sender_cleared tells of it. Nothing to clear is no entry.
-- Answers how many messages lost their words.
--
-- With up_to_seq only a piece is cleared, without a word, unless it tells: the last one, in which their latest message stands
-- that has words.
create or replace function clear_sender(
    wanted_chat uuid, person uuid, after_seq bigint default 0, up_to_seq bigint default null,
    tells boolean default null
)
returns bigint
language plpgsql
as $$
declare
    cleared bigint;
    stale bigint[];
    clearing_before text := current_setting('trunkline.clearing', true);
    -- A bound that is always there: with "or up_to_seq is null" each piece would read the log to its end.
    last_seq bigint := coalesce(up_to_seq, 9223372036854775807);
begin
    perform from public.chats where id = wanted_chat for no key update;
    perform set_config('trunkline.clearing', 'on', true);
    with gone as (
        update public.messages
        set content = null, mentions = '{}', body = null, recalled_at = now(), updated_at = now()
        where chat_id = wanted_chat and seq > after_seq and seq <= last_seq
            and sender_id = person and kind in ('text', 'media') and recalled_at is null
        returning id, seq
    ),
    without_reactions as (
        delete from public.reactions using gone where reactions.chat_id = wanted_chat and reactions.message_id = gone.id
    ),
    without_pins as (
        delete from public.pins using gone where pins.chat_id = wanted_chat and pins.message_id = gone.id
    )
    select count(*), array_agg(distinct (seq - 1) / 32) into cleared, stale from gone;
    update public.search_runs set grams = null where chat_id = wanted_chat and run = any (stale);
    -- An older version that runs beside looks there.
    update public.search_blocks set grams = null
    where chat_id = wanted_chat and block in (select distinct run / 4 from unnest(stale) as runs (run));
    if coalesce(tells, up_to_seq is null) and (cleared > 0 or after_seq > 0) then
        insert into public.messages (chat_id, kind, sender_id, body)
        values (
            wanted_chat, 'sender_cleared',
            coalesce(nullif(current_setting('trunkline.actor', true), '')::uuid, person),
            jsonb_build_object('user_id', person)
        );
    end if;
    perform set_config('trunkline.clearing', coalesce(clearing_before, ''), true);
    return cleared;
end
$$;
