-- Who is suspended, by whomever, is out at once: every session and API token of theirs is revoked, and every instance is notified.
create or replace function end_suspended() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    update public.sessions
    set revoked_at = now(), revoked_because = 'suspended'
    where user_id = new.id and revoked_at is null;
    update public.api_tokens
    set revoked_at = now(), revoked_because = 'suspended'
    where user_id = new.id and revoked_at is null;
    delete from public.password_resets where user_id = new.id;
    return null;
end
$$;

create or replace trigger users_end_suspended
after update of status on users
for each row when (old.status <> 'suspended' and new.status = 'suspended')
execute function end_suspended();
