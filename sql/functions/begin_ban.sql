-- Who is banned is put out of the chat, and does not come in again (refuse_banned.sql). The chat is locked first, like by
-- everybody who changes who is in it: whoever is just joining is there when they are put out.
create or replace function begin_ban() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    chat record;
begin
    select kind, owner_id into chat from public.chats where id = new.chat_id for no key update;
    if chat.kind = 'direct' or chat.owner_id = new.user_id then
        raise exception 'nobody is banned from a direct chat, nor the creator of a chat from theirs'
            using errcode = 'check_violation', constraint = 'bans_creator_check', table = 'bans';
    end if;
    return new;
end
$$;

create or replace trigger bans_begin
before insert on bans
for each row when (not public.restoring())
execute function begin_ban();

-- A member is told by the entry of the log that puts them out. Who only watches a public chat has none: every instance is told.
create or replace function put_out_banned() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    delete from public.members where chat_id = new.chat_id and user_id = new.user_id;
    if not found then
        perform pg_notify('trunkline', 'b ' || new.user_id || ':' || new.chat_id);
    end if;
    return null;
end
$$;

create or replace trigger bans_put_out
after insert on bans
for each row when (not public.restoring())
execute function put_out_banned();
