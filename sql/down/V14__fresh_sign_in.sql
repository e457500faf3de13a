-- Back to version 13. Nothing people wrote is lost. Stop the servers first, and run the older program's `trunkline migrate`
-- next: it puts its own functions and triggers in the place of these.
begin;
drop trigger if exists users_end_sign_ins on users;
drop function if exists end_sign_ins;
drop table if exists login_key_uses;
drop index if exists sessions_expires_at_idx, api_tokens_expires_at_idx;
comment on table refresh_tokens is 'SHA-256 of each refresh token ever issued; a spent one stays, so that its reuse is noticed.';
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 14;
commit;
