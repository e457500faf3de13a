-- Back to the version before: what is left of deleted chats is removed in one go, which may take minutes, and pictures do not count
-- as uploaded any more. Nothing that anybody can read is lost. Stop the servers first, and run the older program's
-- `trunkline migrate` next: until then nothing can be posted, and no chat can be deleted.
begin;
set local trunkline.clearing = on;
delete from messages using ended_chats where messages.chat_id = ended_chats.chat_id;
delete from reactions using ended_chats where reactions.chat_id = ended_chats.chat_id;
delete from pins using ended_chats where pins.chat_id = ended_chats.chat_id;
delete from search_runs where not exists (select from chats where chats.id = search_runs.chat_id);
delete from search_ends where not exists (select from chats where chats.id = search_ends.chat_id);
delete from search_blocks where not exists (select from chats where chats.id = search_blocks.chat_id);
delete from search_heads where not exists (select from chats where chats.id = search_heads.chat_id);
alter table search_runs add constraint search_runs_chat_id_fkey foreign key (chat_id) references chats (id) on delete cascade;
alter table search_ends add constraint search_ends_chat_id_fkey foreign key (chat_id) references chats (id) on delete cascade;
alter table search_blocks add constraint search_blocks_chat_id_fkey foreign key (chat_id) references chats (id) on delete cascade;
alter table search_heads add constraint search_heads_chat_id_fkey foreign key (chat_id) references chats (id) on delete cascade;
drop trigger if exists chats_note_unindexed on chats;
drop trigger if exists chats_refuse_ended on chats;
drop trigger if exists search_ends_note_emptied on search_ends;
drop trigger if exists search_ends_note_truncated on search_ends;
drop trigger if exists messages_forget_run on messages;
drop function if exists clear_messages, clear_sender, note_unindexed, note_index_emptied, refuse_ended, remove_ended, forget_run;
drop table if exists ended_chats, pictures;
alter table chats drop column if exists unindexed;
delete from refinery_schema_history where version = 27;
commit;
