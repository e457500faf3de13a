-- The members of a chat as they came, without sorting all of them for a page. Every role is one of three words: the condition
-- keeps the index from being taken to find a member, which members_pkey does in one step and this would in as many as there are.
-- Nobody comes, goes or reads on while it is made, a second for a million members. Whoever has many more makes it before, by hand
-- and with `concurrently`.
create index if not exists members_joined_at_idx on members (chat_id, joined_at, user_id) where role <> '';

-- Each run is laid out and then written, so there are as many dead rows as living ones while a log is read for the first time.
-- Each vacuum reads the whole index of words: at the usual fifth of the table it would be read five times for a log that grows.
alter table search_runs set (
    autovacuum_vacuum_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 0.5,
    toast.autovacuum_vacuum_insert_scale_factor = 0.5
);
