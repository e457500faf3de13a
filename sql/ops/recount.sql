-- What: counts anew what check_logs.sql finds wrong in the counters of chats: last_seq, message_count, member_count from the
-- rows that are there. After a bulk load with trunkline.numbered it is what makes the chats whole. It mends no hole in a log. The
-- comments of events and posts are counted anew as well.
-- Role: the owner of the tables, or trunkline_app.
-- Writes: chats.last_seq, first_seq, message_count, member_count and active_at, comment_count of events and posts,
-- where they are wrong.
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
commit;
