-- search_runs/list_unknown
-- Places that the runs say nothing about, of chats that $1 may read: stale runs, and what lies beyond them. Few chats have
-- any and are marked, so whether they may be read is asked of those alone.
select unknown.chat_id, unknown.after, unknown.up_to
from (
    select chats.id as chat_id, coalesce(search_ends.seq, 0) as after, 9223372036854775807 as up_to
    from chats
    left join search_ends on search_ends.chat_id = chats.id
    where chats.unindexed and chats.last_seq > coalesce(search_ends.seq, 0)
    union all
    select search_runs.chat_id, search_runs.run * 32, (search_runs.run + 1) * 32
    from search_runs
    where search_runs.grams is null
) as unknown
where exists (select from members where members.chat_id = unknown.chat_id and members.user_id = $1)
    or exists (
        select from chats
        where chats.id = unknown.chat_id and chats.visibility = 'public' and chats.kind = 'group'
            and not exists (select from bans where bans.chat_id = chats.id and bans.user_id = $1)
    )
