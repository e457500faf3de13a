-- Back to the version before: nothing changes but what the catalog says of functions. Then run `trunkline
-- migrate` of the program whose latest migration is the one before.
begin;
comment on function uuid_v7 is null;
comment on function fold is null;
comment on function folded is null;
comment on function is_blank is null;
comment on function is_line is null;
comment on function one_emoji is null;
comment on function search_salt is null;
comment on function search_gram is null;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 26;
commit;
