-- A session or an API token that is revoked, or deleted while it goes on, notifies, so that every instance refuses it and closes
-- its sockets at once.
create or replace function notify_sessions() returns trigger
language plpgsql as $$
begin
    perform pg_notify('trunkline', 's ' || old.id);
    return null;
end
$$;

create or replace trigger sessions_notify_revoked
after update of revoked_at on sessions
for each row when (old.revoked_at is null and new.revoked_at is not null)
execute function notify_sessions();

create or replace trigger sessions_notify_deleted
after delete on sessions
for each row when (old.revoked_at is null and old.expires_at > now())
execute function notify_sessions();

create or replace trigger api_tokens_notify_revoked
after update of revoked_at on api_tokens
for each row when (old.revoked_at is null and new.revoked_at is not null)
execute function notify_sessions();

create or replace trigger api_tokens_notify_deleted
after delete on api_tokens
for each row when (old.revoked_at is null and (old.expires_at is null or old.expires_at > now()))
execute function notify_sessions();
