-- Back to version 9: API tokens and links to set a password are gone for good.
begin;
drop trigger if exists users_end_suspended on users;
drop trigger if exists users_end_resets on users;
drop function if exists end_suspended, end_resets;
drop table if exists password_resets, login_keys, api_tokens;
delete from refinery_schema_history where version = 10;
commit;
