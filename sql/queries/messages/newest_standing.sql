-- The place of the latest message that still has words.
select seq
from messages
where chat_id = $1 and kind in ('text', 'media', 'system') and recalled_at is null
order by seq desc
limit 1
