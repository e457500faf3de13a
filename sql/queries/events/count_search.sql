-- events/count_search
-- Counted up to one more than is told.
select count(*)
from (
    select
    from events
    where folded(name || ' ' || description) like folded($3)
        and folded(name || ' ' || description) like all (array(select folded(word) from unnest($4::text[]) as word))
        and ($1::timestamptz is null or event_time >= $1)
        and ($2::timestamptz is null or event_time <= $2)
        and ($5::uuid is null or owner_id = $5)
    limit $6
) as found
