-- calendars/sweep
-- Deleted events that no calendar shows any more, a piece at a time.
delete from calendar_tombstones
where (user_id, event_id) in (
    select user_id, event_id
    from calendar_tombstones
    where deleted_at < now() - interval '30 days'
    order by deleted_at
    limit 1000
    for update skip locked
)
