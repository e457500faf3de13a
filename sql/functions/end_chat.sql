-- A deleted chat is gone at once, for everybody: with its row go its members, invites, webhooks, hooks and bans, every way to its log
-- asks for that row, and who follows it is notified on every instance. What is short goes with it; what is left of a long
-- log is noted in ended_chats, and a job removes it in pieces (remove_ended).
create or replace function end_chat() returns trigger
language plpgsql
as $$
begin
    insert into public.ended_chats (chat_id) values (old.id) on conflict do nothing;
    perform public.remove_ended(old.id, 1000);
    perform pg_notify('trunkline', 'd ' || old.id);
    return null;
end
$$;

create or replace trigger chats_end
after delete on chats
for each row
execute function end_chat();

-- A new chat does not take over what is left of another one's log.
create or replace function refuse_ended() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if exists (select from public.ended_chats where chat_id = new.id) then
        raise unique_violation using
            message = format('chat %s was deleted, and its log is not removed yet', new.id),
            hint = 'Leave the id out, or wait until ended_chats does not name it any more.',
            constraint = 'chats_ended_check', table = 'chats';
    end if;
    return new;
end
$$;

create or replace trigger chats_refuse_ended
before insert on chats
for each row when (not public.restoring())
execute function refuse_ended();
