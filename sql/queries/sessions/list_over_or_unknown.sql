-- sessions/list_over_or_unknown
-- Which of these sessions and API tokens are over, and whether each was ever one: what is not there may have been deleted, or
-- made up by whoever sent the notification.
select asked.id, sessions.id is not null or api_tokens.id is not null as is_known
from unnest($1::uuid[]) as asked (id)
left join sessions on sessions.id = asked.id
left join api_tokens on api_tokens.id = asked.id
where coalesce(sessions.revoked_at, api_tokens.revoked_at) is not null
    or (sessions.id is null and api_tokens.id is null)
