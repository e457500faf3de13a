-- hooks/set_avatar
update users
set avatar_key = $3
from hooks
where hooks.chat_id = $1 and hooks.id = $2 and users.id = hooks.bot_id
