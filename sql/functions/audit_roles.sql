-- Notes what happens to roles, and who is given them or loses them. What a new account gets is no news, nor
-- what goes with somebody who is erased.
create or replace function audit_roles() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if tg_table_name = 'user_roles' then
        if tg_op = 'DELETE' and exists (select from public.users where id = old.user_id and erased_at is not null) then
            return null;
        end if;
        if tg_op in ('UPDATE', 'DELETE') then
            perform public.write_audit('role_taken', old.user_id::text, jsonb_build_object('role', old.role));
        end if;
        if tg_op in ('UPDATE', 'INSERT') and not (
            new.role = 'user' and exists (select from public.users where id = new.user_id and created_at = now())
        ) then
            perform public.write_audit('role_given', new.user_id::text, jsonb_build_object('role', new.role));
        end if;
    elsif tg_op = 'INSERT' then
        perform public.write_audit('role_created', new.name, jsonb_build_object('permissions', new.permissions));
    elsif tg_op = 'DELETE' then
        perform public.write_audit('role_deleted', old.name, jsonb_build_object('permissions', old.permissions));
    else
        perform public.write_audit('role_changed', new.name, jsonb_strip_nulls(jsonb_build_object(
            'name', case when old.name <> new.name then old.name end,
            'description', case when old.description <> new.description then new.description end,
            'added', (
                select jsonb_agg(code order by code) from unnest(new.permissions) as code
                where code <> all (old.permissions)
            ),
            'removed', (
                select jsonb_agg(code order by code) from unnest(old.permissions) as code
                where code <> all (new.permissions)
            )
        )));
    end if;
    return null;
end
$$;

create or replace trigger roles_audit_change
after insert or update or delete on roles
for each row
execute function audit_roles();

create or replace trigger user_roles_audit_change
after insert or update or delete on user_roles
for each row
execute function audit_roles();
