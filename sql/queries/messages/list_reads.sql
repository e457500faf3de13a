-- messages/list_reads
select user_id, last_read_seq, read_at
from members
where chat_id = $1
order by
    case when $2 = 'last_read_seq' then last_read_seq when $2 = '-last_read_seq' then -last_read_seq end,
    case when $2 = 'read_at' then read_at end,
    case when $2 = '-read_at' then read_at end desc nulls last,
    user_id
limit $3 offset $4
