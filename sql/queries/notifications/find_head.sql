-- notifications/find_head
-- The number of somebody's latest notification, and how many they have not read, where 1,000 is that or more.
select coalesce(max(last_seq), 0) as last_seq, least(coalesce(max(unread), 0), 1000) as unread_count
from notification_heads
where user_id = $1
