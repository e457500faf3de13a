-- chats/remove_ended
-- See sql/functions/remove_ended.sql.
select remove_ended($1, $2)
