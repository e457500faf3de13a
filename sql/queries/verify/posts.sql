-- verify/posts
-- The next posts after $1, and how many comments each has.
select
    posts.id, posts.title, posts.comment_count,
    (select count(*) from comments where comments.on_id = posts.id)::integer as comments
from posts
where posts.id > $1
order by posts.id
limit $2
