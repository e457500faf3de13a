-- Nobody makes somebody a member who is banned from the chat; a bot is nobody to make a member. By its name, the trigger fires after the one that locks the chats
-- (log_member_change.sql): a ban that was being written meanwhile is seen.
create or replace function refuse_banned() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if not public.restoring() and exists (
        select from changed join public.bans on bans.chat_id = changed.chat_id and bans.user_id = changed.user_id
    ) then
        raise exception 'somebody who is banned from a chat cannot become a member'
            using errcode = 'check_violation', constraint = 'members_banned_check', table = 'members';
    end if;
    if not public.restoring() and exists (
        select
        from changed
        cross join lateral (select from public.users where users.id = changed.user_id and users.is_bot limit 1) as bot
    ) then
        raise foreign_key_violation using
            message = 'a bot cannot become a member', constraint = 'members_user_id_fkey', table = 'members';
    end if;
    return null;
end
$$;

create or replace trigger members_refuse_banned
after insert on members
referencing new table as changed
for each statement
execute function refuse_banned();
