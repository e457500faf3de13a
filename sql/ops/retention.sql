-- What: what each chat with a retention still holds that is older than it, where its log begins, and how large the log is. Once
-- an hour a server removes what is older (task trim_messages); nothing here removes anything. A chat without a retention
-- keeps its log for ever: `update chats set retention_days = 365 where …`.
-- Role: anybody who may read chats and messages, as trunkline_reader may.
-- Writes: nothing.
-- Locks: nothing; looks at the beginning of the logs alone.
select
    chats.id, chats.title, chats.retention_days, chats.first_seq, chats.last_seq - chats.first_seq + 1 as entries, oldest.created_at as oldest,
    (
        select count(*)
        from (
            select created_at
            from public.messages
            where messages.chat_id = chats.id and messages.seq >= chats.first_seq
            order by seq
            limit 10000
        ) as beginning
        where beginning.created_at < now() - make_interval(days => chats.retention_days)
    ) as too_old_of_the_first_10000
from public.chats
left join lateral (
    select created_at
    from public.messages
    where messages.chat_id = chats.id and messages.seq >= chats.first_seq
    order by seq
    limit 1
) as oldest on true
where chats.retention_days is not null
order by oldest.created_at;
