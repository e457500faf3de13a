-- Who is banned is removed from the chat, and does not come in again (refuse_banned.sql). The chat is locked first, like by
-- everybody who changes who is in it: whoever is just joining is there when they are removed.
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

-- A member is told by the entry of the log that removes them. Who only watches a public chat has none: every instance is told.
-- Once a statement: each who goes by themselves would have their chat counted again. Each is looked up by key, however many.
create or replace function put_out_banned() returns trigger
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    watching text[] := array(
        select changed.user_id || ':' || changed.chat_id
        from changed
        left join lateral (
            select true as is_there from public.members
            where members.chat_id = changed.chat_id and members.user_id = changed.user_id
            limit 1
        ) as member on true
        where member.is_there is null
    );
begin
    delete from public.members
    using changed
    where members.chat_id = changed.chat_id and members.user_id = changed.user_id;
    perform public.notify_instances('b', watching);
    return null;
end
$$;

create or replace trigger bans_put_out
after insert on bans
referencing new table as changed
for each statement when (not public.restoring())
execute function put_out_banned();
