-- users/clear_posts
-- See sql/functions/clear_posts.sql.
select clear_posts($1, $2)
