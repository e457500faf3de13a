-- hooks/find_by_token
-- Whose bot is suspended says nothing, and neither does what nobody answers for any more: hooks of who is suspended or erased end
-- a moment later.
select
    hooks.id, hooks.chat_id, hooks.bot_id, users.name, users.avatar_key, hooks.used_at, hooks.created_by, hooks.created_at
from hooks
join users on users.id = hooks.bot_id
join users as maker on maker.id = hooks.created_by and maker.status = 'active' and maker.erased_at is null
where hooks.token_hash = $1 and users.status = 'active'
