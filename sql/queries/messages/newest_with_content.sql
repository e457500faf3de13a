-- messages/newest_with_content
-- The place of the latest message between two places that still has words.
select seq
from messages
where chat_id = $1 and seq > $2 and seq <= $3 and kind in ('text', 'media', 'system') and recalled_at is null
order by seq desc
limit 1
