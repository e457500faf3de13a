-- A hook that goes takes its bot along where nothing can stand that the bot has said: with the chat, and when it was never used.
create or replace function end_hook() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if old.used_at is null or not exists (select from public.chats where id = old.chat_id) then
        delete from public.users where id = old.bot_id and is_bot;
    end if;
    return null;
end
$$;

create or replace trigger hooks_end
after delete on hooks
for each row
execute function end_hook();
