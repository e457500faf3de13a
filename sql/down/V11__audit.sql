-- Back to version 10: who did what is forgotten for good.
begin;
drop trigger if exists roles_audit_change on roles;
drop trigger if exists user_roles_audit_change on user_roles;
drop trigger if exists users_audit_change on users;
drop trigger if exists sessions_audit_revoked on sessions;
drop trigger if exists api_tokens_audit_made on api_tokens;
drop trigger if exists api_tokens_audit_revoked on api_tokens;
drop trigger if exists chats_audit_deleted on chats;
drop trigger if exists members_audit_removed on members;
drop trigger if exists members_audit_role on members;
drop table if exists audit;
drop function if exists audit_api_tokens, audit_roles, audit_users, audit_sessions, audit_chats, audit_members, refuse_audit_change,
    write_audit;
delete from refinery_schema_history where version = 11;
commit;
