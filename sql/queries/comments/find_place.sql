-- comments/find_place
-- What is commented: the event $1 or the post $2, whose it is, and how many comments it has.
select owner_id, comment_count from events where id = $1
union all
select owner_id, comment_count from posts where id = $2
