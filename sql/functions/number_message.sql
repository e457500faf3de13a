-- Gives an entry its place in the log of its chat. The row lock on the chat is held to the end of the transaction, so
-- numbers and commits are in one order, and a rolled back INSERT gives its number back: no gaps. The chat's counters follow
-- once a statement (count_messages): an UPDATE for each row would make each look through the versions of all before it.
-- A message must show something, and one with an @ is looked through for mentions. (post_message and post_messages are asked
-- by the server alone, which has looked before.)
-- A number that an INSERT brings along is not taken: only what counts for itself (trunkline.numbered, which post_messages
-- sets to on, post_message to told, and a person by hand to on to load a log with its numbers) and what a dump holds keeps
-- its own.
--
-- The plan is made once a session, maybe while the table is small, and one statement may add a hundred thousand rows: only
-- the indexes are good enough for that.
create or replace function number_message() returns trigger
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    counted bigint;
begin
    select last_seq into counted from public.chats where id = new.chat_id for no key update;
    if not found then
        raise foreign_key_violation using
            message = format('there is no chat %s', new.chat_id),
            constraint = 'messages_chat_id_fkey', table = 'messages';
    end if;
    -- Rows of this very statement are seen here, and not yet counted.
    new.seq := 1 + greatest(
        counted, (select seq from public.messages where chat_id = new.chat_id order by seq desc limit 1)
    );
    if new.kind in ('text', 'media', 'system') and new.recalled_at is null then
        if public.is_blank(new.content) then
            raise check_violation using
                message = 'nothing of this message can be seen',
                constraint = 'messages_content_check', table = 'messages';
        end if;
        if position('@' in new.content) > 0 then
            new.mentions := public.mentions_in(new.chat_id, new.content);
        end if;
    end if;
    return new;
end
$$;

create or replace trigger messages_number
before insert on messages
for each row when (
    new.seq is null
    or (coalesce(current_setting('trunkline.numbered', true), '') not in ('on', 'told') and not public.restoring())
)
execute function number_message();
