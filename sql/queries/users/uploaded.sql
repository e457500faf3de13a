-- users/uploaded
-- How many bytes of files and pictures somebody has uploaded in the last day, and how many in all that are still kept.
select
    coalesce(sum(size) filter (where created_at > now() - interval '24 hours'), 0)::bigint as in_a_day,
    coalesce(sum(size) filter (where is_kept), 0)::bigint as in_all
from (
    select size, created_at, true as is_kept from files where owner_id = $1
    union all
    select size, created_at, removed_at is null from pictures where owner_id = $1
) as theirs
