-- members/list_in_order
-- Everybody of a chat, as they came: members_joined_at_idx is in that order, and found by role <> '' alone. Only those of the page
-- are looked up.
with page as (
    select user_id, role, last_read_seq, joined_at
    from members
    where chat_id = $1 and role <> ''
    order by joined_at, user_id
    limit $2 offset $3
)
select page.user_id, users.username, users.name, users.avatar_key, page.role, page.last_read_seq, page.joined_at
from page
-- One by one: for how many it is planned nobody knows before.
cross join lateral (select * from users where users.id = page.user_id limit 1) as users
order by page.joined_at, page.user_id
