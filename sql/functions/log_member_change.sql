-- Who comes, goes and changes role is told in the log of the chat, whoever wrote the row.
-- The creator of a new chat is no entry, nor are the two of a new direct chat; a chat that is being deleted has no log any more.
-- The setting trunkline.actor names who did it; without it, it was the member's own doing.
create or replace function log_member_change() returns trigger
language plpgsql as $$
declare
    member members%rowtype;
    actor uuid;
    is_founding boolean;
begin
    if tg_op = 'DELETE' then
        member := old;
    else
        member := new;
    end if;
    actor := coalesce(nullif(current_setting('trunkline.actor', true), '')::uuid, member.user_id);

    if tg_op = 'DELETE' then
        -- Or whoever was put out would come back in with an invite of their own.
        delete from invites where chat_id = old.chat_id and created_by = old.user_id;
    end if;
    if tg_op <> 'UPDATE' then
        update chats set member_count = member_count + (case tg_op when 'INSERT' then 1 else -1 end)
        where id = member.chat_id
        returning kind = 'direct' and created_at = now() into is_founding;
        if not found then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' and (member.role = 'creator' or is_founding) then
        return null;
    end if;

    insert into messages (chat_id, kind, sender_id, body)
    values (
        member.chat_id,
        case tg_op when 'INSERT' then 'member_joined' when 'DELETE' then 'member_left' else 'member_changed' end,
        actor,
        jsonb_build_object(
            'user_id', member.user_id, 'role', member.role,
            'last_read_seq', member.last_read_seq, 'joined_at', member.joined_at
        )
    );
    return null;
end
$$;

create or replace trigger members_log_arrival
after insert or delete on members
for each row
execute function log_member_change();

create or replace trigger members_log_role
after update of role on members
for each row when (old.role is distinct from new.role)
execute function log_member_change();
