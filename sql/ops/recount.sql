-- What: counts anew what check_logs.sql finds wrong in the counters of chats: last_seq, message_count, member_count from the
-- rows that are there. After a bulk load with trunkline.numbered it is what makes the chats whole. It repairs no gap in a log. The
-- comments of events and posts are counted anew as well, and the counts of notification_heads, which a TRUNCATE of notifications
-- leaves as they were.
-- Role: the owner of the tables, or trunkline_app.
-- Writes: chats.last_seq, first_seq, message_count, member_count and active_at, comment_count of events and posts, and
-- notification_heads, where they are wrong.
-- Locks: posts to every chat, and comments, wait until it has ended: it reads all of messages and comments. Best when nobody writes.
begin;
set local trunkline.repairing = on;
select from public.events order by id for no key update;
select from public.posts order by id for no key update;
update public.events
set comment_count = counted.number
from (
    select events.id, count(comments.id)::integer as number
    from public.events
    left join public.comments on comments.event_id = events.id
    group by events.id
) as counted
where counted.id = events.id and events.comment_count <> counted.number;
update public.posts
set comment_count = counted.number
from (
    select posts.id, count(comments.id)::integer as number
    from public.posts
    left join public.comments on comments.post_id = posts.id
    group by posts.id
) as counted
where counted.id = posts.id and posts.comment_count <> counted.number;
select from public.chats order by id for no key update;
update public.chats
set first_seq = counted.lowest, last_seq = counted.highest, message_count = counted.messages, member_count = counted.members,
    active_at = greatest(chats.active_at, counted.latest)
from (
    select
        chats.id,
        coalesce(log.lowest, chats.first_seq) as lowest, coalesce(log.highest, chats.first_seq - 1) as highest,
        coalesce(log.messages, 0) as messages, log.latest,
        (select count(*) from public.members where members.chat_id = chats.id)::integer as members
    from public.chats
    left join (
        select
            chat_id, min(seq) as lowest, max(seq) as highest,
            count(*) filter (where kind in ('text', 'media', 'system')) as messages,
            max(created_at) filter (where kind in ('text', 'media', 'system')) as latest
        from public.messages
        group by chat_id
    ) as log on log.chat_id = chats.id
) as counted
where counted.id = chats.id
    and (chats.first_seq, chats.last_seq, chats.message_count, chats.member_count)
        is distinct from (counted.lowest, counted.highest, counted.messages, counted.members);
select from public.notification_heads order by user_id for no key update;
update public.notification_heads
set last_seq = greatest(notification_heads.last_seq, counted.top), held = counted.held, unread = counted.unread
from (
    select
        notification_heads.user_id, coalesce(max(notifications.seq), 0) as top, count(notifications.id) as held,
        count(notifications.id) filter (where notifications.read_at is null) as unread
    from public.notification_heads
    left join public.notifications on notifications.recipient_id = notification_heads.user_id
    group by notification_heads.user_id
) as counted
where counted.user_id = notification_heads.user_id
    and (notification_heads.held, notification_heads.unread) is distinct from (counted.held, counted.unread);
commit;
