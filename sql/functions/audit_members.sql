-- Notes that a member was removed by somebody else, or was given another role; `creator` is a chat that was transferred.
-- Who leaves does so themselves; who loses a chat that is deleted is no news.
create or replace function audit_members() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if tg_op = 'UPDATE' then
        perform public.write_audit(
            case new.role when 'creator' then 'chat_handed_over' else 'member_role_changed' end,
            new.chat_id::text,
            jsonb_build_object('user_id', new.user_id, 'from', old.role, 'to', new.role)
        );
        return null;
    end if;
    insert into public.audit (actor_id, action, target, data, address)
    select
        nullif(current_setting('trunkline.actor', true), '')::uuid,
        'member_removed',
        gone.chat_id::text,
        jsonb_build_object('user_id', gone.user_id, 'role', gone.role),
        nullif(current_setting('trunkline.address', true), '')
    from gone
    cross join lateral (select true as is_there from public.chats where chats.id = gone.chat_id limit 1) as chat
    cross join lateral (select true as is_there from public.users where users.id = gone.user_id limit 1) as person
    where gone.user_id is distinct from nullif(current_setting('trunkline.actor', true), '')::uuid;
    return null;
end
$$;

create or replace trigger members_audit_removed
after delete on members
referencing old table as gone
for each statement
execute function audit_members();

create or replace trigger members_audit_role
after update of role on members
for each row when (old.role is distinct from new.role)
execute function audit_members();
