-- search_runs/contents
-- What stands in runs, who said it, whom it mentions, and what the hashes of each begin with.
select
    held.chat_id, held.run, said.contents, said.speakers, said.since, said.until, day.number as day,
    array(
        select distinct search_gram(mentioned)
        from messages
        cross join lateral unnest(messages.mentions) as mentioned
        where messages.chat_id = held.chat_id
            and messages.seq > held.run * 32 and messages.seq <= (held.run + 1) * 32
            and messages.mentions <> '{}'
    ) as mentioned,
    coalesce(search_salt(held.chat_id, held.run, day.number), 0) as salt
from unnest($1::uuid[], $2::bigint[]) as held (chat_id, run)
cross join lateral (
    select
        coalesce(array_agg(folded(content)) filter (where content is not null), '{}') as contents,
        coalesce(
            (array_agg(distinct sender_id) filter (where kind in ('text', 'media') and recalled_at is null))[1:2], '{}'
        ) as speakers,
        min(created_at) as since, max(created_at) as until
    from messages
    where messages.chat_id = held.chat_id
        and messages.seq > held.run * 32 and messages.seq <= (held.run + 1) * 32
        and messages.kind in ('text', 'media', 'system')
) as said
cross join lateral (select floor(extract(epoch from least(greatest(said.until, timestamptz '0001-01-01 00:00Z'), timestamptz '9999-01-01 00:00Z')) / 86400)::integer as number) as day
