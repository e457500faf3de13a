-- Notes that somebody was banned from a chat, or let in again. What goes with its chat, or with the person, is no news.
create or replace function audit_bans() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if tg_op = 'DELETE' and (
        not exists (select from public.chats where id = old.chat_id)
        or not exists (select from public.users where id = old.user_id)
    ) then
        return null;
    end if;
    perform public.write_audit(
        case tg_op when 'INSERT' then 'member_banned' else 'member_unbanned' end,
        coalesce(new.chat_id, old.chat_id)::text,
        jsonb_build_object('user_id', coalesce(new.user_id, old.user_id))
    );
    return null;
end
$$;

create or replace trigger bans_audit
after insert or delete on bans
for each row
execute function audit_bans();
