-- restore/rename_scheduled
-- A scheduled message becomes a message of its own id. It may have been sent after the backup, and people may have read it
-- under this id behind entries that are gone: sent again, it is another entry.
update scheduled_messages set id = uuid_v7()
