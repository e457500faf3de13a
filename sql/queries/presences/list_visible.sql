-- presences/list_visible
-- Whether people are online, for each pair of one who asks and one asked about who may: friends, those in one chat, and
-- oneself; not whom the one asked about has blocked. The function knows asks the same of one pair.
select
    pairs.watcher_id,
    users.id,
    users.last_online_at,
    exists (
        select
        from presences
        join instances on instances.id = presences.instance_id
        where presences.user_id = users.id and instances.seen_at > now() - interval '25 seconds'
    ) as online
from unnest($1::uuid[], $2::uuid[]) as pairs (watcher_id, user_id)
join users on users.id = pairs.user_id
where pairs.watcher_id = pairs.user_id
    or (
        not exists (
            select from blocks where blocks.user_id = pairs.user_id and blocks.blocked_id = pairs.watcher_id
        )
        and (
            exists (
                select from friends
                where friends.low_id = least(pairs.watcher_id, pairs.user_id)
                    and friends.high_id = greatest(pairs.watcher_id, pairs.user_id)
                    and friends.accepted_at is not null
            )
            or exists (
                select
                from members as theirs
                join members as mine on mine.chat_id = theirs.chat_id and mine.user_id = pairs.watcher_id
                where theirs.user_id = pairs.user_id
            )
        )
    )
