-- calendars/find_by_token
-- Whose calendar it is, by name. Who is suspended has none until they are let in again.
select users.id, users.name
from calendar_feeds
join users on users.id = calendar_feeds.user_id
where calendar_feeds.token_hash = $1 and users.status = 'active' and users.erased_at is null
