-- Another password, by whomever it is set, ends what the old one let in: every session, but the one that trunkline.session
-- names, and every API token. All of them notify.
create or replace function end_sign_ins() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    update public.sessions
    set revoked_at = now(), revoked_because = 'password changed'
    where user_id = new.id and revoked_at is null
        and id is distinct from nullif(current_setting('trunkline.session', true), '')::uuid;
    update public.api_tokens
    set revoked_at = now(), revoked_because = 'password changed'
    where user_id = new.id and revoked_at is null;
    return null;
end
$$;

create or replace trigger users_end_sign_ins
after update of password_hash on users
for each row when (old.password_hash <> new.password_hash)
execute function end_sign_ins();
