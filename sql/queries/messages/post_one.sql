-- messages/post_one
-- A single plain message: see sql/functions/post_message.sql.
select outcome, seq, id, created_at, mentions, after_id
from post_message($1, $2, $3, $4, $5)
