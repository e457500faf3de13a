-- Removes a piece of what a deleted chat has left behind: up to `most` entries of its log, then what people left at its
-- messages, then what the index of words knows of it, and in the end its row in ended_chats. Answers how many rows went.
-- Nobody waits for it: whoever would write to the chat finds no chat. Where somebody else is at it, nothing is done.
--
-- What was removed before is skipped by its number: an old snapshot keeps the index entries of what is gone.
create or replace function remove_ended(ended uuid, most integer) returns bigint
language plpgsql
set enable_seqscan = off
as $$
declare
    gone_to bigint;
    up_to bigint;
    removed bigint := 0;
    piece bigint;
    clearing_before text := current_setting('trunkline.clearing', true);
begin
    select removed_to into gone_to from public.ended_chats where chat_id = ended for update skip locked;
    if not found then
        return 0;
    end if;
    -- What is removed with its chat breaks no log (refuse_log_change.sql).
    perform set_config('trunkline.clearing', 'on', true);
    select max(seq) into up_to
    from (select seq from public.messages where chat_id = ended and seq > gone_to order by seq limit most) as beginning;
    if up_to is not null then
        delete from public.messages where chat_id = ended and seq > gone_to and seq <= up_to;
        get diagnostics removed = row_count;
        delete from public.search_runs where chat_id = ended and run >= gone_to / 32 and run < up_to / 32;
        delete from public.search_blocks where chat_id = ended and block >= gone_to / 128 and block < up_to / 128;
        update public.ended_chats set removed_to = up_to where chat_id = ended;
    end if;
    if removed < most then
        delete from public.reactions
        where chat_id = ended and ctid = any (array(select ctid from public.reactions where chat_id = ended limit most));
        get diagnostics piece = row_count;
        removed := removed + piece;
    end if;
    if removed < most then
        delete from public.pins
        where chat_id = ended and ctid = any (array(select ctid from public.pins where chat_id = ended limit most));
        get diagnostics piece = row_count;
        removed := removed + piece;
    end if;
    if removed < most then
        delete from public.search_runs
        where chat_id = ended and ctid = any (array(select ctid from public.search_runs where chat_id = ended limit most));
        get diagnostics piece = row_count;
        removed := removed + piece;
    end if;
    if removed < most then
        delete from public.search_blocks where chat_id = ended;
        delete from public.search_heads where chat_id = ended;
        delete from public.search_ends where chat_id = ended;
        delete from public.ended_chats where chat_id = ended;
    end if;
    perform set_config('trunkline.clearing', coalesce(clearing_before, ''), true);
    return removed;
end
$$;
