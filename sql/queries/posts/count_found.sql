-- posts/count_found
-- Up to $5, which are as many as anybody counts. Planned as if all of them were wanted, so that the index is asked ($4 is the longest
-- pattern), and stopped when there are enough.
with found as materialized (
    select 1 as one
    from posts
    where folded(title || ' ' || content) like folded($4)
        and folded(title || ' ' || content) like all (array(select folded(word) from unnest($3::text[]) as word))
        and ($1::timestamptz is null or created_at >= $1) and ($2::timestamptz is null or created_at <= $2)
)
select count(*) from (select one from found limit $5) as counted
