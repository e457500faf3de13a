-- search_runs/list_parts
-- Where to look for words in what $1 may read: days, for the beginnings of all chats, and stretches of the long chats; with the
-- times, in microseconds since 1970, between which everything in them was said.
with recursive days as (
    (select day from search_runs where run < 128 and day is not null order by day desc limit 1)
    union all
    select (select day from search_runs where run < 128 and day < days.day order by day desc limit 1)
    from days
    where days.day is not null
)
select
    null::uuid as chat_id, days.day::bigint as part,
    days.day * 86400000000 as since, (days.day + 1) * 86400000000 as until
from days
where days.day is not null
union all
select ends.chat_id, stretch, (-9223372036854775808)::bigint, (extract(epoch from least(greatest(newest.until, timestamptz '0001-01-01 00:00Z'), timestamptz '9999-01-01 00:00Z')) * 1000000)::bigint
from search_ends as ends
cross join lateral generate_series(0, (ends.seq - 1) / 32 / 8192) as stretch
cross join lateral (
    select until
    from search_runs
    where chat_id = ends.chat_id and run / 8192 = stretch and run >= 128 and until is not null
    order by until desc
    limit 1
) as newest
where ends.seq > 4096
    and (
        exists (select from members where members.chat_id = ends.chat_id and members.user_id = $1)
        or exists (
            select from chats
            where chats.id = ends.chat_id and chats.visibility = 'public' and chats.kind = 'group'
                and not exists (select from bans where bans.chat_id = chats.id and bans.user_id = $1)
        )
    )
