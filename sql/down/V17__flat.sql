-- Back to version 16. Nothing people wrote is lost; words are looked for by reading until the older program has written its
-- index. Run the older program's `trunkline migrate` next: until then every edit and recall fails, as the functions of
-- this version write to what is gone.
begin;
drop function if exists unread_in;
drop table if exists search_runs, search_ends;
drop function if exists search_salt, search_gram;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 17;
commit;
