-- Notes that somebody was suspended or may come in again, that a password was changed (never which), that an account was
-- deleted, that somebody has another address (never which), and which fields of a profile somebody else than its owner has changed.
create or replace function audit_users() returns trigger
language plpgsql as $$
declare
    actor uuid := nullif(current_setting('trunkline.actor', true), '')::uuid;
    fields jsonb;
begin
    -- erase_user notes what it does, and what is deleted afterwards is an empty row. Not by the name of the column: an older
    -- database that is gone back to has none.
    if to_jsonb(old) ->> 'erased_at' is not null or (tg_op = 'UPDATE' and to_jsonb(new) ->> 'erased_at' is not null) then
        return null;
    end if;
    if tg_op = 'DELETE' then
        perform public.write_audit('user_deleted', old.id::text, jsonb_build_object('username', old.username));
        return null;
    end if;
    if old.status <> new.status then
        perform public.write_audit(case new.status when 'suspended' then 'user_suspended' else 'user_activated' end, new.id::text);
    end if;
    if old.password_hash <> new.password_hash then
        perform public.write_audit('password_changed', new.id::text);
    end if;
    -- Where mail goes decides who may set a new password: noted even when it is one's own doing.
    if old.email <> new.email and actor = new.id then
        perform public.write_audit('email_changed', new.id::text);
    end if;
    if actor <> new.id then
        select jsonb_agg(field) into fields
        from (values
            ('email', old.email <> new.email),
            ('username', old.username <> new.username),
            ('name', old.name <> new.name),
            ('bio', old.bio <> new.bio),
            ('contacts', old.contacts is distinct from new.contacts),
            ('avatar', old.avatar_key is distinct from new.avatar_key)
        ) as parts (field, has_changed)
        where has_changed;
        if fields is not null then
            perform public.write_audit('profile_changed', new.id::text, jsonb_build_object('fields', fields));
        end if;
    end if;
    return null;
end
$$;

create or replace trigger users_audit_change
after delete or update of status, password_hash, email, username, name, bio, contacts, avatar_key on users
for each row
execute function audit_users();
