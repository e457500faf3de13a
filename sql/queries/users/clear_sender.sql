-- users/clear_sender
-- See sql/functions/clear_sender.sql.
select clear_sender($1, $2, $3, $4, $5)
