-- How many seconds ago the oldest run of messages was full that is not in the index of words yet, in the chats of the benchmark.
select round(coalesce(max(extract(epoch from clock_timestamp() - messages.created_at)), 0), 1)
from chats
left join search_ends on search_ends.chat_id = chats.id
cross join lateral (
    select least(coalesce(search_ends.seq, 0) / 32, min(run)) as run
    from search_runs
    where chat_id = chats.id and grams is null
) as unknown
join messages on messages.chat_id = chats.id and messages.seq = (unknown.run + 1) * 32
where chats.title like 'bench %';
