-- comments/count
select count(*)
from comments
where on_id = $1 and (event_id is not null) = $2
    and created_at >= coalesce($3::timestamptz, '-infinity') and created_at <= coalesce($4::timestamptz, 'infinity')
