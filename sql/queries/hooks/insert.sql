-- hooks/insert
-- The bot and its hook in one statement; the places are a trigger's to say.
with bot as (
    insert into users (id, email, username, name, password_hash, is_bot)
    values ($1, 'hook-' || $1::uuid || '@bots.invalid', 'hook_' || right(replace($1::uuid::text, '-', ''), 24), $2, '', true)
    returning id, name
),
added as (
    insert into hooks (id, chat_id, bot_id, token_hash, created_by)
    select $3, $4, bot.id, $5, $6 from bot
    returning *
)
select
    added.id, added.chat_id, added.bot_id, bot.name, null::text as avatar_key, added.used_at, added.created_by,
    added.created_at
from added
cross join bot
