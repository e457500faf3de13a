-- Notifies people: each of them once who is there (no bot, nobody who is erased), and is not the sender. It belongs in the
-- transaction of what causes it. sender may be null: then it is the system's doing.
--
-- Who has blocked the sender is not notified of what they do, but for what an administrator has to say (kind 'message'). Of
-- what happens in a chat (mention, reply, chat_added) those are notified who are in it and have not muted it. And nobody can
-- flood anybody (is_flooded_by).
create or replace function notify_people(recipients uuid[], kind text, message text, sender uuid, data jsonb) returns void
language plpgsql
set enable_seqscan = off
as $$
declare
    place uuid := case
        when notify_people.kind in ('mention', 'reply', 'chat_added') then (notify_people.data ->> 'chat_id')::uuid
    end;
    is_personal boolean := sender is not null and notify_people.kind <> 'message';
begin
    insert into public.notifications (recipient_id, kind, message, sender_id, data)
    select
        person.id, notify_people.kind, notify_people.message, notify_people.sender, coalesce(notify_people.data, '{}')
    from (select distinct unnest(recipients) as id) as wanted
    cross join lateral (
        select u.id from public.users as u where u.id = wanted.id and not u.is_bot and u.erased_at is null limit 1
    ) as person
    where person.id is distinct from sender
        and not (
            is_personal
            and (
                exists (select from public.blocks as b where b.user_id = person.id and b.blocked_id = sender)
                or public.is_flooded_by(person.id, sender)
            )
        )
        and (
            place is null
            or (
                exists (select from public.members as m where m.chat_id = place and m.user_id = person.id)
                and not public.is_muted(person.id, place)
            )
        )
    order by person.id;
end
$$;
