-- Who takes a chat over when somebody goes for good: the admin who has been there longest, or else the member. Null where
-- nobody else is there.
create or replace function heir_of(wanted_chat uuid, person uuid) returns uuid
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return (
        select members.user_id
        from public.members
        join public.users on users.id = members.user_id and users.erased_at is null
        where members.chat_id = wanted_chat and members.user_id <> person
        order by members.role = 'member', members.joined_at, members.user_id
        limit 1
    );
end
$$;

-- Takes somebody who is erased out of a chat: as a member, with the webhooks they answer for. A chat of theirs goes to the
-- one whom heir_of names, and ends where that is nobody; so does a direct chat that the other one has left as well. The log
-- tells of it as of anybody who leaves. Answers false when somebody else would take it over now: then ask once more.
--
-- People before chats, as everybody locks them.
create or replace function leave_erased(wanted_chat uuid, person uuid) returns boolean
language plpgsql
set enable_seqscan = off
as $$
declare
    heir uuid := public.heir_of(wanted_chat, person);
    chat record;
begin
    perform from public.users where id in (person, heir) order by id for key share;
    select kind, owner_id into chat from public.chats where id = wanted_chat for no key update;
    if not found then
        return true;
    end if;
    if heir is distinct from public.heir_of(wanted_chat, person) then
        return false;
    end if;
    if heir is null and (chat.owner_id = person or chat.kind = 'direct') then
        delete from public.chats where id = wanted_chat;
        return true;
    end if;
    delete from public.webhooks where chat_id = wanted_chat and created_by = person;
    delete from public.members where chat_id = wanted_chat and user_id = person;
    if chat.owner_id = person then
        update public.members set role = 'creator' where chat_id = wanted_chat and user_id = heir;
        -- Where the two said different things before.
        update public.chats set owner_id = heir where id = wanted_chat and owner_id = person;
    end if;
    return true;
end
$$;
