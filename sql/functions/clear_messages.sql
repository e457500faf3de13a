-- Clears a chat: the words of its messages and what people left at them leave the tables, their places stay, and one entry messages_cleared tells of
-- all of it. Nothing to clear is no entry. Answers how many messages lost their words.
--
-- By hand, `select clear_messages(id) from chats where …` does the whole in one statement, during which posts to the chat
-- wait; a million messages take seconds. The server goes in pieces instead, each in a transaction of its own: after after_seq and
-- up to up_to_seq. With up_to_seq a piece is cleared without a word, unless it tells: that is the last one, in which the latest
-- message stands that has words.
create or replace function clear_messages(
    wanted_chat uuid, after_seq bigint default 0, up_to_seq bigint default null, tells boolean default null
)
returns bigint
language plpgsql
as $$
declare
    cleared bigint;
    clearing_before text := current_setting('trunkline.clearing', true);
    -- A bound that is always there: with "or up_to_seq is null" each piece would read the log to its end.
    last_seq bigint := coalesce(up_to_seq, 9223372036854775807);
begin
    -- Not a clause of the function: such a one only a superuser could give it.
    perform set_config('trunkline.clearing', 'on', true);
    perform from public.chats where id = wanted_chat for no key update;
    with gone as (
        update public.messages
        set content = null, mentions = '{}', body = null, recalled_at = now(), updated_at = now()
        where chat_id = wanted_chat and seq > after_seq and seq <= last_seq
            and kind in ('text', 'media', 'system') and recalled_at is null
        returning id
    ),
    without_reactions as (
        delete from public.reactions using gone where reactions.chat_id = wanted_chat and reactions.message_id = gone.id
    ),
    without_pins as (
        delete from public.pins using gone where pins.chat_id = wanted_chat and pins.message_id = gone.id
    )
    select count(*) from gone into cleared;
    update public.search_runs set grams = null
    where chat_id = wanted_chat and run >= after_seq / 32 and run <= last_seq / 32;
    -- An older version that runs beside looks there.
    update public.search_blocks set grams = null
    where chat_id = wanted_chat and block >= after_seq / 128 and block <= last_seq / 128;
    -- Pieces before this one were cleared without a word, unless somebody else who clears has told of them meanwhile.
    if coalesce(tells, up_to_seq is null) and (cleared > 0 or (after_seq > 0 and not exists (
        select from public.messages where chat_id = wanted_chat and seq > up_to_seq and kind = 'messages_cleared'
    ))) then
        insert into public.messages (chat_id, kind, sender_id)
        values (wanted_chat, 'messages_cleared', nullif(current_setting('trunkline.actor', true), '')::uuid);
        perform public.write_audit('messages_cleared', wanted_chat::text);
    end if;
    perform set_config('trunkline.clearing', coalesce(clearing_before, ''), true);
    return cleared;
end
$$;
