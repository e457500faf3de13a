-- Up to $4, for words of one or two characters, of which no index knows: the newest posts are looked at first, and all of them only where
-- there are hardly any.
select count(*)
from (
    select
    from posts
    where folded(title || ' ' || content) like all (array(select folded(word) from unnest($3::text[]) as word))
        and created_at >= coalesce($1::timestamptz, '-infinity') and created_at <= coalesce($2::timestamptz, 'infinity')
    limit $4
) as found
