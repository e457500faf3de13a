-- Back to version 6: nothing that was uploaded is known any more; the bytes stay in the storage.
begin;
alter table messages drop constraint if exists messages_attachments_check;
drop trigger if exists messages_attach_files on messages;
drop trigger if exists messages_orphan_files on messages;
drop trigger if exists messages_orphan_files_of_deleted on messages;
drop function if exists attach_files, attachments_of, orphan_files;
drop table if exists files;
delete from refinery_schema_history where version = 7;
commit;
