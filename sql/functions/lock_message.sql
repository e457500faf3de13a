-- What is left at a message (a reaction, a pin) takes the lock of the chat first, like everything that takes a number; and
-- the message must stand: not there and recalled are alike.
create or replace function lock_message() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    perform from public.chats where id = new.chat_id for no key update;
    -- Without its chat a message is only not removed yet.
    if found then
        perform from public.messages
        where chat_id = new.chat_id and id = new.message_id and kind in ('text', 'media', 'system') and recalled_at is null;
    end if;
    if not found then
        raise foreign_key_violation using
            message = format('there is no message %s in chat %s, or it was recalled', new.message_id, new.chat_id),
            constraint = tg_table_name || '_message_id_fkey', table = tg_table_name;
    end if;
    -- Reactions are shown in the order of the log, which is that of this lock: their time is taken under it, unless they bring
    -- an older one along.
    if tg_table_name = 'reactions' then
        if new.created_at >= now() then
            new.created_at := clock_timestamp();
        end if;
    end if;
    return new;
end
$$;

create or replace trigger reactions_lock_message
before insert on reactions
for each row when (not public.restoring())
execute function lock_message();

create or replace trigger pins_lock_message
before insert on pins
for each row when (not public.restoring())
execute function lock_message();
