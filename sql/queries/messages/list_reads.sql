select user_id, last_read_seq, read_at
from members
where chat_id = $1
order by user_id
limit $2 offset $3
