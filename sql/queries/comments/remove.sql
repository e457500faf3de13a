-- comments/remove
-- See sql/functions/remove_comments.sql.
select remove_comments($1, $2)
