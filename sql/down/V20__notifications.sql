-- Back to version 19. Nothing is lost. Stop the servers first. Then run `trunkline migrate` of the program whose latest
-- migration is V19: it makes the functions that notify, which had other names. Until then nothing notifies, and nobody is
-- banned.
begin;
drop function if exists notify_instances(text, text[]), notify_jobs(), notify_members(), notify_messages(), notify_presences(),
    notify_roles(), notify_sessions(), notify_webhooks() cascade;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 20;
commit;
