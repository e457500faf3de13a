-- hooks/find
select
    hooks.id, hooks.chat_id, hooks.bot_id, users.name, users.avatar_key, hooks.used_at, hooks.created_by, hooks.created_at
from hooks
join users on users.id = hooks.bot_id
where hooks.chat_id = $1 and hooks.id = $2
