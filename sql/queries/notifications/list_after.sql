-- notifications/list_after
-- What sockets were not told yet: for each its person, its session or token, and the number it was told last. Nothing for a session
-- that is over in the very same snapshot: whatever was committed after its end is never told there.
select
    asked.place, news.seq, news.id, news.kind, news.message, news.sender_id, sender.name as sender_name, news.data,
    news.created_at, news.read_at, coalesce(chosen.live, true) as live
from unnest($1::uuid[], $2::uuid[], $3::bigint[]) with ordinality as asked (user_id, session_id, after, place)
cross join lateral (
    select *
    from notifications
    where recipient_id = asked.user_id and seq > asked.after
    order by seq
    limit $4
) as news
left join lateral (
    select users.name from users where users.id = news.sender_id and users.erased_at is null limit 1
) as sender on true
left join lateral (
    select live from notification_preferences where user_id = asked.user_id and kind = news.kind limit 1
) as chosen on true
where exists (select from sessions where id = asked.session_id and revoked_at is null)
    or exists (select from api_tokens where id = asked.session_id and revoked_at is null)
order by asked.place, news.seq
