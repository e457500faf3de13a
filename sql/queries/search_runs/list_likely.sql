-- search_runs/list_likely
-- Runs $2 to $3 of a chat in which all of the grams $4 may stand, from the last on (with $5 = -1) or the first (1); none of
-- them is below 128. Stale ones may hold anything.
select likely.run
from (
    select found.run
    from generate_series($2::bigint / 8192, $3::bigint / 8192) as stretch
    cross join lateral (
        select chat_id, run
        from search_runs
        where grams @> array(
            select search_salt($1, greatest(stretch * 8192, 128), 0) | gram from unnest($4::integer[]) as gram
        )
        offset 0 -- by this index alone
    ) as found
    where found.chat_id = $1 and found.run >= $2 and found.run <= $3
    union all
    select run from search_runs where chat_id = $1 and run >= $2 and run <= $3 and grams is null
) as likely
order by likely.run * $5::bigint
