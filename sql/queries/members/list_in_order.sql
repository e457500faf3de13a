-- Everybody of a chat, as they came: a page is read from the index, and only its people are looked up.
with page as (
    select user_id, role, last_read_seq, joined_at
    from members
    where chat_id = $1
    order by joined_at, user_id
    limit $2 offset $3
)
select page.user_id, users.username, users.name, users.avatar_key, page.role, page.last_read_seq, page.joined_at
from page
join users on users.id = page.user_id
order by page.joined_at, page.user_id
