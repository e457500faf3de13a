-- search_runs/grow
-- Runs as far as the logs of chats go now, to be written: the full ones alone while people are talking, or the last would be
-- written anew for each few words. The chats are locked: what is changed after this makes its run stale, and what was
-- changed before is there to be read. A chat that lacks nothing any more is no longer marked.
with grown as (
    select
        chats.id, coalesce(search_ends.seq, 0) as seq, chats.last_seq,
        case when chats.active_at < now() - interval '10 minutes' then chats.last_seq else chats.last_seq / 32 * 32 end as up_to
    from chats
    left join search_ends on search_ends.chat_id = chats.id
    where chats.id = any ($1)
),
added as (
    insert into search_runs (chat_id, run)
    select grown.id, run
    from grown
    cross join lateral generate_series(grown.seq / 32, (grown.up_to - 1) / 32) as run
    where grown.up_to > grown.seq
    on conflict on constraint search_runs_pkey do update set grams = null, speakers = null
),
ended as (
    insert into search_ends (chat_id, seq)
    select id, up_to from grown where up_to > seq
    on conflict on constraint search_ends_pkey do update set seq = excluded.seq
)
update chats
set unindexed = false
from grown
where chats.id = grown.id and chats.unindexed and greatest(grown.seq, grown.up_to) >= grown.last_seq
