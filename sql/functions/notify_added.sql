-- Whom somebody else has put into a group chat is notified: the setting trunkline.actor says who that was. Who comes by
-- themselves, or in SQL that names nobody, does not; nor do the two of a direct chat, where the first message says it.
create or replace function notify_added() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    actor uuid := current_setting('trunkline.actor', true)::uuid;
    added record;
begin
    for added in
        select come.chat_id, array_agg(come.user_id) as people
        from added as come
        cross join lateral (select c.kind from public.chats as c where c.id = come.chat_id limit 1) as chat
        where come.user_id <> actor and come.role <> 'creator' and chat.kind = 'group'
        group by come.chat_id
        order by come.chat_id
    loop
        perform public.notify_people(
            added.people, 'chat_added', 'added you to a chat', actor, jsonb_build_object('chat_id', added.chat_id)
        );
    end loop;
    return null;
end
$$;

create or replace trigger members_notify_added
after insert on members
referencing new table as added
for each statement when (coalesce(current_setting('trunkline.actor', true), '') <> '' and not public.restoring())
execute function notify_added();
