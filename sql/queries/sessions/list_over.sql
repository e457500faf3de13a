-- sessions/list_over
-- Which of these sessions and API tokens are over: revoked, expired, or gone.
select asked.id
from unnest($1::uuid[]) as asked (id)
where not exists (select from sessions where sessions.id = asked.id and sessions.revoked_at is null)
    and not exists (
        select from api_tokens
        where api_tokens.id = asked.id and api_tokens.revoked_at is null
            and (api_tokens.expires_at is null or api_tokens.expires_at > now())
    )
