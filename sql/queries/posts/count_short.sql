-- posts/count_short
-- Up to $4, for words of one or two characters, of which no index knows: the newest posts are looked at first, and all of them only where
-- there are hardly any.
select count(*)
from (
    select
    from posts
    where folded(title || ' ' || content) like all (array(select folded(word) from unnest($3::text[]) as word))
        and ($1::timestamptz is null or created_at >= $1) and ($2::timestamptz is null or created_at <= $2)
    limit $4
) as found
