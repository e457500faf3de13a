-- Notes that a session was revoked, unless its owner just signed out, is erased, or signed in more often than sessions are kept.
create or replace function audit_sessions() returns trigger
language plpgsql as $$
begin
    perform public.write_audit('session_revoked', new.id::text, jsonb_build_object(
        'user_id', new.user_id, 'because', coalesce(new.revoked_because, '')
    ));
    return null;
end
$$;

create or replace trigger sessions_audit_revoked
after update of revoked_at on sessions
for each row when (
    old.revoked_at is null and new.revoked_at is not null
    and (new.revoked_because is null or new.revoked_because not in ('signed out', 'too many sessions', 'erased'))
)
execute function audit_sessions();
