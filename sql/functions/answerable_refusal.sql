-- Why somebody cannot answer for a webhook or a hook of a chat; null where they can: as its creator or an admin who is not
-- suspended. The chat is locked before it is asked, and then the person: who loses the right at this moment is either seen
-- here, or sees here what is to be stopped (stop_webhooks.sql). The server has locked the person before the chat, as everybody
-- should; SQL that has not gives up, before PostgreSQL finds a deadlock with who suspends them and picks either.
create or replace function answerable_refusal(person uuid, in_chat uuid) returns text
language plpgsql
set enable_seqscan = off
set lock_timeout = '500ms'
as $$
declare
    is_suspended boolean;
begin
    perform from public.chats where id = in_chat for no key update;
    select status = 'suspended' into is_suspended from public.users where id = person for no key update;
    if is_suspended then
        return 'who answers for it was suspended';
    end if;
    if not exists (
        select from public.members
        where members.chat_id = in_chat and members.user_id = person and members.role in ('creator', 'admin')
    ) then
        return 'who answers for it is no creator or admin of this chat any more';
    end if;
    return null;
end
$$;
