-- verify/people
-- What is counted of the notifications of the next people after $1, beside what the table holds, in one snapshot.
select
    heads.user_id, heads.last_seq, heads.held, heads.unread, counted.held as real_held, counted.unread as real_unread,
    counted.highest, counted.unnumbered
from (select * from notification_heads where user_id > $1 order by user_id limit $2) as heads
cross join lateral (
    select
        count(*) as held, count(*) filter (where read_at is null) as unread, coalesce(max(seq), 0) as highest,
        count(*) filter (where seq is null) as unnumbered
    from notifications
    where notifications.recipient_id = heads.user_id
) as counted
order by heads.user_id
