-- Which of these sessions are over: revoked, or gone.
select asked.id
from unnest($1::uuid[]) as asked (id)
left join sessions on sessions.id = asked.id and sessions.revoked_at is null
where sessions.id is null
