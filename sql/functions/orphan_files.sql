-- The files of a message that was recalled, cleared or deleted are nobody's to fetch from the same commit on. Their bytes
-- are removed later, by files::sweep.
create or replace function orphan_files() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    update public.files
    set state = 'orphaned', chat_id = null, message_id = null, place = null
    where chat_id = old.chat_id and message_id = old.id;
    return null;
end
$$;

create or replace trigger messages_orphan_files
after update of recalled_at on messages
for each row when (old.kind = 'media' and old.recalled_at is null and new.recalled_at is not null)
execute function orphan_files();

create or replace trigger messages_orphan_files_of_deleted
after delete on messages
for each row when (old.kind = 'media')
execute function orphan_files();
