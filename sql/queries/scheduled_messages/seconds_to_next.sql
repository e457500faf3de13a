-- scheduled_messages/seconds_to_next
-- In how many seconds the next one is due, or the lease of one has lapsed. One that cannot be sent now stands before others.
select min(extract(epoch from greatest(send_at, leased_until) - clock_timestamp()))::float8
from (
    select send_at, leased_until from scheduled_messages where failed_at is null order by send_at, id limit 100
) as first
