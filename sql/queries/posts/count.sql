-- posts/count
select count(*)
from posts
where created_at >= coalesce($1::timestamptz, '-infinity') and created_at <= coalesce($2::timestamptz, 'infinity')
