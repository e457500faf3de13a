-- Back to version 1: every account is gone for good.
begin;
drop table if exists idempotency_keys, refresh_tokens, sessions, user_roles, permissions, roles, users;
drop function if exists notify_roles, notify_sessions, stamp_updated_at;
delete from refinery_schema_history where version = 2;
commit;
