-- What would break the log of a chat is refused, to whoever writes: an entry keeps its chat, its number and its id; none is
-- removed but from the beginning (trim_messages) or with its chat (remove_ended); and the counter does not go back. Whoever repairs a
-- log by hand says so: `set local trunkline.repairing = on`. A post meets none of these triggers but the last, whose condition
-- compares two numbers.
create or replace function refuse_log_change() returns trigger
language plpgsql as $$
begin
    if public.restoring() or current_setting('trunkline.repairing', true) = 'on' then
        if tg_level = 'ROW' then
            return new;
        end if;
        return null;
    end if;
    if tg_op = 'TRUNCATE' and tg_table_name = 'chats' then
        raise restrict_violation using
            message = 'chats are not truncated: their logs would stay behind, and those who watch would never hear of it',
            hint = 'To end chats: delete from public.chats where … To begin with an empty database: make a new one, and migrate it.',
            table = 'chats';
    elsif tg_table_name = 'chats' then
        raise restrict_violation using
            message = format('last_seq of chat %s is counted, and never goes back from %s to %s', old.id, old.last_seq, new.last_seq),
            hint = 'Entries with these numbers have been told. `trunkline verify` says what is wrong with a chat, sql/ops/recount.sql counts anew.',
            table = 'chats';
    elsif tg_op = 'UPDATE' then
        raise restrict_violation using
            message = format('entry %s of chat %s keeps its chat, its number and its id: people have read it so', old.seq, old.chat_id),
            hint = 'To say it elsewhere INSERT a message there, and recall this one: update public.messages set recalled_at = now() where …',
            table = 'messages';
    end if;
    raise restrict_violation using
        message = 'entries of a log are not deleted: those who watch would never hear of it, and its numbers would have a hole',
        hint = 'To take a message back: update public.messages set recalled_at = now() where … To empty a room: select public.clear_messages(id). '
            || 'To forget what is old: update public.chats set retention_days = … To end a chat: delete from public.chats where …',
        table = 'messages';
end
$$;

create or replace trigger messages_refuse_move
before update of chat_id, seq, id on messages
for each row when ((old.chat_id, old.seq, old.id) is distinct from (new.chat_id, new.seq, new.id))
execute function refuse_log_change();

create or replace trigger messages_refuse_delete
before delete or truncate on messages
for each statement when (current_setting('trunkline.clearing', true) is distinct from 'on')
execute function refuse_log_change();

create or replace trigger chats_refuse_truncate
before truncate on chats
for each statement execute function refuse_log_change();

create or replace trigger chats_refuse_shrinking
before update of last_seq on chats
for each row when (new.last_seq < old.last_seq)
execute function refuse_log_change();
