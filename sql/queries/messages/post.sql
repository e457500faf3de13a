-- messages/post
-- A whole batch in one statement: see sql/functions/post_messages.sql.
select ord, outcome, seq, id, created_at, mentions
from post_messages($1, $2, $3, $4, $5, $6, $7, $8, $9)
