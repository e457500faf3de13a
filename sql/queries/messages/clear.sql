-- messages/clear
-- See sql/functions/clear_messages.sql.
select clear_messages($1, $2, $3, $4)
