-- messages/trim
-- See sql/functions/trim_messages.sql.
select trim_messages($1, $2)
