-- events/seconds_to_next
-- In how many seconds a hold runs out, or somebody is to be reminded.
select extract(
    epoch from least(
        (select min(held_until) from event_waiting where held_until is not null),
        (select min(remind_at) from events where remind_at is not null)
    ) - clock_timestamp()
)::float8
