-- How many bytes somebody has uploaded in the last day, and how many in all that are still kept.
select
    coalesce(sum(size) filter (where created_at > now() - interval '24 hours'), 0)::bigint as in_a_day,
    coalesce(sum(size), 0)::bigint as in_all
from files
where owner_id = $1
