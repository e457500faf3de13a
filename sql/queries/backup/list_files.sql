-- backup/list_files
-- The next uploads whose bytes are in the storage, and whether there is a thumbnail. What is on its way, or will be removed,
-- is left out.
select id, thumbnail_size is not null as has_thumbnail
from files
where id > $1 and state in ('loose', 'attached')
order by id
limit $2
