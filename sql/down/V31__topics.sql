-- Back to the version before: all topics and their records are gone for good. Stop the servers first, and run the older program's
-- `trunkline migrate` next.
begin;
drop table if exists topic_leases, topic_groups, topic_records, topics;
drop function if exists number_record, produce_records, notify_records, keep_record, end_topic, trim_topic, lease_records, commit_records;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 31;
commit;
