-- posts/count_owned
-- $5 is up to how many are counted; null is all.
select count(*)
from (
    select
    from posts
    where owner_id = $4
        and created_at >= coalesce($1::timestamptz, '-infinity') and created_at <= coalesce($2::timestamptz, 'infinity')
        and (
            cardinality($3::text[]) = 0
            or folded(title || ' ' || content) like all (array(select folded(word) from unnest($3) as word))
        )
    limit $5
) as found
