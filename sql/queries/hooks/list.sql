-- hooks/list
select
    hooks.id, hooks.chat_id, hooks.bot_id, users.name, users.avatar_key, hooks.used_at, hooks.created_by, hooks.created_at
from hooks
join users on users.id = hooks.bot_id
where hooks.chat_id = $1
order by
    case when $2::text = 'created_at' then hooks.created_at end,
    case when $2 = '-created_at' then hooks.created_at end desc,
    case when $2 = 'name' then folded(users.name) end,
    case when $2 = '-name' then folded(users.name) end desc,
    hooks.id desc
limit $3 offset $4
