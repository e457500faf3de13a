-- How much somebody has uploaded, lately and in all, is read from the index alone.

create index files_owner_id_created_at_idx on files (owner_id, created_at) include (size);
drop index files_owner_id_idx;
